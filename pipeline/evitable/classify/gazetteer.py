"""Names of countries, of their peoples, and of cities and regions, and where they stand in a text."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import pycountry

_WORD = re.compile(r"(?<![\w-])[^\W\d_]+")
_FLAT = str.maketrans({"’": "'", "‑": "-", "‐": "-", "\n": " ", "\u00a0": " "})

Kind = Literal["place", "people", "none"]


class Name(NamedTuple):
    """A name.

    Attributes:
        text: As it stands in a text.
        entry: As it stands in the table.
        country: The country that it points to, or an empty text.
        kind: What it names; `none` is a name that holds another and points nowhere.
        loud: Whether it is written in capitals only here, as in a title.
    """

    text: str
    entry: str
    country: str
    kind: Kind
    loud: bool = False


class Gazetteer(NamedTuple):
    """All that is known of names.

    Attributes:
        names: Names by their first word, longest first.
        unsure: By name of several places: country, and words of which the paper must have one.
        persons: Names that persons have too.
        not_before: Words before which a people's name does not count.
        not_with: Words that show that a people's name says which language, person or journal is meant.
        order: The countries' order, by name.
    """

    names: dict[str, tuple[Name, ...]]
    unsure: dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
    persons: frozenset[str]
    not_before: frozenset[str]
    not_with: frozenset[str]
    order: dict[str, int]


def flat(text: str) -> str:
    """Write a text as the names are written, each character for one: straight quotes, plain hyphens, no line breaks."""
    return text.translate(_FLAT)


def names_in(words: str) -> Iterator[tuple[Name, int]]:
    """Give the names in a flat text, the longest at each place, none inside another."""
    done, loud = 0, words.isupper()
    for match in _WORD.finditer(words):
        if match.start() >= done and match.group()[0].isupper():
            name = name_at(words, match.start())
            if name is not None and (loud or not name.loud):
                done = match.start() + len(name.text)
                yield name, match.start()


def name_at(words: str, start: int) -> Name | None:
    """Give the longest name that begins at a place and ends with a word, if there is one."""
    match = _WORD.match(words, start)
    for name in gazetteer().names.get(match.group(), ()) if match else ():
        end = start + len(name.text)
        if words.startswith(name.text, start) and not words[end : end + 1].isalnum() and words[end : end + 1] != "-":
            return name
    return None


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Put the names of pycountry and of our own table together, once."""
    table, called = _table(), _called()
    unsure = {
        name: tuple((called[code], tuple(words)) for code, words in places.items())
        for name, places in table["unsure"].items()
    }
    return Gazetteer(
        names=_by_first_word({**_iso_names(called), **_own_names(table, called)}),
        unsure=unsure,
        persons=frozenset(table["persons"]["names"]),
        not_before=frozenset(table["people"]["not_before"]),
        not_with=frozenset(table["people"]["not_with"]),
        order={name: index for index, name in enumerate(sorted(called.values()))},
    )


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(files("evitable.classify").joinpath("places.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _called() -> dict[str, str]:
    """Give what each country is called, by its ISO code."""
    called = {c.alpha_2: getattr(c, "common_name", c.name) for c in pycountry.countries}
    return called | {code: more["called"] for code, more in _table()["countries"].items() if "called" in more}


def _iso_names(called: dict[str, str]) -> dict[str, Name]:
    """Give the names of ISO 3166, without those that are turned round ("Korea, Republic of")."""
    names = {}
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            written = getattr(country, field, called[country.alpha_2])
            if "," not in written and "(" not in written:
                names[written] = Name(written, written, called[country.alpha_2], "place")
    return names


def _own_names(table: dict[str, Any], called: dict[str, str]) -> dict[str, Name]:
    names = {}
    for code, more in table["countries"].items():
        for written in (called[code], *more.get("other", ()), *more.get("places", ())):
            names[written] = Name(written, written, called[code], "place")
        for written in more.get("people", ()):
            names[written] = Name(written, written, called[code], "people")
    names |= {written: Name(written, written, "", "place") for written in table["unsure"]}
    return names | {written: Name(written, written, "", "none") for written in table["none"]["names"]}


def _by_first_word(names: dict[str, Name]) -> dict[str, tuple[Name, ...]]:
    """Order names by first word, each also without accents and in capitals."""
    found: dict[str, dict[str, Name]] = defaultdict(dict)
    for name in names.values():
        written = flat(name.text)
        for form in (written, _plain(written), written.upper(), _plain(written).upper()):
            loud = form.isupper() and not written.isupper()
            found[_first(form)].setdefault(form, name._replace(text=form, loud=loud))
    return {
        first: tuple(sorted(forms.values(), key=lambda name: (-len(name.text), name.text)))
        for first, forms in found.items()
    }


def _first(written: str) -> str:
    match = _WORD.match(written)
    return match.group() if match else written


def _plain(written: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", written) if not unicodedata.combining(c))
