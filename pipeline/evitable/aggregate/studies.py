"""Studies: the papers that report one piece of research, counted as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from evitable.records import (
    Issue,
    Paper,
    PaperCoding,
    Passage,
    QuoteChecks,
    QuoteMatch,
    Record,
    Resolved,
    digest,
)
from evitable.settings import StudyPapers


class CodedPaper(Record, frozen=True, kw_only=True):
    """One paper with its passages, what machine and people said of them, and how its quotes were found again."""

    paper: Paper
    passages: tuple[Passage, ...]
    coding: PaperCoding
    checks: QuoteChecks | None = None
    decided: tuple[Resolved, ...] = ()

    def match_of(self, key: str) -> QuoteMatch | None:
        """Give how a quote was found, by passage id or `Attribute.key`; None where it was not checked."""
        return self.checks.matches.get(key) if self.checks else None


@dataclass(frozen=True)
class CodedStudy:
    """The papers of one study, and the short name that its reviewers give it, or none.

    Its id is that of its first paper, so that a further paper does not make it another study.
    """

    papers: tuple[CodedPaper, ...]
    key: str = ""

    @cached_property
    def id(self) -> str:
        """Stable id."""
        return digest("s", self.papers[0].paper.id)


def join_papers(
    papers: Sequence[CodedPaper], joined: Sequence[StudyPapers]
) -> tuple[list[CodedStudy], tuple[Issue, ...]]:
    """Put papers together that report one study.

    Args:
        papers: Coded papers, in any order.
        joined: Which belong together, by path; a paper that is named twice goes to the first.

    Returns:
        One study per remaining paper and per group, and an issue for each path that is not among the papers or was
        taken already.
    """
    left = {item.paper.path: item for item in papers}
    studies: list[CodedStudy] = []
    issues = []
    for group in joined:
        found = []
        for path in group.papers:
            if path in left:
                found.append(left.pop(path))
            else:
                issues.append(_issue(path, taken=any(path == item.paper.path for item in papers)))
        if found:
            studies.append(CodedStudy(tuple(found), group.key))
    return studies + [CodedStudy((item,)) for item in left.values()], tuple(issues)


def _issue(path: str, *, taken: bool) -> Issue:
    if taken:
        return Issue(
            code="study-paper-twice",
            stage="aggregate",
            paper=path,
            message="Two [[study]] entries of review.toml name this paper; it is counted in the first.",
            hint="Name it in one of them only.",
        )
    return Issue(
        code="study-paper-unknown",
        stage="aggregate",
        paper=path,
        message="A [[study]] entry of review.toml names this paper, but no such paper was coded.",
        hint="Correct the path (below corpus, with forward slashes), or see in this list why the paper was not read.",
    )
