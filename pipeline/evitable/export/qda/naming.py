"""Ids, names and texts as programs for qualitative analysis take them."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Sequence

from evitable.export.clean import clean_text

_NAMESPACE = uuid.UUID("40c53378-b5f1-487e-b7b5-fd2e9f5d6a39").bytes
"""Never to be changed: every GUID hangs on it."""
_SHIFTING = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold, and CR and byte order marks, which readers swallow, so that all that follows shifts."""


def guid(kind: str, *parts: str) -> str:
    """Give the GUID of a thing by its own stable ids: the same thing has the same GUID in every export."""
    # A lone surrogate, which UTF-8 cannot hold, stands as its number.
    name = "\0".join((kind, *parts)).encode("utf-8", "backslashreplace")
    return _uuid5(name)


def _uuid5(name: bytes) -> str:
    """Give the text of `uuid.uuid5`, without its objects: a large review has 200,000 GUIDs."""
    made = hashlib.sha1(_NAMESPACE + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(made[16], 16) % 4]
    return f"{made[:8]}-{made[8:12]}-5{made[13:16]}-{variant}{made[17:20]}-{made[20:32]}"


def coding_guid(coding_id: str) -> str:
    """Give the GUID of a coding, in every file that has GUIDs."""
    return guid("coding", coding_id)


def plain_text(text: str) -> str:
    """Give a text that a file can hold, with every code point at its place: what is forbidden becomes U+FFFD.

    Offsets into the one are offsets into the other, so that nothing is ever taken out.
    """
    return text if text.isprintable() else _SHIFTING.sub("\ufffd", text)


def name_text(text: str, otherwise: str = "") -> str:
    """Give a name for a tree or a list: clean, on one line; `otherwise` where nothing is left."""
    return " ".join(clean_text(text).split()) or otherwise


def unique_names(wanted: Sequence[Sequence[str]], taken: set[str]) -> list[str]:
    """Give each thing a name that no other has, letter case aside: many programs drop the second of two equal names.

    Args:
        wanted: For each thing, names to choose from, the best first; at least one. Where two things want the same
            best name, neither gets it, so that both say which they are.
        taken: Names in use, case-folded; the ones given are added.

    Returns:
        One name for each thing, in order; with a number behind where none of its names is free.
    """
    firsts = Counter(names[0].casefold() for names in wanted)
    given = []
    for names in wanted:
        free = names if firsts[names[0].casefold()] == 1 else [*names[1:], names[0]]
        name = next((name for name in free if name.casefold() not in taken), "")
        number = 2
        while not name:
            numbered = f"{names[-1]} ({number})"
            name = numbered if numbered.casefold() not in taken else ""
            number += 1
        taken.add(name.casefold())
        given.append(name)
    return given
