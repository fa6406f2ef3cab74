"""The tables that a review hands in."""

from __future__ import annotations

from typing import Literal

import msgspec

from evitable.records.base import FORMAT, Record
from evitable.records.coding import Attribute, Coding
from evitable.records.issue import Issue
from evitable.records.paper import Reference
from evitable.records.prisma import Prisma


class Cell(Record, frozen=True, kw_only=True):
    """One code of one study: how many passages, and the strongest quote.

    Attributes:
        code: Name of the code.
        passages: How many passages carry it as a finding or recommendation of the study.
        verified: How many of them a person has confirmed.
        polarity: Passages by polarity: facilitates, hinders, mixed; zeros in dimensions without polarity.
        strongest: Id of the coding with the highest probability.
    """

    code: str
    passages: int
    verified: int
    polarity: tuple[int, int, int]
    strongest: str


class EvidenceRow(Record, frozen=True, kw_only=True):
    """One study.

    Attributes:
        study_id: Stable id.
        key: Short name such as `Moeller 2018`.
        files: Paths of its papers below `corpus/`; the first one's bibliographic record is the study's.
        paper_ids: Ids of these papers, in the same order.
        reference: Its bibliographic record.
        attributes: Values found, each with its quote.
        passages: Number of passages read.
        coded: Number of passages with at least one code, mentions of other work among them.
        cells: One for each code that occurs, in the codebook's order.
        mentions: Passages that carry a code as a mention of other work, by code, in the codebook's order.
    """

    study_id: str
    key: str
    files: tuple[str, ...]
    paper_ids: tuple[str, ...] = ()
    reference: Reference
    attributes: tuple[Attribute, ...]
    passages: int
    coded: int
    cells: tuple[Cell, ...]
    mentions: dict[str, int] = msgspec.field(default_factory=dict)


class CodeCount(Record, frozen=True, kw_only=True):
    """One row of a synthesis table: a code, or a family of codes, over all studies.

    Attributes:
        dimension: Dimension of the code.
        family: Family of the code, or empty.
        code: Name of the code; empty for the whole family.
        studies: Studies that carry it.
        share: Of all coded studies, 0 to 1; 0 where there is none.
        passages: Passages that carry it.
        facilitates: Passages in which it helped.
        hinders: Passages in which it, or its absence, was a barrier.
        mixed: Passages that say both.
        ways: Studies by what their passages say of it: facilitates, hinders, mixed or both, no polarity said; they add
            up to `studies`.
        attributes: Studies by value, for each attribute of the codebook that any of them has.
        quotes: Ids of the strongest codings, each from another study.
    """

    dimension: str
    family: str
    code: str
    studies: int
    share: float
    passages: int
    facilitates: int
    hinders: int
    mixed: int
    ways: tuple[int, int, int, int] = (0, 0, 0, 0)
    attributes: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    quotes: tuple[str, ...]


class MapCell(Record, frozen=True, kw_only=True):
    """One cell of the evidence map: one code of each mapped dimension.

    Attributes:
        codes: One code per mapped dimension, in the map's order.
        studies: Studies that carry all of them, anywhere in the paper.
        passages: Passages of those studies that carry all of them at once.
        study_ids: The studies, in the study table's order.
    """

    codes: tuple[str, ...]
    studies: int
    passages: int
    study_ids: tuple[str, ...]


class Matrix(Record, frozen=True, kw_only=True):
    """Two dimensions crossed: a cell for each pair of codes, also the empty ones.

    Attributes:
        dimensions: The dimension that runs down, and the one that runs across.
        cells: In the codebook's order, row by row.
    """

    dimensions: tuple[str, str]
    cells: tuple[MapCell, ...]


class Descriptive(Record, frozen=True, kw_only=True):
    """How many studies have one value of one characteristic.

    Attributes:
        name: `year`, `journal`, or the name of an attribute of the codebook.
        value: The value; empty for studies in which it was not found.
        studies: How many.
        share: Of all studies, 0 to 1. A study may have several values.
    """

    name: str
    value: str
    studies: int
    share: float


class RollUp(Record, frozen=True, kw_only=True):
    """The rule by which a study's passages decide whether the study carries a code.

    Attributes:
        kind: `any` passage; `at_least` so many passages; `best` probability of a passage at least so high. `unsure` is
            `any` with the codings of which the machine is unsure: no review counts so, but it says which cells hang on
            them.
        least: Passages, or probability; 1 for `any`.
    """

    kind: Literal["unsure", "any", "at_least", "best"] = "any"
    least: float = 1

    @property
    def words(self) -> str:
        """Say the rule in words."""
        match self.kind:
            case "unsure":
                return "any passage, also one of which the machine is unsure"
            case "any":
                return "any passage"
            case "at_least":
                return f"at least {self.least:.0f} passages"
            case "best":
                return f"a passage with a probability of at least {self.least:.2f}"


class Flip(Record, frozen=True, kw_only=True):
    """A cell of the study table that would change under the next stricter or laxer rule.

    Attributes:
        study_id: The study.
        code: The code.
        carried: Whether the study carries the code under the rule in force.
        rule: The other rule, in words.
        passages: Passages that carry the code and count.
        best: The highest probability among them, or among the unsure ones where none counts.
    """

    study_id: str
    code: str
    carried: bool
    rule: str
    passages: int
    best: float


class Evidence(Record, frozen=True, kw_only=True):
    """Everything that is exported, in final order.

    Attributes:
        studies: By key, then id.
        codings: By study, then place in the paper, then the codebook's order.
        rule: By which passages roll up into a study's cell.
        flips: Cells that would change under the next stricter or laxer rule, by study, then the codebook's order.
        counts: One row per code, in the codebook's order.
        families: One row per family of codes, in the codebook's order.
        map_dimensions: Dimensions that span the evidence map.
        map: One cell for each combination, also the empty ones: gaps are the message.
        matrices: The mapped dimensions crossed two by two.
        descriptives: Studies by year, journal and attribute; values by number of studies, years in order.
        prisma: The flow diagram's boxes.
        issues: What went wrong, by paper.
    """

    studies: tuple[EvidenceRow, ...]
    codings: tuple[Coding, ...]
    rule: RollUp = RollUp()
    flips: tuple[Flip, ...] = ()
    counts: tuple[CodeCount, ...]
    families: tuple[CodeCount, ...] = ()
    map_dimensions: tuple[str, ...]
    map: tuple[MapCell, ...]
    matrices: tuple[Matrix, ...] = ()
    descriptives: tuple[Descriptive, ...] = ()
    prisma: Prisma = Prisma()
    issues: tuple[Issue, ...] = ()
    format: int = FORMAT
