"""The codebook: dimensions, codes, their definitions and indicator phrases, as data."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Literal

import msgspec

from evitable.errors import UserError
from evitable.records import SectionKind
from evitable.records.base import FORMAT, Record, digest, encode
from evitable.records.toml import read_toml

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = frozenset({"id", "source", "text", "polarity", "writer", "register", "basis", "section"})
"""Keys of coded passages, which dimensions stand beside."""
ATTRIBUTE_KINDS = ("values", "country", "data")
"""How an attribute is found: by phrases of its values, by names of countries and places, by counts of material."""


class Code(Record, frozen=True, kw_only=True):
    """One code.

    Attributes:
        name: Its name in files: lower-case letters, digits and underscores.
        dimension: Name of its dimension.
        title: Its name for people.
        family: A group of codes inside the dimension, or empty.
        definition: What it means.
        code_when: When to code it.
        not_when: When not to code it.
        phrases: Indicator phrases. Words match in their inflected forms; `...` stands for up to four words between.
        words: Words that speak for it, less than a phrase does; in their inflected forms too. Only a model listens.
        near: Groups of words, one of which must stand near such a word; none if it may stand anywhere.
        examples: Passages that carry it.
    """

    name: str
    dimension: str
    title: str
    family: str = ""
    definition: str
    code_when: str = ""
    not_when: str = ""
    phrases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


class Dimension(Record, frozen=True, kw_only=True):
    """One dimension: several codes that may stand together on a passage.

    Attributes:
        name: Its name in files.
        title: Its name for people.
        definition: The question that it answers.
        source: Where it comes from.
        polarity: Whether its codes say which way they worked.
        mapped: Whether it spans the evidence map.
    """

    name: str
    title: str
    definition: str = ""
    source: str = ""
    polarity: bool = False
    mapped: bool = True


class PolarityPhrases(Record, frozen=True, kw_only=True):
    """Phrases that tell which way a code worked."""

    facilitates: tuple[str, ...] = ()
    hinders: tuple[str, ...] = ()


class StudyAttribute(Record, frozen=True, kw_only=True):
    """An attribute of a study, found in its title, key words and sections.

    Attributes:
        name: Its name in files.
        title: Its name for people.
        kind: How it is found: by phrases of its `values`; `country` and `data` are built in and need no phrases.
        many: Whether a study may have several values. Always so where `kind` is not `values`.
        sections: Kinds of section in which to look for phrases, besides title and key words.
        choose: Which values are given: those with `most` phrases; or the `first` in the order of `joined` and `values`
            that the title has, else the key words, else the sections.
        values: Phrases by value.
        weak: Phrases by value that count only where there is no other.
        joined: Values that are given where all of the values that they name are found.
    """

    name: str
    title: str
    kind: str = "values"
    many: bool = False
    sections: tuple[SectionKind, ...] = ("abstract", "introduction", "methods")
    choose: Literal["most", "first"] = "most"
    values: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    weak: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    joined: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


class Codebook(Record, frozen=True, kw_only=True, dict=True):
    """A whole codebook.

    Attributes:
        name: Its name in files.
        title: Its name for people.
        version: The version that its authors give it.
        format: Number of the file format.
        dimension: Dimensions, in the order in which tables show them.
        code: Codes, in the order in which tables show them.
        word_groups: Words that stand for one another, by the name of their group: `near` of codes names them.
        polarity: Phrases that tell which way a code worked.
        topic: Words that every paper of such a review uses, coded passages and others: for a model they may speak for a
            code, never against one.
        attribute: Attributes of studies.
    """

    name: str
    title: str
    version: str = "1"
    format: int = FORMAT
    dimension: tuple[Dimension, ...]
    code: tuple[Code, ...]
    word_groups: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    polarity: PolarityPhrases = PolarityPhrases()
    topic: tuple[str, ...] = ()
    attribute: tuple[StudyAttribute, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Digest of the whole content: any change of the codebook changes it."""
        return digest("c", encode(self))

    @cached_property
    def fingerprint(self) -> str:
        """Digest of what a model is fitted to: names, dimensions, phrases, words, not the wording of definitions."""
        shape = [(code.dimension, code.name, code.phrases, code.words, code.near) for code in self.code]
        signed = [dimension.name for dimension in self.dimension if dimension.polarity]
        return digest("f", encode([shape, self.word_groups, self.polarity, signed, self.topic]))

    @cached_property
    def by_name(self) -> dict[str, Code]:
        """Codes by name."""
        return {code.name: code for code in self.code}

    def codes_of(self, dimension: str) -> tuple[Code, ...]:
        """Give the codes of a dimension, in order."""
        return tuple(code for code in self.code if code.dimension == dimension)

    def dimension_of(self, name: str) -> Dimension:
        """Give the dimension of that name.

        Raises:
            KeyError: There is none.
        """
        return {dimension.name: dimension for dimension in self.dimension}[name]

    def has_polarity(self, code: str) -> bool:
        """Tell whether a code says which way it worked."""
        return self.dimension_of(self.by_name[code].dimension).polarity


def read_codebook(text: str, name: str) -> Codebook:
    """Read a codebook from TOML.

    Args:
        text: The file's text.
        name: The file's name, for messages.

    Raises:
        UserError: Names the file, the key or code, and the mend.
    """
    codebook = read_toml(text, Codebook, name)
    for fault, hint in _faults(codebook):
        raise UserError(f"{name}: {fault}", hint)
    return codebook


def _faults(book: Codebook) -> list[tuple[str, str]]:
    """List what is wrong with a codebook that is well-formed: (fault, mend) pairs, empty if nothing is."""
    faults: list[tuple[str, str]] = []
    if book.format != FORMAT:
        faults.append((f'"format" is {book.format}.', f"This version of Evitable reads format {FORMAT}."))
    faults += _twice("dimension", [dimension.name for dimension in book.dimension])
    faults += _twice("code", [code.name for code in book.code])
    faults += _twice("attribute", [attribute.name for attribute in book.attribute])
    named = [("codebook", book.name)]
    named += [("dimension", dimension.name) for dimension in book.dimension]
    named += [("code", code.name) for code in book.code]
    named += [("attribute", attribute.name) for attribute in book.attribute]
    for what, name in named:
        if not _NAME.fullmatch(name) or name in _TAKEN:
            hint = "Use lower-case letters a to z, digits and underscores" + (
                ", and another word." if name in _TAKEN else "."
            )
            faults.append((f'the {what} name "{name}" is not usable in files.', hint))
    dimensions = {dimension.name for dimension in book.dimension}
    for code in book.code:
        if code.dimension not in dimensions:
            known = ", ".join(sorted(dimensions)) or "none"
            faults.append((f'code "{code.name}" names the dimension "{code.dimension}".', f"There are: {known}."))
        if not code.definition.strip():
            faults.append((f'code "{code.name}" has an empty definition.', "Say in one sentence what it means."))
    faults += _word_faults(book)
    faults += [fault for attribute in book.attribute for fault in _attribute_faults(attribute)]
    if not book.code:
        faults.append(("it has no code.", "Add at least one [[code]] entry."))
    faults += [
        (f'dimension "{name}" has no code.', "Delete it, or add a code to it.")
        for name in sorted(dimensions - {code.dimension for code in book.code})
    ]
    return faults


def _word_faults(book: Codebook) -> list[tuple[str, str]]:
    """List what is wrong with words and their groups: (fault, mend) pairs."""
    known = ", ".join(sorted(book.word_groups)) or "none"
    faults = [
        (f'code "{code.name}" has words near "{name}", which is no group of words.', f"There are: {known}.")
        for code in book.code
        for name in code.near
        if name not in book.word_groups
    ]
    listed = [(f'code "{code.name}"', word) for code in book.code for word in code.words]
    listed += [(f'the word group "{name}"', word) for name, words in book.word_groups.items() for word in words]
    faults += [
        (f'{where} lists "{word}", which is not one word.', "Write single words there, and several as a phrase.")
        for where, word in listed
        if len(word.split()) != 1 or "..." in word
    ]
    return faults


def _attribute_faults(attribute: StudyAttribute) -> list[tuple[str, str]]:
    """List what is wrong with one attribute: (fault, mend) pairs."""
    named = f'attribute "{attribute.name}"'
    kinds = ", ".join(f'"{kind}"' for kind in ATTRIBUTE_KINDS)
    if attribute.kind not in ATTRIBUTE_KINDS:
        return [(f'{named} is of the kind "{attribute.kind}".', f"There are: {kinds}.")]
    if attribute.kind != "values":
        given = [key for key in ("values", "weak", "joined") if getattr(attribute, key)]
        mend = f'Delete it, or delete kind = "{attribute.kind}" to have the attribute found by phrases of your own.'
        return [(f'{named} of the kind "{attribute.kind}" has "{key}".', mend) for key in given]
    if not attribute.values:
        mend = 'Give it [attribute.values] with phrases for each value, or set kind = "country" or kind = "data".'
        return [(f"{named} has no values.", mend)]
    phrased = {**attribute.values, **attribute.weak}
    faults = [
        (f'{named} gives no phrases for "{value}".', "Write at least one phrase, or delete the value.")
        for value, phrases in phrased.items()
        if not any(phrase.strip() for phrase in phrases) and value not in attribute.joined
    ]
    return faults + [
        (f'{named} joins "{part}" to "{whole}", and has no such value.', f"There are: {', '.join(attribute.values)}.")
        for whole, parts in attribute.joined.items()
        for part in parts
        if part not in attribute.values
    ]


def _twice(what: str, names: list[str]) -> list[tuple[str, str]]:
    faults = []
    for name, count in sorted(Counter(names).items()):
        if count > 1:
            places = " and ".join(str(index + 1) for index, other in enumerate(names) if other == name)
            faults.append((f'{what} "{name}" is named twice (entries {places}).', "Rename or delete one of them."))
    return faults
