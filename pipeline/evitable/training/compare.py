"""Two models on the same answers of people: by how much the one is better, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evitable.training.features import Rows
from evitable.training.measures import RESAMPLES, Floats, Truth, f1

_SEED = 20260
_PERCENTILES = (2.5, 97.5)


class Said(NamedTuple):
    """What a model says of passages: probabilities, and the codes that it gives (passages x codes)."""

    values: Floats
    given: Truth


class Checked(NamedTuple):
    """What people say of passages, and which of these belong together.

    Attributes:
        truth: Which passages carry each code (passages x codes).
        known: Of which that is known; what is not counts for neither model.
        studies: The study of each passage.
        parts: The part of the passages, by number, that was answered by the same model.
    """

    truth: Truth
    known: Truth
    studies: Sequence[str]
    parts: Rows


class CodeScore(NamedTuple):
    """How a model does on one code; None for what is not defined."""

    given: int
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None


class CodePair(NamedTuple):
    """One code by both models.

    Attributes:
        code: Its name.
        answers: Passages of which people say whether they carry it.
        positives: Those that do.
        old: The model in force.
        new: The other one.
    """

    code: str
    answers: int
    positives: int
    old: CodeScore
    new: CodeScore


class Gain(NamedTuple):
    """A mean over codes by both models, and the 95 % interval of the difference, by resampling studies."""

    old: float
    new: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """New minus old."""
        return self.new - self.old


class Comparison(NamedTuple):
    """Two models compared on the same passages of the same studies.

    Attributes:
        codes: All codes that people gave, in order.
        f1: Macro F1: the mean over codes.
        average_precision: Mean average precision.
    """

    codes: tuple[CodePair, ...]
    f1: Gain
    average_precision: Gain

    @property
    def better(self) -> bool:
        """Whether the new one is: in both figures, and in one of them by more than chance."""
        both = self.f1.difference > 0 and self.average_precision.difference > 0
        return both and max(self.f1.low, self.average_precision.low) > 0


def compared(names: Sequence[str], checked: Checked, old: Said, new: Said) -> Comparison:
    """Compare two models.

    Studies are resampled, since passages of one are alike (Field and Welsh 2007), and the same ones for both models.
    Average precision is taken within each part, and its mean weighted by the passages that carry the code:
    probabilities of different models are not on one scale.

    Args:
        names: Codes, one per column.
        checked: What people say. Codes that they gave to no passage are left out.
        old: What the model in force says.
        new: What the other one says.
    """
    draws = _draws(checked.studies)
    f1s, precisions, codes = [], [], []
    for column in np.flatnonzero((checked.truth & checked.known).any(axis=0)).tolist():
        rows = np.flatnonzero(checked.known[:, column])
        truth, parts, weights = checked.truth[rows, column], checked.parts[rows], draws[:, rows]
        pair = [(said.values[rows, column], said.given[rows, column]) for said in (old, new)]
        shares = [weighted_f1(truth, given, weights) for _, given in pair]
        means = [within(parts, truth, values, weights) for values, _ in pair]
        scores = [_score(truth, given, float(mean[0])) for (_, given), mean in zip(pair, means, strict=True)]
        codes.append(CodePair(names[column], len(rows), int(truth.sum()), *scores))
        f1s.append(shares)
        precisions.append(means)
    return Comparison(tuple(codes), _gain(f1s), _gain(precisions))


def _draws(studies: Sequence[str]) -> Floats:
    """Give how often each passage counts: as it is in the first row, with studies drawn anew in each of the others."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(studies))}
    drawn = np.random.default_rng(_SEED).multinomial(
        len(numbers), np.full(len(numbers), 1 / max(1, len(numbers))), size=RESAMPLES
    )
    counts = np.concatenate([np.ones((1, len(numbers))), drawn])
    return np.asarray(counts[:, [numbers[name] for name in studies]], dtype=np.float64)


def _score(truth: Truth, given: Truth, average_precision: float) -> CodeScore:
    hits, total, positives = int((truth & given).sum()), int(given.sum()), int(truth.sum())
    return CodeScore(
        given=total,
        precision=hits / total if total else None,
        recall=hits / positives,
        f1=f1(truth, given),
        average_precision=average_precision,
    )


def within(parts: Rows, truth: Truth, values: Floats, weights: Floats) -> Floats:
    """Give the mean of the parts' average precision, weighted by their passages that carry the code."""
    area, carried = np.zeros(len(weights)), np.zeros(len(weights))
    for part in np.unique(parts):
        mine = parts == part
        some = weights[:, mine] @ truth[mine]
        precision = weighted_average_precision(truth[mine], values[mine], weights[:, mine])
        area += np.where(some > 0, precision, 0.0) * some
        carried += some
    return _share(area, carried)


def weighted_f1(truth: Truth, given: Truth, weights: Floats) -> Floats:
    """Give F1 for each row of weights (resamples x passages); NaN where no passage carries or is given the code."""
    hits = weights @ (truth & given)
    total = weights @ (truth.astype(np.float64) + given)
    return _share(2 * hits, total)


def weighted_average_precision(truth: Truth, values: Floats, weights: Floats) -> Floats:
    """Give average precision for each row of weights (resamples x passages); NaN where no passage carries the code.

    The area under the steps of the precision-recall curve, equal values being one step, as scikit-learn has it.
    """
    order = np.argsort(-values, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(values[order])), len(order) - 1)
    carried = np.cumsum(weights[:, order] * truth[order], axis=1)[:, ends]
    seen = np.cumsum(weights[:, order], axis=1)[:, ends]
    precision = np.divide(carried, seen, out=np.zeros_like(seen), where=seen > 0)
    steps = np.diff(carried, axis=1, prepend=0.0)
    total = carried[:, -1]
    area = (precision * steps).sum(axis=1)
    return _share(area, total)


def _share(part: Floats, whole: Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _gain(figures: Sequence[Sequence[Floats]]) -> Gain:
    """Give the mean over codes of both models, and the interval of the difference over the resamples.

    Args:
        figures: For each code the two models' figures, as they are first, then in each resample.
    """
    if not figures:
        return Gain(0.0, 0.0, 0.0, 0.0)
    table = np.array(figures)
    defined = ~np.isnan(table).any(axis=1, keepdims=True)
    counts = np.maximum(1, defined.sum(axis=0))
    old, new = np.where(defined, table, 0.0).sum(axis=0) / counts
    low, high = np.percentile((new - old)[1:], _PERCENTILES)
    return Gain(float(old[0]), float(new[0]), float(low), float(high))
