"""Names of people, read off a line of print: what is set above the line, degrees and printed order taken apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from evitable.extract.metadata.name_words import (
    CONNECTORS,
    DEGREES,
    HONORIFICS,
    LOWER_ONLY,
    NOT_IN_NAMES,
    ORGANISATION,
    PARTICLES,
    PLACES,
    PORTUGUESE,
    SUFFIXES,
)

Style = Literal["plain", "all capitals", "family in capitals", "initials last"]
"""How a list prints its names: `Ana Ruiz`, `ANA RUIZ`, `Ana RUIZ` or `Ruiz A`."""
_MARK = "\x1f"
"""Stands for what is set above the line: numbers of affiliations, asterisks, icons."""
_LONGEST = 4000
"""Characters of a line of authors; more is none."""
_ORCID = re.compile(
    r"\(?(?:https?://)?(?:orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\)?|\borcid\b(?:\s?id)?:?|\biD\b", re.IGNORECASE
)
_EMAIL = re.compile(r"[<(\[]?(?:\be-?mail:?\s*)?[\w.+{}-]{1,64}@[\w.-]+\w[>)\]]?", re.IGNORECASE)
_ABOVE = re.compile(r"\^\s?[a-z\d*](?:\s?,\s?[a-z\d*])*|[ᵃ-ᶻ⁰-⁹¹²³]+|(?<!\d)\d{1,2}(?:\s*[,;&–-]\s*\d{1,2})*(?![\w-])")
_SYMBOLS = frozenset("*†‡§¶#‖∗⁎＊∥◊✉")
_LEAD = re.compile(
    r"^\W*(?:(?:written |prepared )?by\b|authors?\b|author\(s\)|autore?s?\b|auteurs?\b|por\b|par\b|von\b)\s*:?\s+",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[,;]?\s*\b(?:and\s+)?(?:on behalf of|in collaboration with|for the|and the)\b.*$", re.IGNORECASE)
_BREAK = re.compile(r"\s*(?:[;·•∙⋅‧|&]|\band\b|\bund\b|\bAND\b|\bet\b|\sÆ\s|\s\.\s|(?<=\.)\s[ye]\s)\s*")
_WORD = re.compile(r"^(?:[dlDLOo]['’]|al-|el-|['’])?[^\W\d_]+(?:[-‐'’][^\W\d_]+)*\.?$")


class Name(NamedTuple):
    """A person's name; an organisation has a family name only."""

    family: str
    given: str = ""

    @property
    def printed(self) -> str:
        """The name as `Family, Given`."""
        return f"{self.family}, {self.given}" if self.given else self.family


def read_names(text: str, letters: frozenset[str] = frozenset(), *, family_first: bool = False) -> list[Name]:
    """Read a line that holds names of people and nothing else.

    Args:
        text: The line, with whatever is set above it: `Ana María Ruiz1,2*, JOHN O'NEILL† and Li WEI, PhD`.
        letters: Small letters that mark affiliations on the same page; they may end a name without a space.
        family_first: Whether a name alone with a comma in it, as `Ruiz, Ana`, is known to be no address.

    Returns:
        The names in order, or none at all where any part of the text is not a name: a wrong name is worse than none.
    """
    if not text.strip() or len(text) > _LONGEST or re.search(r"\bet al\b", text):
        return []
    plain = _without_marks(text)
    parts = [pieces for part in _BREAK.split(plain) if (pieces := _pieces(part))]
    only_semicolons = len(parts) > 1 and ";" in plain and not re.search(r"\band\b|&", plain)
    found: list[Name] = []
    for name in _each(parts, letters, sure=family_first or only_semicolons):
        if name is None:
            return []
        found.append(name)
    return found


def _each(parts: Sequence[Sequence[str]], letters: frozenset[str], *, sure: bool) -> Iterator[Name | None]:
    """Read each name; None for what is none."""
    flat = [piece for part in parts for piece in part]
    pairs = _pairs(parts, sure=sure)
    if not pairs and len(flat) > 2 and _all_initials(flat[1]):  # Hale, J. B., and R. L. Jones
        pairs, flat, letters = [(flat[0], flat[1])], flat[2:], frozenset()
    elif pairs:
        flat = []
    yield from (_inverted(family, given) for family, given in pairs)
    pieces = [half for piece in _without_letters(flat, letters) for half in _halves(piece)]
    style = _style(pieces) if pieces else "plain"
    yield from (_direct(piece, style) for piece in pieces)


def _without_marks(text: str) -> str:
    """Take away what is no letter of a name; what is set above the line becomes a mark, which parts names."""
    text = _GROUP.sub("", _LEAD.sub("", text.replace("´", "’")))
    text = _EMAIL.sub(_MARK, _ORCID.sub(_MARK, text))
    text = _ABOVE.sub(_MARK, re.sub(r"\([^()]{0,40}\)", _MARK, text))
    text = "".join(_MARK if c in _SYMBOLS or unicodedata.category(c) in {"So", "Co", "Sk", "Sc"} else c for c in text)
    return unicodedata.normalize("NFKC", text)


def _pieces(part: str) -> list[str]:
    """Split at commas and marks; degrees and titles go."""
    pieces = [piece.strip(" \t:-–—") for piece in re.split(f"[,{_MARK}]", part)]
    pieces = [re.sub(rf"^(?:{DEGREES.pattern[1:-1]})(?=(?:\s?[a-z])*$)", "", piece).strip() for piece in pieces]
    pieces = [" ".join(_without_titles(piece.split())) for piece in pieces if piece]
    found: list[str] = []
    for piece in pieces:
        if piece.rstrip(".").casefold() in SUFFIXES and found:
            found[-1] += f" {piece}"
        elif piece.strip("."):
            found.append(piece)
    return found


def _without_titles(words: Sequence[str]) -> Sequence[str]:
    while len(words) > 1 and words[0].rstrip(".").casefold() in HONORIFICS:
        words = words[1:]
    while len(words) > 2 and DEGREES.match(words[-1]) and not _is_initials(words[0]):
        words = words[:-1]
    return words


def _halves(piece: str) -> list[str]:
    """Part `Ana Ruiz y Juan Sosa`, but not `José Ortega y Gasset`."""
    words = piece.split()
    if len(words) > 2 and words[0] in CONNECTORS:
        return [" ".join(words[1:])]
    for index, word in enumerate(words):
        if word in CONNECTORS and index > 1 and len(words) - index > 2:
            return [" ".join(words[:index]), " ".join(words[index + 1 :])]
    return [piece]


def _pairs(parts: Sequence[Sequence[str]], *, sure: bool) -> list[tuple[str, str]]:
    """Give family and given names where the family name is printed first, before a comma; else nothing."""
    flat = [piece for part in parts for piece in part]
    givens = flat[1::2]
    if flat and len(flat) % 2 == 0 and all(_all_initials(given) for given in givens):
        return list(zip(flat[::2], givens, strict=True))
    each_two = all(len(part) == 2 for part in parts)
    short = each_two and all(min(_weight(piece) for piece in part) == 1 for part in parts)
    if each_two and (sure or (short and len(parts) > 1)):
        return [(part[0], part[1]) for part in parts]
    return []


def _all_initials(piece: str) -> bool:
    return all(_is_initials(word) for word in piece.split())


def _weight(piece: str) -> int:
    return sum(word.casefold() not in PARTICLES for word in piece.split())


def _without_letters(pieces: Sequence[str], letters: frozenset[str]) -> list[str]:
    """Take away small letters that mark affiliations: `Ruiz a, b`, and glued to the name, `Ruiza`, `Sosab`.

    Glued letters go only where every name ends with one and they come in the order of the alphabet.
    """
    spaced = any(re.search(r"\s[a-z]$", piece) for piece in pieces)
    alone = any(re.fullmatch(r"[a-z](?:\s[a-z])*", piece) for piece in pieces)
    names = [piece for piece in pieces if not re.fullmatch(r"[a-z](?:\s[a-z])*", piece)]
    if spaced:
        return [re.sub(r"(?:\s[a-z])+$", "", piece) for piece in names]
    known = letters | (frozenset("abcdefgh") if alone else frozenset())
    marks = [mark for piece in pieces for mark in (piece[-1:] if piece in names else piece.split())]
    first = list(dict.fromkeys(marks))
    if known and all(mark in known for mark in marks) and first == [chr(ord("a") + i) for i in range(len(first))]:
        return [piece[:-1] for piece in names]
    return names


def _style(pieces: Sequence[str]) -> Style:
    """Tell how the list prints its names, by all of them together."""
    words = [piece.split() for piece in pieces]
    if all(word == word.upper() or _is_particle(word) for name in words for word in name):
        return "all capitals"
    if any(_is_capitals(word) and len(word) > 3 for name in words for word in name):
        return "family in capitals"
    last = all(_is_initials(name[-1]) and "." not in name[-1] and not _is_initials(name[0]) for name in words)
    return "initials last" if last else "plain"


def _is_capitals(word: str) -> bool:
    return word.isupper() and "." not in word and len(word) > 1


def _is_initials(word: str) -> bool:
    """Tell whether these are initials: `A.`, `JB`, `J.-P.`, `Ch.`."""
    bare = re.sub(r"[.\-‐]", "", word)
    return bare.isalpha() and ((bare.isupper() and len(bare) < 4) or (len(bare) < 3 and word.endswith(".")))


def _direct(piece: str, style: Style) -> Name | None:
    """Read a name whose words stand in the order of speech, or whose family name stands out."""
    words = piece.split()
    suffix = [words.pop()] if len(words) > 2 and words[-1].rstrip(".").casefold() in SUFFIXES else []
    if not 2 <= len(words) <= 7 or not _is_person(words, particle_first=style == "initials last"):
        return None
    capitals = [index for index, word in enumerate(words) if _is_capitals(word)]
    if style == "family in capitals" and 0 < len(capitals) < len(words):
        family, given = _by_capitals(words, capitals)
    elif style != "all capitals" and _is_initials(words[-1]) and not _is_initials(words[0]):
        stands_out = style == "plain" and _is_capitals(words[-1]) and re.search("[AEIOUY]", words[-1])
        family, given = (words[-1:], words[:-1]) if stands_out else (words[:-1], words[-1:])
    else:
        cut = _family_start(words)
        family, given = words[cut:], words[:cut]
    return _named(family, given, suffix)


def _by_capitals(words: Sequence[str], capitals: Sequence[int]) -> tuple[list[str], list[str]]:
    """Part a name whose family name is printed in capitals."""
    start, end = capitals[0], capitals[-1] + 1
    given = [*words[:start], *words[end:]]
    particles: list[str] = []
    while len(given) > 1 and start and given[-1].casefold() in PARTICLES - PORTUGUESE:
        particles.insert(0, given.pop())
    return [*particles, *words[start:end]], given


def _family_start(words: Sequence[str]) -> int:
    """Give the index at which the family name starts: its particles and a first half before `y` belong to it."""
    start = len(words) - 1
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    if start > 2 and words[start - 1] in CONNECTORS:
        start -= 2
    return start


def _is_particle(word: str) -> bool:
    bare = word.casefold()
    return bare in {*PARTICLES, "st."} and (word.islower() or bare not in LOWER_ONLY)


def _inverted(family: str, given: str) -> Name | None:
    """Read a name whose family name is printed first; `Leeds, England` is none, `England, P.` is one."""
    families, givens = family.split(), given.split()
    place = not _all_initials(given) and (family.casefold() in PLACES or given.casefold() in PLACES)
    if place or not (0 < len(families) < 6 and 0 < len(givens) < 6):
        return None
    return _named(families, givens, []) if _is_person([*families, *givens], particle_first=True) else None


def _is_person(words: Sequence[str], *, particle_first: bool = False) -> bool:
    """Tell whether these words may all be words of one name."""
    bare = [word.rstrip(".").casefold() for word in words]
    if " ".join(bare) in PLACES or any(word in NOT_IN_NAMES or ORGANISATION.match(word) for word in bare):
        return False
    if words[0].islower() and not (particle_first and words[0] in PARTICLES):
        return False
    return all(_is_name_word(word) for word in words) and any(not _is_initials(word) for word in words)


def _is_name_word(word: str) -> bool:
    if _is_initials(word):
        return True
    if not _WORD.match(word) or (word.endswith(".") and len(word) > 4):
        return False
    return word.casefold() in PARTICLES or word in CONNECTORS or any(c.isupper() for c in word[:4])


def _named(family: Sequence[str], given: Sequence[str], suffix: Sequence[str]) -> Name:
    """Set a name in small letters where it is printed in capitals, and put its parts together."""
    capitals = all(word.isupper() or _is_particle(word) for word in [*family, *given])
    end = f", {suffix[0]}" if suffix else ""
    return Name(
        " ".join(_small(word, particle=index + 1 < len(family)) for index, word in enumerate(family)),
        " ".join(_small(word, particle=index > 0) if capitals else word for index, word in enumerate(given)) + end,
    )


def _small(word: str, *, particle: bool) -> str:
    """Give `Meer` for `MEER`, `O'Neill` for `O'NEILL`, `van` for `VAN`; what is not in capitals stays."""
    if not _is_capitals(word) or (_is_initials(word) and not re.search("[AEIOUYÀ-Ý]", word)):
        return word
    if particle and word.casefold() in PARTICLES:
        return word.lower()
    parts = re.split(r"([-‐'’])", word)
    return "".join(f"Mc{part[2:].capitalize()}" if part.startswith("MC") else part.capitalize() for part in parts)
