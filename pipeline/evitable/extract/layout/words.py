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


_SOLID = frozenset(
    """
    able back body book case cases ever fold ful ground hold holder holders holds hood land less like line long ment
    ness one over person place port room rooms self ship shop shops side site some thing things time times tion ward
    wards ways where wide wise word words work worker workers working works
    """.split()  # noqa: SIM905 - a word list reads better than 60 quoted words
)
"""Second halves that are mostly written together with the first: workshop, household, feedback."""
_LONGEST = 80
"""Letters at a line's end in which the first half of a word is sought."""
_SHORTEST = 4
"""Letters from which two words of the paper make a compound of their own."""


class HyphenRule:
    """Decides whether a hyphen at a line's end belongs to the word.

    The paper itself is the dictionary: `co-` / `production` keeps its hyphen where the paper writes `co-production`
    inside a line, `wher-` / `ever` loses it where it writes `wherever`. Where it writes neither, the hyphen stays after
    an abbreviation or a first word that commonly takes one (`full-time`, but not `pre-venting`), and between two longer
    words that the paper also writes by themselves (`computer-generated`), and goes otherwise.
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
        left, right = _LAST.search(above[-_LONGEST:]), _FIRST.match(below)
        if left is None or right is None:
            keeps = above.endswith(("-", "–", "—", "/")) and not above.endswith((" -", " –", " —"))
            return above + below if keeps else f"{above} {below}"
        goes_on = below[right.end() : right.end() + 1] == "-"
        keeps = self._keeps(left["part"], right["part"], goes_on=goes_on)
        return above + below if keeps else above[:-1] + below

    def _keeps(self, left: str, right: str, *, goes_on: bool) -> bool:
        if not right[0].islower() or (left.isupper() and len(left) > 1):
            return True
        with_hyphen = self._seen[f"{left}-{right}".casefold()]
        without = self._seen[f"{left}{right}".casefold()]
        if with_hyphen or without:
            return with_hyphen > without
        first, second = left.casefold(), right.casefold()
        if first in _PREFIXES or (goes_on and self._seen[first]):
            return True
        if not self._seen[second] or second in _SOLID:
            return False
        return first in _FIRST_WORDS or (min(len(first), len(second)) >= _SHORTEST and self._seen[first] > 0)
