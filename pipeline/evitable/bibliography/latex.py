r"""LaTeX as BibTeX files write it, such as `{\"o}`, `\&` and `\emph{...}`, as plain text. Nothing is run or fetched."""

from __future__ import annotations

import logging
import re
import unicodedata

from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Entry, Field

logging.getLogger("pylatexenc").setLevel(logging.ERROR)  # what it says of odd LaTeX means nothing to a reviewer

_LONGEST = 20_000
"""Characters from which a field is no title or name: its LaTeX is then stripped and not decoded, which takes long."""
_MARKUP = re.compile(r"[\\{}$~%&]|--|``|''|[?!]`")
_SCRIPT = re.compile(r"\$\s*[_^]\s*(?:\{([^{}$]*)\}|([^{}$\\]))\s*\$")
_MATH = re.compile(r"(?<!\\)\$([^$\s]*|[^$]*[\\_^=<>][^$]*)(?<!\\)\$")
_BARE = re.compile(r"(?<!\\)[%&$]")
_COMMAND = re.compile(r"\\[A-Za-z]+\s*|[\\{}]")
_DECODER = LatexDecodingMiddleware(keep_math_mode=False)


def plain_text(latex: str) -> str:
    r"""Give the text that LaTeX stands for, in NFC: accents and signs as characters, commands without their marks.

    What TeX would drop or choke on is kept: a bare `%`, `&` or `$` stands for itself. LaTeX that cannot be understood
    (braces within braces by the thousand) loses its marks only.
    """
    if not _MARKUP.search(latex):
        return latex
    if len(latex) > _LONGEST:
        return _COMMAND.sub("", latex)
    entry = Entry("misc", "", [Field("text", _as_tex(latex))])
    read = _DECODER.transform_entry(entry, Library())
    if read is not entry:
        return _COMMAND.sub("", latex)
    return unicodedata.normalize("NFC", str(entry["text"])).replace("\xa0", " ")


def _as_tex(latex: str) -> str:
    """Write as TeX wants it what reference managers write otherwise."""
    latex = latex.replace(r"\textless", r"\ensuremath{<}").replace(r"\textgreater", r"\ensuremath{>}")
    latex = _SCRIPT.sub(lambda match: match[1] or match[2] or "", latex)
    pieces, end = [], 0
    for math in _MATH.finditer(latex):
        pieces += [_BARE.sub(_escaped, latex[end : math.start()]), math[0]]
        end = math.end()
    return "".join([*pieces, _BARE.sub(_escaped, latex[end:])])


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]
