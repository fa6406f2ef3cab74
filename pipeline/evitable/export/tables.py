"""The tables of a review as columns and rows: the one source of workbook, CSV files and data dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evitable.codebook import Code, Codebook, StudyAttribute
from evitable.records import Cell, Coding, Evidence, EvidenceRow

Value = str | int | float | None
NOT_FOUND = "not found"
NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in CSV files, its heading for people, its width in characters, and what it holds."""

    name: str
    title: str
    width: int
    meaning: str
    kind: Literal["text", "number", "share"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: sheet name, file name without ending, columns, rows; `key_columns` stay in sight when scrolling."""

    sheet: str
    file: str
    meaning: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    key_columns: int = 1


def evidence_tables(evidence: Evidence, codebook: Codebook) -> tuple[Table, ...]:
    """Give the tables of the evidence, in the order of the workbook's sheets."""
    return (
        study_table(evidence, codebook),
        evidence_list(evidence, codebook),
        synthesis_table(evidence, codebook),
        map_table(evidence, codebook),
        issue_table(evidence),
    )


def study_table(evidence: Evidence, codebook: Codebook) -> Table:
    """Build the study table: one row a study, one column a code with passages and the strongest quote's page."""
    columns = (
        Column("study", "Study", 18, "Short name: first author and year, or the file's name"),
        Column("year", "Year", 6, "Year of publication", "number"),
        Column("title", "Title", 40, "Title, from the reference record or the first page"),
        Column("authors", "Authors", 24, "Authors, from the reference record or the first page"),
        Column("journal", "Journal", 22, "Journal, series or publisher"),
        *(Column(a.name, a.title, 15, _how_found(a)) for a in codebook.attribute),
        *(
            Column(d.name, d.title, 26, f"Codes of the dimension, with the number of passages: {d.definition}")
            for d in codebook.dimension
        ),
        *(
            Column(c.name, c.title, 16, f"Passages, and the page of the strongest quote: {c.definition}")
            for c in codebook.code
        ),
        Column(
            "mentioned", "Mentioned of other work", 30, "Codes on passages that report other work, not counted above"
        ),
        Column("passages", "Passages", 10, "Passages read in the study's papers", "number"),
        Column("coded", "Coded passages", 10, "Passages that carry at least one code, mentions among them", "number"),
        Column("verified", "Share verified", 10, "Share of the study's codings that a person has confirmed", "share"),
        Column("doi", "DOI", 24, "DOI"),
        Column("file", "File", 24, "File in the folder corpus"),
        Column("reference", "Reference from", 24, "Where authors, year, title and journal come from"),
        Column("study_id", "Study id", 19, "Stable id of the study"),
    )
    by_id = {coding.id: coding for coding in evidence.codings}
    rows = tuple(_study_row(study, by_id, codebook) for study in evidence.studies)
    return Table("Studies", "evidence-studies", "One row per study.", columns, rows)


def _how_found(attribute: StudyAttribute) -> str:
    """Say where values of an attribute come from; the sentence behind each is in the report."""
    match attribute.kind:
        case "country":
            return "Countries that the paper stresses, by name, people, city or region"
        case "data":
            return "The study's material as the paper counts it"
        case _:
            return f"Found by phrases in title, key words and {', '.join(attribute.sections)}"


def _study_row(study: EvidenceRow, by_id: dict[str, Coding], codebook: Codebook) -> tuple[Value, ...]:
    cells = {cell.code: cell for cell in study.cells}
    reference = study.reference
    total = sum(cell.passages for cell in study.cells)
    verified = sum(cell.verified for cell in study.cells)
    return (
        study.key,
        reference.year,
        reference.title or NOT_FOUND,
        "; ".join(reference.authors) or NOT_FOUND,
        reference.journal or NOT_FOUND,
        *(
            "; ".join(a.value for a in study.attributes if a.name == wanted.name) or NOT_FOUND
            for wanted in codebook.attribute
        ),
        *(_dimension_cell(codebook.codes_of(dimension.name), cells) for dimension in codebook.dimension),
        *(_code_cell(cells.get(code.name), by_id) for code in codebook.code),
        "; ".join(f"{codebook.by_name[name].title} ({count})" for name, count in study.mentions.items()),
        study.passages,
        study.coded,
        round(verified / total, 4) if total else None,
        reference.doi or NOT_FOUND,
        "; ".join(study.files),
        reference.source or NOT_FOUND,
        study.study_id,
    )


def _dimension_cell(codes: Sequence[Code], cells: dict[str, Cell]) -> str:
    return "; ".join(f"{code.title} ({cells[code.name].passages})" for code in codes if code.name in cells)


def _code_cell(cell: Cell | None, by_id: dict[str, Coding]) -> str:
    """Say how many passages carry the code, which way, and where the strongest stands: `4 (+3 −1), p. 203`."""
    if cell is None:
        return ""
    helped, hindered, mixed = cell.polarity
    signs = [f"+{helped}"] * bool(helped) + [f"−{hindered}"] * bool(hindered) + [f"±{mixed}"] * bool(mixed)
    way = f" ({' '.join(signs)})" if signs else ""
    return f"{cell.passages}{way}, {pages_text(by_id[cell.strongest])}"


def pages_text(coding: Coding) -> str:
    """Write the pages of a quote: `p. 203`, `pp. 203-204`, or `no page`."""
    labels = coding.page_labels
    if not labels:
        return "no page"
    return f"p. {labels[0]}" if len(labels) == 1 else f"pp. {labels[0]}-{labels[-1]}"


_LIST_COLUMNS = (
    Column("study", "Study", 18, "Short name of the study"),
    Column("dimension", "Dimension", 12, "Dimension of the code"),
    Column("family", "Family", 20, "Family of the code, where its dimension has families"),
    Column("code", "Code", 24, "The code"),
    Column(
        "polarity",
        "Polarity",
        12,
        "Which way the code worked: facilitates, hinders, mixed; empty where the dimension has no polarity",
    ),
    Column(
        "basis",
        "Basis",
        15,
        "finding: the study's own evidence; recommendation: what its authors advise; mention: a report of other work, "
        "which counts in no table",
    ),
    Column(
        "answer",
        "Machine's answer",
        10,
        "yes; unsure: the machine neither gives the code nor rules it out, and it counts in no table",
    ),
    Column("quote", "Quote", 90, "The passage, word for word, with line-end hyphens and page breaks taken out"),
    Column("page", "Page", 10, "Printed page label; several where the passage runs over a page's end"),
    Column("pdf_page", "PDF page", 9, "Page counted in the PDF from 1"),
    Column(
        "quote_check",
        "Quote check",
        11,
        "The quote, looked for in the PDF's own text of its page. exact: there word for word; squashed: there by "
        "its letters and digits, spaces or punctuation differ; fuzzy: something alike is there; missing: not found",
    ),
    Column("words", "Words that carried it", 34, "Words in the quote on which the code rests"),
    Column(
        "probability",
        "Probability",
        11,
        "The machine's probability, 0 to 1; whether it is calibrated stands in the read-me",
        "number",
    ),
    Column(
        "status",
        "Status",
        11,
        "machine: not yet verified by a person; accepted, corrected, rejected, disputed, orphaned: see the guide",
    ),
    Column("coder", "Coder", 19, "The person, or the model's id"),
    Column("section", "Section", 34, "Headings above the passage"),
    Column(
        "section_kind",
        "Section kind",
        13,
        "abstract, introduction, background, methods, findings, discussion, conclusion, other",
    ),
    Column("file", "File", 24, "File in the folder corpus"),
    Column("coding_id", "Coding id", 19, "Stable id of passage and code"),
    Column("passage_id", "Passage id", 19, "Stable id of the passage"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
)


def evidence_list(evidence: Evidence, codebook: Codebook) -> Table:
    """Build the evidence list: one row for each passage and code."""
    studies = {study.study_id: study for study in evidence.studies}
    rows = tuple(_coding_row(coding, studies[coding.study_id], codebook) for coding in evidence.codings)
    return Table(
        "Evidence", "evidence-list", "One row per passage and code, with its quote and page.", _LIST_COLUMNS, rows
    )


def _coding_row(coding: Coding, study: EvidenceRow, codebook: Codebook) -> tuple[Value, ...]:
    code = codebook.by_name[coding.code]
    return (
        study.key,
        codebook.dimension_of(coding.dimension).title,
        code.family,
        code.title,
        coding.polarity or "",
        coding.basis,
        "unsure" if coding.unsure else "yes",
        coding.quote,
        ", ".join(coding.page_labels),
        ", ".join(str(page) for page in coding.pages),
        coding.match or NOT_CHECKED,
        "; ".join(dict.fromkeys(span.text for span in coding.words)),
        coding.probability,
        coding.status,
        coding.coder,
        " > ".join(coding.section),
        coding.section_kind,
        "; ".join(study.files),
        coding.id,
        coding.passage_id,
        coding.study_id,
    )


def synthesis_table(evidence: Evidence, codebook: Codebook) -> Table:
    """Build the synthesis: one row a code, over all studies."""
    columns = (
        Column("dimension", "Dimension", 12, "Dimension of the code"),
        Column("family", "Family", 22, "Family of the code, where its dimension has families"),
        Column("code", "Code", 28, "The code"),
        Column("studies", "Studies", 9, "Studies that carry the code", "number"),
        Column("share", "Share of studies", 10, "Of all studies with at least one code", "share"),
        Column("passages", "Passages", 10, "Passages that carry the code", "number"),
        Column("facilitates", "Facilitates", 11, "Passages in which it helped", "number"),
        Column("hinders", "Hinders", 9, "Passages in which it, or its absence, was a barrier", "number"),
        Column("mixed", "Mixed", 8, "Passages that say both", "number"),
        Column("study_list", "In studies", 50, "The studies"),
        Column("quotes", "Strongest quotes", 90, "The strongest quotes, each from another study, with page"),
    )
    by_id = {coding.id: coding for coding in evidence.codings}
    keys = {study.study_id: study.key for study in evidence.studies}
    rows: list[tuple[Value, ...]] = []
    for count in evidence.counts:
        quotes = [f"“{by_id[i].quote}” ({keys[by_id[i].study_id]}, {pages_text(by_id[i])})" for i in count.quotes[:3]]
        carrying = [study.key for study in evidence.studies if any(cell.code == count.code for cell in study.cells)]
        rows.append(
            (
                codebook.dimension_of(count.dimension).title,
                count.family,
                codebook.by_name[count.code].title,
                count.studies,
                count.share,
                count.passages,
                count.facilitates,
                count.hinders,
                count.mixed,
                "; ".join(carrying),
                "\n\n".join(quotes),
            )
        )
    return Table(
        "Synthesis", "evidence-synthesis", "One row per code, over all studies.", columns, tuple(rows), key_columns=3
    )


def map_table(evidence: Evidence, codebook: Codebook) -> Table:
    """Build the evidence map as a list: one row for each combination of codes, the empty ones too."""
    columns = (
        *(
            Column(name, codebook.dimension_of(name).title, 28, f"Code of {codebook.dimension_of(name).title}")
            for name in evidence.map_dimensions
        ),
        Column("studies", "Studies", 9, "Studies that carry all of these codes, anywhere in the paper", "number"),
        Column("passages", "Passages", 10, "Passages that carry all of these codes at once", "number"),
        Column("study_list", "In studies", 70, "The studies"),
    )
    keys = {study.study_id: study.key for study in evidence.studies}
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            *(codebook.by_name[code].title for code in cell.codes),
            cell.studies,
            cell.passages,
            "; ".join(keys[i] for i in cell.study_ids),
        )
        for cell in evidence.map
    )
    return Table(
        "Map",
        "evidence-map",
        "Studies and passages by combination of codes; 0 is a gap.",
        columns,
        rows,
        max(1, len(evidence.map_dimensions)),
    )


def issue_table(evidence: Evidence) -> Table:
    """Build the list of what went wrong."""
    columns = (
        Column("paper", "File", 34, "The file that is meant"),
        Column("code", "Issue", 22, "Stable name of the fault"),
        Column("stage", "Stage", 12, "Where it happened"),
        Column("message", "What happened", 70, "In one sentence"),
        Column("hint", "What to do", 70, "In one sentence"),
    )
    rows = tuple((issue.paper, issue.code, issue.stage, issue.message, issue.hint) for issue in evidence.issues)
    return Table("Issues", "issues", "What could not be read or matched.", columns, rows)


def codebook_table(codebook: Codebook) -> Table:
    """Build the codebook as a table, so that the workbook explains its own codes."""
    columns = (
        Column("dimension", "Dimension", 12, "Dimension"),
        Column("family", "Family", 22, "Family of codes"),
        Column("code", "Code", 28, "The code"),
        Column("name", "Name in files", 28, "The code's name in CSV files and settings"),
        Column("definition", "Definition", 60, "What it means"),
        Column("code_when", "Code it when", 60, "When to code it"),
        Column("not_when", "Do not code it when", 50, "When not to code it"),
        Column("examples", "Examples", 60, "Examples in the codebook's own words"),
        Column("phrases", "Indicator phrases", 60, "Phrases in which it often shows"),
        Column("source", "Source", 50, "Where the dimension comes from"),
    )
    rows = tuple(
        (
            codebook.dimension_of(code.dimension).title,
            code.family,
            code.title,
            code.name,
            code.definition,
            code.code_when,
            code.not_when,
            "\n".join(code.examples),
            "; ".join(code.phrases),
            codebook.dimension_of(code.dimension).source,
        )
        for code in codebook.code
    )
    return Table("Codebook", "codebook", "The codes and their definitions.", columns, rows, key_columns=3)


def data_dictionary(tables: Sequence[Table]) -> Table:
    """Build the data dictionary: one row for each column of each table."""
    columns = (
        Column("sheet", "Sheet", 18, "Sheet of the workbook"),
        Column("file", "File", 26, "CSV file"),
        Column("title", "Column", 24, "Heading in the workbook and for people"),
        Column("name", "Name in CSV", 28, "Heading in the CSV file"),
        Column("meaning", "Meaning", 100, "What it holds"),
    )
    rows = tuple(
        (table.sheet, f"{table.file}.csv", column.title, column.name, column.meaning)
        for table in tables
        for column in table.columns
    )
    return Table("Data dictionary", "data-dictionary", "What each column holds.", columns, rows)
