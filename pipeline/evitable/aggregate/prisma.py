"""The boxes of the PRISMA 2020 flow diagram (Page et al. 2021, BMJ 372:n71), in its wording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evitable.aggregate.prisma_numbers import Counted, Known, Number, has_other, prisma_numbers
from evitable.records import Prisma, PrismaBox, PrismaForm, PrismaLine, PrismaSettings

__all__ = ["Counted", "prisma"]

NOT_READABLE = "Report could not be read by the program"
NO_REASON = "Reason not given"


def prisma(given: PrismaSettings, counted: Counted) -> Prisma:
    """Fill the boxes of the flow diagram.

    A number that people gave stands as they gave it. One that nobody gave is what the run counted, or is worked out
    from its neighbours where they leave one answer (records screened are those identified less those removed), or
    stays "not given". Papers that the program could not read are among the reports excluded, on their own line.

    Args:
        given: `[prisma]` of `review.toml`.
        counted: What the run counted.

    Returns:
        The boxes in reading order, and a sentence for each pair of numbers that do not fit. Where there is no sentence
        all numbers that are known add up.
    """
    known, faults = prisma_numbers(given, counted)
    form: PrismaForm = "updated" if given.updated else "new"
    return Prisma(form=form, boxes=tuple(_boxes(given, known)), faults=faults)


def _boxes(given: PrismaSettings, known: Known) -> Iterator[PrismaBox]:
    updated = given.updated
    if updated:
        yield _studies("previous", "in previous version of review", "of studies included in previous version", known)
    yield from _records(given, known)
    yield from _reports("", given.excluded_reports, known)
    if has_other(given):
        heading = _line("Records identified from other methods", known.get("other_identified"))
        yield PrismaBox(name="other_identified", lines=(heading, *_named("", given.other)))
        yield from _reports("other_", given.other_excluded, known)
    if updated:
        yield _studies("included", "in review", "of new included studies", known, "New studies included")
        yield _studies("total", "in review", "of total included studies", known, "Total studies")
    else:
        yield _studies("included", "in review", "of included studies", known)


def _studies(name: str, where: str, of: str, known: Known, which: str = "Studies included") -> PrismaBox:
    numbers = "new" if name == "included" else name
    studies = _line(f"{which} {where}", known.get(f"{numbers}_studies"))
    return PrismaBox(name=name, lines=(studies, _line(f"Reports {of}", known.get(f"{numbers}_reports"))))


def _records(given: PrismaSettings, known: Known) -> Iterator[PrismaBox]:
    """Give the boxes of records: identified, removed, screened, excluded."""
    sources = (*_named("Databases: ", given.databases), *_named("Registers: ", given.registers))
    heading = _line("Records identified from databases and registers", known.get("identified"))
    yield PrismaBox(name="identified", lines=(heading, *sources))
    removed = {
        "Duplicate records removed": given.duplicates,
        "Records marked as ineligible by automation tools": given.by_automation,
        "Records removed for other reasons": given.removed_otherwise,
    }
    parts = _named("", {label: count for label, count in removed.items() if count is not None})
    yield PrismaBox(name="removed", lines=(_line("Records removed before screening", known.get("removed")), *parts))
    yield PrismaBox(name="screened", lines=(_line("Records screened", known.get("screened")),))
    excluded = [_line("Records excluded", known.get("excluded"))]
    if given.excluded_by_automation is not None:
        # PRISMA asks for both wherever automation tools were used.
        excluded.append(_line("Records excluded by people", known.get("excluded_by_people")))
        excluded.append(_line("Records excluded by automation tools", known.get("excluded_by_automation")))
    yield PrismaBox(name="excluded", lines=tuple(excluded))


def _reports(prefix: str, reasons: Mapping[str, int], known: Known) -> Iterator[PrismaBox]:
    """Give the boxes of reports of one column: sought, not retrieved, assessed, excluded."""
    for name, label in (
        ("sought", "Reports sought for retrieval"),
        ("not_retrieved", "Reports not retrieved"),
        ("assessed", "Reports assessed for eligibility"),
    ):
        yield PrismaBox(name=prefix + name, lines=(_line(label, known.get(prefix + name)),))
    lines = [_line("Reports excluded", known.get(f"{prefix}excluded_reports")), *_named("", reasons)]
    unnamed = known.get(f"{prefix}reasons")
    if not reasons and unnamed and unnamed.count:
        lines.append(_line(NO_REASON, unnamed))
    unread = known.get(f"{prefix}not_readable")
    if unread and unread.count:
        lines.append(_line(NOT_READABLE, unread))
    yield PrismaBox(name=f"{prefix}excluded_reports", lines=tuple(lines))


def _named(before: str, counts: Mapping[str, int]) -> Iterable[PrismaLine]:
    return [PrismaLine(label=before + name, count=count, origin="given") for name, count in counts.items()]


def _line(label: str, number: Number | None) -> PrismaLine:
    if number is None:
        return PrismaLine(label=label, count=None, origin="not given")
    return PrismaLine(label=label, count=number.count, origin=number.origin)
