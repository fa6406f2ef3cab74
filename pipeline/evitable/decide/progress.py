"""How far people have come with a review."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from evitable.decide.states import PassageState
from evitable.decide.stopping import recall_estimate
from evitable.records import Interval


class Progress(NamedTuple):
    """How far the work on a study has come.

    Attributes:
        passages: Its passages; stretches of text and lost text are not counted.
        read: Those that somebody has read in full.
        checked: Codes that people have accepted, corrected or rejected.
        undecided: Codes of the machine's that nobody has looked at.
        left_open: Codes that a person has left open.
        disputed: Codes on which people disagree.
        orphaned: Codes whose text is not found any more.
    """

    passages: int = 0
    read: int = 0
    checked: int = 0
    undecided: int = 0
    left_open: int = 0
    disputed: int = 0
    orphaned: int = 0


class Sample(NamedTuple):
    """What the random sample of passages that the machine left uncoded has shown.

    Attributes:
        of: Passages that the machine left uncoded.
        read: How many of them were read in full, from the first of the sample to the first that was not.
        found: How many of these carry a code all the same, by a person's decision.
    """

    of: int
    read: int
    found: int


def progress(passages: Iterable[PassageState]) -> dict[str, Progress]:
    """Tell how far each study has come, by its id, in the order of the passages; none for no passages."""
    studies: dict[str, Counter[str]] = defaultdict(Counter)
    for passage in passages:
        count = studies[passage.study]
        if passage.kind == "passage":
            count["passages"] += 1
            count["read"] += passage.read
        for code in passage.codes:
            if code.status == "machine":
                count["left_open" if code.left_open else "undecided"] += 1
            else:
                count[code.status if code.status in ("disputed", "orphaned") else "checked"] += 1
    return {study: Progress(**count) for study, count in studies.items()}


def undecided_by_code(passages: Iterable[PassageState]) -> Counter[str]:
    """Count the passages on which nobody has looked at a code of the machine's, by code."""
    return Counter(code.code for passage in passages for code in passage.codes if code.undecided)


def sample(passages: Sequence[PassageState]) -> Sample:
    """Tell what the random sample has shown so far: from it recall is estimated.

    Only passages in the order of the queue `sample`, without a gap, are a random draw: who reads what looks promising
    finds more.

    Args:
        passages: All of the review, or those of some studies.
    """
    drawn = sorted((one for one in passages if one.uncoded), key=lambda one: one.place)
    read = list(takewhile(lambda one: one.read, drawn))
    coded = {one.within or one.place for one in passages if any(code.given for code in one.codes)}
    return Sample(len(drawn), len(read), sum(one.place in coded for one in read))


def recall(passages: Sequence[PassageState]) -> Interval | None:
    """Estimate which share of the passages that carry a code people have found.

    Args:
        passages: All of the review.

    Returns:
        None as long as there are passages on which the machine says something and nobody has checked it: the random
        sample tells of the others only. Not defined without a sample.
    """
    if any(code.undecided for one in passages for code in one.codes):
        return None
    drawn = sample(passages)
    silent = {one.place for one in passages if one.uncoded}
    found = {one.within or one.place for one in passages if any(code.given for code in one.codes)} - silent
    # What was read of the uncoded out of turn is no part of the sample, and counts as not looked at.
    return recall_estimate(len(found), drawn.read, drawn.found, drawn.of)
