"""What each feature brings: recipes compared on registers that they have not seen. `make ablation` writes the table.

Recipes that the package does not ship are put together here, so that the package holds only what earned its place.
The table goes to models/coproduction/ablation.json, which the model card shows. With `--vectors FILE.npy` (sentence
vectors of the passages, in the order of the files) the encoder is measured too.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from evitable.classify.inputs import PHRASES, TEXT, WORDS, Reader, Reading, phrase_counts
from evitable.classify.terms import CITATION
from evitable.codebook import default_codebook
from evitable.flows.config import shipped_model
from evitable.records import encode
from evitable.training.card import ABLATION, Ablation, AblationRow
from evitable.training.data import CodedPassage, read_coded_passages
from evitable.training.features import SEED, Features, features, read_passages, split
from evitable.training.fit import REAL_SHIFT, THRESHOLD, VOICES, fit_text, topic_stems
from evitable.training.measures import figures

Floats = npt.NDArray[np.float64]
Input = Floats
NEAR = 3
NEGATED_WITHIN = 4
TOPIC = topic_stems(default_codebook())


def linear() -> OneVsRestClassifier:
    """Build one balanced logistic regression per code."""
    return OneVsRestClassifier(
        LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=SEED)
    )


def unseen(keys: Sequence[str], shape: tuple[int, int], score: Callable[..., Floats]) -> Floats:
    """Give scores from models that saw no passage of the same key; `score(seen, unseen)` trains and answers."""
    scores = np.zeros(shape)
    for seen, tested in split(keys):
        scores[tested] = score(seen, tested)
    return scores


def text_scores(known: Features, keys: Sequence[str]) -> Floats:
    """Score by words and pairs of words."""

    def score(seen: npt.NDArray[np.int64], tested: npt.NDArray[np.int64]) -> Floats:
        part = known.at(seen)
        model = fit_text(part, TOPIC)
        return np.asarray(model.decision_function(known.at(tested).terms))

    return unseen(keys, known.truth.shape, score)


def character_scores(known: Features, keys: Sequence[str]) -> Floats:
    """Score by sequences of three to five letters."""

    def score(seen: npt.NDArray[np.int64], tested: npt.NDArray[np.int64]) -> Floats:
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=3, lowercase=False)
        model = linear().fit(letters.fit_transform(known.at(seen).terms), known.truth[seen].astype(int))
        return np.asarray(model.decision_function(letters.transform(known.at(tested).terms)))

    return unseen(keys, known.truth.shape, score)


def vector_scores(known: Features, keys: Sequence[str], vectors: Floats) -> Floats:
    """Score by sentence vectors."""
    return unseen(
        keys,
        known.truth.shape,
        lambda seen, tested: np.asarray(
            linear().fit(vectors[seen], known.truth[seen].astype(int)).decision_function(vectors[tested])
        ),
    )


def best_sentence_scores(passages: Sequence[CodedPassage], known: Features, keys: Sequence[str]) -> Floats:
    """Score by the sentence that speaks most for a code, with the model of whole passages."""
    sentences, owners = [], []
    for number, passage in enumerate(passages):
        parts = [part for part in re.split(r"(?<=[.!?;:])\s+", passage.text) if len(part.split()) > 3]
        sentences += parts or [passage.text]
        owners += [number] * len(parts or [0])
    readings = Reader(default_codebook()).read(sentences)
    owner = np.array(owners)

    def score(seen: npt.NDArray[np.int64], tested: npt.NDArray[np.int64]) -> Floats:
        part = known.at(seen)
        model = fit_text(part, TOPIC)
        mine = np.flatnonzero(np.isin(owner, tested))
        answers = model.decision_function([readings[i].terms.joined for i in mine.tolist()])
        best = np.full(known.truth.shape, -np.inf)
        np.maximum.at(best, owner[mine], answers)
        return best[tested]

    return unseen(keys, known.truth.shape, score)


def neighbour_scores(scores: Floats, passages: Sequence[CodedPassage]) -> Floats:
    """Give the mean score of up to three passages before and after, in the same document."""
    means = np.tile(scores.mean(axis=0), (len(scores), 1))
    for row, passage in enumerate(passages):
        near = [
            other
            for other in range(max(0, row - NEAR), min(len(passages), row + NEAR + 1))
            if other != row and passages[other].source == passage.source
        ]
        if near:
            means[row] = scores[near].mean(axis=0)
    return means


def per_passage(values: Sequence[float], shape: tuple[int, int]) -> Floats:
    """Give a value of a passage to each of its codes."""
    return np.repeat(np.log1p(np.array(values, dtype=np.float64))[:, None], shape[1], axis=1)


def negated(readings: Sequence[Reading], names: Sequence[str]) -> Floats:
    """Count indicator phrases that stand at most four words behind a negation."""
    turned = [
        [f for f in r.cues.phrases if any(0 <= f.start - end <= NEGATED_WITHIN for end in r.cues.negations)]
        for r in readings
    ]
    counts = [[len({f.phrase for f in found if f.label == name}) for name in names] for found in turned]
    return np.log1p(np.array(counts, dtype=np.float64))


def measure(
    recipe: str,
    inputs: Sequence[Input],
    known: Features,
    keys: Sequence[str],
    *,
    voices: Sequence[float] = (),
    kept: bool = False,
    note: str = "",
) -> AblationRow:
    """Put inputs (passages x codes each) together, and measure on keys not seen.

    Weights are fitted, unless voices are set: then the sum of the inputs in standard deviations is calibrated on freely
    worded passages and shifted, as the shipped model does.
    """
    values = np.zeros(known.truth.shape)
    given = np.zeros(known.truth.shape, dtype=bool)
    for seen, tested in split(keys):
        for code in range(known.truth.shape[1]):
            table = np.column_stack([one[:, code] for one in inputs])
            taught = seen
            if voices:
                taught = seen[known.free[seen]]
                mean, scale = table[taught].mean(axis=0), table[taught].std(axis=0)
                table = (((table - mean) / scale) @ np.array(voices))[:, None]
            stack = LogisticRegression(C=10.0, solver="liblinear", random_state=SEED)
            stack.fit(table[taught], known.truth[taught, code])
            if voices:
                stack.intercept_ = stack.intercept_ + REAL_SHIFT
            values[tested, code] = stack.predict_proba(table[tested])[:, 1]
            given[tested, code] = values[tested, code] >= THRESHOLD
    names = [str(i) for i in range(known.truth.shape[1])]
    result = figures(names, known.truth, given, values, [group.source for group in known.groups])
    row = AblationRow(
        recipe=recipe,
        macro_f1=round(result.macro_f1, 4),
        micro_f1=round(result.micro_f1, 4),
        mean_average_precision=round(result.mean_average_precision, 4),
        any_code_f1=round(result.any_code_f1, 4),
        kept=kept,
        note=note,
    )
    sys.stdout.write(
        f"{recipe:44} macro F1 {row.macro_f1:.3f}  micro F1 {row.micro_f1:.3f}  mAP {row.mean_average_precision:.3f}  "
        f"any code {row.any_code_f1:.3f}\n"
    )
    return row


def main() -> int:
    """Measure all recipes and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, default=None)
    options = parser.parse_args()
    book = default_codebook()
    folder = shipped_model(book.name)
    if folder is None:
        sys.stderr.write("There is no shipped model.\n")
        return 2
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "training").glob("*.jsonl"))}
    passages = read_coded_passages(files, book)
    names = [code.name for code in book.code]
    readings = read_passages(passages, book)
    known = features(passages, readings, names)
    keys = [passage.register for passage in passages]
    shape = known.truth.shape

    text, phrases, words = text_scores(known, keys), known.cues[PHRASES], known.cues[WORDS]
    citations = per_passage([r.terms.texts.count(CITATION) for r in readings], shape)
    hedges = per_passage([r.cues.hedges for r in readings], shape)
    sections = [
        np.repeat(np.array([[float(p.section == kind)] for p in passages]), shape[1], axis=1)
        for kind in sorted({p.section for p in passages if p.section})
    ]
    both, alike = [text, phrases], np.log1p(phrase_counts(readings, names))
    rows = [
        measure("phrases alone (rules)", [phrases], known, keys),
        measure("words and pairs of words alone", [text], known, keys),
        measure(
            "with phrases that all count alike, set voices",
            [text, alike],
            known,
            keys,
            voices=(VOICES[TEXT], 0.5),
        ),
        measure("with phrases by their rarity, set voices", both, known, keys, voices=(VOICES[TEXT], VOICES[PHRASES])),
        measure(
            "with phrases and the codes' words, set voices",
            [*both, words],
            known,
            keys,
            voices=(VOICES[TEXT], VOICES[PHRASES], VOICES[WORDS]),
            kept=True,
            note="shipped: worse here, better on real text",
        ),
        measure("words, pairs and phrases with fitted weights", both, known, keys),
        measure("fitted, and the codes' words", [*both, words], known, keys),
        measure("fitted, and negated phrases", [*both, negated(readings, names)], known, keys),
        measure("fitted, and hedges", [*both, hedges], known, keys, note="kept for polarity and basis"),
        measure("fitted, and citations", [*both, citations], known, keys, note="kept for basis"),
        measure("fitted, and kind of section", [*both, *sections], known, keys, note="kept for basis"),
        measure(
            "fitted, and neighbours' scores",
            [*both, neighbour_scores(text, passages)],
            known,
            keys,
            note="imagined documents spread their codes as real ones do not",
        ),
        measure(
            "fitted, and letters", [*both, character_scores(known, keys)], known, keys, note="three times the time"
        ),
        measure(
            "fitted, and the best sentence",
            [*both, best_sentence_scores(passages, known, keys)],
            known,
            keys,
            note="half as fast",
        ),
    ]
    if options.vectors is not None:
        vectors = vector_scores(known, keys, np.load(options.vectors))
        rows.append(
            measure("fitted, and a sentence encoder", [*both, vectors], known, keys, note="plug-in; off by default")
        )
    (folder / ABLATION).write_bytes(encode(Ablation(passages=len(passages), rows=tuple(rows))) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
