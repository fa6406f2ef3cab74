"""One row for each passage and code: the evidence list, and those that people should look at first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evitable.decide.queues import doubt, least_given
from evitable.decide.sheet_plan import revision_text
from evitable.export.tables.lookup import Lookup
from evitable.export.tables.studies import pdf_pages_text
from evitable.export.tables.table import NOT_CHECKED, Column, Row, Table
from evitable.records import Coding

QUEUE = 5_000
"""Rows of the list to verify: weeks of work. All that is open stands in the evidence list, by its status."""
_LIST_COLUMNS = (
    Column("study", "Study", 18, "Short name of the study"),
    Column("dimension", "Dimension", 12, "Dimension of the code"),
    Column("family", "Family", 18, "Family of the code, where its dimension has families"),
    Column("code", "Code", 22, "The code"),
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
        "What the machine says now. yes; unsure: it neither gives the code nor rules it out, and it counts in no "
        "table until a person has decided; no: a person has decided on a code that it does not give",
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
        "decimal",
    ),
    Column(
        "status",
        "Status",
        11,
        "machine: not yet verified by a person; accepted, corrected, rejected, disputed or orphaned afterwards",
    ),
    Column("coder", "Coder", 19, "The person, or the model's id"),
    Column("note", "Note", 24, "The last note that a person wrote on it"),
    Column("section", "Section", 34, "Headings above the passage"),
    Column(
        "section_kind",
        "Section kind",
        13,
        "abstract, introduction, background, methods, findings, discussion, conclusion, other",
    ),
    Column("start", "Start", 9, "First character of the quote in the paper's text, counted from 0", "number"),
    Column("end", "End", 9, "One past the quote's last character", "number"),
    Column("file", "File", 24, "File of the paper in the folder corpus"),
    Column("code_name", "Code's name in files", 20, "The code's name in CSV files and settings"),
    Column("coding_id", "Coding id", 19, "Stable id of passage and code"),
    Column("passage_id", "Passage id", 19, "Stable id of the passage"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
    Column("paper_id", "Paper id", 19, "Stable id of the paper"),
    Column("sha256", "SHA-256 of the file", 30, "By which the file can be told from any other version of the paper"),
)
_QUEUE_COLUMNS = (
    Column("study", "Study", 16, "Short name of the study"),
    Column("code", "Code", 20, "The machine's code"),
    Column("polarity", "Polarity", 11, "The machine's answer which way the code worked"),
    Column("quote", "Quote", 70, "The passage, word for word"),
    Column(
        "decision",
        "Decision",
        12,
        "For you: accept, reject, change (to the code or polarity at the right), unsure; empty to decide later",
        entry="decision",
    ),
    Column("new_code", "New code", 22, "For you: the right code, where the decision is change", entry="code"),
    Column("new_polarity", "New polarity", 12, "For you: the right polarity, where it is another", entry="polarity"),
    Column("note", "Note", 30, "For you: whatever should be remembered", entry="note"),
    Column(
        "why",
        "Why it is here",
        16,
        "unsure: the machine could not tell, or a person left it open; not verified: nobody has checked the machine's "
        "answer; mention: the same, of a passage on other work, which counts in no table; disputed: people differ",
    ),
    Column("probability", "Probability", 11, "The machine's probability, 0 to 1", "decimal"),
    Column("basis", "Basis", 15, "finding, recommendation, or mention of other work"),
    Column("words", "Words that carried it", 26, "Words in the quote on which the code rests"),
    Column("page", "Page", 9, "Printed page label"),
    Column("pdf_page", "PDF page", 8, "Page counted in the PDF from 1"),
    Column("section", "Section", 26, "Headings above the passage"),
    Column("file", "File", 24, "File of the paper in the folder corpus"),
    Column(
        "coding_id", "Coding id", 19, "Stable id of passage and code, by which a decision is known again", hidden=True
    ),
    Column(
        "revision",
        "Revision",
        20,
        "Ids of the latest decisions on it when this was written, or none: what was decided since is not overwritten",
        hidden=True,
    ),
)


def evidence_rows(lookup: Lookup) -> Table:
    """Build the evidence list: one row for each passage and code."""
    return Table(
        "Evidence",
        "evidence-list",
        "One row per passage and code, with its quote and page.",
        _LIST_COLUMNS,
        len(lookup.evidence.codings),
        lambda: _list_rows(lookup),
        printed="quote_check",
    )


def _list_rows(lookup: Lookup) -> Iterator[Row]:
    names = {code.name: lookup.names(code) for code in lookup.codebook.code}
    files = _files(lookup)
    for coding in lookup.evidence.codings:
        file = files.get(coding.paper_id, "")
        yield (
            lookup.keys[coding.study_id],
            *names[coding.code],
            coding.polarity or "",
            coding.basis,
            coding.answer,
            coding.quote,
            ", ".join(coding.page_labels),
            pdf_pages_text(coding.pages),
            coding.match or NOT_CHECKED,
            _words(coding),
            coding.probability,
            coding.status,
            coding.coder,
            coding.note,
            " > ".join(coding.section),
            coding.section_kind,
            coding.start,
            coding.end,
            file,
            coding.code,
            coding.id,
            coding.passage_id,
            coding.study_id,
            coding.paper_id,
            lookup.papers.get(file, ""),
        )


def _files(lookup: Lookup) -> dict[str, str]:
    """Give the file of each paper."""
    return {
        paper: file
        for study in lookup.evidence.studies
        for paper, file in zip(study.paper_ids, study.files, strict=True)
    }


def _words(coding: Coding) -> str:
    if len(coding.words) == 1:
        return coding.words[0].text
    return "; ".join(dict.fromkeys([span.text for span in coding.words]))


def queue_rows(lookup: Lookup, limit: int = QUEUE) -> Table:
    """Build the list of what people should check, what matters most first.

    First what the machine is unsure of, by how close it is to a yes; then what it has given and nobody has checked, by
    probability, the least first, among them what people do not agree on; then the same of passages on other work.

    Args:
        lookup: The evidence.
        limit: Rows at most; the others come when these are decided.
    """
    whole = _queue(lookup.evidence.codings)
    queue = whole[:limit]
    cut = f" The first {len(queue):,} of {len(whole):,}." if len(queue) < len(whole) else ""
    return Table(
        "To verify",
        "evidence-to-verify",
        "What people should check: what the machine is unsure of, then what nobody has verified, least probable first. "
        f"White columns are for your decisions.{cut}",
        _QUEUE_COLUMNS,
        len(queue),
        lambda: _queue_rows(queue, lookup),
        key_columns=2,
        printed="probability",
    )


def _queue(codings: Sequence[Coding]) -> list[int]:
    """Give the places of the codings to be checked, in order."""
    least = least_given(codings)
    open_ones = (place for place, coding in enumerate(codings) if coding.status in ("machine", "disputed"))
    return sorted(open_ones, key=lambda place: doubt(codings[place], least))


def _why(coding: Coding) -> str:
    if coding.status == "disputed":
        return "disputed"
    if coding.basis == "mention":
        return "mention"
    return "unsure" if coding.unsure else "not verified"


def _queue_rows(queue: Sequence[int], lookup: Lookup) -> Iterator[Row]:
    files = _files(lookup)
    for place in queue:
        coding = lookup.evidence.codings[place]
        yield (
            lookup.keys[coding.study_id],
            lookup.titles[coding.code],
            coding.polarity or "",
            coding.quote,
            "",
            "",
            "",
            "",
            _why(coding),
            coding.probability,
            coding.basis,
            _words(coding),
            ", ".join(coding.page_labels),
            pdf_pages_text(coding.pages),
            " > ".join(coding.section),
            files.get(coding.paper_id, ""),
            coding.id,
            revision_text(coding.revision),
        )
