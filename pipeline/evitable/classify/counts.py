"""Whole numbers in figures and in words."""

from __future__ import annotations

import re

_UNDER_TWENTY = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ONES = {word: value for value, word in enumerate(_UNDER_TWENTY, start=2)}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS = "|".join((*_ONES, *_TENS))
"""Alternatives for one word of a number."""
_SMALL = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:one|{'|'.join(_ONES)}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
)
_WORDS = rf"(?:(?:an?|one|{'|'.join(_ONES)}) hundred(?: and (?:one|{_SMALL}))?|{_SMALL})"

NUMBER = (
    rf"(?<![\w.,$€£#§–/-])(?:\d{{1,3}}(?:[,\u202f\u00a0]\d{{3}}){{1,2}}|\d{{1,6}}|(?i:{_WORDS}))(?![\w%/–-]|[.,]\d)"
)
"""Pattern of a whole number of two or more, without groups: 25, 1,204, twenty-five, a hundred and two."""


def number(written: str) -> int:
    """Give the value of what `NUMBER` matches.

    Raises:
        KeyError: It is no such number.
    """
    if written[0].isdigit():
        return int(re.sub(r"\D", "", written))
    head, hundred, tail = written.lower().partition(" hundred")
    if not hundred:
        return _small(head)
    hundreds = 1 if head in {"a", "an", "one"} else _ONES[head]
    return 100 * hundreds + (_small(tail.removeprefix(" and ")) if tail else 0)


def is_year(written: str) -> bool:
    """Tell whether a number may be a year: four figures without a comma, 1900 to 2099."""
    return re.fullmatch(r"(?:19|20)\d\d", written) is not None


def _small(word: str) -> int:
    tens, _, ones = word.replace("-", " ").partition(" ")
    if tens in _TENS:
        return _TENS[tens] + (_small(ones) if ones else 0)
    return 1 if tens == "one" else _ONES[tens]
