"""How good a model is: per code and over all codes, on passages that it did not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from evitable.classify.model import Classifier
from evitable.codebook import Codebook
from evitable.training.data import CodedPassage
from evitable.training.fit import prepare, unseen_probabilities

BINS = 10

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


class CodeFigures(NamedTuple):
    """Figures of one code. A figure that is not defined (no passage carries the code, or none is given it) is None."""

    code: str
    positives: int
    given: int
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None
    kappa: float | None


class Figures(NamedTuple):
    """Figures of a model.

    Attributes:
        codes: Per code, in the codebook's order.
        macro_f1: Mean of the F1 of codes that occur.
        micro_f1: F1 over all decisions.
        mean_average_precision: Mean over codes that occur.
        any_code_f1: F1 of "carries any code".
        calibration_error: Expected calibration error over all probabilities, ten equal bins (Naeini and others 2015).
        brier: Mean squared error of all probabilities.
        polarity_accuracy: Share of rightly given factor codes whose polarity is right; None where none was given.
        passages: Number of passages.
    """

    codes: tuple[CodeFigures, ...]
    macro_f1: float
    micro_f1: float
    mean_average_precision: float
    any_code_f1: float
    calibration_error: float
    brier: float
    polarity_accuracy: float | None
    passages: int


class CrossValidation(NamedTuple):
    """The whole recipe cross-validated, and the codebook's phrases alone on the same passages.

    Attributes:
        model: From models that saw no passage of the same writer.
        register: From models that saw no passage of the same register; None where there is only one.
        phrases: The codebook's phrases alone.
    """

    model: Figures
    register: Figures | None
    phrases: Figures


def measure_classifier(classifier: Classifier, passages: Sequence[CodedPassage]) -> Figures:
    """Measure a classifier on coded passages that it has not seen."""
    names = [code.name for code in classifier.codebook.code]
    answers = classifier.code_texts([passage.text for passage in passages])
    truth = np.array([[name in passage.codes for name in names] for passage in passages]).reshape(
        len(passages), len(names)
    )
    given = np.array([[name in answer.codes for name in names] for answer in answers]).reshape(truth.shape)
    probabilities = np.array([[answer.probabilities[name] for name in names] for answer in answers]).reshape(
        truth.shape
    )
    pairs = [
        (way, answer.polarity.get(code))
        for passage, answer in zip(passages, answers, strict=True)
        for code, way in passage.polarity.items()
        if code in answer.codes
    ]
    right = sum(said == way for way, said in pairs) / len(pairs) if pairs else None
    return figures(names, truth, given, probabilities, right)


def cross_validate(passages: Sequence[CodedPassage], codebook: Codebook) -> CrossValidation:
    """Cross-validate the whole recipe (features, stack, thresholds), grouped by writer and by register."""
    names = [code.name for code in codebook.code]
    features = prepare(passages, codebook)
    registers = [passage.register for passage in passages]
    counts = features.phrases

    def unseen(keys: Sequence[str]) -> Figures:
        probabilities, given = unseen_probabilities(features, names, keys)
        return figures(names, features.truth, given, probabilities, None)

    return CrossValidation(
        unseen([passage.writer for passage in passages]),
        unseen(registers) if len(set(registers)) > 1 else None,
        figures(names, features.truth, counts > 0, counts / (counts + 1), None),
    )


def figures(names: Sequence[str], truth: Truth, given: Truth, probabilities: Floats, polarity: float | None) -> Figures:
    """Compute all figures.

    Args:
        names: Codes, one per column.
        truth: What people coded (passages x codes).
        given: What the model gives.
        probabilities: Its probabilities.
        polarity: Share of right polarities, if measured.
    """
    codes = tuple(_code_figures(name, truth[:, i], given[:, i], probabilities[:, i]) for i, name in enumerate(names))
    occurring = [code for code in codes if code.positives]
    return Figures(
        codes=codes,
        macro_f1=_mean([code.f1 or 0.0 for code in occurring]),
        micro_f1=f1(truth.ravel(), given.ravel()) or 0.0,
        mean_average_precision=_mean([code.average_precision or 0.0 for code in occurring]),
        any_code_f1=f1(np.any(truth, axis=1), np.any(given, axis=1)) or 0.0,
        calibration_error=calibration_error(truth.ravel(), probabilities.ravel()),
        brier=float(np.mean((probabilities - truth) ** 2)) if truth.size else 0.0,
        polarity_accuracy=polarity,
        passages=len(truth),
    )


def _code_figures(name: str, truth: Truth, given: Truth, probabilities: Floats) -> CodeFigures:
    hits, positives, total = int((truth & given).sum()), int(truth.sum()), int(given.sum())
    return CodeFigures(
        code=name,
        positives=positives,
        given=total,
        precision=hits / total if total else None,
        recall=hits / positives if positives else None,
        f1=f1(truth, given),
        average_precision=float(average_precision_score(truth, probabilities)) if positives else None,
        kappa=kappa(truth, given),
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


def calibration_error(truth: Truth, probabilities: Floats) -> float:
    """Give the expected calibration error: mean gap between probability and frequency over ten equal bins, by size."""
    if not len(truth):
        return 0.0
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(truth[bins == b].mean()) - float(probabilities[bins == b].mean())) * float((bins == b).mean())
        for b in set(bins.tolist())
    ]
    return float(sum(gaps))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def table(result: Figures) -> str:
    """Write the figures as a table in plain text; `-` stands for a figure that is not defined."""
    width = max(len(code.code) for code in result.codes)
    head = ("people", "machine", "precision", "recall", "F1", "AP", "kappa")
    rows: list[tuple[str, ...]] = [("code", *head)]
    for c in result.codes:
        figures_of = (c.precision, c.recall, c.f1, c.average_precision, c.kappa)
        rows.append((c.code, str(c.positives), str(c.given), *(_two(value) for value in figures_of)))
    lines = [f"{row[0]:<{width}}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
    lines += [
        "",
        f"macro F1 {result.macro_f1:.3f}",
        f"micro F1 {result.micro_f1:.3f}",
        f"mean average precision {result.mean_average_precision:.3f}",
        f"carries any code, F1 {result.any_code_f1:.3f}",
        f"expected calibration error {result.calibration_error:.3f}",
        f"Brier score {result.brier:.3f}",
    ]
    if result.polarity_accuracy is not None:
        lines.append(f"polarity right on {result.polarity_accuracy:.0%} of the codes given rightly")
    return "\n".join(lines)


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
