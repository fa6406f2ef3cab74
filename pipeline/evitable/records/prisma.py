"""The PRISMA 2020 flow diagram: what people count, and the boxes that are drawn."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from evitable.records.base import Record

PrismaForm = Literal["new", "updated"]
Count = Annotated[int, Meta(ge=0)]


class PrismaSettings(Record, frozen=True, kw_only=True):
    """What people counted before the papers came into the corpus: `[prisma]` in `review.toml`.

    Nothing need be given. Of a box that lists several things (databases and registers; duplicates, automation and other
    removals; reasons), those that are not named count as none as soon as one of them is.

    Attributes:
        form: The diagram of a new review, or of an updated one.
        previous_run: Number of the run that was published as the review's previous version. It makes the diagram that
            of an updated review, and what that version had is counted from it.
        previous_studies: Studies in the review's previous version; counted where `previous_run` is given.
        previous_reports: Reports of these studies; likewise.
        previous_in_corpus: Whether the papers of the previous version are in the corpus too, so that the run counts all
            studies of the review; else it counts the new ones.
        databases: Records identified, by database.
        registers: Records identified, by register.
        duplicates: Records removed as duplicates before screening.
        by_automation: Records marked as ineligible by automation tools.
        removed_otherwise: Records removed before screening for other reasons.
        screened: Records screened; derived where it is not given.
        excluded: Records excluded at screening.
        excluded_by_automation: Those of them that automation tools excluded.
        sought: Reports sought for retrieval; derived where it is not given.
        not_retrieved: Reports not retrieved; counted from the reference files where it is not given.
        assessed: Reports assessed for eligibility; derived where it is not given.
        excluded_reports: Reports excluded after assessment, by reason; the papers that the program could not read are
            not among them, it adds them by itself.
        other: Records identified by other methods (websites, organisations, citation searching), by method.
        other_sought: Reports sought of these.
        other_not_retrieved: Reports not retrieved of these.
        other_assessed: Reports assessed of these.
        other_excluded: Reports excluded of these, by reason.
        other_not_readable: Papers of these that the program could not read; all others that it could not read came from
            databases and registers.
    """

    form: PrismaForm = "new"
    previous_run: Annotated[int, Meta(ge=1)] | None = None
    previous_studies: Count | None = None
    previous_reports: Count | None = None
    previous_in_corpus: bool = True
    databases: dict[str, Count] = msgspec.field(default_factory=dict)
    registers: dict[str, Count] = msgspec.field(default_factory=dict)
    duplicates: Count | None = None
    by_automation: Count | None = None
    removed_otherwise: Count | None = None
    screened: Count | None = None
    excluded: Count | None = None
    excluded_by_automation: Count | None = None
    sought: Count | None = None
    not_retrieved: Count | None = None
    assessed: Count | None = None
    excluded_reports: dict[str, Count] = msgspec.field(default_factory=dict)
    other: dict[str, Count] = msgspec.field(default_factory=dict)
    other_sought: Count | None = None
    other_not_retrieved: Count | None = None
    other_assessed: Count | None = None
    other_excluded: dict[str, Count] = msgspec.field(default_factory=dict)
    other_not_readable: Count = 0

    @property
    def updated(self) -> bool:
        """Whether the diagram is that of an updated review."""
        return self.form == "updated" or self.previous_run is not None


class PrismaLine(Record, frozen=True, kw_only=True):
    """One line of a box.

    Attributes:
        label: What is counted, as PRISMA words it.
        count: The number; None where nobody has given it and it cannot be derived.
        origin: Given in `review.toml`, counted by the run, derived from other lines, or not given.
    """

    label: str
    count: int | None
    origin: Literal["given", "counted", "derived", "not given"]


class PrismaBox(Record, frozen=True, kw_only=True):
    """One box of the diagram.

    Attributes:
        name: Which one, for the drawing: `previous`, `identified`, `removed`, `screened`, `excluded`, `sought`,
            `not_retrieved`, `assessed`, `excluded_reports`, `other_identified`, `other_sought`, `other_not_retrieved`,
            `other_assessed`, `other_excluded_reports`, `included`, `total`.
        lines: Its lines, in order. The first is the box's own count and the others are its parts, which add up to it;
            but in `previous`, `included` and `total` the first counts studies and the second their reports.
    """

    name: str
    lines: tuple[PrismaLine, ...]


class Prisma(Record, frozen=True, kw_only=True):
    """The flow diagram.

    Attributes:
        form: Of a new or an updated review.
        boxes: In reading order.
        faults: Where numbers do not add up, in words; empty where they do.
    """

    form: PrismaForm = "new"
    boxes: tuple[PrismaBox, ...] = ()
    faults: tuple[str, ...] = ()
