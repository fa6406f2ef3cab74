"""What training passages are like: how alike, how varied in words, and how well two coders agree on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from evitable.codebook import Codebook
from evitable.training.data import CodedPassage
from evitable.training.measures import f1, kappa

SHINGLE = 3
"""Words of a shingle."""
ALIKE = 0.2
"""Share of common shingles (Jaccard) from which two passages count as near-duplicates."""
WINDOW = 500
"""Words of the window in which lexical diversity is taken."""


class Diversity(NamedTuple):
    """How varied passages are.

    Attributes:
        words: Running words.
        types: Different words.
        moving_ratio: Moving-average type-token ratio over 500 words (Covington and McFall 2010).
        distinct_shingles: Share of three-word sequences that are different.
        alike: Pairs with a Jaccard similarity of at least 0.2 in three-word shingles.
        most_alike: The highest similarity of two passages.
        mean_nearest: Mean similarity of a passage to the one most like it.
    """

    words: int
    types: int
    moving_ratio: float
    distinct_shingles: float
    alike: int
    most_alike: float
    mean_nearest: float


class Agreement(NamedTuple):
    """How two coders agree on one code."""

    code: str
    first: int
    second: int
    f1: float | None
    kappa: float | None


def diversity(passages: Sequence[CodedPassage]) -> Diversity:
    """Measure how alike and how varied passages are; every pair is compared, so nothing is estimated.

    Raises:
        ValueError: There is no passage with three words.
    """
    texts = [passage.text for passage in passages]
    words = [word for text in texts for word in _words(text)]
    shingles = CountVectorizer(analyzer=_shingles, dtype=np.int64)
    counted = shingles.fit_transform(texts)
    total = int(counted.sum())
    present = (counted > 0).astype(np.int64)
    nearest, alike = _nearest(present)
    return Diversity(
        words=len(words),
        types=len(set(words)),
        moving_ratio=_moving_ratio(words),
        distinct_shingles=present.shape[1] / total,
        alike=alike,
        most_alike=max(nearest, default=0.0),
        mean_nearest=sum(nearest) / len(nearest) if nearest else 0.0,
    )


def _words(text: str) -> list[str]:
    return [word for word in ("".join(c for c in part if c.isalpha()) for part in text.casefold().split()) if word]


def _shingles(text: str) -> list[str]:
    words = _words(text)
    return [" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]


def _nearest(present: Any) -> tuple[list[float], int]:
    """Give each passage's highest Jaccard similarity to another, and the number of pairs that are near-duplicates."""
    sizes = np.asarray(present.sum(axis=1)).ravel()
    common = (present @ present.T).tocoo()
    rows, columns = common.row, common.col
    other = rows != columns
    rows, columns, shared = rows[other], columns[other], common.data[other]
    similar = shared / (sizes[rows] + sizes[columns] - shared)
    nearest = np.zeros(len(sizes))
    np.maximum.at(nearest, rows, similar)
    return [float(value) for value in nearest], int((similar >= ALIKE).sum()) // 2


def _moving_ratio(words: Sequence[str]) -> float:
    """Give the mean share of different words in all windows of 500 words; of all words where there are fewer."""
    if len(words) <= WINDOW:
        return len(set(words)) / len(words) if words else 0.0
    counts: dict[str, int] = {}
    total = 0
    for place, word in enumerate(words):
        counts[word] = counts.get(word, 0) + 1
        if place >= WINDOW:
            gone = words[place - WINDOW]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
        if place >= WINDOW - 1:
            total += len(counts)
    return total / (len(words) - WINDOW + 1) / WINDOW


def agreement(
    first: Sequence[CodedPassage], second: Mapping[str, CodedPassage], codebook: Codebook
) -> tuple[list[Agreement], Agreement]:
    """Compare two coders on the passages that both coded.

    Args:
        first: Passages as the one coded them.
        second: Passages as the other coded them, by id.
        codebook: The codes.

    Returns:
        Agreement by code, and over all codes together (kappa being the mean over codes); no common passage gives
        zeros and None.
    """
    names = [code.name for code in codebook.code]
    pairs = [(passage, second[passage.id]) for passage in first if passage.id in second]
    a = np.array([[name in one.codes for name in names] for one, _ in pairs], dtype=bool).reshape(len(pairs), -1)
    b = np.array([[name in two.codes for name in names] for _, two in pairs], dtype=bool).reshape(a.shape)
    if not pairs:
        return [Agreement(name, 0, 0, None, None) for name in names], Agreement("all", 0, 0, None, None)
    by_code = [
        Agreement(name, int(a[:, i].sum()), int(b[:, i].sum()), f1(a[:, i], b[:, i]), kappa(a[:, i], b[:, i]))
        for i, name in enumerate(names)
    ]
    kappas = [one.kappa for one in by_code if one.kappa is not None]
    mean = sum(kappas) / len(kappas) if kappas else None
    return by_code, Agreement("all", int(a.sum()), int(b.sum()), f1(a.ravel(), b.ravel()), mean)
