"""What people enter into a sheet: checked again when it comes back, since pasted text goes round the sheet's checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from evitable.codebook import Codebook
from evitable.decide.sheets import SheetRow
from evitable.records import Polarity

DECISIONS = ("accept", "reject", "change", "unsure")
"""What people may choose."""
POLARITIES: tuple[Polarity, ...] = get_args(Polarity)
_ENTRIES = ("decision", "new code", "new polarity", "note")


class InvalidEntryError(Exception):
    """A row cannot be understood. Its arguments are why, and the mend."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says, as understood.

    Attributes:
        decision: One of `DECISIONS`.
        code: Name of the other code, where the decision is change; empty where only the polarity is another.
        polarity: Which way the code works.
        note: As it was written.
    """

    decision: str
    code: str
    polarity: Polarity | None
    note: str


def says_something(row: SheetRow) -> bool:
    """Tell whether a person has entered anything."""
    return any(row[column] for column in _ENTRIES)


def same_entries(row: SheetRow) -> tuple[str, ...]:
    """Give all that a row says: two rows of one coding say the same where this is equal."""
    return (row["revision"], row["note"], *(row[column].casefold() for column in _ENTRIES[:3]))


class SheetEntries:
    """Reads entries with a codebook.

    Args:
        codebook: In force.
        titles: Titles of its codes by name, as the sheet shows them.
    """

    def __init__(self, codebook: Codebook, titles: Mapping[str, str]) -> None:
        self._codebook = codebook
        self._titles = titles
        self._codes = {name.casefold(): name for name in titles}
        self._codes |= {_one_line(title): name for name, title in titles.items()}

    def read(self, row: SheetRow, code: str) -> Entry:
        """Understand a row that is about a code.

        Raises:
            InvalidEntryError: It cannot be understood.
        """
        decision = row["decision"].casefold()
        if not decision:
            filled = next(column for column in _ENTRIES if row[column])
            raise InvalidEntryError(f"The decision is empty, but {filled} is filled in.", "Choose a decision.")
        if decision not in DECISIONS:
            raise InvalidEntryError(f"“{row['decision']}” is no decision.", f"Choose one of {', '.join(DECISIONS)}.")
        entry = Entry(decision, self._code(row["new code"]), _polarity(row["new polarity"]), row["note"])
        other = "" if entry.code == code else entry.code
        self._check(entry, other, code)
        return Entry(decision, other, entry.polarity, entry.note)

    def _code(self, text: str) -> str:
        code = self._codes.get(_one_line(text), "")
        if text and not code:
            raise InvalidEntryError(f"The codebook has no code “{text}”.", "Choose one from the list.")
        return code

    def _check(self, entry: Entry, other: str, code: str) -> None:
        """Refuse what does not go together."""
        if entry.decision in ("reject", "unsure") and (entry.code or entry.polarity):
            raise InvalidEntryError(
                f"The decision is {entry.decision}, but a new code or polarity is filled in.",
                "Choose change, or empty these cells.",
            )
        if entry.decision == "accept" and other:
            raise InvalidEntryError("The decision is accept, but another code is filled in.", "Choose change.")
        if entry.decision == "change" and not other and not entry.polarity:
            raise InvalidEntryError(
                "The decision is change, but neither another code nor a polarity is filled in.",
                "Choose the right code or polarity, or another decision.",
            )
        meant = other or code
        if entry.polarity and not self._codebook.has_polarity(meant):
            raise InvalidEntryError(f"“{self._titles[meant]}” has no polarity.", "Empty the cell New polarity.")


def _polarity(text: str) -> Polarity | None:
    found = next((one for one in POLARITIES if one == text.casefold()), None)
    if text and not found:
        raise InvalidEntryError(f"“{text}” is no polarity.", f"Choose one of {', '.join(POLARITIES)}.")
    return found


def _one_line(text: str) -> str:
    return " ".join(text.casefold().split())
