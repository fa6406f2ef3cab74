"""What a publisher's JATS XML says an article holds: the truth that extraction is measured against."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w+);")
_BLOCKS = frozenset({"p", "sec", "list", "disp-quote", "title", "def-list", "boxed-text", "speech", "verse-group"})
_OTHER = frozenset({"table-wrap", "fig", "fig-group", "table-wrap-group", "supplementary-material", "caption", "media"})
_FORMULA = frozenset({"tex-math", "disp-formula", "inline-formula", "graphic", "inline-graphic"})
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z¿¡“\"(])")
MIN_WORDS = 6
"""Words from which a sentence counts: shorter ones are found anywhere."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its publisher marks it up.

    Attributes:
        body: Paragraphs of the abstract and the body, without figures and tables.
        sentences: Sentences of the body's paragraphs, of six words or more.
        headings: Titles of the body's sections.
        other: Text by what it is: references, captions, tables, front and back matter.
    """

    body: tuple[str, ...]
    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    other: dict[str, str]


def read_article(path: Path) -> Article:
    """Read an article; named entities of HTML are resolved, a document type is not fetched."""
    source = path.read_text(encoding="utf-8", errors="replace")
    root = ET.fromstring(_ENTITY.sub(lambda match: html.unescape(match[0]), source).encode())
    body = [text for part in root.iter("body") for text in _paragraphs(part)]
    abstract = [text for part in root.iter("abstract") for text in _paragraphs(part)]
    abstract += [text for part in root.iter("trans-abstract") for text in _paragraphs(part)]
    return Article(
        body=(*abstract, *body),
        sentences=tuple(s for text in body for s in _SENTENCE.split(text) if len(s.split()) >= MIN_WORDS),
        headings=tuple(_text(title) for part in root.iter("body") for title in _titles(part) if _text(title)),
        other={
            "references": _all_text(root, "ref-list"),
            "captions": _all_text(root, "caption"),
            "tables": _all_text(root, "table", "table-wrap-foot"),
            "front": _all_text(root, "contrib-group", "aff", "author-notes", "title-group", "kwd-group", "permissions"),
            "back": " ".join(_own(part) for part in root.iter("back")),
        },
    )


def _paragraphs(element: ET.Element) -> Iterator[str]:
    """Give the text of each paragraph, a nested one on its own; figures and tables are passed over."""
    for child in element:
        if child.tag in _OTHER:
            continue
        if child.tag == "p" and (text := _clean(_pieces(child))):
            yield text
        yield from _paragraphs(child)


def _titles(element: ET.Element) -> Iterator[ET.Element]:
    for section in element.iter("sec"):
        yield from section.findall("title")


def _pieces(element: ET.Element) -> str:
    """Give an element's running text: without what stands in it as a block, and without formulas."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == "break":
            parts.append(" ")
        elif child.tag not in _BLOCKS | _OTHER | _FORMULA and not str(child.tag).endswith("}math"):
            parts.append(_pieces(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _own(back: ET.Element) -> str:
    return " ".join(_text(child) for child in back if child.tag != "ref-list")


def _text(element: ET.Element) -> str:
    return _clean(" ".join(element.itertext()) if element.tag != "title" else "".join(element.itertext()))


def _all_text(root: ET.Element, *names: str) -> str:
    return " ".join(_text(element) for name in names for element in root.iter(name))


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
