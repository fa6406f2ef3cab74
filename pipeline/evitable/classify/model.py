"""The coding model: what it is made of, how it is loaded, and what it answers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import skops.io as sio
from spacy.lang.en.stop_words import STOP_WORDS

from evitable.classify.answers import Answer, Classifier, PhraseClassifier, phrase_probability, spans
from evitable.classify.basis import basis_by_rules
from evitable.classify.encoder import Encoder
from evitable.classify.inputs import (
    ENCODER,
    PHRASES,
    TEXT,
    WORDS,
    Columns,
    Floats,
    Reader,
    Reading,
    basis_marks,
    cue_inputs,
    polarity_marks,
    probabilities,
    term_columns,
    term_counts,
    with_marks,
)
from evitable.classify.manifest import Manifest, check_encoder, read_manifest
from evitable.classify.phrases import is_free
from evitable.classify.terms import CITATION, NUMBER
from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import Basis, Polarity, SectionKind, Span

CODES_FILE = "codes.skops"
POLARITY_FILE = "polarity.skops"
BASIS_FILE = "basis.skops"
ENCODER_FILE = "encoder.skops"
WORDS_SHOWN = 5
"""How many n-grams an explanation names besides the indicator phrases."""


class Parts(NamedTuple):
    """The fitted parts of a model; one linear model per class, or None where there is none.

    Attributes:
        codes: Pipeline of terms, their weights, and classes that are the codes.
        polarity: Weighted terms and marks to polarity.
        basis: Weighted terms and marks to what a passage rests on.
        encoder: Sentence vectors to codes.
    """

    codes: Any
    polarity: Any | None
    basis: Any | None
    encoder: Any | None


class _Row(NamedTuple):
    """One row of a sparse matrix: its columns, rising, and their values."""

    columns: npt.NDArray[np.int32]
    values: Floats


class _Coded(NamedTuple):
    """A passage with the model's probabilities, its weighted terms and their places, and the codes given and unsure."""

    reading: Reading
    probabilities: dict[str, float]
    row: _Row
    columns: Columns
    given: tuple[str, ...]
    unsure: tuple[str, ...]


class TrainedClassifier:
    """A trained model: n-grams of stems in a linear model per code, stacked with what else is known of a passage."""

    def __init__(self, manifest: Manifest, codebook: Codebook, parts: Parts, encoder: Encoder | None = None) -> None:
        self.manifest = manifest
        self.codebook = codebook
        self.model_id = manifest.id
        self.note = manifest.note_for(codebook)
        self._reader = Reader(codebook)
        self._frequencies = {PHRASES: manifest.phrases, WORDS: manifest.words}
        self._places = {name: place for place, name in enumerate(manifest.codes)}
        self._parts = parts
        self._encoder = encoder
        steps = parts.codes.named_steps
        self._weighting = steps["weights"]
        weights, self._intercepts = linear(steps["classes"])
        self._weights = np.ascontiguousarray(weights.T)  # what a term says for all codes stands together: fewer misses
        self._columns: dict[str, int] = steps["terms"].vocabulary_
        self._masked = {self._columns[word] for word in (CITATION, NUMBER) if word in self._columns}

    def code_texts(self, texts: Sequence[str]) -> list[Answer]:
        """Code passages that stand alone, in order; no texts give no answers."""
        return self._code(texts, None)

    def code_paper(self, texts: Sequence[str], sections: Sequence[SectionKind]) -> list[Answer]:
        """Code the passages of one paper; the section tells what a passage rests on."""
        return self._code(texts, sections)

    def _code(self, texts: Sequence[str], sections: Sequence[SectionKind] | None) -> list[Answer]:
        if not texts:
            return []
        readings = self._reader.read(texts)
        columns = [term_columns(reading.terms, self._columns) for reading in readings]
        matrix = self._weighting.transform(term_counts(columns, len(self._columns)))
        values = self._probabilities(readings, matrix).tolist()
        coded = [
            self._coded(reading, row, _row(matrix, index), columns[index])
            for index, (reading, row) in enumerate(zip(readings, values, strict=True))
        ]
        wanted = [index for index, item in enumerate(coded) if item.given or item.unsure]
        chosen, rows = [coded[index].reading for index in wanted], matrix[wanted]
        ways = self._ways(chosen, rows)
        bases = self._bases(chosen, rows, [sections[index] if sections else None for index in wanted])
        more = dict(zip(wanted, zip(ways, bases, strict=True), strict=True))
        return [self._answer(item, *more.get(index, (None, None))) for index, item in enumerate(coded)]

    def _probabilities(self, readings: Sequence[Reading], matrix: Any) -> Floats:
        """Give the probabilities of the trained codes (passages x codes)."""
        names = self.manifest.codes
        scores = matrix @ self._weights + self._intercepts
        inputs = {TEXT: scores, **cue_inputs(readings, names, self._frequencies)}
        if self._parts.encoder is not None and self._encoder is not None:
            inputs[ENCODER] = self._parts.encoder.decision_function(self._encoder.encode([r.text for r in readings]))
        return probabilities(self.manifest.stack, names, inputs)

    def _coded(self, reading: Reading, values: Sequence[float], row: _Row, columns: Columns) -> _Coded:
        trained = dict(zip(self.manifest.codes, values, strict=True))
        stack = self.manifest.stack
        shown, given, unsure = {}, [], []
        for code in self.codebook.code:
            name = code.name
            value = round(trained[name], 4) if name in trained else phrase_probability(reading, name)
            shown[name] = value
            if value >= (stack[name].threshold if name in stack else 0.5):
                given.append(name)
            elif name in stack and value >= stack[name].unsure:
                unsure.append(name)
        return _Coded(reading, shown, row, columns, tuple(given), tuple(unsure))

    def _ways(self, readings: Sequence[Reading], rows: Any) -> list[Polarity | None]:
        if self._parts.polarity is None or not readings:
            return [None] * len(readings)
        return told(self._parts.polarity, with_marks(rows, polarity_marks(readings)))

    def _bases(self, readings: Sequence[Reading], rows: Any, sections: Sequence[SectionKind | None]) -> list[Basis]:
        if self._parts.basis is None or not readings:
            return [basis_by_rules(reading, kind) for reading, kind in zip(readings, sections, strict=True)]
        return told(self._parts.basis, with_marks(rows, basis_marks(readings, sections)))

    def _answer(self, item: _Coded, way: Polarity | None, basis: Basis | None) -> Answer:
        named = (*item.given, *item.unsure)
        return Answer(
            probabilities=item.probabilities,
            codes=item.given,
            unsure=item.unsure,
            polarity={name: way for name in named if way is not None and self.codebook.has_polarity(name)},
            words=self._words(item, named),
            basis=basis,
        )

    def _words(self, item: _Coded, named: Sequence[str]) -> dict[str, tuple[Span, ...]]:
        """Give the words that carried each code: its phrases and rarest words, and the terms that added most."""
        reading, text, best = item.reading, item.reading.text, self._best_columns(item.row, named)
        columns = item.columns.places(reading.terms, {column for found in best.values() for column in found})
        words = {}
        for name in named:
            places = reading.cues.places(name)
            terms = sorted(place for column in best.get(name, ()) for place in columns[column])  # pairs come first
            for start, end in (*self._rarest(reading, name), *(place[1:] for place in terms)):
                if is_free((start, end), places) and _says_something(text[start:end]):
                    places.append((start, end))
            words[name] = spans(text, places)
        return words

    def _best_columns(self, row: _Row, named: Sequence[str]) -> dict[str, set[int]]:
        """Give the columns of the terms that added most to the score of each trained code."""
        trained = [name for name in named if name in self.manifest.stack]
        codes = np.array([self._places[name] for name in trained], dtype=np.intp)
        shares = (self._weights[row.columns][:, codes] * row.values[:, None]).T
        best = np.argsort(-shares, axis=1, kind="stable")[:, :WORDS_SHOWN]
        return {
            name: {int(row.columns[place]) for place in places if mine[place] > 0} - self._masked
            for name, places, mine in zip(trained, best.tolist(), shares, strict=True)
        }

    def _rarest(self, reading: Reading, name: str) -> list[tuple[int, int]]:
        """Give where the rarest words of a trained code stand (code points)."""
        if name not in self.manifest.stack:
            return []
        rarity = self.manifest.words.rarity
        found = [(-rarity(name, word.word), word.token) for word in reading.cues.words if word.label == name]
        return [reading.cues.place(token, token + 1) for _, token in sorted(found)[:WORDS_SHOWN]]


def _row(matrix: Any, index: int) -> _Row:
    """Look at one row of a sparse matrix without copying it."""
    cells = slice(matrix.indptr[index], matrix.indptr[index + 1])
    return _Row(matrix.indices[cells], matrix.data[cells])


def linear(classifier: Any) -> tuple[Floats, Floats]:
    """Give coefficients (classes x features) and intercepts of a one-vs-rest linear model."""
    return (
        np.vstack([estimator.coef_[0] for estimator in classifier.estimators_]),
        np.array([estimator.intercept_[0] for estimator in classifier.estimators_]),
    )


def told(classifier: Any, matrix: Any) -> list[Any]:
    """Give the class of each row as a linear one-vs-rest classifier's `predict` does, without its checks.

    They would cost more than the answer, for the passages of one paper.
    """
    weights, intercepts = linear(classifier)
    scores = matrix @ weights.T + intercepts
    best = (scores[:, 0] > 0).astype(int) if scores.shape[1] == 1 else scores.argmax(axis=1)
    return [classifier.classes_[column].item() for column in best.tolist()]


@lru_cache(maxsize=100_000)
def _says_something(words: str) -> bool:
    """Tell whether words to be shown are more than function words such as `of the`."""
    bare = (word.strip(".,;:!?()[]'’“”").casefold() for word in words.split())
    return any(word.isalpha() and word not in STOP_WORDS for word in bare)


def load_classifier(
    codebook: Codebook,
    files: Mapping[str, bytes] | None,
    where: str = "the model",
    encoder: Encoder | None = None,
) -> Classifier:
    """Load a model, or fall back to the codebook's phrases where there is none.

    Args:
        codebook: The codebook to code by.
        files: The model folder's files by name; None for no model.
        where: The folder's name, for messages.
        encoder: The sentence encoder that the review names; None for none.

    Raises:
        UserError: The model is damaged, was trained for other codes, with another encoder, or with other library
            versions; says what to do.
    """
    if files is None:
        return PhraseClassifier(codebook)
    manifest = read_manifest(files, where)
    _check_fit(manifest, codebook, where, encoder)
    try:
        parts = Parts(*(_load(files, name) for name in (CODES_FILE, POLARITY_FILE, BASIS_FILE, ENCODER_FILE)))
        if parts.codes is None:
            raise KeyError(CODES_FILE)
        return TrainedClassifier(manifest, codebook, parts, encoder)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, BadZipFile) as error:
        raise UserError(
            f"{where} is damaged: {type(error).__name__}.", "Restore it, or train again with `evitable train`."
        ) from error


def _check_fit(manifest: Manifest, codebook: Codebook, where: str, encoder: Encoder | None) -> None:
    """Refuse a model that does not fit codebook, libraries or encoder, with the mend."""
    if manifest.fingerprint != codebook.fingerprint:
        raise UserError(
            f'{where} was trained for other codes or phrases than the codebook "{codebook.name}" holds now.',
            "Train again with `evitable train`, or name another model in review.toml.",
        )
    trained, here = manifest.libraries.get("scikit-learn", ""), version("scikit-learn")
    if trained.split(".")[:2] != here.split(".")[:2]:
        raise UserError(
            f"{where} was trained with scikit-learn {trained}, but {here} is installed.",
            "Train again with `evitable train`, or install the versions of requirements.lock.",
        )
    check_encoder(manifest, named=encoder is not None, where=where)
    if encoder is not None and encoder.fingerprint != manifest.encoder:
        raise UserError(
            f'{where} was trained with another sentence encoder than "encoder" in review.toml names.',
            "Name the one that it was trained with, or train again with `evitable train --encoder NAME`.",
        )


def _load(files: Mapping[str, bytes], name: str) -> Any | None:
    """Load an estimator, or None where the model has none; skops refuses every type but scikit-learn's and NumPy's."""
    return sio.load(io.BytesIO(files[name]), trusted=[]) if name in files else None
