"""Figures of a coder against another, as pure functions of arrays (passages x codes)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

BINS = 10
RESAMPLES = 1000
_SEED = 20260

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Interval = tuple[float, float]


class CodeFigures(NamedTuple):
    """Figures of one code. A figure that is not defined (no passage carries the code, or none is given it) is None.

    Attributes:
        f1_interval: 95 % interval of F1, by resampling documents.
    """

    code: str
    positives: int
    given: int
    precision: float | None
    recall: float | None
    f1: float | None
    f1_interval: Interval | None
    average_precision: float | None
    kappa: float | None
    brier: float
    calibration_error: float


class Bin(NamedTuple):
    """One point of the reliability curve: answers whose probability lies between two values.

    Attributes:
        low: From this probability.
        high: To this.
        answers: How many answers (one a passage and code).
        probability: Their mean probability; None where there are none.
        share: Share of them that people coded so; None where there are none.
    """

    low: float
    high: float
    answers: int
    probability: float | None
    share: float | None


class Mistaken(NamedTuple):
    """A code missed on passages that were wrongly given another."""

    missed: str
    given: str
    passages: int


class Figures(NamedTuple):
    """Figures of a model.

    Attributes:
        codes: Per code, in the codebook's order.
        macro_f1: Mean of the F1 of codes that occur.
        micro_f1: F1 over all decisions.
        mean_average_precision: Mean over codes that occur.
        any_code_f1: F1 of "carries any code".
        intervals: 95 % intervals of macro F1, micro F1 and any-code F1, by resampling documents (Efron 1979).
        calibration_error: Expected calibration error over all probabilities, ten equal bins (Naeini and others 2015).
        brier: Mean squared error of all probabilities (Brier 1950).
        reliability: Reliability curve over all probabilities.
        confusion: Codes taken for one another, most frequent first.
        polarity_accuracy: Share of codes with polarity whose polarity is right; None where that was not measured.
        passages: Number of passages.
        documents: Number of documents.
    """

    codes: tuple[CodeFigures, ...]
    macro_f1: float
    micro_f1: float
    mean_average_precision: float
    any_code_f1: float
    intervals: tuple[Interval, Interval, Interval]
    calibration_error: float
    brier: float
    reliability: tuple[Bin, ...]
    confusion: tuple[Mistaken, ...]
    polarity_accuracy: float | None
    passages: int
    documents: int


def figures(
    names: Sequence[str],
    truth: Truth,
    given: Truth,
    probabilities: Floats,
    documents: Sequence[str],
    polarity: float | None = None,
) -> Figures:
    """Compute all figures.

    Args:
        names: Codes, one per column.
        truth: What people coded (passages x codes).
        given: What the model gives.
        probabilities: Its probabilities.
        documents: The document of each passage.
        polarity: Share of right polarities, if measured.
    """
    by_code, overall = _intervals(truth, given, documents)
    codes = tuple(
        _code_figures(name, truth[:, i], given[:, i], probabilities[:, i], by_code[i]) for i, name in enumerate(names)
    )
    occurring = [code for code in codes if code.positives]
    return Figures(
        codes=codes,
        macro_f1=_mean([code.f1 or 0.0 for code in occurring]),
        micro_f1=f1(truth.ravel(), given.ravel()) or 0.0,
        mean_average_precision=_mean([code.average_precision or 0.0 for code in occurring]),
        any_code_f1=f1(np.any(truth, axis=1), np.any(given, axis=1)) or 0.0,
        intervals=overall,
        calibration_error=calibration_error(truth.ravel(), probabilities.ravel()),
        brier=brier(truth, probabilities),
        reliability=reliability(truth.ravel(), probabilities.ravel()),
        confusion=confusion(names, truth, given),
        polarity_accuracy=polarity,
        passages=len(truth),
        documents=len(set(documents)),
    )


def _code_figures(name: str, truth: Truth, given: Truth, probabilities: Floats, interval: Interval) -> CodeFigures:
    hits, positives, total = int((truth & given).sum()), int(truth.sum()), int(given.sum())
    return CodeFigures(
        code=name,
        positives=positives,
        given=total,
        precision=hits / total if total else None,
        recall=hits / positives if positives else None,
        f1=f1(truth, given),
        f1_interval=interval if positives else None,
        average_precision=float(average_precision_score(truth, probabilities)) if positives else None,
        kappa=kappa(truth, given),
        brier=brier(truth, probabilities),
        calibration_error=calibration_error(truth, probabilities),
    )


def f1(truth: Truth, given: Truth) -> float | None:
    """Give the F1 score; None where neither truth nor model has a positive."""
    hits, total = int((truth & given).sum()), int(truth.sum()) + int(given.sum())
    return 2 * hits / total if total else None


def kappa(first: Truth, second: Truth) -> float | None:
    """Give Cohen's kappa of two coders on one code (Cohen 1960); None where both use one value throughout."""
    if not len(first):
        return None
    observed = float(np.mean(first == second))
    a, b = float(np.mean(first)), float(np.mean(second))
    expected = a * b + (1 - a) * (1 - b)
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def brier(truth: Truth, probabilities: Floats) -> float:
    """Give the mean squared error of probabilities; 0 for none."""
    return float(np.mean((probabilities - truth) ** 2)) if truth.size else 0.0


def reliability(truth: Truth, probabilities: Floats) -> tuple[Bin, ...]:
    """Give the reliability curve over ten equal bins of probability."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    curve = []
    for number in range(BINS):
        chosen = bins == number
        some = bool(chosen.any())
        curve.append(
            Bin(
                number / BINS,
                (number + 1) / BINS,
                int(chosen.sum()),
                float(probabilities[chosen].mean()) if some else None,
                float(truth[chosen].mean()) if some else None,
            )
        )
    return tuple(curve)


def calibration_error(truth: Truth, probabilities: Floats) -> float:
    """Give the expected calibration error: mean gap between probability and frequency over ten equal bins, by size."""
    return sum(
        abs(one.share - one.probability) * one.answers / len(truth)
        for one in reliability(truth, probabilities)
        if one.share is not None and one.probability is not None
    )


def confusion(names: Sequence[str], truth: Truth, given: Truth) -> tuple[Mistaken, ...]:
    """Count, for each two codes, passages that carry the one and were wrongly given the other instead."""
    missed = (truth & ~given).astype(np.int64)
    wrong = (given & ~truth).astype(np.int64)
    table = missed.T @ wrong
    pairs = [
        Mistaken(names[row], names[column], int(table[row, column]))
        for row in range(len(names))
        for column in range(len(names))
        if table[row, column]
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.passages, pair.missed, pair.given)))


def _intervals(
    truth: Truth, given: Truth, documents: Sequence[str]
) -> tuple[list[Interval], tuple[Interval, Interval, Interval]]:
    """Give 95 % intervals of each code's F1, and of macro, micro and any-code F1, by resampling whole documents."""
    numbers = {name: index for index, name in enumerate(dict.fromkeys(documents))}
    if not numbers:
        return [(0.0, 0.0)] * truth.shape[1], ((0.0, 0.0),) * 3
    rows = np.array([numbers[name] for name in documents])
    anything = np.column_stack([truth, np.any(truth, axis=1)]), np.column_stack([given, np.any(given, axis=1)])
    hits, total = np.zeros((2, len(numbers), truth.shape[1] + 1))
    np.add.at(hits, rows, anything[0] & anything[1])
    np.add.at(total, rows, anything[0].astype(float) + anything[1])
    drawn = np.random.default_rng(_SEED).multinomial(
        len(numbers), np.full(len(numbers), 1 / len(numbers)), size=RESAMPLES
    )
    hits, total = drawn @ hits, drawn @ total
    scores = np.divide(2 * hits, total, out=np.zeros_like(hits), where=total > 0)
    occurring = truth.any(axis=0)
    macro = scores[:, :-1][:, occurring].mean(axis=1) if occurring.any() else np.zeros(RESAMPLES)
    micro = 2 * hits[:, :-1].sum(axis=1) / np.maximum(1, total[:, :-1].sum(axis=1))
    return [_ends(scores[:, i]) for i in range(truth.shape[1])], (_ends(macro), _ends(micro), _ends(scores[:, -1]))


def _ends(values: Floats) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
