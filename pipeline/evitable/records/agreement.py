"""How well coders agree."""

from __future__ import annotations

from evitable.records.base import Record


class Interval(Record, frozen=True, kw_only=True):
    """A figure with its 95 % interval, bootstrapped by study; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class CodeAgreement(Record, frozen=True, kw_only=True):
    """How two coders agree on one code, or on all of them together.

    Attributes:
        code: Name of the code; empty for the mean over all codes that either coder gave.
        both: Passages to which both gave it.
        first_only: Only the first coder.
        second_only: Only the second.
        neither: Neither.
        raw: Share of passages on which they agree.
        kappa: Cohen's kappa; not defined where both always say the same.
        alpha: Krippendorff's alpha for nominal data.
        prevalence: Share of the passages that carry it, mean of both coders.
    """

    code: str
    both: int
    first_only: int
    second_only: int
    neither: int
    raw: Interval
    kappa: Interval
    alpha: Interval
    prevalence: float


class Agreement(Record, frozen=True, kw_only=True):
    """How two coders agree on the passages that both coded blind.

    Attributes:
        first: Name of the first coder.
        second: Name of the second; or the id of the model, which `machine` tells.
        machine: Whether the second one is the machine.
        passages: Passages that both coded in full.
        studies: Studies that these are from.
        codes: In the codebook's order; codes that neither gave have figures that are not defined.
        overall: The mean over the codes that either gave.
    """

    first: str
    second: str
    machine: bool
    passages: int
    studies: int
    codes: tuple[CodeAgreement, ...]
    overall: CodeAgreement
