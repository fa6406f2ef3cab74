"""How good a model is: on coded passages that it did not see, or by cross-validation of the whole recipe."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from evitable.classify.answers import Classifier
from evitable.classify.encoder import Encoder
from evitable.classify.inputs import INPUTS, TEXT, phrase_counts
from evitable.codebook import Codebook
from evitable.training.data import CodedPassage
from evitable.training.features import Features, Rows, Side, basis_side, features, polarity_side, read_passages, split
from evitable.training.fit import (
    MIN_GROUPS,
    fit,
    predicted,
    topic_stems,
    trainable,
    unseen_classes,
    unseen_probabilities,
)
from evitable.training.measures import Figures, figures

CURVE = (0.125, 0.25, 0.5, 0.75)
"""Shares of the training documents at which the learning curve is measured, besides all of them."""
_SEED = 20260


class SideFigures(NamedTuple):
    """How well classes beside the codes are told: right answers, share right, and F1 by class."""

    rows: int
    accuracy: float
    f1: dict[str, float]


class CurvePoint(NamedTuple):
    """One point of the learning curve: passages trained on (mean over the splits), and what came of it."""

    passages: int
    macro_f1: float
    mean_average_precision: float


class CrossValidation(NamedTuple):
    """The whole recipe cross-validated, and other recipes on the same passages.

    Attributes:
        model: From models that saw no passage of the same writer, and so of the same document.
        register: From models that saw no passage of the same register; None where there are fewer than two.
        phrases: The codebook's phrases alone.
        text: The text model alone, without the phrases; by register, or else by writer.
        polarity: Polarity of the codes that people gave; None where it is not coded.
        basis: What coded passages rest on; None where it is not coded.
        curve: Figures by number of training passages; by register, or else by writer.
    """

    model: Figures
    register: Figures | None
    phrases: Figures
    text: Figures
    polarity: SideFigures | None
    basis: SideFigures | None
    curve: tuple[CurvePoint, ...]


def measure_classifier(classifier: Classifier, passages: Sequence[CodedPassage]) -> Figures:
    """Measure a classifier on coded passages that it has not seen, each taken alone."""
    names = [code.name for code in classifier.codebook.code]
    answers = classifier.code_texts([passage.text for passage in passages])
    shape = (len(passages), len(names))
    truth = np.array([[name in passage.codes for name in names] for passage in passages], dtype=bool).reshape(shape)
    given = np.array([[name in answer.codes for name in names] for answer in answers], dtype=bool).reshape(shape)
    values = np.array([[answer.probabilities[name] for name in names] for answer in answers]).reshape(shape)
    pairs = [
        (way, answer.polarity.get(code))
        for passage, answer in zip(passages, answers, strict=True)
        for code, way in passage.polarity.items()
        if code in answer.codes
    ]
    right = sum(said == way for way, said in pairs) / len(pairs) if pairs else None
    return figures(names, truth, given, values, [passage.source for passage in passages], right)


def cross_validate(
    passages: Sequence[CodedPassage], codebook: Codebook, encoder: Encoder | None = None
) -> CrossValidation:
    """Cross-validate the whole recipe (features, stack, thresholds), grouped by writer and by register.

    Args:
        passages: Coded passages, in reading order within each document.
        codebook: Codes with too few passages to be trained are left out.
        encoder: A sentence encoder that takes part; None for none.
    """
    names = trainable(passages, codebook)
    readings = read_passages(passages, codebook)
    known = features(passages, readings, names, encoder)
    writers = [passage.writer for passage in passages]
    registers = [passage.register for passage in passages]
    topic = topic_stems(codebook)
    apart = registers if len(set(registers)) > 1 else writers
    counts = phrase_counts(readings, names)
    documents = [passage.source for passage in passages]
    polarity, basis = polarity_side(passages, readings), basis_side(passages, readings)
    model = _unseen(known, names, writers, topic)
    register = _unseen(known, names, registers, topic) if apart is registers else None
    whole = register or model
    size = round(sum(len(seen) for seen, _ in split(apart)) / len(split(apart)))
    return CrossValidation(
        model=model,
        register=register,
        phrases=figures(names, known.truth, counts > 0, counts / (counts + 1), documents),
        text=_unseen(known, names, apart, topic, (TEXT,)),
        polarity=_side_figures(known, polarity, apart),
        basis=_side_figures(known, basis, apart),
        curve=(
            *learning_curve(known, names, apart, topic),
            CurvePoint(size, whole.macro_f1, whole.mean_average_precision),
        ),
    )


def _unseen(
    known: Features,
    names: Sequence[str],
    keys: Sequence[str],
    topic: Collection[str],
    inputs: Sequence[str] = INPUTS,
) -> Figures:
    values, given = unseen_probabilities(known, names, keys, topic, inputs)
    return figures(names, known.truth, given, values, [group.source for group in known.groups])


def _side_figures(known: Features, side: Side, keys: Sequence[str]) -> SideFigures | None:
    """Cross-validate polarity or basis; None where there are fewer than two classes or groups."""
    mine = [keys[row] for row in side.rows.tolist()]
    if len(set(side.classes)) < 2 or len(set(mine)) < 2:
        return None
    said = unseen_classes(known, side, mine)
    pairs = list(zip(side.classes, said, strict=True))
    scores = {}
    for name in sorted(set(side.classes)):
        hits = sum(a == b == name for a, b in pairs)
        scores[name] = 2 * hits / sum((a == name) + (b == name) for a, b in pairs)
    return SideFigures(len(pairs), sum(a == b for a, b in pairs) / len(pairs), scores)


def learning_curve(
    known: Features, names: Sequence[str], keys: Sequence[str], topic: Collection[str] = ()
) -> tuple[CurvePoint, ...]:
    """Measure what more training passages bring.

    Args:
        known: The passages.
        names: Codes, one per column.
        keys: Groups that are never on both sides of a split.
        topic: Stems of the words that every paper uses.

    Returns:
        One point for each share in `CURVE` that is enough to fit a model; of the documents to train on, a growing part
        is drawn at random.
    """
    splits = split(keys)
    points = []
    for share in CURVE:
        parts = [known.at(_some_documents(known, seen, share, number)) for number, (seen, _) in enumerate(splits)]
        if not all(_enough(part) for part in parts):
            continue
        values = np.zeros(known.truth.shape)
        given = np.zeros(known.truth.shape, dtype=bool)
        for part, (_, unseen) in zip(parts, splits, strict=True):
            fitted = fit(part, names, topic)
            values[unseen] = predicted(fitted, known.at(unseen), names)
            given[unseen] = values[unseen] >= np.array([fitted.stack[name].threshold for name in names])
        result = figures(names, known.truth, given, values, [group.source for group in known.groups])
        size = round(sum(len(part.terms) for part in parts) / len(parts))
        points.append(CurvePoint(size, result.macro_f1, result.mean_average_precision))
    return tuple(points)


def _enough(part: Features) -> bool:
    """Tell whether there is enough to fit: several hands, and each code on some passages but not on all."""
    several = len({group.writer for group in part.groups}) >= MIN_GROUPS
    counts = part.truth.sum(axis=0)
    return several and bool((counts >= MIN_GROUPS).all() and (counts < len(part.truth)).all())


def _some_documents(known: Features, rows: Rows, share: float, number: int) -> Rows:
    """Draw a share of the documents among rows."""
    sources = [known.groups[row].source for row in rows.tolist()]
    names = sorted(set(sources))
    order = np.random.default_rng([_SEED, number]).permutation(len(names))
    kept = {names[index] for index in order[: max(1, round(share * len(names)))].tolist()}
    return np.array([row for row, source in zip(rows.tolist(), sources, strict=True) if source in kept], dtype=np.int64)
