"""One row for each study; and one for each study and code that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from evitable.codebook import Code, Codebook, StudyAttribute
from evitable.export.tables.lookup import Lookup
from evitable.export.tables.table import NOT_CHECKED, NOT_FOUND, Column, Row, Table, Value, unused
from evitable.records import Cell, Coding, EvidenceRow

_FIRST = (
    Column("study", "Study", 18, "Short name: first author and year, or the file's name"),
    Column("authors", "Authors", 24, "Authors, from the reference record or the first page"),
    Column("year", "Year", 7, "Year of publication", "number"),
    Column("title", "Title", 40, "Title, from the reference record or the first page"),
    Column("journal", "Journal", 22, "Journal, series or publisher"),
    Column("doi", "DOI", 24, "DOI"),
)
_LAST = (
    Column("mentioned", "Mentioned of other work", 30, "Codes on passages that report other work, not counted before"),
    Column("passages", "Passages", 10, "Passages read in the study's papers", "number"),
    Column("coded", "Coded passages", 10, "Passages that carry at least one code, mentions among them", "number"),
    Column("verified", "Share verified", 10, "Share of the counted codings that a person has confirmed", "share"),
    Column("file", "File", 24, "Files in the folder corpus"),
    Column("reference", "Reference from", 24, "Where authors, year, title and journal come from"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
)


def study_rows(lookup: Lookup) -> Table:
    """Build the study table: one column a code with its passages and the page of the strongest quote."""
    book = lookup.codebook
    taken = {column.name for column in (*_FIRST, *_LAST)}
    attributes = tuple(Column(unused(a.name, taken), a.title, 15, _how_found(a)) for a in book.attribute)
    dimensions = tuple(
        Column(
            unused(d.name, taken), d.title, 26, f"Codes of the dimension, with their passages. {d.definition}".strip()
        )
        for d in book.dimension
    )
    codes = tuple(
        Column(
            unused(code.name, taken),
            lookup.titles[code.name],
            17,
            f"Passages, which way they say it worked, and the page of the strongest quote. {code.definition}",
            group=group_of(code, book),
        )
        for code in book.code
    )
    return Table(
        "Studies",
        "evidence-studies",
        "One row per study.",
        (*_FIRST, *attributes, *dimensions, *codes, *_LAST),
        len(lookup.evidence.studies),
        lambda: (_study_row(study, lookup) for study in lookup.evidence.studies),
    )


def group_of(code: Code, codebook: Codebook) -> str:
    """Say to what a code's column belongs: its dimension, and its family if it has one."""
    title = codebook.dimension_of(code.dimension).title
    return f"{title}, {code.family}" if code.family else title


def first_code_column(lookup: Lookup) -> int:
    """Give the place of the study table's first column of a code; the others follow in the codebook's order."""
    return len(_FIRST) + len(lookup.codebook.attribute) + len(lookup.codebook.dimension)


def _how_found(attribute: StudyAttribute) -> str:
    """Say where values of an attribute come from; the sentence behind each is in the report."""
    match attribute.kind:
        case "country":
            return "Countries that the paper stresses, by name, people, city or region"
        case "data":
            return "The study's material as the paper counts it"
        case _:
            return f"Found by phrases in title, key words and {', '.join(attribute.sections)}"


def _study_row(study: EvidenceRow, lookup: Lookup) -> Row:
    book = lookup.codebook
    cells = {cell.code: cell for cell in study.cells}
    reference = study.reference
    total = sum(cell.passages for cell in study.cells)
    verified = sum(cell.verified for cell in study.cells)
    return (
        study.key,
        "; ".join(reference.authors) or NOT_FOUND,
        reference.year,
        reference.title or NOT_FOUND,
        reference.journal or NOT_FOUND,
        reference.doi or NOT_FOUND,
        *("; ".join(a.value for a in study.attributes if a.name == one.name) or NOT_FOUND for one in book.attribute),
        *(_dimension_cell(book.codes_of(dimension.name), cells, lookup) for dimension in book.dimension),
        *(_code_cell(cells.get(code.name), lookup) for code in book.code),
        "; ".join(f"{lookup.titles[name]} ({count})" for name, count in study.mentions.items()),
        study.passages,
        study.coded,
        round(verified / total, 4) if total else None,
        "; ".join(study.files),
        reference.source or NOT_FOUND,
        study.study_id,
    )


def _dimension_cell(codes: Sequence[Code], cells: dict[str, Cell], lookup: Lookup) -> str:
    return "; ".join(
        f"{lookup.titles[code.name]} ({cells[code.name].passages})" for code in codes if code.name in cells
    )


def _code_cell(cell: Cell | None, lookup: Lookup) -> str:
    """Say how many passages carry the code, which way, and where the strongest stands: `4 (+3 −1), p. 203`."""
    if cell is None:
        return ""
    helped, hindered, mixed = cell.polarity
    signs = [f"+{helped}"] * bool(helped) + [f"−{hindered}"] * bool(hindered) + [f"±{mixed}"] * bool(mixed)
    way = f" ({' '.join(signs)})" if signs else ""
    return f"{cell.passages}{way}, {pages_text(lookup.codings[cell.strongest])}"


def pages_text(coding: Coding) -> str:
    """Write the pages of a quote: `p. 203`, `pp. 203-204`, or `no page`."""
    labels = coding.page_labels
    if not labels:
        return "no page"
    return f"p. {labels[0]}" if len(labels) == 1 else f"pp. {labels[0]}-{labels[-1]}"


@cache
def pdf_pages_text(pages: tuple[int, ...]) -> str:
    """Write the PDF pages of a quote: `3`, or `3, 4`; empty for none."""
    return ", ".join(map(str, pages))


def polarity_columns(of: str = "Passages") -> tuple[Column, ...]:
    """Give the columns that say which way a code worked; they are empty where its dimension has no polarity."""
    return (
        Column(
            "facilitates", "Facilitates", 11, f"{of} in which it helped; empty where there is no polarity", "number"
        ),
        Column("hinders", "Hinders", 9, f"{of} in which it, or its absence, was a barrier", "number"),
        Column("mixed", "Mixed", 8, f"{of} that say both", "number"),
    )


_CELL_COLUMNS = (
    Column("study", "Study", 18, "Short name of the study"),
    Column("dimension", "Dimension", 14, "Dimension of the code"),
    Column("family", "Family", 20, "Family of the code, where its dimension has families"),
    Column("code", "Code", 24, "The code"),
    Column("passages", "Passages", 10, "Passages that carry the code and count", "number"),
    Column("verified", "Verified", 9, "Passages that a person has confirmed", "number"),
    *polarity_columns(),
    Column("quote", "Strongest quote", 90, "The quote with the highest probability"),
    Column("page", "Page", 10, "Printed page label of the quote; it leads to the quote's row in Evidence"),
    Column("pdf_page", "PDF page", 9, "Page counted in the PDF from 1"),
    Column("quote_check", "Quote check", 11, "How the quote was found again in the PDF: see the sheet Evidence"),
    Column("probability", "Probability", 11, "The machine's probability of the strongest quote, 0 to 1", "decimal"),
    Column("code_name", "Code's name in files", 20, "The code's name in CSV files and settings"),
    Column("coding_id", "Coding id", 19, "Stable id of the strongest quote's passage and code"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
)


def cell_rows(lookup: Lookup) -> Table:
    """Build the long form of the study table: one row a study and code that it carries."""
    return Table(
        "Cells",
        "evidence-cells",
        "One row per study and code that it carries: the filled cells of the sheet Studies, one below the other.",
        _CELL_COLUMNS,
        sum(len(study.cells) for study in lookup.evidence.studies),
        lambda: _cell_rows(lookup),
        key_columns=4,
        printed="page",
    )


def _cell_rows(lookup: Lookup) -> Iterator[Row]:
    for study in lookup.evidence.studies:
        for cell in study.cells:
            yield _cell_row(study, cell, lookup)


def _cell_row(study: EvidenceRow, cell: Cell, lookup: Lookup) -> Row:
    coding = lookup.codings[cell.strongest]
    ways: tuple[Value, ...] = cell.polarity if lookup.codebook.has_polarity(cell.code) else (None, None, None)
    return (
        study.key,
        *lookup.names(lookup.codebook.by_name[cell.code]),
        cell.passages,
        cell.verified,
        *ways,
        coding.quote,
        ", ".join(coding.page_labels),
        pdf_pages_text(coding.pages),
        coding.match or NOT_CHECKED,
        coding.probability,
        cell.code,
        coding.id,
        study.study_id,
    )
