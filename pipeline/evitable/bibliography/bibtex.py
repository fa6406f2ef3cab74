"""BibTeX and biblatex files."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import ParsingException
from bibtexparser.model import Block, Entry, ParsingFailedBlock, String

from evitable.bibliography.fields import (
    ReadReferences,
    broken_record,
    find_doi,
    find_pdf,
    find_year,
    first_filled,
)
from evitable.bibliography.latex import plain_text
from evitable.bibliography.names import bibtex_names
from evitable.records import Issue, Reference

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it warns of becomes an issue with a record number

_START = re.compile(r"^[ \t]*@[ \t]*(\w+)\s*(?=[{(])", re.MULTILINE)
_NO_RECORD = ("@string", "@comment", "@preamble")
_JOIN = re.compile(r'\\.|[{}"#]', re.DOTALL)
_LONGEST = 100_000
"""Characters that one field may have after its @string definitions are put in: they could double it line by line."""
_HINT = "Look at it in a text editor; each field looks like `title = {...},` and each record ends with `}`."
_KINDS = {
    "article": "JOUR",
    "periodical": "JOUR",
    "suppperiodical": "JOUR",
    "book": "BOOK",
    "mvbook": "BOOK",
    "booklet": "BOOK",
    "collection": "BOOK",
    "manual": "BOOK",
    "inbook": "CHAP",
    "bookinbook": "CHAP",
    "incollection": "CHAP",
    "suppbook": "CHAP",
    "conference": "CONF",
    "inproceedings": "CONF",
    "proceedings": "CONF",
    "techreport": "RPRT",
    "report": "RPRT",
    "phdthesis": "THES",
    "mastersthesis": "THES",
    "thesis": "THES",
    "unpublished": "UNPB",
    "online": "ELEC",
    "electronic": "ELEC",
    "www": "ELEC",
    "dataset": "DATA",
}
_JOURNALS = ("journal", "journaltitle", "booktitle", "series", "publisher", "institution", "school", "organization")
_FILES = ("file", "localfile", "pdf", "local-url")
_FIELDS = {"title", "subtitle", "author", "year", "date", "doi", "url", "crossref", *_JOURNALS, *_FILES}
_ESCAPED = re.compile(r"\\([_&%#$~^])|[{}]")
_BACKSLASH = re.compile(r"\$\\backslash\$|\{\\textbackslash\}|\\textbackslash(?:\{\}|\s)")
_DRIVE = re.compile(r":\\(?!\\)")
_SIGN = re.compile(r"\\([_&%#])")
_BRACED = re.compile(r"\{\\[^{}\s][^{}]*(?:\{[^{}]*\}[^{}]*)?\}")


class _Entry(NamedTuple):
    """A record of the file: its type and key, and its fields by name in lower case, with braces and LaTeX."""

    kind: str
    key: str
    fields: dict[str, str]


def read_bibtex(text: str, name: str) -> ReadReferences:
    """Read a BibTeX file record by record; two records with the same key are both read.

    Args:
        text: The file's text, with LF line ends.
        name: The file's name, for messages and sources.

    Returns:
        Records in file order, and one issue for each that could not be read, that is, whose braces are not closed or
        that has neither title nor DOI. A blank file gives neither.
    """
    entries = _read_entries(text)
    if text.strip() and not entries:
        return ReadReferences((), (_not_bibtex(name),))
    by_key = {entry.key.casefold(): entry for entry in reversed(entries) if entry and entry.key}
    references: list[Reference] = []
    issues: list[Issue] = []
    for number, entry in enumerate(entries, start=1):
        parent = by_key.get(entry.fields.get("crossref", "").strip().casefold()) if entry else None
        reference = _reference(entry, parent, f"{name}, record {number}") if entry else Reference()
        if reference.title or reference.doi:
            references.append(reference)
        else:
            issues.append(broken_record(name, number, _HINT))
    return ReadReferences(tuple(references), tuple(issues))


def _not_bibtex(name: str) -> Issue:
    return Issue(
        code="references-not-bibtex",
        stage="references",
        paper=name,
        message="The reference file holds no BibTeX record (such as one that begins with @article).",
        hint="Export it again from your reference manager in BibTeX format.",
    )


def _read_entries(text: str) -> list[_Entry | None]:
    """Read all records; None stands for one that cannot be read."""
    blocks = [block for piece in _pieces(text) for block in _blocks(piece)]
    strings: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, String):
            strings[block.key.casefold()] = _value(block.value, strings)
    return [_entry(block, strings) for block in blocks if not isinstance(block, String)]


def _pieces(text: str) -> Iterator[str]:
    """Cut before each `@type{` at the beginning of a line, so that no record can swallow another."""
    end, kind = 0, ""
    for match in _START.finditer(text):
        yield kind + text[end : match.start()]
        end, kind = match.end(), "@" + match[1]
    yield kind + text[end:]


def _blocks(piece: str) -> list[Block]:
    """Give the records and @string definitions of a piece; after a broken record, only records that hold something."""
    try:
        parsed = parse_string(piece, parse_stack=[]).blocks
    except ParsingException as error:
        parsed = [ParsingFailedBlock(error, raw=piece)]
    blocks: list[Block] = []
    broken = False
    for block in parsed:
        read = (block.ignore_error_block or block) if isinstance(block, ParsingFailedBlock) else block
        if isinstance(read, ParsingFailedBlock):
            if not broken and not str(read.raw).casefold().startswith(_NO_RECORD):
                blocks.append(read)
            broken = True
        elif isinstance(read, String) or (isinstance(read, Entry) and (read.fields or not broken)):
            blocks.append(read)
    return blocks


def _entry(block: Block, strings: Mapping[str, str]) -> _Entry | None:
    """Give a record's fields; of a field that stands twice, the first that holds something."""
    if not isinstance(block, Entry):
        return None
    fields: dict[str, str] = {}
    for field in block.fields:
        name = field.key.casefold()
        if name in _FIELDS and not fields.get(name):
            fields[name] = _value(str(field.value), strings).strip()
    return _Entry(block.entry_type.casefold(), block.key, fields)


def _value(raw: str, strings: Mapping[str, str]) -> str:
    """Put a value together: `{...}`, `"..."`, numbers and names of @string definitions, with `#` between them."""
    text = ""
    for part in _parts(raw):
        enclosed = len(part) > 1 and part[0] + part[-1] in ("{}", '""')
        text += part[1:-1] if enclosed else strings.get(part.casefold(), part)
        if len(text) > _LONGEST:
            break
    return text


def _parts(raw: str) -> Iterator[str]:
    """Cut at each `#` that stands outside braces and quotes."""
    start, depth, quoted = 0, 0, False
    for mark in _JOIN.finditer(raw) if "#" in raw else ():
        if mark[0] == "#" and depth == 0 and not quoted:
            yield raw[start : mark.start()].strip()
            start = mark.end()
        elif mark[0] == '"' and depth == 0:
            quoted = not quoted
        else:
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
    yield raw[start:].strip()


def _reference(entry: _Entry, parent: _Entry | None, source: str) -> Reference:
    """Make the reference; what it lacks of year and journal it has from the record that its `crossref` names."""
    own, above = entry.fields, parent.fields if parent else {}
    return Reference(
        title=_title(own),
        authors=bibtex_names(own.get("author", "")),
        year=_year(own) or _year(above),
        journal=_first(own, "journal", "journaltitle", "booktitle")
        or _first(above, "journal", "journaltitle", "booktitle", "title")
        or _first(own, "series", "publisher", "institution", "school", "organization"),
        doi=find_doi(_address(own.get("doi", ""))) or find_doi(_address(own.get("url", ""))),
        kind=_KINDS.get(entry.kind, "GEN"),
        file=next(filter(None, (find_pdf(_path(own.get(name, ""))) for name in _FILES)), ""),
        source=source,
    )


def _first(fields: Mapping[str, str], *names: str) -> str:
    return first_filled(*(plain_text(fields.get(name, "")) for name in names))


def _title(fields: Mapping[str, str]) -> str:
    title, subtitle = _first(fields, "title"), _first(fields, "subtitle")
    return f"{title}{' ' if title[-1:] in '.:?!' else ': '}{subtitle}" if title and subtitle else title or subtitle


def _year(fields: Mapping[str, str]) -> int | None:
    return find_year(fields.get("year", "")) or find_year(fields.get("date", ""))


def _address(latex: str) -> str:
    """Take LaTeX's marks from a DOI or an address, and nothing else: two hyphens stay two hyphens."""
    return _ESCAPED.sub(r"\1", latex)


def _path(latex: str) -> str:
    """Take LaTeX from a file field, but leave the backslashes by which reference managers protect `:` and `;`."""
    latex = _BACKSLASH.sub(r"\\\\", latex.strip("{}"))
    latex = _BRACED.sub(lambda match: plain_text(match[0]), latex)
    return latex if _DRIVE.search(latex) else _SIGN.sub(r"\1", latex)
