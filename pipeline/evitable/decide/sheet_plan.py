"""What a spreadsheet that came back asks for, beside what stands now: a plan, in which each row has one outcome."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from evitable.codebook import Codebook
from evitable.decide.sheet_entries import Entry, InvalidEntryError, SheetEntries, same_entries, says_something
from evitable.decide.sheets import FORMAT, SheetFile, SheetRow
from evitable.errors import UserError
from evitable.records import Anchor, Decision, Polarity, Said, Status, Verdict, coding_id

NO_REVISION = "none"
"""Stands in the column revision where nobody had decided."""
Outcome = Literal[
    "applied", "unchanged", "not decided", "stale", "conflict", "invalid", "duplicate", "unknown id", "no id"
]
"""What becomes of a row. applied: its decision is new; unchanged: it stands already; not decided: nothing was entered;
stale: it does not rest on the latest decisions, though no other answer stands; conflict: somebody has answered
otherwise since; invalid: it cannot be understood; duplicate: another row says otherwise of the same coding; unknown id:
its coding is not in the review; no id: it was inserted by hand."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_NEW_SHEET = "Run `evitable run`, and decide in the new sheet, or on the review page."


@dataclass(frozen=True, slots=True)
class Item:
    """What stands now on a code of a passage.

    Attributes:
        paper_id: The paper.
        study: Short name of the study.
        place: The passage, or what stands for a stretch of text (`Anchor.place`).
        code: Name of the code.
        status: What people's decisions come to; `machine` where nobody has decided, or where they leave it open.
        polarity: Which way the code works, as people say.
        voices: Their decisions that hold.
        revision: Ids of the latest decisions.
        said: What the machine says; None for a no.
    """

    paper_id: str
    study: str
    place: str
    code: str
    status: Status = "machine"
    polarity: Polarity | None = None
    voices: tuple[Decision, ...] = ()
    revision: tuple[str, ...] = ()
    said: Said | None = None


class Present(Protocol):
    """What stands now in a review."""

    def item(self, name: str) -> Item | None:
        """Give the item of a coding id, on which somebody may have said anything or not; None for an unknown one."""

    def beside(self, item: Item, code: str) -> Item:
        """Give another code on the same passage."""

    def knows(self, decision: str) -> bool:
        """Tell whether a decision of this id is in the log."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision to be made: what it is about, and what it says."""

    item: Item
    verdict: Verdict
    base: tuple[str, ...]
    polarity: Polarity | None = None
    note: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a row.

    Attributes:
        row: The row.
        outcome: What becomes of it.
        why: For people: why it cannot be applied, or what else to know.
        mend: What to do about it.
        wishes: The decisions to be made for it; none where another row asks for the same.
    """

    row: SheetRow
    outcome: Outcome
    why: str = ""
    mend: str = ""
    wishes: tuple[Wish, ...] = ()

    @property
    def fault(self) -> bool:
        """Whether a person has to look at it: it says something, and cannot be applied."""
        return self.outcome not in ("applied", "unchanged", "not decided") and says_something(self.row)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file asks for.

    Attributes:
        rows: Each of its rows, in order.
        missing: Rows of the exported sheet that the file does not have, which says nothing of them; None where the file
            does not say how many there were.
        notices: What else to know of the file.
    """

    rows: tuple[Judged, ...]
    missing: int | None = None
    notices: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Outcome, int]:
        """Rows by outcome, in the order of `OUTCOMES`; those that do not occur are left out."""
        found = Counter(one.outcome for one in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """The decisions to be made, in order."""
        return tuple(wish for one in self.rows for wish in one.wishes)

    @property
    def faults(self) -> tuple[Judged, ...]:
        """The rows at which a person has to look."""
        return tuple(one for one in self.rows if one.fault)


def revision_text(revision: Iterable[str]) -> str:
    """Write a revision as sheets have it."""
    return " ".join(sorted(revision)) or NO_REVISION


def plan_sheet(
    file: SheetFile, present: Present, codebook: Codebook, titles: Mapping[str, str], review: str = ""
) -> Plan:
    """Compare a file that came back with what stands now. Nothing is changed.

    A row is known by its coding id and its revision alone: quotes and all else that people or programs may have
    changed are not looked at. A row that is missing says nothing.

    Args:
        file: What was read.
        present: What stands now.
        codebook: In force now; a sheet made with another one is matched by the names of its codes.
        titles: Titles of the codes by name, as the sheet shows them.
        review: Title of the review.

    Raises:
        UserError: The file is of another review, or of a newer version of the program.
    """
    if file.origin.get("format", "0").isdecimal() and int(file.origin.get("format", "0")) > FORMAT:
        raise UserError("The sheet was made by a newer version of Evitable.", "Install that version, and try again.")
    named = [row for row in file.rows if row["coding id"]]
    known = {row["coding id"] for row in named if present.item(row["coding id"])}
    made_of = file.origin.get("title", "")
    if named and not known:
        what = f"the review “{made_of}”" if made_of and made_of != review else "another review, or of other papers"
        raise UserError(
            f"No row of the file is known here: it is of {what}.", "Give the folder of the review it was made from."
        )
    rows = _agreed(_Judge(present, codebook, titles).rows(file.rows))
    listed = file.origin.get("rows", "")
    missing = max(0, int(listed) - len({row["coding id"] for row in named})) if listed.isdecimal() else None
    return Plan(rows, missing, tuple(_notices(file.origin, codebook, review)))


def decision_of(wish: Wish, anchor: Anchor, coder: str, time: str, codebook: Codebook) -> Decision:
    """Make the decision that is wished, without its id."""
    return Decision(
        anchor=anchor,
        code=wish.item.code,
        verdict=wish.verdict,
        polarity=wish.polarity,
        replaces=wish.replaces,
        note=wish.note,
        coder=coder,
        time=time,
        base=tuple(sorted(wish.base)),
        adjudicates=wish.item.status == "disputed",
        via="spreadsheet",
        said=wish.item.said,
        codebook_version=codebook.digest,
    )


def voices_text(voices: Sequence[Decision], titles: Mapping[str, str]) -> str:
    """Say who has decided what, and when."""
    return "; ".join(
        f"{one.coder} has decided {one.verdict} of “{titles.get(one.code, one.code)}”"
        + (f", {one.polarity}," if one.polarity else "")
        + f" on {one.time[:16].replace('T', ' ')} UTC"
        + (f" (“{one.note}”)" if one.note else "")
        for one in sorted(voices, key=lambda one: (one.time, one.id))
    )


def _notices(origin: Mapping[str, str], codebook: Codebook, review: str) -> Iterator[str]:
    if origin.get("title", review) != review:
        yield f"The sheet says that it is of the review “{origin['title']}”; its rows are known here all the same."
    if origin.get("codebook_version", codebook.digest) != codebook.digest:
        yield "The sheet was made with another version of the codebook; its codes are known by their names."


class _Judge:
    """Judges rows one by one."""

    def __init__(self, present: Present, codebook: Codebook, titles: Mapping[str, str]) -> None:
        self._present = present
        self._titles = titles
        self._entries = SheetEntries(codebook, titles)

    def rows(self, rows: Sequence[SheetRow]) -> list[Judged]:
        """Judge rows, beginning with those that are there several times."""
        same: dict[str, list[SheetRow]] = defaultdict(list)
        for row in rows:
            if row["coding id"] and says_something(row):
                same[row["coding id"]].append(row)
        first = {id(those[0]) for those in same.values()}
        return [self._row(row, same.get(row["coding id"], []), is_first=id(row) in first) for row in rows]

    def _row(self, row: SheetRow, same: Sequence[SheetRow], *, is_first: bool) -> Judged:
        if not row["coding id"]:
            return Judged(row, "no id", "The row has no coding id.", "Decide in a row that the sheet came with.")
        item = self._present.item(row["coding id"])
        if item is None:
            why = "Its coding is not in the review: its paper, text or code has gone."
            return Judged(row, "unknown id", why, _NEW_SHEET)
        if not says_something(row):
            return Judged(row, "not decided")
        return self._spoken(row, item, same) if is_first else self._repeated(row, same)

    def _repeated(self, row: SheetRow, same: Sequence[SheetRow]) -> Judged:
        """Judge a row of a coding that another row has named before."""
        if len({same_entries(one) for one in same}) > 1:
            others = ", ".join(place(one) for one in same if one is not row)
            why = f"The same coding stands in {others} with another decision."
            return Judged(row, "duplicate", why, "Leave one of the rows.")
        return Judged(row, "unchanged", f"The same as {place(same[0])}.")

    def _spoken(self, row: SheetRow, item: Item, same: Sequence[SheetRow]) -> Judged:
        """Judge a row that says something, the first one of its coding."""
        if len({same_entries(one) for one in same}) > 1:
            return self._repeated(row, same)
        try:
            answer = self._entries.read(row, item.code)
        except InvalidEntryError as error:
            return Judged(row, "invalid", *error.args)
        return self._compared(row, item, answer)

    def _compared(self, row: SheetRow, item: Item, answer: Entry) -> Judged:
        """Compare what a row says with what stands now."""
        base = _revision(row, item)
        stands = self._stands(item, answer)
        if stands and answer.note in ("", *(voice.note for voice in item.voices)):
            return Judged(row, "unchanged")
        if base is not None and set(base) == set(item.revision):
            return self._applied(row, item, answer, base)
        reason = self._stale(item, base, stands=stands)
        return Judged(row, "stale", *reason) if reason else self._conflict(row, answer, item.voices)

    def _stale(self, item: Item, base: Sequence[str] | None, *, stands: bool) -> tuple[str, str] | None:
        """Say why a row is no answer to what stands now, and the mend; None where another answer stands against it."""
        if item.status == "orphaned":
            return "Its text is not found in the paper any more.", "See `evitable decisions list --orphans`."
        if base is None:
            return "Its hidden cell revision is empty, though somebody has decided.", _NEW_SHEET
        if not all(map(self._present.knows, base)):
            why = "It rests on decisions that this copy of the review does not have."
            return why, "Take them in first, with `evitable decisions merge`."
        if stands:
            return "The same was decided since; only the note is new.", _NEW_SHEET
        return None if item.voices else ("What was decided since was taken back.", _NEW_SHEET)

    def _conflict(self, row: SheetRow, answer: Entry, voices: Sequence[Decision]) -> Judged:
        wanted = f"{answer.decision} {self._titles.get(answer.code, '')} {answer.polarity or ''}"
        why = f"The sheet says {' '.join(wanted.split())}, but {voices_text(voices, self._titles)}."
        return Judged(row, "conflict", why, _NEW_SHEET)

    def _stands(self, item: Item, answer: Entry) -> bool:
        """Tell whether people say the same now, whatever the note."""
        if answer.decision == "unsure":
            return item.status == "machine" and bool(item.voices)
        if answer.decision == "reject":
            return item.status == "rejected"
        if answer.code:
            return item.status == "rejected" and _is_yes(self._present.beside(item, answer.code), answer.polarity)
        return _is_yes(item, answer.polarity)

    def _applied(self, row: SheetRow, item: Item, answer: Entry, base: tuple[str, ...]) -> Judged:
        if answer.decision in ("reject", "unsure"):
            verdict: Verdict = "reject" if answer.decision == "reject" else "unsure"
            return Judged(row, "applied", wishes=(Wish(item, verdict, base, note=answer.note),))
        if not answer.code:
            return Judged(row, "applied", wishes=(Wish(item, "accept", base, answer.polarity, answer.note),))
        other = self._present.beside(item, answer.code)
        rejected = Wish(item, "reject", base, note=answer.note)
        if _is_yes(other, answer.polarity):
            return Judged(row, "applied", wishes=(rejected,))
        if other.voices:
            return self._conflict(row, answer, other.voices)
        verdict = "accept" if other.said else "add"
        added = Wish(other, verdict, other.revision, answer.polarity, answer.note, item.code)
        return Judged(row, "applied", wishes=(rejected, added))


def place(row: SheetRow) -> str:
    """Say which row it is, as a person finds it."""
    return f"row {row.number:,}" + (f" of {row.sheet}" if row.sheet else "")


def _revision(row: SheetRow, item: Item) -> tuple[str, ...] | None:
    """Give the revision that a row was made from; None where its cell was emptied though somebody has decided."""
    names = tuple(row["revision"].split())
    if names in ((NO_REVISION,), ("0",)):  # 0: sheets of format 1
        return ()
    return names or (None if item.revision else ())


def _is_yes(item: Item, polarity: Polarity | None) -> bool:
    return item.status in ("accepted", "corrected") and polarity in (None, item.polarity)


def _agreed(rows: Sequence[Judged]) -> tuple[Judged, ...]:
    """Make sure that each coding is decided once: a change to a code that another row is about asks for both."""
    asked: dict[str, list[tuple[Judged, Wish]]] = defaultdict(list)
    for one in rows:
        for wish in one.wishes:
            asked[coding_id(wish.item.place, wish.item.code)].append((one, wish))
    apart = [those for those in asked.values() if len({_meaning(wish) for _, wish in those}) > 1]
    refused = {id(one): those for those in apart for one, _ in those}
    made: set[str] = set()
    found = []
    for one in rows:
        if id(one) in refused:
            others = ", ".join(place(other.row) for other, _ in refused[id(one)] if other is not one)
            why = f"{others} says otherwise of the same code on the same passage."
            found.append(Judged(one.row, "duplicate", why, "Make the rows agree, or empty one of them."))
            continue
        names = [coding_id(wish.item.place, wish.item.code) for wish in one.wishes]
        left = tuple(wish for name, wish in zip(names, one.wishes, strict=True) if name not in made)
        made.update(names)
        found.append(dataclasses.replace(one, wishes=left))
    return tuple(found)


def _meaning(wish: Wish) -> tuple[str, Polarity | None]:
    return ("yes" if wish.verdict in ("accept", "add") else wish.verdict, wish.polarity)
