"""The previous version of an updated review, counted from the run that was published as that version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evitable.records import EvidenceRow, Snapshot, StudyState

_MOST = 20
"""Names in one sentence."""


class Previous(NamedTuple):
    """What the previous version had, and what came and went since.

    Attributes:
        run: Number of the run that was that version.
        studies: Its studies.
        reports: Papers of these.
        new_studies: Studies of this run of which that version had no paper.
        new_reports: Papers that it had not.
        gone: Short names of its studies of which no paper is left, in its order.
        gone_reports: Paths of papers that are not there any more, though others of their studies are, sorted.
    """

    run: int
    studies: int
    reports: int
    new_studies: int
    new_reports: int
    gone: tuple[str, ...]
    gone_reports: tuple[str, ...]


def previous_counts(previous: Snapshot, studies: Sequence[EvidenceRow]) -> Previous:
    """Count what an updated review's flow diagram asks for.

    Papers are told apart by content: one that was renamed is no new one. A study is new if none of its papers was
    there before, so that a further report of an old study makes no new study.

    Args:
        previous: The run that was published as the previous version.
        studies: The studies of this run.
    """
    before = {paper.paper_id for study in previous.studies for paper in study.papers}
    now = {name for study in studies for name in study.paper_ids}
    gone: list[StudyState] = []
    stayed: list[StudyState] = []
    for study in previous.studies:
        (gone if now.isdisjoint(paper.paper_id for paper in study.papers) else stayed).append(study)
    return Previous(
        run=previous.run.number,
        studies=len(previous.studies),
        reports=len(before),
        new_studies=sum(before.isdisjoint(study.paper_ids) for study in studies),
        new_reports=len(now - before),
        gone=tuple(sorted(study.key for study in gone)),
        gone_reports=tuple(
            sorted(paper.path for study in stayed for paper in study.papers if paper.paper_id not in now)
        ),
    )


def previous_faults(previous: Previous, studies: int) -> Iterator[str]:
    """Say in words what PRISMA has no box for: what left the review, and papers that stand in other studies now.

    Args:
        previous: The previous version.
        studies: Studies of this run.
    """
    version = f"the previous version (run {previous.run})"
    if previous.gone:
        verb, them = ("has", "it") if len(previous.gone) == 1 else ("have", "them")
        yield (
            f"{_count(len(previous.gone), 'study', 'studies')} of {version} {verb} left the review since: "
            f"{_named(previous.gone)}. The PRISMA diagram has no box for {them}: say in the text which and why."
        )
    if previous.gone_reports:
        count = _count(len(previous.gone_reports), "report", "reports")
        verb, stay = ("has", "its study stays") if len(previous.gone_reports) == 1 else ("have", "their studies stay")
        yield (
            f"{count} of {version} {verb} left the review since, though {stay}: "
            f"{_named(previous.gone_reports)}. The PRISMA diagram has no box for this: say it in the text."
        )
    if previous.studies - len(previous.gone) + previous.new_studies != studies:
        yield (
            f"Papers of {version} make other studies now, so that studies of it and new ones do not add up: see the "
            "[[study]] entries of review.toml."
        )


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
