"""Fit the coding model: n-grams in a linear model, stacked and calibrated on passages that it has not seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import msgspec
import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import LabelBinarizer

from evitable.classify.encoder import Encoder
from evitable.classify.inputs import ENCODER, INPUTS, PHRASES, TEXT, WORDS, frequencies, probabilities, with_marks
from evitable.classify.manifest import MANIFEST, Frequencies, Manifest, Stack
from evitable.classify.model import BASIS_FILE, CODES_FILE, ENCODER_FILE, POLARITY_FILE
from evitable.classify.terms import stem
from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import digest, encode
from evitable.training.data import CodedPassage, code_counts, data_digest
from evitable.training.features import (
    SEED,
    Features,
    Floats,
    Rows,
    Side,
    Truth,
    basis_side,
    features,
    folds,
    polarity_side,
    read_passages,
    split,
)
from evitable.training.saving import skops_bytes

VOICES = {TEXT: 1.0, PHRASES: 0.6, WORDS: 0.2, ENCODER: 0.5}
"""Weight of each input in standard deviations. A phrase is rare, so that one found speaks as loud as the text does."""
MIN_GROUPS = 3
MIN_CALIBRATION = 10
"""Freely worded passages that each code must have, or all passages calibrate it."""
MIN_POSITIVES = 40
"""Passages that a code must have before a model is trained for it; until then its phrases alone code."""
RECALL_WITH_UNSURE = 0.9
"""Share of the passages carrying a code, on unseen writing, that is to be given it or left unsure."""
LEAST_UNSURE = 0.1
"""Below this probability the answer is no, whatever is missed: to look at ten passages for one find is no help."""
WRITERS_PER_TERM = 3
"""Writers who must use a term; more cost precision, fewer only add to the size of the model."""
_LEAST_SCALE = 1e-3
_DIGITS = 4
_C = 10.0
"""Inverse strength of regularisation: the best of 1, 3, 10 and 30 within noise, on registers not seen."""
_SIDE_C = 3.0
"""The same for polarity and for what a passage rests on."""
THRESHOLD = 0.3
"""Probability from which a code is given. Where probabilities are true, F1 is highest at half of the best F1 (Lipton,
Elkan and Naryanaswamy 2014), here about 0.6; what is best for each code on written passages is not so on real text."""
REAL_SHIFT = 1.0
"""Log odds that a real passage carries a code, above those of a written one with the same inputs: real text says less
in the words that writers of passages use. Fitted to real passages, and rounded down (docs/decisions/0010)."""
SHIFT_SPREAD = 0.5
"""Standard deviation of that shift from code to code and review to review, before people have decided anything: the
real passages that it was found on would have it 0.5 to 1 higher."""
_MOST_SHIFT, _HALVINGS = 8.0, 40

_TERM = r"\S+"


class Fitted(NamedTuple):
    """A fitted model of codes in its parts."""

    codes: Any
    encoder: Any | None
    stack: dict[str, Stack]


class _Scores(NamedTuple):
    """Scores of passages (passages x codes) by n-grams and, where there is an encoder, by sentence vectors."""

    text: Floats
    encoder: Floats | None


def train(passages: Sequence[CodedPassage], codebook: Codebook, encoder: Encoder | None = None) -> dict[str, bytes]:
    """Train a model; the same passages and codebook give the same bytes.

    Args:
        passages: Coded passages, in reading order within each document; hard negatives carry no code.
        codebook: The codes to learn.
        encoder: A sentence encoder whose vectors go into the probabilities too; None for none.

    Returns:
        The model folder's files by name.

    Raises:
        UserError: There is too little to learn from.
    """
    names = trainable(passages, codebook)
    if len({passage.writer for passage in passages}) < MIN_GROUPS:
        raise UserError(
            f"The passages come from fewer than {MIN_GROUPS} documents.", 'Give each passage its document in "source".'
        )
    readings = read_passages(passages, codebook)
    known = features(passages, readings, names, encoder)
    fitted = fit(known, names, topic_stems(codebook))
    parts = {
        CODES_FILE: fitted.codes,
        ENCODER_FILE: fitted.encoder,
        POLARITY_FILE: fit_side(known.terms, polarity_side(passages, readings), fitted.codes),
        BASIS_FILE: fit_side(known.terms, basis_side(passages, readings), fitted.codes),
    }
    files = {name: skops_bytes(settled(part)) for name, part in parts.items() if part is not None}
    common = frequencies(readings, names)
    files[MANIFEST] = encode(_manifest(passages, codebook, (fitted.stack, common), files, encoder))
    return files


def topic_stems(codebook: Codebook) -> frozenset[str]:
    """Give the stems of the codebook's topic words."""
    return frozenset(stem(word) for word in codebook.topic)


def trainable(passages: Sequence[CodedPassage], codebook: Codebook) -> list[str]:
    """Give the codes that have enough passages to learn from, in the codebook's order.

    Raises:
        UserError: None has.
    """
    counts = code_counts(passages, codebook)
    names = [name for name, count in counts.items() if count >= MIN_POSITIVES]
    if not names:
        listed = ", ".join(f"{name} ({count})" for name, count in counts.items())
        raise UserError(
            f"No code has {MIN_POSITIVES} passages to learn from: {listed}.",
            "Add coded passages, or run without a model: the codebook's phrases alone then code.",
        )
    return names


def _manifest(
    passages: Sequence[CodedPassage],
    codebook: Codebook,
    fitted: tuple[dict[str, Stack], dict[str, Frequencies]],
    files: Mapping[str, bytes],
    encoder: Encoder | None,
) -> Manifest:
    stack, common = fitted
    parts = [part for name in sorted(files) for part in (name, files[name])]
    fingerprint = encoder.fingerprint if encoder else ""
    return Manifest(
        id=digest("m", codebook.fingerprint, encode([stack, common]), fingerprint, *parts),
        codebook=codebook.name,
        codebook_version=codebook.digest,
        fingerprint=codebook.fingerprint,
        codes=tuple(stack),
        stack=stack,
        phrases=common[PHRASES],
        words=common[WORDS],
        passages=len(passages),
        data=data_digest(passages),
        encoder=fingerprint,
        libraries={name: version(name) for name in ("scikit-learn", "skops", "spacy", "snowballstemmer")},
    )


def fit(known: Features, names: Sequence[str], topic: Collection[str] = (), inputs: Iterable[str] = INPUTS) -> Fitted:
    """Fit text model and stack.

    A code's probability is a logistic function (Platt 1999) of its inputs, each in standard deviations and with a voice
    that is set and not fitted: fitted weights follow how passages were written, and trust phrases too little on real
    papers. It is calibrated on scores of freely worded passages in registers, or else of writers, that the text model
    has not seen; where passages were written for training, it is moved to real text (`REAL_SHIFT`).

    Args:
        known: The passages.
        names: Codes, one per column.
        topic: Stems of the words that every paper uses.
        inputs: What the probabilities may rest on.
    """
    wanted = [*inputs, *([ENCODER] if known.vectors is not None else [])]
    inputs_of = _inputs(known.cues, _unseen_scores(known, topic))
    rows, real = _calibration_rows(known), np.flatnonzero(known.paper)
    stack = {}
    for column, name in enumerate(names):
        table = np.column_stack([inputs_of[kind][:, column] for kind in wanted])
        mine = rows[known.known[rows, column]]
        fitted = _fit_stack(table[mine], known.truth[mine, column], known.at(mine), wanted, _shift(known))
        papers = real[known.known[real, column]]
        stack[name] = moved(fitted, table[papers], known.truth[papers, column]) if _beside(known) else fitted
    codes = settled(fit_text(known, topic))
    encoder = None if known.vectors is None else settled(_fit_classes(vector_model(), known.vectors, known))
    return Fitted(codes, encoder, stack)


def moved(stack: Stack, table: Floats, truth: Truth) -> Stack:
    """Move a code's log odds to what people decided on papers, the further the more of it there is.

    The most likely shift, if shifts are normally distributed around `REAL_SHIFT` (maximum a posteriori, by bisection of
    its slope, which only falls). Which passages people took up does not matter: their inputs are given.

    Args:
        stack: Shifted by `REAL_SHIFT`.
        table: Inputs of passages of papers, in the order of the stack's weights.
        truth: Whether they carry the code; none leaves the stack as it is.
    """
    logits = stack.intercept + table @ np.array(list(stack.weights.values()))
    low, high = -_MOST_SHIFT, _MOST_SHIFT
    for _ in range(_HALVINGS):
        shift = (low + high) / 2
        values = 1 / (1 + np.exp(-np.clip(logits + shift, -30, 30)))
        low, high = (shift, high) if (truth - values).sum() > shift / SHIFT_SPREAD**2 else (low, shift)
    return msgspec.structs.replace(stack, intercept=_round(stack.intercept + (low + high) / 2))


def _beside(known: Features) -> bool:
    """Tell whether passages of papers stand beside written ones."""
    return bool(known.paper.any() and not known.paper.all())


def _inputs(cues: Mapping[str, Floats], scores: _Scores) -> dict[str, Floats]:
    inputs = {TEXT: scores.text, **cues}
    return inputs if scores.encoder is None else {**inputs, ENCODER: scores.encoder}


def _shift(known: Features) -> float:
    """Give the log odds by which to correct: none where no passage was worded for training."""
    return 0.0 if known.free[~known.paper].all() else REAL_SHIFT


def _fit_stack(table: Floats, truth: Truth, known: Features, wanted: Sequence[str], shift: float) -> Stack:
    """Fit one code's stack on a table of inputs (passages x inputs): calibrate the sum of their voices, and shift it.

    The band `unsure` is found before the shift: for real text, shifted probabilities are the true ones.
    """
    means, scales = table.mean(axis=0), np.maximum(table.std(axis=0), _LEAST_SCALE)
    weights = np.array([VOICES[name] for name in wanted]) / scales
    heard = (table - means) @ weights
    unseen = np.zeros(len(truth))
    for seen, tested in folds(known.groups):
        unseen[tested] = _calibrated(heard[seen], truth[seen]).predict_proba(heard[tested, None])[:, 1]
    model = _calibrated(heard, truth)
    slope = float(model.coef_[0][0])
    return Stack(
        intercept=_round(model.intercept_[0] - slope * float(means @ weights) + shift),
        weights={name: _round(slope * weight) for name, weight in zip(wanted, weights.tolist(), strict=True)},
        threshold=THRESHOLD,
        unsure=unsure_from(unseen, truth, THRESHOLD),
    )


def _calibrated(heard: Floats, truth: Truth) -> LogisticRegression:
    """Calibrate; where all passages carry the code, or none, one more that is average is taken to be otherwise."""
    if truth.all() or not truth.any():
        heard, truth = np.append(heard, heard.mean()), np.append(truth, not truth[0])
    return LogisticRegression(C=10.0, solver="liblinear", random_state=SEED).fit(heard[:, None], truth)


def _calibration_rows(known: Features) -> Rows:
    """Give the passages to calibrate on: those worded freely, or all written ones, where these hold too little."""
    free = np.flatnonzero(known.free)
    chosen = known.at(free)
    counts = chosen.truth.sum(axis=0)
    enough = len({group.writer for group in chosen.groups}) >= MIN_GROUPS
    if enough and bool((counts >= MIN_CALIBRATION).all() and (counts < len(free)).all()):
        return free
    return np.flatnonzero(~known.paper) if _beside(known) else np.arange(len(known.terms))


def settled(model: Any) -> Any:
    """Take out of a fitted model what another run, or another machine, would not give again."""
    steps = [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]
    for step in steps:
        vars(step).pop("_stop_words_id", None)  # a place in memory
        for estimator in getattr(step, "estimators_", ()):
            estimator.coef_ = np.round(estimator.coef_, _DIGITS)
            estimator.intercept_ = np.round(estimator.intercept_, _DIGITS)
    return model


def text_model(known: Features) -> Any:
    """Build the text model: TF-IDF of one and two stems, and a balanced logistic regression per class.

    Args:
        known: What it will be fitted to: only terms that several writers use go in, and nobody's favourite words.
    """
    counter = CountVectorizer(token_pattern=_TERM, lowercase=False, ngram_range=(1, 2), vocabulary=_shared_terms(known))
    weights = TfidfTransformer(sublinear_tf=True)
    return Pipeline([("terms", counter), ("weights", weights), ("classes", _one_a_class(_C))])


def fit_text(known: Features, topic: Collection[str]) -> Any:
    """Fit the text model; terms made of topic words alone get no weight against a code.

    Args:
        known: Passages with their codes.
        topic: Stems of the words that every paper uses.
    """
    model = text_model(known)
    _fit_classes(model.named_steps["classes"], model[:-1].fit_transform(known.terms), known)
    names = model.named_steps["terms"].get_feature_names_out()
    about = np.array([all(word in topic for word in str(name).split(" ")) for name in names], dtype=bool)
    for estimator in model.named_steps["classes"].estimators_:
        estimator.coef_[0, about] = np.maximum(estimator.coef_[0, about], 0.0)
    return model


def _shared_terms(known: Features) -> list[str]:
    """Give the terms of at least two passages that at least three writers use (all writers, where there are fewer)."""
    counter = CountVectorizer(token_pattern=_TERM, lowercase=False, ngram_range=(1, 2), min_df=2)
    present = counter.fit_transform(known.terms) > 0
    writers = sorted({group.writer for group in known.groups})
    rows = np.array([writers.index(group.writer) for group in known.groups])
    used = sum((present[rows == number].sum(axis=0) > 0).astype(np.int64) for number in range(len(writers)))
    enough = np.asarray(used).ravel() >= min(WRITERS_PER_TERM, len(writers))
    return [str(term) for term in counter.get_feature_names_out()[enough]]


def vector_model() -> Any:
    """Build the model on sentence vectors: a balanced logistic regression per class."""
    return _one_a_class(_C)


def _one_a_class(strength: float) -> Any:
    return OneVsRestClassifier(
        LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", random_state=SEED)
    )


def _fit_classes(classes: Any, matrix: Any, known: Features) -> Any:
    """Fit one model a code, each on the passages of which it is known whether they carry it, by their weights."""
    binarizer = LabelBinarizer(sparse_output=True).fit(known.truth.astype(int))
    classes.label_binarizer_, classes.classes_ = binarizer, binarizer.classes_
    classes.estimators_ = [
        _fit_code(classes.estimator, matrix, known, column) for column in range(known.truth.shape[1])
    ]
    classes.n_features_in_ = matrix.shape[1]
    return classes


def _fit_code(estimator: Any, matrix: Any, known: Features, column: int) -> Any:
    """Fit one code's model; what is not known counts as a no where nothing else tells what a no is."""
    truth = known.truth[:, column].astype(int)
    rows = np.flatnonzero(known.known[:, column])
    if len(set(truth[rows].tolist())) < 2:
        rows = np.arange(len(truth))
    if len(set(truth.tolist())) < 2:
        return _one_answer(estimator, matrix.shape[1], yes=bool(truth.any()))
    return clone(estimator).fit(matrix[rows], truth[rows], sample_weight=known.weights[rows])


def _one_answer(estimator: Any, inputs: int, *, yes: bool) -> Any:
    """Make a model that always says the same, for a code that all passages at hand carry, or none."""
    model = clone(estimator)
    model.classes_, model.n_features_in_ = np.array([0, 1]), inputs
    model.coef_, model.intercept_ = np.zeros((1, inputs)), np.array([1.0 if yes else -1.0])
    return model


def fit_side(terms: Sequence[str], side: Side, codes: Any) -> Any | None:
    """Fit a model of polarity, or of what a passage rests on; None where fewer than two classes are told apart.

    Args:
        terms: Terms of all passages.
        side: Which passages, and their classes.
        codes: The fitted text model, whose terms and weights it shares.
    """
    if len(set(side.classes)) < 2:
        return None
    matrix = with_marks(codes[:-1].transform([terms[row] for row in side.rows.tolist()]), side.marks)
    return settled(_one_a_class(_SIDE_C).fit(matrix, side.classes))


def unseen_classes(known: Features, side: Side, keys: Sequence[str]) -> list[str]:
    """Cross-validate such a model: what one says that saw no passage of the same key (one key a row of the side)."""
    said = np.empty(len(side.classes), dtype=object)
    for seen, unseen in split(keys):
        part = Side(side.rows[seen], side.marks[seen], [side.classes[i] for i in seen.tolist()])
        texts = [known.terms[row] for row in part.rows.tolist()]
        codes = text_model(known.at(part.rows))[:-1].fit(texts)
        model = _one_a_class(_SIDE_C).fit(with_marks(codes.transform(texts), part.marks), part.classes)
        tested = codes.transform([known.terms[row] for row in side.rows[unseen].tolist()])
        said[unseen] = model.predict(with_marks(tested, side.marks[unseen]))
    return [str(value) for value in said]


def unseen_probabilities(
    known: Features,
    names: Sequence[str],
    keys: Sequence[str],
    topic: Collection[str] = (),
    inputs: Iterable[str] = INPUTS,
) -> tuple[Floats, Truth]:
    """Cross-validate the whole recipe.

    Args:
        known: The passages.
        names: Codes, one per column.
        keys: One per passage; passages of equal key are never on both sides.
        topic: Stems of the words that every paper uses.
        inputs: What the probabilities may rest on.

    Returns:
        Probabilities and given codes (passages x codes), each from a model that saw no passage of the same key.
    """
    values = np.zeros(known.truth.shape)
    given = np.zeros(known.truth.shape, dtype=bool)
    for seen, unseen in split(keys):
        fitted = fit(known.at(seen), names, topic, inputs)
        values[unseen] = predicted(fitted, known.at(unseen), names)
        given[unseen] = values[unseen] >= np.array([fitted.stack[name].threshold for name in names])
    return values, given


def predicted(fitted: Fitted, known: Features, names: Sequence[str]) -> Floats:
    """Give the probabilities that a fitted model says of passages (passages x codes)."""
    scores = _scores(fitted.codes, fitted.encoder, known)
    return probabilities(fitted.stack, names, _inputs(known.cues, scores))


def _unseen_scores(known: Features, topic: Collection[str]) -> _Scores:
    text = np.zeros(known.truth.shape)
    vectors = None if known.vectors is None else np.zeros(known.truth.shape)
    for seen, unseen in folds(known.groups):
        part = known.at(seen)
        codes = fit_text(part, topic)
        encoder = None if part.vectors is None else _fit_classes(vector_model(), part.vectors, part)
        scores = _scores(codes, encoder, known.at(unseen))
        text[unseen] = scores.text
        if vectors is not None and scores.encoder is not None:
            vectors[unseen] = scores.encoder
    return _Scores(text, vectors)


def _scores(codes: Any, encoder: Any | None, known: Features) -> _Scores:
    return _Scores(
        _two_dimensional(codes.decision_function(known.terms)),
        None if encoder is None else _two_dimensional(encoder.decision_function(known.vectors)),
    )


def _two_dimensional(scores: Floats) -> Floats:
    """Give one column a class, also where there is only one."""
    return scores.reshape(len(scores), -1)


def unsure_from(values: Floats, truth: Truth, threshold: float) -> float:
    """Give the probability, in steps of 0.01, from which a code is left open rather than ruled out."""
    grid = np.arange(round(100 * LEAST_UNSURE), round(100 * threshold) + 1) / 100
    positives = max(1, int(truth.sum()))
    enough = [value for value in grid if int((truth & (values >= value)).sum()) >= RECALL_WITH_UNSURE * positives]
    return round(float(max(enough, default=LEAST_UNSURE)), 2)


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
