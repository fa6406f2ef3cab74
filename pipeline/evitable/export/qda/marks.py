"""Codes that tell codings apart which otherwise would look alike: polarity, basis, and what counts nowhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from evitable.codebook import Codebook
from evitable.export.qda.codes import CodeNode, Codes, Key, code_guid, codebook_codes
from evitable.export.qda.naming import guid, unique_names
from evitable.records import Basis, Coding, Polarity

_GREY = "#7F7F7F"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark: how its codes are called, and what they hold; `{code}` stands for the code's name."""

    title: str
    holds: str


_MARKS = {
    "facilitates": _Mark("{code}: facilitates", "Passages in which “{code}” helped."),
    "hinders": _Mark("{code}: hinders", "Passages in which “{code}”, or its absence, was a barrier."),
    "mixed": _Mark("{code}: mixed", "Passages in which “{code}” helped and was a barrier."),
    "recommendation": _Mark("Recommendation of the authors", "Advice of the study's authors, no finding."),
    "unsure": _Mark("{code} (unsure)", "Passages for which “{code}” is left open."),
    "mention": _Mark("{code} (mention of other work)", "Passages that report what others found of “{code}”."),
}


@dataclass(frozen=True, slots=True)
class _Group:
    """A folder of marks."""

    title: str
    marks: tuple[str, ...]
    description: str


_GROUPS = (
    _Group(
        "Evitable: polarity",
        ("facilitates", "hinders", "mixed"),
        "The codings above once more, by which way the code worked. Several codes of a passage may work in different "
        "ways, so that each code has its own here: open one of them, or cross it with other codes.",
    ),
    _Group(
        "Evitable: basis",
        ("recommendation",),
        "Passages that are no finding of the study, but advice of its authors. They are coded above as well.",
    ),
    _Group(
        "Evitable: not counted, unsure",
        ("unsure",),
        "Passages for which the machine neither gives the code nor rules it out. They are not coded above and count in "
        "no table. Look through them, and code those that fit.",
    ),
    _Group(
        "Evitable: not counted, mention of other work",
        ("mention",),
        "Passages that report what others found. They are not coded above and count in no table.",
    ),
)


def keys_of(coding: Coding) -> tuple[Key, ...]:
    """Say what a coding's passage is coded with: first the code that stands for the coding, then what else it gets.

    A code holds just the passages that count as evidence, so that what a program counts beside a code is what the
    tables count, and the first look at a project of 20,000 codings does not mislead. What counts nowhere, unsure
    answers and mentions of other work, goes to codes of its own, one for each code: a passage often carries a sure and
    an unsure code, and a single code "unsure" would be read as said of both. For the same reason each code has its own
    three for polarity, in addition to itself: "tools AND hinders" is one code to open, and a passage with two codes
    that work in different ways is found under the right one. What a passage rests on is the same for all of its codes,
    so that one mark does for all.
    """
    return _keys(coding.code, coding.polarity, coding.basis, unsure=coding.unsure)


@cache
def _keys(code: str, polarity: Polarity | None, basis: Basis, *, unsure: bool) -> tuple[Key, ...]:
    if unsure:
        return (("unsure", code),)
    if basis == "mention":
        return (("mention", code),)
    keys: list[Key] = [("code", code)]
    if polarity:
        keys.append((polarity, code))
    if basis == "recommendation":
        keys.append(("recommendation", ""))
    return tuple(keys)


def project_codes(codebook: Codebook, codings: Iterable[Coding]) -> Codes:
    """Give the codebook's tree, and behind it the marks that occur; see `keys_of`."""
    book = codebook_codes(codebook)
    used = {key for coding in codings for key in keys_of(coding)}
    order = ["", *(code.name for code in codebook.code)]
    keys = [(mark, code) for code, mark in itertools.product(order, _MARKS) if (mark, code) in used]
    taken = {name.casefold() for name in _all_names(book.nodes)}
    titles = unique_names([(_said(_MARKS[mark].title, code, book),) for mark, code in keys], taken)
    marks = {
        (mark, code): CodeNode(
            guid=code_guid(codebook, code, mark),
            name=title,
            codable=True,
            colour=_GREY,
            description=_said(_MARKS[mark].holds, code, book),
        )
        for (mark, code), title in zip(keys, titles, strict=True)
    }
    return Codes(
        nodes=(*book.nodes, *_folders(codebook, marks, taken)),
        guids=book.guids | {key: node.guid for key, node in marks.items()},
        names=book.names | {key: node.name for key, node in marks.items()},
    )


def _folders(codebook: Codebook, marks: dict[Key, CodeNode], taken: set[str]) -> Iterator[CodeNode]:
    for group in _GROUPS:
        children = tuple(node for (mark, _), node in marks.items() if mark in group.marks)
        if children:
            own = guid("folder", codebook.name, *group.marks)
            title = unique_names([(group.title,)], taken)[0]
            yield CodeNode(own, title, codable=False, colour=_GREY, description=group.description, children=children)


def _said(words: str, code: str, book: Codes) -> str:
    return words.replace("{code}", book.names[("code", code)] if code else "")


def _all_names(nodes: Sequence[CodeNode]) -> Iterator[str]:
    for node in nodes:
        yield node.name
        yield from _all_names(node.children)
