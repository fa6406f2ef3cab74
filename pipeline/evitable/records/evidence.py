"""The tables that a review hands in."""

from __future__ import annotations

import msgspec

from evitable.records.base import FORMAT, Record
from evitable.records.coding import Attribute, Coding
from evitable.records.issue import Issue
from evitable.records.paper import Reference


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
        files: Paths of its papers below `corpus/`.
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
    reference: Reference
    attributes: tuple[Attribute, ...]
    passages: int
    coded: int
    cells: tuple[Cell, ...]
    mentions: dict[str, int] = msgspec.field(default_factory=dict)


class CodeCount(Record, frozen=True, kw_only=True):
    """One row of a synthesis table: a code over all studies.

    Attributes:
        dimension: Dimension of the code.
        family: Family of the code, or empty.
        code: Name of the code.
        studies: Studies that carry it.
        share: Of all coded studies, 0 to 1; 0 where there is none.
        passages: Passages that carry it.
        facilitates: Passages in which it helped.
        hinders: Passages in which it, or its absence, was a barrier.
        mixed: Passages that say both.
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


class Evidence(Record, frozen=True, kw_only=True):
    """Everything that is exported, in final order.

    Attributes:
        studies: By key, then id.
        codings: By study, then place in the paper, then the codebook's order.
        counts: One row per code, in the codebook's order.
        map_dimensions: Dimensions that span the evidence map.
        map: One cell for each combination, also the empty ones: gaps are the message.
        issues: What went wrong, by paper.
    """

    studies: tuple[EvidenceRow, ...]
    codings: tuple[Coding, ...]
    counts: tuple[CodeCount, ...]
    map_dimensions: tuple[str, ...]
    map: tuple[MapCell, ...]
    issues: tuple[Issue, ...] = ()
    format: int = FORMAT
