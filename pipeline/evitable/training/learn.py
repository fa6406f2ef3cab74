"""A review's own model: learned from people's decisions beside written passages, and taken only if it is better."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from evitable.classify.answers import Classifier
from evitable.classify.encoder import Encoder
from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import CodeMeasure, ModelFigures
from evitable.training.compare import Checked, Comparison, Said, compared
from evitable.training.data import CodedPassage, written
from evitable.training.features import Features, Fold, Rows, features, read_passages, split
from evitable.training.fit import MIN_GROUPS, THRESHOLD, fit, predicted, topic_stems, train, trainable

LEARNED = "learned.jsonl"
"""What a model learned from people's decisions, in its folder: by it the next one is compared fairly."""
LEAST_YES = 30
"""Codes that people must have given before anything is learned from their decisions."""


class InForce(NamedTuple):
    """The model that codes the review now.

    Attributes:
        classifier: The model, or the codebook's phrases.
        learned: What it learned from earlier decisions; none for one that saw no decision of this review.
    """

    classifier: Classifier
    learned: Sequence[CodedPassage] = ()


class Lesson(NamedTuple):
    """What there is to learn from.

    Attributes:
        codebook: The codes.
        written: Coded passages that were written for training, or are from elsewhere; there may be none.
        decided: What people decided in the review.
        encoder: A sentence encoder that takes part; None for none.
    """

    codebook: Codebook
    written: Sequence[CodedPassage]
    decided: Sequence[CodedPassage]
    encoder: Encoder | None = None

    @property
    def passages(self) -> list[CodedPassage]:
        """All of them."""
        return [*self.written, *self.decided]

    @property
    def answers(self) -> int:
        """How many codes on passages people have given or ruled out."""
        every = len(self.codebook.code)
        return sum(every if one.known is None else len(one.known) for one in self.decided)

    @property
    def given(self) -> int:
        """How many of these they have given."""
        return sum(len(one.codes) for one in self.decided)

    @property
    def studies(self) -> int:
        """How many studies they are from."""
        return len({one.source for one in self.decided})


def lesson(
    codebook: Codebook,
    elsewhere: Sequence[CodedPassage],
    decided: Sequence[CodedPassage],
    encoder: Encoder | None = None,
) -> Lesson:
    """Put together what there is to learn from.

    Written passages tell nothing of codes that none of them carries: they were coded before the codebook had these.

    Raises:
        UserError: People have decided on too little.
    """
    there = {code for passage in elsewhere for code in passage.codes}
    names = tuple(code.name for code in codebook.code if code.name in there)
    if len(names) < len(codebook.code):
        elsewhere = [_knowing(passage, names) for passage in elsewhere]
    made = Lesson(codebook, elsewhere, decided, encoder)
    if made.studies < MIN_GROUPS or made.given < LEAST_YES:
        raise UserError(
            f"People have given {made.given} codes on passages of {made.studies} studies.",
            f"A model of your own needs {LEAST_YES} codes on {MIN_GROUPS} studies or more: decide on more passages.",
        )
    return made


def _knowing(passage: CodedPassage, names: tuple[str, ...]) -> CodedPassage:
    known = names if passage.known is None else tuple(name for name in passage.known if name in names)
    return msgspec.structs.replace(passage, known=known)


def measure(lesson: Lesson, in_force: InForce) -> Comparison:
    """Compare a model that learns from the decisions with the one in force, on decisions that neither has seen.

    The studies are split in up to five parts. What people decided on the studies of each part is answered by a model
    that learned from all the others, and by the model in force: as it is, where it has seen no decision of this review,
    and else by one made in the same way from the decisions that it learned from, without those on these studies.

    Raises:
        UserError: No code has enough passages to learn from.
    """
    names = trainable(lesson.passages, lesson.codebook)
    passages = [*lesson.passages, *in_force.learned]
    known = features(passages, read_passages(passages, lesson.codebook), names, lesson.encoder)
    first, last = len(lesson.written), len(lesson.passages)
    base, mine, before = np.arange(first), np.arange(first, last), np.arange(last, len(passages))
    studies = [one.source for one in lesson.decided]
    parts = [(np.concatenate([base, mine[seen]]), mine[unseen]) for seen, unseen in split(studies)]
    topic = topic_stems(lesson.codebook)
    new = _unseen(known, names, topic, parts)
    if in_force.learned:
        old = _unseen(
            known,
            names,
            topic,
            [(np.concatenate([base, _others(known, before, unseen)]), unseen) for _, unseen in parts],
        )
    else:
        old = _answers(in_force.classifier, lesson.decided, names)
    decided = known.at(mine)
    numbers = np.zeros(len(mine), dtype=np.int64)
    for number, (_, unseen) in enumerate(parts):
        numbers[unseen - first] = number
    return compared(names, Checked(decided.truth, decided.known, studies, numbers), old, new)


def _others(known: Features, rows: Rows, unseen: Rows) -> Rows:
    """Give those rows whose study is not among the unseen ones."""
    hidden = {known.groups[row].source for row in unseen.tolist()}
    return np.array([row for row in rows.tolist() if known.groups[row].source not in hidden], dtype=np.int64)


def _unseen(known: Features, names: Sequence[str], topic: Collection[str], parts: Sequence[Fold]) -> Said:
    """Fit the recipe on the rows of each part to learn from, and give what it says of the others, in order."""
    rows = np.sort(np.concatenate([unseen for _, unseen in parts]))
    values = np.zeros(known.truth.shape)
    for seen, unseen in parts:
        values[unseen] = predicted(fit(known.at(seen), names, topic), known.at(unseen), names)
    return Said(values[rows], values[rows] >= THRESHOLD)


def _answers(classifier: Classifier, passages: Sequence[CodedPassage], names: Sequence[str]) -> Said:
    answers = classifier.code_texts([passage.text for passage in passages])
    values = [[answer.probabilities[name] for name in names] for answer in answers]
    return Said(np.array(values), np.array([[name in answer.codes for name in names] for answer in answers]))


def own_model(lesson: Lesson) -> dict[str, bytes]:
    """Train a model on all there is; the same passages give the same bytes.

    Returns:
        The model folder's files by name, without its card and figures.
    """
    files = train(lesson.passages, lesson.codebook, lesson.encoder)
    return {**files, LEARNED: written(lesson.decided, lesson.codebook).encode()}


def own_figures(lesson: Lesson, comparison: Comparison) -> ModelFigures:
    """Give the figures of a review's own model, code by code."""
    return ModelFigures(
        measured_on=(
            f"{lesson.answers} answers that people of this review gave on {len(lesson.decided)} passages of "
            f"{lesson.studies} studies: each was coded by a model that had seen nothing of the same study"
        ),
        measures=tuple(
            CodeMeasure(
                code=code.code,
                positives=code.positives,
                precision=round(code.new.precision or 0.0, 4),
                recall=round(code.new.recall or 0.0, 4),
                f1=round(code.new.f1 or 0.0, 4),
                average_precision=round(code.new.average_precision or 0.0, 4),
            )
            for code in comparison.codes
        ),
    )
