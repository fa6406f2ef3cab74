"""Coded passages as arrays, and the splits that keep what belongs together on one side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from evitable.classify.encoder import Encoder
from evitable.classify.inputs import Reader, Reading, basis_marks, cue_inputs, frequencies, polarity_marks
from evitable.codebook import Codebook
from evitable.training.data import CodedPassage

SEED = 20260
MOST_FOLDS = 5
PAPER_WEIGHT = 2.0
"""What a passage of a paper counts beside a written one. Of 1, 2, 3, 5 and 10, tried with registers in the place of a
review's papers, none orders passages better than another; from 3 on F1 falls by up to 0.01."""

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Fold = tuple[Rows, Rows]
"""Rows to train on, and rows to test on."""


class Group(NamedTuple):
    """What a passage shares with others that must not stand on both sides of a split."""

    register: str
    writer: str
    source: str


class Features(NamedTuple):
    """Passages as the models see them; each row is one passage, each column one code.

    Attributes:
        terms: Terms of the passages.
        cues: What phrases and words say for the codes (passages x codes each), by kind of input: the more, the rarer
            they are in all passages.
        truth: What people coded (passages x codes).
        known: Of which codes it is known whether a passage carries them (passages x codes).
        free: Whether a passage is worded freely (one a passage).
        paper: Whether it is a paper's own, beside written ones (one a passage).
        groups: What they share with others, in reading order within a document.
        vectors: Sentence vectors (passages x dimensions); None without an encoder.
    """

    terms: list[str]
    cues: dict[str, Floats]
    truth: Truth
    known: Truth
    free: Truth
    paper: Truth
    groups: list[Group]
    vectors: Floats | None

    @property
    def weights(self) -> Floats:
        """What each passage counts in training."""
        return np.where(self.paper, PAPER_WEIGHT, 1.0)

    def at(self, rows: Rows) -> Features:
        """Give the features of some passages."""
        picked = rows.tolist()
        return Features(
            [self.terms[i] for i in picked],
            {kind: values[rows] for kind, values in self.cues.items()},
            self.truth[rows],
            self.known[rows],
            self.free[rows],
            self.paper[rows],
            [self.groups[i] for i in picked],
            None if self.vectors is None else self.vectors[rows],
        )


def read_passages(passages: Sequence[CodedPassage], codebook: Codebook) -> list[Reading]:
    """Read coded passages for the models."""
    return Reader(codebook).read([passage.text for passage in passages])


def features(
    passages: Sequence[CodedPassage],
    readings: Sequence[Reading],
    names: Sequence[str],
    encoder: Encoder | None = None,
) -> Features:
    """Turn passages into features.

    Args:
        passages: Coded passages, in reading order within each document.
        readings: The same, read.
        names: Codes, one per column.
        encoder: Gives sentence vectors; None for none.
    """
    shape = (len(passages), len(names))
    truth = np.array([[name in passage.codes for name in names] for passage in passages], dtype=np.bool_)
    known = np.array([[passage.knows(name) for name in names] for passage in passages], dtype=np.bool_)
    return Features(
        [reading.terms.joined for reading in readings],
        cue_inputs(readings, names, frequencies(readings, names)),
        truth.reshape(shape),
        known.reshape(shape),
        np.array([passage.wording == "free" for passage in passages], dtype=np.bool_),
        np.array([passage.wording == "paper" for passage in passages], dtype=np.bool_),
        [Group(passage.register, passage.writer, passage.source) for passage in passages],
        encoder.encode([passage.text for passage in passages]) if encoder else None,
    )


class Side(NamedTuple):
    """Passages for a model beside the codes: of polarity, or of what a passage rests on.

    Attributes:
        rows: Which passages; one may come several times.
        marks: What tells the class besides terms, one row each.
        classes: The class of each.
    """

    rows: Rows
    marks: Floats
    classes: list[str]


def polarity_side(passages: Sequence[CodedPassage], readings: Sequence[Reading]) -> Side:
    """Give one row for each coded polarity."""
    ways = [(row, way) for row, passage in enumerate(passages) for _, way in sorted(passage.polarity.items())]
    rows = np.array([row for row, _ in ways], dtype=np.int64)
    return Side(rows, polarity_marks(readings)[rows], [way for _, way in ways])


def basis_side(passages: Sequence[CodedPassage], readings: Sequence[Reading]) -> Side:
    """Give one row for each coded passage whose basis is known."""
    rows = np.array([row for row, passage in enumerate(passages) if passage.basis], dtype=np.int64)
    marks = basis_marks(readings, [passage.section for passage in passages])
    return Side(rows, marks[rows], [passage.basis for passage in passages if passage.basis])


def folds(groups: Sequence[Group]) -> list[Fold]:
    """Split passages by register where there are three or more, or else by writer.

    Passages of one writer, and so of one document, stand on one side either way, if a writer keeps to one register.
    """
    registers = {group.register for group in groups}
    return split([group.register if len(registers) > 2 else group.writer for group in groups])


def split(keys: Sequence[str], most: int = MOST_FOLDS) -> list[Fold]:
    """Split rows into training and test rows, equal keys on one side; equal keys give equal folds."""
    splitter = GroupKFold(n_splits=min(most, len(set(keys))), shuffle=True, random_state=SEED)
    return [(seen, unseen) for seen, unseen in splitter.split(np.arange(len(keys)), groups=np.array(keys))]
