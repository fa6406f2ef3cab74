"""How far the work on a passage has come: what queues, progress and rankings are made from."""

from __future__ import annotations

from typing import Literal, NamedTuple

from evitable.records import Basis, MachineAnswer, Status


class CodeState(NamedTuple):
    """One code on a passage, as `Coding` has it.

    Attributes:
        code: Name of the code.
        probability: The machine's; 0 where it says no.
        answer: What the machine says now.
        basis: What the passage rests on.
        status: Who stands behind it.
        left_open: Whether a person has looked, and left it open: its status is `machine` still.
    """

    code: str
    probability: float
    answer: MachineAnswer
    basis: Basis
    status: Status
    left_open: bool = False

    @property
    def undecided(self) -> bool:
        """Whether nobody has looked at it yet."""
        return self.status == "machine" and not self.left_open

    @property
    def given(self) -> bool:
        """Whether a person says that the code applies."""
        return self.status in ("accepted", "corrected")


class PassageState(NamedTuple):
    """One passage, or stretch of text that people have coded, with its codes.

    Attributes:
        paper_id: Its paper.
        study: Id of its study.
        place: The passage's id, or that of the stretch (`Anchor.place`).
        section_kind: What its section is.
        codes: Codes that the machine gives or leaves open, and codes that people have decided on.
        completed_by: Coders who have read it in full, not blind.
        blind_by: Coders who have read it in full, blind.
        kind: `passage`; `stretch`: text of a person's own choice, no whole passage; `lost`: its text is not found.
        within: For a stretch, the id of the passage in which it begins; empty where it is in none.
    """

    paper_id: str
    study: str
    place: str
    section_kind: str
    codes: tuple[CodeState, ...] = ()
    completed_by: frozenset[str] = frozenset()
    blind_by: frozenset[str] = frozenset()
    kind: Literal["passage", "stretch", "lost"] = "passage"
    within: str = ""

    @property
    def read(self) -> bool:
        """Whether anybody has read it in full."""
        return bool(self.completed_by or self.blind_by)

    @property
    def uncoded(self) -> bool:
        """Whether it is a passage on which the machine neither gives a code nor leaves one open."""
        return self.kind == "passage" and all(code.answer == "no" for code in self.codes)
