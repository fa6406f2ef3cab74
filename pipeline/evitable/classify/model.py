"""The coding model: what it is made of, how it is saved and loaded, and what it answers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import Any, NamedTuple, Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import skops.io as sio
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from evitable.classify.manifest import Manifest, Stack, phrase_model, read_manifest
from evitable.classify.phrases import FACILITATES, HINDERS, load_phrases, phrase_counts, phrase_pipeline, phrase_places
from evitable.classify.terms import CITATION, NUMBER, Term, joined, plain, terms
from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import Polarity, Span

CODES_FILE = "codes.skops"
POLARITY_FILE = "polarity.skops"
PHRASES_FILE = "phrases.spacy"
WORDS_SHOWN = 5
"""How many n-grams an explanation names besides the indicator phrases."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a classifier says of one passage: a probability per code, and polarity and words for the codes it gives."""

    probabilities: dict[str, float]
    codes: tuple[str, ...]
    polarity: dict[str, Polarity]
    words: dict[str, tuple[Span, ...]]


class Classifier(Protocol):
    """Anything that codes passages by a codebook."""

    @property
    def model_id(self) -> str:
        """Id that predictions carry."""

    @property
    def note(self) -> str:
        """What it is, in one sentence for people."""

    @property
    def codebook(self) -> Codebook:
        """The codebook that it answers for."""

    def code_texts(self, texts: Sequence[str]) -> list[Answer]:
        """Code passages, in order; no texts give no answers."""


class PhraseClassifier:
    """Codes by indicator phrases alone: for codebooks that no model was trained for. Its figures are not calibrated."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.model_id, self.note = phrase_model(codebook)
        self._nlp = phrase_pipeline(codebook)

    def code_texts(self, texts: Sequence[str]) -> list[Answer]:
        """Code passages: one phrase gives 0.5, two 0.67, three 0.75, and so on; none gives 0."""
        docs = self._nlp.pipe(plain(text) for text in texts)
        return [self._answer(text, doc) for text, doc in zip(texts, docs, strict=True)]

    def _answer(self, text: str, doc: Doc) -> Answer:
        names = [code.name for code in self.codebook.code]
        counts = phrase_counts(doc, [*names, FACILITATES, HINDERS])
        probabilities = {name: round(counts[name] / (counts[name] + 1), 4) for name in names}
        given = tuple(name for name in names if counts[name])
        way = _polarity_by_phrases(counts[FACILITATES], counts[HINDERS])
        polarity = {
            name: way for name in given if self.codebook.dimension_of(self.codebook.by_name[name].dimension).polarity
        }
        words = {name: _spans(text, phrase_places(doc, name)) for name in given}
        return Answer(probabilities, given, polarity, words)


def _spans(text: str, places: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Give spans of the passage as it stands, in order."""
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in sorted(places))


def _polarity_by_phrases(facilitates: int, hinders: int) -> Polarity:
    if hinders > facilitates:
        return "hinders"
    return "mixed" if hinders and hinders == facilitates else "facilitates"


class _Read(NamedTuple):
    """A passage as it stands, as spaCy sees it, and as the model sees it."""

    text: str
    doc: Doc
    words: list[Term]


class TrainedClassifier:
    """A trained model: n-grams of stems in a linear model per code, stacked with the codebook's phrases."""

    def __init__(self, manifest: Manifest, codebook: Codebook, nlp: Language, codes: Any, polarity: Any) -> None:
        self.manifest = manifest
        self.codebook = codebook
        self.model_id = manifest.id
        self.note = manifest.note
        self._nlp = nlp
        self._vectorizer = codes.named_steps["terms"]
        self._weights: Floats = np.vstack([e.coef_[0] for e in codes.named_steps["codes"].estimators_])
        self._intercepts: Floats = np.array([e.intercept_[0] for e in codes.named_steps["codes"].estimators_])
        self._columns: dict[str, int] = self._vectorizer.vocabulary_
        self._polarity = polarity

    def code_texts(self, texts: Sequence[str]) -> list[Answer]:
        """Code passages, in order; no texts give no answers."""
        if not texts:
            return []
        docs = list(self._nlp.pipe(plain(text) for text in texts))
        found = [terms(doc) for doc in docs]
        matrix = self._vectorizer.transform([joined(words) for words in found])
        probabilities = self._probabilities(matrix @ self._weights.T + self._intercepts, docs)
        ways = (
            self._polarity.predict(polarity_features(docs, found)).tolist()
            if self._polarity is not None
            else [None] * len(docs)
        )
        return [
            self._answer(_Read(text, doc, words), probabilities[index].tolist(), matrix[[index]], ways[index])
            for index, (text, doc, words) in enumerate(zip(texts, docs, found, strict=True))
        ]

    def _probabilities(self, scores: Floats, docs: Sequence[Doc]) -> Floats:
        """Give the probabilities of all codes (passages x codes)."""
        names = self.manifest.codes
        counts = np.array([list(phrase_counts(doc, names).values()) for doc in docs], dtype=np.float64)
        columns = [stacked(self.manifest.stack[n], scores[:, i], counts[:, i]) for i, n in enumerate(names)]
        return np.column_stack(columns)

    def _answer(self, read: _Read, values: Sequence[float], row: Any, way: Any) -> Answer:
        names = self.manifest.codes
        probabilities = {name: round(value, 4) for name, value in zip(names, values, strict=True)}
        given = tuple(name for name in names if probabilities[name] >= self.manifest.stack[name].threshold)
        with_polarity = {
            code.name for code in self.codebook.code if self.codebook.dimension_of(code.dimension).polarity
        }
        polarity: dict[str, Polarity] = {name: way for name in given if name in with_polarity and way is not None}
        return Answer(probabilities, given, polarity, {name: self._words(read, row, name) for name in given})

    def _words(self, read: _Read, row: Any, name: str) -> tuple[Span, ...]:
        """Give the words that carried a code: its phrases, and the n-grams that added most to its score."""
        weights = self._weights[self.manifest.codes.index(name)]
        shares = {
            int(column): float(value) * float(weights[column])
            for column, value in zip(row.indices, row.data, strict=True)
        }
        best = sorted(
            (column for column in shares if shares[column] > 0), key=lambda column: (-shares[column], column)
        )[:WORDS_SHOWN]
        places = phrase_places(read.doc, name)
        for start, end in _term_places(read.words, self._columns, set(best)):
            if _says_something(read.text[start:end]) and all(end <= first or start >= last for first, last in places):
                places.append((start, end))
        return _spans(read.text, places)


def _term_places(words: Sequence[Term], columns: Mapping[str, int], wanted: set[int]) -> list[tuple[int, int]]:
    """Find where the wanted one- and two-word terms stand, longer ones first; citations and numbers explain nothing."""
    masked = {CITATION, NUMBER}
    pairs = [(f"{a.text} {b.text}", a.start, b.end) for a, b in pairwise(words) if not {a.text, b.text} & masked]
    single = [(word.text, word.start, word.end) for word in words if word.text not in masked]
    return [(start, end) for text, start, end in (*pairs, *single) if columns.get(text) in wanted]


def _says_something(words: str) -> bool:
    """Tell whether words to be shown are more than function words such as `of the`."""
    bare = (word.strip(".,;:!?()[]'’“”").casefold() for word in words.split())
    return any(word.isalpha() and word not in STOP_WORDS for word in bare)


def stacked(stack: Stack, scores: Floats, phrases: Floats) -> Floats:
    """Give a code's probability for each passage from its text score and the number of its phrases."""
    logits = stack.intercept + stack.score * scores + stack.phrases * np.log1p(phrases)
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float64)


def polarity_features(docs: Sequence[Doc], found: Sequence[Sequence[Term]]) -> list[str]:
    """Write passages for the polarity model: their terms, and one mark for each polarity phrase found."""
    texts = []
    for doc, words in zip(docs, found, strict=True):
        counts = phrase_counts(doc, [FACILITATES, HINDERS])
        marks = ["FACILITATES"] * counts[FACILITATES] + ["HINDERS"] * counts[HINDERS]
        texts.append(" ".join([joined(words), *marks]))
    return texts


def load_classifier(codebook: Codebook, files: Mapping[str, bytes] | None, where: str = "the model") -> Classifier:
    """Load a model, or fall back to the codebook's phrases where there is none.

    Args:
        codebook: The codebook to code by.
        files: The model folder's files by name; None for no model.
        where: The folder's name, for messages.

    Raises:
        UserError: The model is damaged, was trained for other codes, or with other library versions.
    """
    if files is None:
        return PhraseClassifier(codebook)
    manifest = read_manifest(files, where)
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
    try:
        polarity = _load(files[POLARITY_FILE]) if POLARITY_FILE in files else None
        return TrainedClassifier(
            manifest, codebook, load_phrases(files[PHRASES_FILE]), _load(files[CODES_FILE]), polarity
        )
    except (KeyError, ValueError, TypeError, AttributeError, OSError, BadZipFile) as error:
        raise UserError(
            f"{where} is damaged: {type(error).__name__}.", "Restore it, or train again with `evitable train`."
        ) from error


def _load(data: bytes) -> Any:
    """Load an estimator; skops refuses every type that is not scikit-learn's or NumPy's own."""
    return sio.load(io.BytesIO(data), trusted=[])
