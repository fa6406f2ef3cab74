"""What is known of a passage, and what of it goes into a code's probability."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from spacy.tokens import Doc

from evitable.classify.manifest import Stack
from evitable.classify.phrases import FACILITATES, HINDERS, CueFinder, Cues
from evitable.classify.terms import CITATION, Terms, base_pipeline, plain, terms
from evitable.codebook import Codebook
from evitable.records import SectionKind

Floats = npt.NDArray[np.float64]

TEXT, PHRASES, ENCODER = "text", "phrases", "encoder"
INPUTS = (TEXT, PHRASES)
"""What the shipped model's probabilities rest on; `ENCODER` comes in where a review names an encoder."""
MARK_WEIGHT = 0.3


class Reading(NamedTuple):
    """A passage as it stands, as spaCy sees it, and as the models see it."""

    text: str
    doc: Doc
    terms: Terms
    cues: Cues


class Reader:
    """Reads passages for the models."""

    def __init__(self, codebook: Codebook) -> None:
        self._nlp = base_pipeline()
        self._cues = CueFinder(self._nlp, codebook)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read passages, in order; no texts give no readings."""
        written = [plain(text) for text in texts]
        return [
            Reading(text, doc, terms(doc, one), self._cues.find(doc))
            for text, one, doc in zip(texts, written, self._nlp.pipe(written), strict=True)
        ]


def phrase_inputs(readings: Sequence[Reading], names: Sequence[str]) -> Floats:
    """Give log(1 + number of different indicator phrases), passages x codes; no readings give no rows."""
    counts = [[reading.cues.count(name) for name in names] for reading in readings]
    return np.log1p(np.array(counts, dtype=np.float64).reshape(len(readings), len(names)))


def probabilities(stack: Mapping[str, Stack], names: Sequence[str], inputs: Mapping[str, Floats]) -> Floats:
    """Give the probabilities of codes (passages x codes) from their inputs."""
    columns = []
    for index, name in enumerate(names):
        logits = stack[name].intercept + sum(
            weight * inputs[kind][:, index] for kind, weight in stack[name].weights.items()
        )
        columns.append(1 / (1 + np.exp(-np.clip(logits, -30, 30))))
    return np.column_stack(columns) if columns else np.zeros((len(inputs[TEXT]), 0))


class Columns(NamedTuple):
    """The column of each term of a passage and of each pair of neighbouring terms, in order; -1 for an unknown one."""

    single: list[int]
    pairs: list[int]

    def places(self, found: Terms, wanted: Collection[int]) -> list[tuple[int, int]]:
        """Give where terms of the wanted columns stand (code points), pairs before single terms."""
        pairs = [(found.starts[i], found.ends[i + 1]) for i, column in enumerate(self.pairs) if column in wanted]
        return pairs + [(found.starts[i], found.ends[i]) for i, column in enumerate(self.single) if column in wanted]


def term_columns(found: Terms, vocabulary: Mapping[str, int]) -> Columns:
    """Look up the terms of a passage, alone and in pairs, in a vocabulary."""
    look_up, texts = vocabulary.get, found.texts
    return Columns([look_up(text, -1) for text in texts], [look_up(f"{a} {b}", -1) for a, b in pairwise(texts)])


def term_counts(passages: Sequence[Columns], width: int) -> sp.csr_matrix:
    """Count terms (passages x columns), as scikit-learn's `CountVectorizer` does."""
    ends = np.cumsum([0, *(len(one.single) + len(one.pairs) for one in passages)])
    columns = np.fromiter(chain.from_iterable((*one.single, *one.pairs) for one in passages), np.int64, int(ends[-1]))
    rows = np.repeat(np.arange(len(passages)), np.diff(ends))
    known = columns >= 0
    cells = (np.ones(int(known.sum())), (rows[known], columns[known]))
    return sp.csr_matrix(cells, shape=(len(passages), width))


def polarity_marks(readings: Sequence[Reading]) -> Floats:
    """Give what tells polarity besides terms: polarity phrases, negations and hedges (passages x 4), as log(1 + n)."""
    rows = [
        [cues.count(FACILITATES), cues.count(HINDERS), len(cues.negations), cues.hedges]
        for cues in (reading.cues for reading in readings)
    ]
    return np.log1p(np.array(rows, dtype=np.float64).reshape(len(readings), 4))


def basis_marks(readings: Sequence[Reading], sections: Sequence[SectionKind | None]) -> Floats:
    """Give what tells a passage's basis besides terms: citations, hedges, and the kind of section it stands in."""
    kinds = get_args(SectionKind)
    marks = np.zeros((len(readings), 2 + len(kinds)))
    for row, (reading, section) in enumerate(zip(readings, sections, strict=True)):
        marks[row, :2] = reading.terms.texts.count(CITATION), reading.cues.hedges
        if section is not None:
            marks[row, 2 + kinds.index(section)] = 1
    return np.log1p(marks)


def with_marks(terms_matrix: Any, marks: Floats) -> sp.csr_matrix:
    """Put terms and marks side by side (passages x columns); a mark weighs about as much as a rare term."""
    return sp.csr_matrix(sp.hstack([terms_matrix, sp.csr_matrix(MARK_WEIGHT * marks)]))
