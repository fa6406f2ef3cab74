"""Fit the coding model: n-grams and phrases, stacked and calibrated on passages that the parts have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline

from evitable.classify.manifest import MANIFEST, Manifest, Stack
from evitable.classify.model import CODES_FILE, PHRASES_FILE, POLARITY_FILE, polarity_features, stacked
from evitable.classify.phrases import phrase_counts, phrase_pipeline, save_phrases
from evitable.classify.terms import joined, plain, terms
from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import digest, encode
from evitable.training.data import CodedPassage, code_counts, data_digest
from evitable.training.saving import skops_bytes

SEED = 20260
MOST_FOLDS = 8
MIN_GROUPS = 3
MIN_POSITIVES = 10
"""Passages that a code must have before a model is trained for it."""
_DIGITS = 5
_C = 10.0
"""Inverse strength of regularisation: the best of 1, 3 and 10 by average precision on writers not seen."""

_TERM = r"\S+"

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Fold = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Rows to train on, and rows to test on."""


class Group(NamedTuple):
    """What a passage shares with others that must not stand on both sides of a split."""

    register: str
    writer: str


class Features(NamedTuple):
    """Passages as the model sees them: terms, polarity terms, phrase counts (passages x codes), truth, groups."""

    terms: list[str]
    polarity: list[str]
    phrases: Floats
    truth: Truth
    groups: list[Group]

    def at(self, rows: npt.NDArray[np.int64]) -> Features:
        """Give the features of some passages."""
        picked = rows.tolist()
        return Features(
            [self.terms[i] for i in picked],
            [self.polarity[i] for i in picked],
            self.phrases[rows],
            self.truth[rows],
            [self.groups[i] for i in picked],
        )


class Fitted(NamedTuple):
    """A fitted model in its parts."""

    codes: Any
    stack: dict[str, Stack]


def prepare(passages: Sequence[CodedPassage], codebook: Codebook) -> Features:
    """Turn passages into features; each row is one passage, each column one code in the codebook's order."""
    names = [code.name for code in codebook.code]
    docs = list(phrase_pipeline(codebook).pipe(plain(passage.text) for passage in passages))
    found = [terms(doc) for doc in docs]
    counts = [phrase_counts(doc, names) for doc in docs]
    return Features(
        [joined(words) for words in found],
        polarity_features(docs, found),
        np.array([[float(count[name]) for name in names] for count in counts]).reshape(len(passages), len(names)),
        np.array([[name in passage.codes for name in names] for passage in passages]).reshape(
            len(passages), len(names)
        ),
        [Group(passage.register, passage.writer) for passage in passages],
    )


def train(passages: Sequence[CodedPassage], codebook: Codebook) -> dict[str, bytes]:
    """Train a model; the same passages and codebook give the same bytes.

    Args:
        passages: Coded passages; hard negatives carry no code.
        codebook: The codes to learn.

    Returns:
        The model folder's files by name.

    Raises:
        UserError: A code has too few passages to learn from.
    """
    few = {name: count for name, count in code_counts(passages, codebook).items() if count < MIN_POSITIVES}
    if few:
        listed = ", ".join(f"{name} ({count})" for name, count in few.items())
        raise UserError(
            f"These codes have fewer than {MIN_POSITIVES} passages to learn from: {listed}.",
            "Add coded passages, or run without a model: the codebook's phrases alone then code.",
        )
    if len({passage.writer for passage in passages}) < MIN_GROUPS:
        raise UserError(
            f"The passages come from fewer than {MIN_GROUPS} documents.", 'Give each passage its document in "source".'
        )
    features = prepare(passages, codebook)
    fitted = fit(features, [code.name for code in codebook.code])
    files = {
        CODES_FILE: skops_bytes(fitted.codes),
        PHRASES_FILE: save_phrases(phrase_pipeline(codebook)),
    }
    polarity = fit_polarity(features.polarity, passages)
    if polarity is not None:
        files[POLARITY_FILE] = skops_bytes(polarity)
    files[MANIFEST] = encode(_manifest(passages, codebook, fitted.stack, files))
    return files


def _manifest(
    passages: Sequence[CodedPassage], codebook: Codebook, stack: dict[str, Stack], files: dict[str, bytes]
) -> Manifest:
    parts = [part for name in sorted(files) for part in (name, files[name])]
    return Manifest(
        id=digest("m", codebook.fingerprint, encode(stack), *parts),
        codebook=codebook.name,
        codebook_version=codebook.digest,
        fingerprint=codebook.fingerprint,
        codes=tuple(code.name for code in codebook.code),
        stack=stack,
        passages=len(passages),
        data=data_digest(passages),
        libraries={name: version(name) for name in ("scikit-learn", "skops", "spacy", "snowballstemmer")},
    )


def fit(features: Features, names: Sequence[str]) -> Fitted:
    """Fit text model, stack and thresholds.

    The stack (logistic, as in Platt 1999, with the phrase count as a second input) is fitted on scores of passages in a
    register, or else of a writer, that the text model has not seen; thresholds maximise F1 on probabilities that the
    stack has not seen either. So both are fitted to text unlike that of training, which is what real papers are.
    """
    scores = _unseen_scores(features)
    stack: dict[str, Stack] = {}
    for column, name in enumerate(names):
        inputs = _stack_inputs(scores[:, column], features.phrases[:, column])
        truth = features.truth[:, column]
        threshold = best_threshold(_unseen_stacked(inputs, truth, features.groups), truth)
        model = _stacker().fit(inputs, truth)
        stack[name] = Stack(
            intercept=_round(model.intercept_[0]),
            score=_round(model.coef_[0][0]),
            phrases=_round(model.coef_[0][1]),
            threshold=threshold,
        )
    return Fitted(_settled(text_model().fit(features.terms, features.truth.astype(int))), stack)


def _settled(pipeline: Any) -> Any:
    """Take out of a fitted pipeline what another run, or another machine, would not give again."""
    vectorizer, classifier = pipeline[0], pipeline[-1]
    vars(vectorizer).pop("_stop_words_id", None)  # a place in memory
    for estimator in classifier.estimators_:
        estimator.coef_ = np.round(estimator.coef_, _DIGITS)
        estimator.intercept_ = np.round(estimator.intercept_, _DIGITS)
    return pipeline


def text_model() -> Any:
    """Build the text model: TF-IDF of one and two stems, and a balanced logistic regression per code."""
    return Pipeline(
        [
            (
                "terms",
                TfidfVectorizer(token_pattern=_TERM, lowercase=False, ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            ),
            (
                "codes",
                OneVsRestClassifier(
                    LogisticRegression(C=_C, class_weight="balanced", solver="liblinear", random_state=SEED)
                ),
            ),
        ]
    )


def fit_polarity(texts: Sequence[str], passages: Sequence[CodedPassage]) -> Any | None:
    """Fit the polarity model on one row per coded polarity; None where fewer than two ways are told apart."""
    rows = [
        (text, way)
        for text, passage in zip(texts, passages, strict=True)
        for _, way in sorted(passage.polarity.items())
    ]
    if len({way for _, way in rows}) < 2:
        return None
    model = Pipeline(
        [
            ("terms", TfidfVectorizer(token_pattern=_TERM, lowercase=False, sublinear_tf=True, min_df=2)),
            (
                "ways",
                OneVsRestClassifier(
                    LogisticRegression(C=_C, class_weight="balanced", solver="liblinear", random_state=SEED)
                ),
            ),
        ]
    )
    return _settled(model.fit([text for text, _ in rows], [way for _, way in rows]))


def unseen_probabilities(features: Features, names: Sequence[str], keys: Sequence[str]) -> tuple[Floats, Truth]:
    """Cross-validate the whole recipe.

    Args:
        features: The passages.
        names: Codes, one per column.
        keys: One per passage; passages of equal key are never on both sides.

    Returns:
        Probabilities and given codes (passages x codes), each from a model that saw no passage of the same key.
    """
    probabilities = np.zeros(features.truth.shape)
    given = np.zeros(features.truth.shape, dtype=bool)
    for seen, unseen in split(keys):
        fitted = fit(features.at(seen), names)
        scores = fitted.codes.decision_function([features.terms[i] for i in unseen.tolist()])
        for column, name in enumerate(names):
            stack = fitted.stack[name]
            probabilities[unseen, column] = stacked(stack, scores[:, column], features.phrases[unseen, column])
            given[unseen, column] = probabilities[unseen, column] >= stack.threshold
    return probabilities, given


def folds(groups: Sequence[Group]) -> list[Fold]:
    """Split passages by register where there are several, or else by writer."""
    registers = [group.register for group in groups]
    return split(registers if len(set(registers)) > 1 else [group.writer for group in groups])


def split(keys: Sequence[str]) -> list[Fold]:
    """Split rows into training and test rows, equal keys on one side; equal keys give equal folds."""
    splitter = GroupKFold(n_splits=min(MOST_FOLDS, len(set(keys))), shuffle=True, random_state=SEED)
    return [(seen, unseen) for seen, unseen in splitter.split(np.arange(len(keys)), groups=np.array(keys))]


def _unseen_scores(features: Features) -> Floats:
    scores = np.zeros(features.truth.shape)
    for seen, unseen in folds(features.groups):
        model = text_model().fit([features.terms[i] for i in seen.tolist()], features.truth[seen].astype(int))
        scores[unseen] = model.decision_function([features.terms[i] for i in unseen.tolist()])
    return scores


def _unseen_stacked(inputs: Floats, truth: Truth, groups: Sequence[Group]) -> Floats:
    probabilities = np.zeros(len(truth))
    for seen, unseen in folds(groups):
        probabilities[unseen] = _stacker().fit(inputs[seen], truth[seen]).predict_proba(inputs[unseen])[:, 1]
    return probabilities


def _stack_inputs(scores: Floats, phrases: Floats) -> Floats:
    return np.column_stack([scores, np.log1p(phrases)])


def _stacker() -> LogisticRegression:
    return LogisticRegression(C=10.0, solver="liblinear", random_state=SEED)


def best_threshold(probabilities: Floats, truth: Truth) -> float:
    """Give the probability, in steps of 0.01 between 0.2 and 0.6, at which F1 is highest; the middle of a plateau.

    Below 0.2 a coding would be a guess that wastes the time of whoever checks it, whatever F1 says.
    """
    grid = np.arange(20, 61) / 100
    scores = np.array([_f1(probabilities >= threshold, truth) for threshold in grid])
    best = grid[scores >= scores.max() - 1e-9]
    return round(float(best[len(best) // 2]), 2)


def _f1(given: Truth, truth: Truth) -> float:
    hits = int((given & truth).sum())
    total = int(given.sum()) + int(truth.sum())
    return 2 * hits / total if total else 0.0


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
