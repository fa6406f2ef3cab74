"""What is known of a passage, and what of it goes into a code's probability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import chain, pairwise
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from spacy.tokens import Doc

from evitable.classify.manifest import Frequencies, Stack
from evitable.classify.phrases import FACILITATES, HINDERS, CueFinder, Cues
from evitable.classify.terms import CITATION, Terms, base_pipeline, plain, terms
from evitable.codebook import Codebook
from evitable.records import SectionKind

Floats = npt.NDArray[np.float64]

TEXT, PHRASES, WORDS, ENCODER = "text", "phrases", "words", "encoder"
INPUTS = (TEXT, PHRASES, WORDS)
"""What the shipped model's probabilities rest on; `ENCODER` comes in where a review names an encoder."""
MARK_WEIGHT = 0.3


class Reading(NamedTuple):
    """A passage as it stands, as spaCy sees it, and as the models see it."""

    text: str
    doc: Doc
    terms: Terms
    cues: Cues


_FOUND: dict[str, Callable[[Reading], set[tuple[str, str]]]] = {
    PHRASES: lambda reading: {(found.label, found.phrase) for found in reading.cues.phrases},
    WORDS: lambda reading: {(found.label, found.word) for found in reading.cues.words},
}
"""Code and phrase, or code and word, of all that stand in a passage."""


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


def phrase_counts(readings: Sequence[Reading], names: Sequence[str]) -> Floats:
    """Count the different indicator phrases of codes (passages x codes); no readings give no rows."""
    return _summed(readings, names, _FOUND[PHRASES], lambda _code, _phrase: 1.0)


def frequencies(readings: Sequence[Reading], names: Sequence[str]) -> dict[str, Frequencies]:
    """Count in how many passages each phrase, and each word, of the codes stands, by kind of input."""
    common = {}
    for kind, found in _FOUND.items():
        counts = Counter(item for reading in readings for item in found(reading))
        by_code = {name: {one: counts[code, one] for code, one in sorted(counts) if code == name} for name in names}
        common[kind] = Frequencies(passages=len(readings), by_code=by_code)
    return common


def cue_inputs(
    readings: Sequence[Reading], names: Sequence[str], known: Mapping[str, Frequencies]
) -> dict[str, Floats]:
    """Give what phrases and words say for codes, by kind of input (passages x codes each); no readings give no rows.

    It is log(1 + sum of the rarities of all different ones).
    """
    return {kind: np.log1p(_summed(readings, names, found, known[kind].rarity)) for kind, found in _FOUND.items()}


def _summed(
    readings: Sequence[Reading],
    names: Sequence[str],
    found: Callable[[Reading], set[tuple[str, str]]],
    weight: Callable[[str, str], float],
) -> Floats:
    """Sum the weights of what is found (passages x codes)."""
    sums = np.zeros((len(readings), len(names)))
    columns = {name: column for column, name in enumerate(names)}
    for row, reading in enumerate(readings):
        for code, one in sorted(found(reading)):
            if code in columns:
                sums[row, columns[code]] += weight(code, one)
    return sums


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

    def places(self, found: Terms, wanted: Set[int]) -> dict[int, list[tuple[int, int, int]]]:
        """Give where the terms of wanted columns stand: 0 for a pair or else 1, start and end (code points)."""
        pairs = [(column, 0, i, i + 1) for i, column in enumerate(self.pairs) if column in wanted]
        single = [(column, 1, i, i) for i, column in enumerate(self.single) if column in wanted]
        places: dict[int, list[tuple[int, int, int]]] = {}
        for column, kind, first, last in pairs + single:
            places.setdefault(column, []).append((kind, found.starts[first], found.ends[last]))
        return places


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
