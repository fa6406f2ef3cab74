"""Words rejoined over line ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"(?P<part>[^\W\d_]+)-$")
_FIRST = re.compile(r"^(?P<part>[^\W_]+)")
_PREFIXES = frozenset(
    """
    co self non well cross multi semi socio quasi decision user citizen client evidence peer two three four five seven
    eight nine twenty thirty forty fifty sixty seventy eighty ninety
    """.split()  # noqa: SIM905 - a word list reads better than 60 quoted words
)
"""First words that take a hyphen before any other."""
_FIRST_WORDS = frozenset(
    """
    pre post inter intra anti long short full part high low face state policy top bottom third public private community
    problem service end all half ex first second middle large small real value risk open web north south east west
    follow set up out cost time e one six ten
    """.split()  # noqa: SIM905 - a word list reads better than 60 quoted words
)
"""First words that commonly take one, where what follows is a word of its own."""


class HyphenRule:
    """Decides whether a hyphen at a line's end belongs to the word.

    The paper itself is the dictionary: `co-` / `production` keeps its hyphen where the paper writes `co-production`
    inside a line, `wher-` / `ever` loses it where it writes `wherever`. Where it writes neither, the hyphen stays after
    a first word that commonly takes one, if the paper writes the second by itself (`full-time`, but not `pre-venting`),
    and goes otherwise.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the paper's words.

        Args:
            lines: Text of all lines, in reading order.
        """
        self._seen: Counter[str] = Counter()
        parted = False
        for line in lines:
            words = _WORD.findall(line)
            ends = bool(_LAST.search(line))  # the halves of a parted word are no words of the paper
            self._seen.update(word.casefold() for word in words[parted : len(words) - ends])
            parted = ends

    def join(self, above: str, below: str) -> str:
        """Join two lines of one paragraph into running text; either may be empty."""
        if not above or not below:
            return above + below
        left, right = _LAST.search(above), _FIRST.search(below)
        if left is None or right is None:
            keeps = above.endswith(("-", "–", "—", "/")) and not above.endswith((" -", " –", " —"))
            return above + below if keeps else f"{above} {below}"
        return above + below if self._keeps(left["part"], right["part"]) else above[:-1] + below

    def _keeps(self, left: str, right: str) -> bool:
        if not right[0].islower():
            return True
        with_hyphen = self._seen[f"{left}-{right}".casefold()]
        without = self._seen[f"{left}{right}".casefold()]
        if with_hyphen or without:
            return with_hyphen > without
        first = left.casefold()
        return first in _PREFIXES or (first in _FIRST_WORDS and self._seen[right.casefold()] > 0)
