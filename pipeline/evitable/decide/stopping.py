"""When enough is checked: how much has been found, told from a random sample of what nobody has looked at."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fsum, lgamma

from evitable.records import Interval

TARGET = 0.95
"""Share of the passages with a code that is to be found before a reviewer stops."""
_TAIL = 0.025
"""Probability outside the interval, on either side."""


def recall_estimate(found: int, sample_size: int, sample_hits: int, unchecked: int) -> Interval:
    """Estimate which share of the passages that carry a code people have found.

    Before the sample is drawn, some passages were found to carry a code and `unchecked` passages had not been looked
    at. How many of these carry one is told by a sample drawn from them at random, without replacement: the exact
    interval of the hypergeometric distribution (as Callaghan and Mueller-Hansen 2020 do for screening). It holds for
    passages with any code, or for those with one code, whichever is counted; not for several looks at the same sample
    until it suits. On the review page the sample is drawn from passages on which the machine says nothing: there the
    estimate holds once all others are checked, `found` being those of them that carry a code.

    Args:
        found: Passages with a code that were found before or beside the sample.
        sample_size: Passages of the sample that were read in full.
        sample_hits: How many of these carry a code; they are found now.
        unchecked: Passages from which the sample was drawn, itself included.

    Returns:
        The share found, between 0 and 1, with its 95 % interval; not defined without a sample, and where nothing was
        found and nothing is to be expected.

    Raises:
        ValueError: The numbers do not fit each other.
    """
    if not 0 <= sample_hits <= sample_size <= unchecked or found < 0:
        raise ValueError(f"no sample: {found=}, {sample_size=}, {sample_hits=}, {unchecked=}")
    if not sample_size:
        return Interval(value=None)
    known, rest = found + sample_hits, unchecked - sample_size
    expected = rest * sample_hits / sample_size
    if not known:
        return Interval(value=None)
    most = _last(sample_hits, sample_hits + rest, lambda all_: _at_most(sample_hits, sample_size, all_, unchecked))
    # The fewest that still make so many hits likely enough: one more than the most that do not.
    fewest = (
        _first(
            sample_hits, sample_hits + rest, lambda all_: 1 - _at_most(sample_hits - 1, sample_size, all_, unchecked)
        )
        if sample_hits
        else 0
    )
    return Interval(value=known / (known + expected), low=known / (found + most), high=known / (found + fewest))


def enough(recall: Interval, target: float = TARGET) -> bool:
    """Tell whether checking may stop: the lower end of the interval reaches the target."""
    return recall.low is not None and recall.low >= target


def _last(low: int, high: int, likely: Callable[[int], float]) -> int:
    """Give the last number that is likely enough, where the likelihood falls and the first number is."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if likely(middle) >= _TAIL else (low, middle - 1)
    return low


def _first(low: int, high: int, likely: Callable[[int], float]) -> int:
    """Give the first number that is likely enough, where the likelihood rises and the last number is."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if likely(middle) >= _TAIL else (middle + 1, high)
    return low


def _at_most(hits: int, size: int, carriers: int, total: int) -> float:
    """Give the probability of at most so many hits among `size` passages drawn from `total` with so many carriers."""
    least = max(0, size - (total - carriers))
    return fsum(
        exp(_choose(carriers, n) + _choose(total - carriers, size - n) - _choose(total, size))
        for n in range(least, min(hits, carriers, size) + 1)
    )


def _choose(total: int, some: int) -> float:
    """Give the logarithm of the number of ways to choose some of a total."""
    return lgamma(total + 1) - lgamma(some + 1) - lgamma(total - some + 1)
