"""Names of authors as BibTeX writes them."""

from __future__ import annotations

import re

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from evitable.bibliography.fields import named
from evitable.bibliography.latex import plain_text

_LOOSE_AND = re.compile(r"^(?:and(?:\s+|$))+|(?:\s+and)+$", re.IGNORECASE)
_SEMICOLON = re.compile(r";\s+")
_KEYED = re.compile(r"(family|given|prefix|suffix)(?:-i)?\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)


def bibtex_names(text: str) -> tuple[str, ...]:
    r"""Give the names of an author field as `Family, Given`, particles with the family name, `Jr` at the end.

    Args:
        text: `First von Last`, `von Last, First` or `von Last, Jr, First`, with `and` between them; or the names with
            keys of biblatex (`family=Meer, given=Joost, prefix=van der`). `{World Health Organization}` stays whole;
            `and others` is left out. Semicolons in the place of `and` are an error that some programs make.
    """
    names = [_LOOSE_AND.sub("", name) for name in split_multiple_persons_names(text)]
    return named(
        _name(name)
        for several in names
        for name in (_SEMICOLON.split(several) if "{" not in several else [several])
        if name.strip().casefold() != "others"
    )


def _name(text: str) -> str:
    found = filter(None, (_KEYED.fullmatch(part.strip()) for part in text.split(",")))
    keyed = {match[1].casefold(): match[2] for match in found}
    if "family" in keyed:
        family = [keyed.get("prefix", ""), keyed["family"]]
        return _join(family, [keyed.get("given", "")], [keyed.get("suffix", "")])
    parts = parse_single_name_into_parts(text, strict=False)
    return _join([*parts.von, *parts.last], parts.first, parts.jr)


def _join(*parts: list[str]) -> str:
    """Put commas between the parts that are not empty."""
    texts = [plain_text(" ".join(part)).strip(' {}"') for part in parts]
    return ", ".join(text for text in texts if text)
