"""The tables of the review for an appendix: a Word file that people edit further."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from evitable.codebook import Dimension, StudyAttribute
from evitable.export.clean import clean_text, percent
from evitable.export.doubts import doubt_of
from evitable.export.review import Files, Review
from evitable.export.tables import NOT_FOUND, Lookup, look_up, pages_text
from evitable.export.tables.synthesis import QUOTES, synthesis_order
from evitable.records import Cell, CodeCount, Coding, EvidenceRow

WORD = "evidence.docx"
_FIXED_DATE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zones; fixed for equal bytes
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_MARGIN = 15
_TWIPS = 15_137
"""Width between the margins of landscape A4, in twentieths of a point."""
_PROPERTY = 255
"""Characters that a property of the file may hold."""
_FONT = "Calibri"
_CELL, _HEAD, _SMALL = "Table Text", "Table Heading", "Table Note"
_MOST_GROUPS = 6
"""Families that Table 2 shows side by side; of more it shows dimensions."""
_MOST_VALUES, _MOST_NAMED = 25, 3
"""Values of a characteristic that are listed, and that are named beside a code."""
_NONE = "\u2013"
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}
_BREAK = re.compile(r"([\n\t])")
_BELOW_HEAD = (
    '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/></w:tcBorders>'
    '<w:vAlign w:val="bottom"/>'
)
_PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False)
"""A review of 5,000 studies has tables of many megabytes."""

Piece = tuple[str, Literal["", "b", "i"]]
"""Text, and whether it is bold or italic."""
Text = str | tuple[Piece, ...]
"""A paragraph."""
Row = Sequence[Sequence[Text]]
"""Paragraphs of each cell."""


class Column(NamedTuple):
    """A column of a table: heading, share of the width, and whether its cells are centred."""

    title: str
    width: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table: what stands above and below it, its columns, its rows."""

    caption: str
    note: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]


def word_tables(review: Review) -> Files:
    """Give the Word file: characteristics of studies, evidence by study, synthesis, descriptives, references.

    It is landscape A4 in small type. Header rows repeat on each page, and rows do not break over pages.

    Yields:
        `evidence.docx`. Equal input gives equal bytes; no studies give tables without rows.
    """
    lookup = look_up(review.evidence, review.codebook)
    document = Document()
    _set_up(document, review)
    document.add_paragraph(clean_text(f"{review.title}: evidence tables"), style="Title")
    document.add_paragraph(clean_text(_about(review)))
    number = 0
    for title, tables in _chapters(lookup):
        document.add_heading(title, level=1)
        for table in tables:
            number += 1
            _add(document, number, table)
    document.add_heading("Included studies", level=1)
    _append(document, "".join(_paragraph("Reference", _reference(study)) for study in review.evidence.studies))
    yield WORD, _same_bytes(document)


def _chapters(lookup: Lookup) -> Iterator[tuple[str, list[WordTable]]]:
    yield "Characteristics of the included studies", [_characteristics(lookup)]
    yield "Evidence by study", [_by_study(lookup)]
    yield "Synthesis", [_synthesis(lookup), _quotes(lookup)]
    yield "The studies in numbers", [_descriptives(lookup)]


# What the tables hold.


def _about(review: Review) -> str:
    """Say what the tables are, how they were counted, and what has been verified."""
    evidence, book, run = review.evidence, review.codebook, review.run
    papers = sum(len(study.files) for study in evidence.studies)
    found = f"{_count(len(evidence.studies), 'study', 'studies')} ({_count(papers, 'paper')})"
    return (
        f"These tables show what {found} report. They were coded with the codebook \u201c{book.title}\u201d, version "
        f"{book.version}, by Evitable {run.evitable} (run {run.id}). A study carries a code by this rule: "
        f"{evidence.rule.words}. Findings of a study and recommendations of its authors count; mentions of other work, "
        f"and passages of which the machine is unsure, do not. {_verified(evidence.codings)} Pages are printed page "
        "numbers, where a paper has them."
    )


def _verified(codings: Sequence[Coding]) -> str:
    counted = [coding for coding in codings if coding.counted]
    verified = sum(coding.verified for coding in counted)
    behind = f"the {_count(len(counted), 'coding')} behind them"
    if not counted:
        return "No coding counts in them."
    if not verified:
        return f"No person has verified any of {behind}: check them before you report them."
    return f"People have verified {verified:,} of {behind} ({verified / len(counted):.0%}); the others are a machine's."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _detailed(lookup: Lookup) -> list[Dimension]:
    """Give the dimensions of which Table 2 shows more than the codes: those with polarity or families, or else all."""
    book = lookup.codebook
    rich = [d for d in book.dimension if d.polarity or any(code.family for code in book.codes_of(d.name))]
    return rich or list(book.dimension)


def _characteristics(lookup: Lookup) -> WordTable:
    book = lookup.codebook
    named = {dimension.name for dimension in _detailed(lookup)}
    dimensions = [dimension for dimension in book.dimension if dimension.name not in named]
    columns = (
        Column("Study", 2.2),
        Column("Year", 1, centred=True),
        Column("Title and journal", 5),
        *(Column(attribute.title, 2) for attribute in book.attribute),
        *(Column(dimension.title, 2.8) for dimension in dimensions),
    )

    def row(study: EvidenceRow) -> Row:
        reference = study.reference
        journal = f" {reference.journal}" if reference.journal else ""
        return [
            [((study.key, "b"),)],
            [str(reference.year or NOT_FOUND)],
            [((_ended(reference.title or NOT_FOUND), ""), (journal, "i"))],
            *(["; ".join(_values(study, attribute.name)) or NOT_FOUND] for attribute in book.attribute),
            *(_titles(study, dimension, lookup) for dimension in dimensions),
        ]

    note = f"\u201c{NOT_FOUND}\u201d: the paper was read, and nothing was found. {_NONE}: no code of this dimension."
    rows = map(row, lookup.evidence.studies)
    return WordTable("Included studies", note, columns, rows)


def _values(study: EvidenceRow, name: str) -> list[str]:
    return list(dict.fromkeys(attribute.value for attribute in study.attributes if attribute.name == name))


def _titles(study: EvidenceRow, dimension: Dimension, lookup: Lookup) -> list[Text]:
    carried = {cell.code for cell in study.cells}
    codes = [code for code in lookup.codebook.codes_of(dimension.name) if code.name in carried]
    return ["; ".join(lookup.titles[code.name] for code in codes) or _NONE]


def _by_study(lookup: Lookup) -> WordTable:
    groups = _groups(lookup)
    columns = (Column("Study", 2), *(Column(title, 4) for title, _ in groups))

    def row(study: EvidenceRow) -> Row:
        found = [[_evidence(cell, lookup) for cell in study.cells if cell.code in codes] for _, codes in groups]
        return [[((study.key, "b"),)], *(lines or [_NONE] for lines in found)]

    polarity = any(dimension.polarity for dimension in _detailed(lookup))
    ways = "+ facilitates, \u2212 hinders, \u00b1 mixed; in brackets the number of passages. " if polarity else ""
    unpolar = "" if polarity else "In brackets the number of passages. "
    shown = " and ".join(dimension.title.lower() for dimension in _detailed(lookup))
    return WordTable(
        f"Codes of each study ({shown}), with passages and page",
        f"{ways}{unpolar}The page is that of the strongest quote. {_NONE}: no code found.",
        columns,
        map(row, lookup.evidence.studies),
    )


def _groups(lookup: Lookup) -> list[tuple[str, frozenset[str]]]:
    """Give the columns of Table 2: title, and names of codes."""
    book = lookup.codebook
    by_family: dict[tuple[str, str], set[str]] = {}
    by_dimension: dict[str, set[str]] = {}
    for dimension in _detailed(lookup):
        for code in book.codes_of(dimension.name):
            by_family.setdefault((dimension.title, code.family), set()).add(code.name)
            by_dimension.setdefault(dimension.title, set()).add(code.name)
    if len(by_family) > _MOST_GROUPS:
        return [(title, frozenset(codes)) for title, codes in by_dimension.items()]
    return [(": ".join(filter(None, pair)), frozenset(codes)) for pair, codes in by_family.items()]


def _evidence(cell: Cell, lookup: Lookup) -> str:
    """Say how often a study's passages carry a code, which way, and on which page the strongest stands."""
    signs = zip(("+", "\u2212", "\u00b1"), cell.polarity, strict=True)
    ways = " ".join(f"{sign}{count}" for sign, count in signs if count)
    return f"{lookup.titles[cell.code]} ({ways or cell.passages}), {pages_text(lookup.codings[cell.strongest])}"


def _synthesis(lookup: Lookup) -> WordTable:
    book = lookup.codebook
    polarity = any(dimension.polarity for dimension in book.dimension)
    ways = ("Facilitates", "Hinders", "Mixed", "Not said") if polarity else ()
    columns = (
        Column("Code", 3),
        Column("Studies", 1.1, centred=True),
        Column("%", 0.8, centred=True),
        *(Column(way, 1.5, centred=True) for way in ways),
        *(Column(attribute.title, 2.8) for attribute in _summed(lookup)),
    )

    def rows() -> Iterator[Row]:
        dimension = ""
        for count in synthesis_order(lookup):
            if count.dimension != dimension:
                dimension = count.dimension
                title = book.dimension_of(dimension).title
                yield [[((title.upper(), "b"),)], *([[""]] * (len(columns) - 1))]
            yield _synthesis_row(count, lookup, polarity=polarity)

    coded = sum(bool(study.cells) for study in lookup.evidence.studies)
    said = "Facilitates to not said: studies by what their passages say together. " if ways else ""
    note = (
        f"%: of the {_count(coded, 'study', 'studies')} with at least one code. {said}In brackets: numbers of studies."
    )
    return WordTable("Studies that carry each code", note, columns, rows())


def _synthesis_row(count: CodeCount, lookup: Lookup, *, polarity: bool) -> Row:
    book = lookup.codebook
    name: Text = lookup.titles[count.code] if count.code else ((f"{count.family}, all", "i"),)
    ways = count.ways if book.dimension_of(count.dimension).polarity else (_NONE,) * len(count.ways)
    return [
        [name],
        [str(count.studies)],
        [percent(count.share)],
        *([str(way)] for way in (ways if polarity else ())),
        *([_most(count.attributes.get(attribute.name, {}))] for attribute in _summed(lookup)),
    ]


def _summed(lookup: Lookup) -> list[StudyAttribute]:
    """Give the attributes whose values several studies may share; counts of material are each study's own."""
    return [attribute for attribute in lookup.codebook.attribute if attribute.kind != "data"]


def _most(values: Mapping[str, int]) -> str:
    """Name the most frequent values, and how many more there are."""
    named = [f"{value or NOT_FOUND} ({number})" for value, number in list(values.items())[:_MOST_NAMED]]
    more = len(values) - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)


def _quotes(lookup: Lookup) -> WordTable:
    columns = (Column("Code", 2.2), Column("Way and basis", 1.6), Column("Quote", 9), Column("Study and page", 2))

    def row(count: CodeCount, coding: Coding) -> Row:
        doubt = doubt_of(coding.match)
        place = f"{lookup.keys[coding.study_id]}, {pages_text(coding)}"
        return [
            [lookup.titles[count.code]],
            ["; ".join(filter(None, (coding.polarity, coding.basis)))],
            [re.sub(r"\n\s*\n", "\n", coding.quote)],
            [place, ((doubt, "i"),)] if doubt else [place],
        ]

    rows = (row(count, lookup.codings[quote]) for count in lookup.evidence.counts for quote in count.quotes[:QUOTES])
    note = f"For each code the most probable passages, at most {QUOTES}, each from another study. Unless marked, the "
    return WordTable("Quotes behind each code", f"{note}quote was found again on its page.", columns, rows)


def _descriptives(lookup: Lookup) -> WordTable:
    titles = {"year": "Year", "journal": "Journal"} | {a.name: a.title for a in _summed(lookup)}
    columns = (
        Column("Characteristic", 3),
        Column("Value", 8),
        Column("Studies", 1, centred=True),
        Column("%", 1, centred=True),
    )

    def rows() -> Iterator[Row]:
        for name, title in titles.items():
            found = [row for row in lookup.evidence.descriptives if row.name == name]
            for index, row in enumerate(found[:_MOST_VALUES]):
                first: Text = ((title, "b"),) if index == 0 else ""
                yield [[first], [row.value or NOT_FOUND], [str(row.studies)], [percent(row.share)]]
            if (more := len(found) - _MOST_VALUES) > 0:
                yield [[""], [f"and {_count(more, 'further value')}; all are in the workbook"], [""], [""]]

    note = f"%: of {_count(len(lookup.evidence.studies), 'study', 'studies')}. A study may have several values."
    return WordTable("Year, journal and other characteristics of the studies", note, columns, rows())


def _reference(study: EvidenceRow) -> Text:
    """Write a study's reference: short name, authors, year, title, journal, DOI."""
    reference = study.reference
    authors = "; ".join(reference.authors) or "Author not found"
    address = f" https://doi.org/{reference.doi}" if reference.doi else ""
    return (
        (f"{study.key}. ", "b"),
        (f"{authors} ({reference.year or 'n.d.'}). {_ended(reference.title or 'Title not found')}", ""),
        (f" {reference.journal}." if reference.journal else "", "i"),
        (address, ""),
    )


def _ended(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else f"{title}."


# How they are written: as text, which lxml reads: python-docx looks each cell up again, minutes for thousands.


def _set_up(document: Any, review: Review) -> None:
    """Set page, styles, footer and properties."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    section.header_distance = section.footer_distance = Mm(8)
    for name in (_CELL, _HEAD, _SMALL, "Reference"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    looks = {
        "Normal": (9, 6),
        "Title": (18, 6),
        "Heading 1": (13, 4),
        "Caption": (9, 3),
        _CELL: (8, 0),
        _HEAD: (8, 0),
        _SMALL: (8, 12),
        "Reference": (9, 3),
    }
    for name, (size, after) in looks.items():
        _style(document.styles[name], size, after, bold=name in {"Title", "Heading 1", "Caption", _HEAD})
    document.styles["Caption"].paragraph_format.keep_with_next = True
    hanging = document.styles["Reference"].paragraph_format
    hanging.left_indent, hanging.first_line_indent = Mm(8), Mm(-8)
    footer = section.footer.paragraphs[0]
    footer.style = document.styles[_CELL]
    footer.add_run(
        clean_text(f"{review.title} \u00b7 Evitable {review.run.evitable}, run {review.run.id} \u00b7 page ")
    )
    for instruction, between in (("PAGE", " of "), ("NUMPAGES", "")):
        footer._p.extend(_elements(_field(instruction)))
        footer.add_run(between)
    properties = document.core_properties
    properties.title = clean_text(review.title)[:_PROPERTY]
    properties.author, properties.comments = "Evitable", ""
    properties.created = properties.modified = _FIXED_DATE


def _style(style: Any, size: int, after: int, *, bold: bool) -> None:
    """Set a style's type: one face, black, so that it prints as it looks."""
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.name = _FONT
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), _FONT)
    style.paragraph_format.space_before = Pt(12 if style.name.startswith("Heading") else 0)
    style.paragraph_format.space_after = Pt(after)
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)


def _add(document: Any, number: int, table: WordTable) -> None:
    """Write caption, table and note at the end of the document."""
    caption = _runs("Table "), _field(r"SEQ Table \* ARABIC", str(number)), _runs(f". {table.caption}")
    _append(document, _set_as("Caption", "".join(caption)))
    _table(document, table)
    _append(document, _paragraph(_SMALL, f"Note. {table.note}"))


def _append(document: Any, xml: str) -> None:
    """Put elements, given as text, at the end of the document, before what says how the page is."""
    end = document.element.body[-1]
    for element in _elements(xml):
        end.addprevious(element)


def _elements(xml: str) -> list[Any]:
    return list(etree.fromstring(f'<w:body xmlns:w="{nsmap["w"]}">{xml}</w:body>', _PARSER))


def _table(document: Any, table: WordTable) -> None:
    whole = sum(column.width for column in table.columns)
    widths = [int(_TWIPS * column.width / whole) for column in table.columns]
    lines = (("top", 8, "000000"), ("bottom", 8, "000000"), ("insideH", 4, "A6A6A6"))
    borders = [f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{ink}"/>' for side, size, ink in lines]
    sides = (("top", 40), ("left", 70), ("bottom", 40), ("right", 70))
    margins = [f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides]
    grid = [f'<w:gridCol w:w="{width}"/>' for width in widths]
    centred = [column.centred for column in table.columns]
    head = _row(_HEAD, widths, centred, [[column.title] for column in table.columns])
    rows = [_row(_CELL, widths, centred, row) for row in table.rows]
    shell = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{"".join(borders)}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{"".join(margins)}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{''.join(grid)}</w:tblGrid></w:tbl>"
    )
    # Rows come one by one: lxml takes half a minute to move a table of 4,000 rows at once.
    _append(document, shell)
    document.element.body[-2].extend(_elements("".join([head, *rows])))


def _row(style: str, widths: Sequence[int], centred: Sequence[bool], cells: Sequence[Sequence[Text]]) -> str:
    """Write a row that does not break over pages; a row of headings is repeated on each."""
    repeated, below = ("<w:tblHeader/>", _BELOW_HEAD) if style == _HEAD else ("", "")
    made = []
    for width, middle, paragraphs in zip(widths, centred, cells, strict=True):
        texts = "".join([_paragraph(style, text, centred=middle) for text in paragraphs])
        made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{below}</w:tcPr>{texts}</w:tc>')
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(made)}</w:tr>"


def _paragraph(style: str, text: Text, *, centred: bool = False) -> str:
    return _set_as(style, _runs(text), centred=centred)


def _set_as(style: str, runs: str, *, centred: bool = False) -> str:
    middle = '<w:jc w:val="center"/>' if centred else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/>{middle}</w:pPr>{runs}</w:p>'


def _runs(text: Text) -> str:
    """Write text as runs; line ends and tabs are elements of their own."""
    runs = []
    for piece, look in ((text, ""),) if isinstance(text, str) else text:
        parts = [_BREAKS.get(part) or _words(part) for part in _BREAK.split(clean_text(piece)) if part]
        if parts or look:
            runs.append(f"<w:r>{f'<w:rPr><w:{look}/></w:rPr>' if look else ''}{''.join(parts)}</w:r>")
    return "".join(runs)


def _words(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def _field(instruction: str, shown: str = "1") -> str:
    """Write a field, which Word works out, with what it shows until then."""
    return f'<w:fldSimple w:instr=" {instruction} ">{_runs(shown)}</w:fldSimple>'


def _same_bytes(document: Any) -> bytes:
    """Give the file's bytes with dates that do not change."""
    made, file = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return file.getvalue()
