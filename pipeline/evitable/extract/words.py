"""Words rejoined over line ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"(?P<part>[^\W\d_]+)-$")
_FIRST = re.compile(r"^(?P<part>[^\W_]+)")
_KEEPS_HYPHEN = frozenset(
    """
    co self non well cross multi semi socio pre post inter intra anti decision long short full part high low face user
    citizen client evidence state policy top bottom third public private peer community problem service end all half ex
    first second middle large small real value risk open web quasi north south east west follow set up out cost time e
    one two three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety
    """.split()  # noqa: SIM905 - a word list reads better than 60 quoted words
)


class HyphenRule:
    """Decides whether a hyphen at a line's end belongs to the word.

    The paper itself is the dictionary: `co-` / `production` keeps its hyphen where the paper writes `co-production`
    inside a line, `wher-` / `ever` loses it where it writes `wherever`. Where it writes neither, the hyphen stays after
    a prefix or first word that commonly takes one, and goes otherwise.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the paper's words.

        Args:
            lines: Text of all lines.
        """
        self._seen: Counter[str] = Counter()
        for line in lines:
            self._seen.update(word.casefold() for word in _WORD.findall(line))

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
        return left.casefold() in _KEEPS_HYPHEN
