"""Names of the same people in several places, agreed: who is who, and where each name parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from evitable.extract.metadata.names import Name
from evitable.records import squash


def reconcile(byline: Sequence[Name], cited: Sequence[Name]) -> list[Name]:
    """Agree the names below the title with those of the paper's own citation, which is the shorter and the surer list.

    Returns:
        The citation's names in its order, with the given names that the byline spells out; the byline where the
        citation names none.
    """
    left = list(byline)
    fuller = []
    for one in cited:
        match = next((name for name in left if _same_person(name, one)), None)
        fuller.append(match or one)
        if match is not None:
            left.remove(match)
    return settle(fuller, cited) if cited else left


def settle(names: Sequence[Name], hints: Sequence[Name]) -> list[Name]:
    """Part each name where another place parts it: `Lucía Hernández Ibáñez` as `Hernández Ibáñez, L.` says."""
    return [_settled(name, [hint for hint in hints if hint.given]) for name in names]


def _settled(name: Name, hints: Sequence[Name]) -> Name:
    words = [*name.given.split(), *name.family.split()]
    for hint in hints:
        size = len(hint.family.split())
        if not 0 < size < len(words) or "," in name.given:
            continue
        if squash(" ".join(words[-size:])) == squash(hint.family) and squash(hint.given)[:1] == squash(words[0])[:1]:
            return Name(" ".join(words[-size:]), " ".join(words[:-size]))
        if squash(name.given + name.family) == squash(hint.family + hint.given):
            return Name(" ".join(words[:size]), " ".join(words[size:]))
    return name


def _same_person(one: Name, other: Name) -> bool:
    """Tell whether two names may be one person's: the same words, or the same family name and first initial."""
    first, second = _letters([one.family, one.given]), _letters([other.family, other.given])
    if sorted(first) == sorted(second):
        return True
    families = _letters([one.family]), _letters([other.family])
    initials = [_letters([name.given])[:1] for name in (one, other)]
    same_family = families[0] == families[1] or families[0][-1:] == families[1][-1:]
    return same_family and [word[:1] for word in initials[0]] == [word[:1] for word in initials[1]]


def _letters(texts: Iterable[str]) -> list[str]:
    """Give the words without accents, points and letter case."""
    plain = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    return re.findall(r"[^\W\d_]+", "".join(c for c in plain if not unicodedata.combining(c)))
