"""The roll-up rule: by which passages a study carries a code, and which cells another rule would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evitable.codebook import Codebook
from evitable.records import Coding, Flip, RollUp

_STEP = 0.1
"""How far the next stricter or laxer `best` rule is from the one in force."""


def carries(codings: Iterable[Coding], rule: RollUp) -> bool:
    """Tell whether a study carries a code.

    Args:
        codings: The study's codings with this code, counted and not.
        rule: The rule.

    Returns:
        Never true without a coding that counts, but under the `unsure` rule. What a person has confirmed has the
        probability 1.
    """
    counted = [coding for coding in codings if coding.counted]
    match rule.kind:
        case "unsure":
            return bool(counted) or any(coding.unsure and coding.basis != "mention" for coding in codings)
        case "any":
            return bool(counted)
        case "at_least":
            return len(counted) >= rule.least
        case "best":
            return any(_sureness(coding) >= rule.least for coding in counted)


def _sureness(coding: Coding) -> float:
    return 1.0 if coding.verified else coding.probability


def neighbours(rule: RollUp) -> tuple[RollUp, ...]:
    """Give the next stricter and the next laxer rule; there may be only one of them."""
    match rule.kind:
        case "at_least" if rule.least > 2:
            return RollUp(kind="at_least", least=rule.least + 1), RollUp(kind="at_least", least=rule.least - 1)
        case "at_least" if rule.least == 2:
            return RollUp(kind="at_least", least=3), RollUp()
        case "best":
            higher, lower = round(rule.least + _STEP, 4), round(rule.least - _STEP, 4)
            stricter = (RollUp(kind="best", least=higher),) if higher <= 1 else ()
            return *stricter, RollUp(kind="best", least=lower) if lower > 0 else RollUp()
        case "unsure":
            return (RollUp(),)
        case _:
            return RollUp(kind="at_least", least=2), RollUp(kind="unsure")


def flips(
    by_cell: Mapping[tuple[str, str], Sequence[Coding]], study_ids: Iterable[str], codebook: Codebook, rule: RollUp
) -> tuple[Flip, ...]:
    """List the cells that would change under the next stricter or laxer rule.

    Args:
        by_cell: All codings by study id and code.
        study_ids: The studies, in order.
        codebook: Gives the order of codes.
        rule: The rule in force.
    """
    others = neighbours(rule)
    found = []
    for study_id in study_ids:
        for code in codebook.code:
            codings = by_cell.get((study_id, code.name))
            if codings:
                now = carries(codings, rule)
                found += [
                    _flip(study_id, code.name, codings, carried=now, other=other)
                    for other in others
                    if carries(codings, other) != now
                ]
    return tuple(found)


def _flip(study_id: str, code: str, codings: Sequence[Coding], *, carried: bool, other: RollUp) -> Flip:
    counted = [coding for coding in codings if coding.counted]
    unsure = [coding for coding in codings if coding.unsure and coding.basis != "mention"]
    return Flip(
        study_id=study_id,
        code=code,
        carried=carried,
        rule=other.words,
        passages=len(counted),
        best=max(coding.probability for coding in counted or unsure),
    )
