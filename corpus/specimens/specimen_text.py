"""Read the specimen texts: a small header, then one block to a line.

The format is described in ``read_specimen``. Nothing in this module knows how a paper will look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

LAYOUTS = ("journal", "manuscript", "report", "slides", "webpage")
REQUIRED = ("key", "layout", "title", "authors", "affiliations", "year", "journal", "in_references")
OPTIONAL = ("volume", "issue", "pages", "doi", "keywords")

Kind: TypeAlias = Literal["body", "quote", "item", "reference"]


class SpecimenError(ValueError):
    """A specimen text does not follow the format; the message names the file and the line."""


@dataclass(frozen=True)
class Heading:
    """A section title; level 1 is the highest."""

    level: int
    text: str


@dataclass(frozen=True)
class Para:
    """Running text of one kind; footnote marks stay in it as ``[^1]``."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Table:
    """A numbered table; the first row is its header, and all rows have the same number of cells."""

    number: int
    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A numbered figure of which only the caption is given; the picture is made up by the layout."""

    number: int
    caption: str


Block: TypeAlias = Heading | Para | Table | Figure


@dataclass(frozen=True)
class Specimen:
    """One specimen text: its header, its abstract and its blocks in order, the abstract left out."""

    key: str
    layout: str
    title: str
    authors: tuple[str, ...]
    affiliations: tuple[str, ...]
    year: int
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    keywords: tuple[str, ...]
    in_references: bool
    abstract: tuple[str, ...]
    blocks: tuple[Block, ...]
    footnotes: dict[str, str]

    @property
    def first_page(self) -> int:
        """The number that the first page carries: the start of ``pages``, or 1."""
        found = re.match(r"\d+", self.pages)
        return int(found.group()) if found else 1

    @property
    def names(self) -> tuple[str, ...]:
        """The authors as a title page names them: given name first."""
        return tuple(" ".join(reversed([part.strip() for part in name.split(",", 1)])) for name in self.authors)

    @property
    def surnames(self) -> tuple[str, ...]:
        """The authors' family names."""
        return tuple(name.split(",", 1)[0].strip() for name in self.authors)

    @property
    def short_authors(self) -> str:
        """The authors as a running head names them: one, two, or the first "et al."."""
        names = self.surnames
        return names[0] + " et al." if len(names) > 2 else " and ".join(names)

    @property
    def short_title(self) -> str:
        """The title without its sub-title, cut at a word to at most 70 characters."""
        title = re.split(r"(?<=\?)\s|[:.]\s", self.title)[0].strip("“” ")
        if len(title) < 15:
            title = self.title.strip()
        if len(title) <= 70:
            return title
        return title[:70].rsplit(" ", 1)[0].rstrip(",;") + " …"


def read_specimens(folder: Path) -> list[Specimen]:
    """Read every ``*.md`` of a folder, sorted by key; an empty folder gives an empty list.

    Raises:
        SpecimenError: a text breaks the format.
    """
    return [read_specimen(path) for path in sorted(folder.glob("*.md"))]


def read_specimen(path: Path) -> Specimen:
    """Read one text.

    The header stands between two lines ``---``, one ``name: value`` a line. After it each line that is not blank is a
    block: ``# heading``, ``## sub-heading``, ``> quotation``, ``- list item``, ``Table: caption | a; b | 1; 2``,
    ``Figure: caption``, ``[^1]: footnote``, or a paragraph. Below the heading "References" each line is a reference.

    Raises:
        SpecimenError: the text breaks the format.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise SpecimenError(f"{path.name}:1: the header must stand between two lines ---")
    end = next(number for number, line in enumerate(lines) if number and line.strip() == "---")
    header = _header(lines[1:end], path)
    blocks, footnotes = _blocks(lines[end + 1 :], path, end + 2)
    abstract, rest = _split_abstract(blocks)
    return Specimen(
        key=header["key"],
        layout=header["layout"],
        title=header["title"],
        authors=_listed(header["authors"]),
        affiliations=_listed(header["affiliations"]),
        year=int(header["year"]),
        journal=header["journal"],
        volume=header["volume"],
        issue=header["issue"],
        pages=header["pages"].replace("–", "-"),
        doi=header["doi"],
        keywords=_listed(header["keywords"]),
        in_references=header["in_references"].lower() == "true",
        abstract=abstract,
        blocks=rest,
        footnotes=footnotes,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _header(lines: list[str], path: Path) -> dict[str, str]:
    header = dict.fromkeys(OPTIONAL, "")
    for number, line in enumerate(lines, start=2):
        name, colon, value = line.partition(":")
        if line.strip() and not colon:
            raise SpecimenError(f"{path.name}:{number}: not a header line: {line!r}")
        header[name.strip()] = value.strip()
    missing = [name for name in REQUIRED if not header.get(name)]
    if missing:
        raise SpecimenError(f"{path.name}: the header lacks {', '.join(missing)}")
    if header["key"] != path.stem:
        raise SpecimenError(f"{path.name}: the key is {header['key']}, the file is named {path.stem}")
    if header["layout"] not in LAYOUTS:
        raise SpecimenError(f"{path.name}: no layout is named {header['layout']}")
    return header


def _blocks(lines: list[str], path: Path, first: int) -> tuple[list[Block], dict[str, str]]:
    blocks: list[Block] = []
    footnotes: dict[str, str] = {}
    in_references = False
    for number, raw in enumerate(lines, start=first):
        line = raw.strip()
        note = re.match(r"\[\^(\w+)\]:\s*(.+)", line)
        heading = re.match(r"(#{1,4})\s+(.+)", line)
        if note:
            footnotes[note[1]] = note[2]
        elif heading:
            blocks.append(Heading(len(heading[1]), heading[2]))
            in_references = bare_title(heading[2]) in {"references", "bibliography", "literature"}
        elif line.startswith(("Table:", "Figure:")):
            blocks.append(_numbered(line, blocks, f"{path.name}:{number}"))
        elif line:
            blocks.append(_para(line, in_references=in_references))
    cited = {mark for block in blocks if isinstance(block, Para) for mark in re.findall(r"\[\^(\w+)\]", block.text)}
    if cited != set(footnotes):
        raise SpecimenError(f"{path.name}: footnotes cited and given differ: {sorted(cited ^ set(footnotes))}")
    return blocks, footnotes


def bare_title(heading: str) -> str:
    """A heading without its number, in small letters: "2.1 Case and setting" gives "case and setting"."""
    return re.sub(r"^[\d.]+\s+", "", heading).strip().lower()


def _para(line: str, *, in_references: bool) -> Para:
    if line.startswith("> "):
        return Para("quote", line[2:].strip())
    if line.startswith("- "):
        return Para("reference" if in_references else "item", line[2:].strip())
    return Para("reference" if in_references else "body", line)


def _numbered(line: str, before: list[Block], where: str) -> Table | Figure:
    word, _, rest = line.partition(":")
    parts = [part.strip() for part in rest.split("|")]
    caption = re.sub(rf"^{word}\s+\d+[.:]?\s*", "", parts[0])
    if word == "Figure":
        return Figure(1 + sum(isinstance(block, Figure) for block in before), caption)
    rows = [tuple(cell.strip() for cell in part.split(";")) for part in parts[1:] if part]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        raise SpecimenError(
            f"{where}: a table needs a header, a row, and as many cells in each: {[len(r) for r in rows]}"
        )
    return Table(1 + sum(isinstance(block, Table) for block in before), caption, tuple(rows))


def _split_abstract(blocks: list[Block]) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    if not blocks or not isinstance(blocks[0], Heading) or blocks[0].text.strip().lower() != "abstract":
        return (), tuple(blocks)
    end = next((at for at, block in enumerate(blocks) if at and isinstance(block, Heading)), len(blocks))
    return tuple(block.text for block in blocks[1:end] if isinstance(block, Para)), tuple(blocks[end:])
