"""Which passages to check first, so that most codings are found soon."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from evitable.decide.states import PassageState


def usefulness(passages: Sequence[PassageState]) -> list[float]:
    """Give how many codings are to be expected on each passage: the sum of the machine's probabilities.

    The most useful first finds most codings soonest: in the simulation (`evitable simulate`) it beats the highest
    probability, the most uncertain and the rarest code first. It is expected gain where every check costs the same.

    Args:
        passages: In any order.

    Returns:
        One number for each passage, in their order: 0 where the machine says nothing that nobody has looked at. No
        passages give none.
    """
    return [
        fsum(code.probability for code in passage.codes if code.undecided and code.answer != "no")
        for passage in passages
    ]
