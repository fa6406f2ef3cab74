"""What all reference files have in common: their encoding, their fields as a `Reference` has them, their issues."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from evitable.records import Issue, Reference

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_TAG = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|sc|small|span|p|br|jats:\w+)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BETWEEN_FILES = re.compile(r"(?<!\\);")
_ESCAPED = re.compile(r"\\([\\:;])")
_PDF = re.compile(
    r"(?:.*[/:])?([^/:]+\.pdf)\s*(?::\s*(?:application/(?:x-)?)?(?:pdf)?\s*|[?#].*)?", re.IGNORECASE | re.DOTALL
)


class ReadReferences(NamedTuple):
    """Records of a reference file, and what could not be read, by record number."""

    references: tuple[Reference, ...]
    issues: tuple[Issue, ...]


def decode_text(data: bytes) -> str:
    """Give a file's text with LF line ends.

    UTF-8, with or without BOM; a line that is not is read as Windows-1252, so that one wrong byte costs no other line.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(_decode_line(line) for line in data.split(b"\n"))


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def tidy(text: str) -> str:
    """Give a field's text on one line: NFC, without control characters and markup of HTML."""
    text = _TAG.sub("", _ENTITY.sub(lambda match: html.unescape(match[0]), text))
    return " ".join(_UNFIT.sub("", unicodedata.normalize("NFC", text)).split())


def find_year(text: str) -> int | None:
    """Find the first year from 1800 to 2099 that stands in a date of any form."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def find_doi(text: str) -> str:
    """Find the first DOI, in lower case and without an address in front; empty if there is none."""
    found = _DOI.search(text)
    return _UNFIT.sub("", found[0]).lower().rstrip(".,;") if found else ""


def find_pdf(text: str) -> str:
    r"""Find the name, without folders, of the first PDF that a field names.

    Args:
        text: Paths between semicolons; each alone, or as `title:path:type` the way Zotero, Mendeley and JabRef write
            it, with `\:` and `\\` in Windows paths.
    """
    for part in _BETWEEN_FILES.split(text):
        path = _ESCAPED.sub(lambda match: "/" if match[1] == "\\" else match[1], part).replace("\\", "/")
        found = _PDF.fullmatch((unquote(path) if "://" in path else path).strip())
        if found:
            return _UNFIT.sub("", unicodedata.normalize("NFC", found[1])).strip()
    return ""


def named(names: Iterable[str]) -> tuple[str, ...]:
    """Give names of authors, tidy, without those that hold no letter."""
    return tuple(name for name in map(tidy, names) if any(character.isalpha() for character in name))


def first_filled(*texts: str) -> str:
    """Give the first text that is not blank, tidy."""
    return next((text for text in map(tidy, texts) if text), "")


def broken_record(name: str, number: int, hint: str) -> Issue:
    """Say that a record cannot be read."""
    return Issue(
        code="reference-broken",
        stage="references",
        paper=name,
        message=f"Record {number} of the reference file cannot be read.",
        hint=hint,
    )
