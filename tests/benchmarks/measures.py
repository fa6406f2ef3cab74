"""How well an extracted text fits the truth: recall, order, noise, words and headings."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.jats import Article

_SHINGLE = 14
"""Letters and digits that must run together to say where a piece of text comes from."""

_NUMBERED = re.compile(r"^(\d+(\.\d+)*|[IVX]+|[A-H])[.):]?\s+")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an engine gives: its text to be coded, and its headings if it tells them; None if it tells nothing."""

    text: str
    headings: tuple[str, ...] | None = None


def squash(text: str) -> str:
    """Keep letters and digits only, without letter case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def words(text: str) -> list[str]:
    """Give the words, a compound as one for each part, without letter case."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def measure(article: Article, found: Extracted) -> Counter[str]:
    """Count what can be summed over articles: found, out of, wrong."""
    squashed, running = squash(found.text), f" {' '.join(words(found.text))} "
    counts: Counter[str] = Counter(sentences=len(article.sentences))
    for sentence in article.sentences:
        counts["squashed"] += squash(sentence) in squashed
        counts["word_for_word"] += f" {' '.join(words(sentence))} " in running
    counts.update(_order(words(" ".join(article.body)), words(found.text)))
    counts.update(_noise(article, squashed))
    counts.update(_boundaries(article.sentences, found.text))
    counts.update(_headings(article.headings, found.headings))
    return counts


def _order(truth: Sequence[str], text: Sequence[str]) -> dict[str, int]:
    """Count the runs of three words that stand once in both, and how many of them are in the right order."""
    once = _once(text)
    places = [once[run] for run in _once(truth) if run in once]
    return {"ordered_of": len(places), "ordered": _longest_rising(places)}


def _once(tokens: Sequence[str]) -> dict[tuple[str, ...], int]:
    runs = [tuple(tokens[index : index + 3]) for index in range(len(tokens) - 2)]
    times = Counter(runs)
    return {run: index for index, run in enumerate(runs) if times[run] == 1}


def _longest_rising(places: Iterable[int]) -> int:
    """Give the length of the longest rising subsequence (patience sorting)."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _noise(article: Article, squashed: str) -> Counter[str]:
    """Count the letters that come from elsewhere than the body, by where they come from; `unknown` is in no XML."""
    body = _shingles(squash(" ".join(article.body)))
    others = {name: _shingles(squash(text)) for name, text in article.other.items()}
    others["headings"] = _shingles(" ".join(squash(heading) for heading in article.headings))
    covered = [""] * len(squashed)
    for name, shingles in (*sorted(others.items()), ("body", body)):  # the body last: what stands in both is body
        for index in range(len(squashed) - _SHINGLE + 1):
            if squashed[index : index + _SHINGLE] in shingles:
                covered[index : index + _SHINGLE] = [name] * _SHINGLE
    counts = Counter(f"letters_{name or 'unknown'}" for name in covered)
    counts["letters"] = len(squashed)
    return counts


def _shingles(text: str) -> set[str]:
    return {text[index : index + _SHINGLE] for index in range(len(text) - _SHINGLE + 1)}


def _boundaries(sentences: Sequence[str], text: str) -> dict[str, int]:
    """Count, in sentences whose letters are found, word boundaries that are missing (joined) or too many (split)."""
    squashed, breaks = _with_breaks(text)
    joined = split = total = 0
    for sentence in sentences:
        wanted, inside = _with_breaks(sentence)
        at = squashed.find(wanted)
        if at < 0:
            continue
        found = {place - at for place in breaks[bisect_left(breaks, at + 1) : bisect_left(breaks, at + len(wanted))]}
        joined += len(set(inside) - found)
        split += len(found - set(inside))
        total += len(inside) + 1
    return {"joined": joined, "split": split, "words": total}


def _with_breaks(text: str) -> tuple[str, list[int]]:
    """Squash a text, and give where in it a new word begins."""
    parts = words(text)
    breaks, length = [], 0
    for part in parts:
        bare = "".join(c for c in part if c.isalnum())
        if length:
            breaks.append(length)
        length += len(bare)
    return "".join(c for part in parts for c in part if c.isalnum()), breaks


def _headings(wanted: Sequence[str], found: Sequence[str] | None) -> dict[str, int]:
    if found is None:
        return {}
    bare = {squash(_NUMBERED.sub("", heading)) for heading in found}
    return {
        "headings": len(wanted),
        "headings_found": sum(squash(_NUMBERED.sub("", heading)) in bare for heading in wanted),
        "headings_said": len(found),
    }
