"""What every exporter reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from evitable.codebook import Codebook
from evitable.decide.disagreements import Disagreement
from evitable.records import Agreement, Changes, DocumentText, Evidence, ModelSummary, RunIdentity


class Sources(Protocol):
    """The texts behind the evidence, loaded one paper at a time: 5,000 of them do not fit into memory."""

    def text(self, paper_id: str) -> DocumentText | None:
        """Give the text of a paper; None where it is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review, ready to be exported.

    Attributes:
        evidence: The tables.
        codebook: Titles and definitions.
        run: What decided the results.
        title: Name of the review.
        model: The model in short.
        sources: The papers' texts.
        changes: What the run changed since the last published one; None where that was not compared.
        agreement: How people who coded blind agree, and each of them with the machine; empty where nobody has.
        disagreements: Where people who coded the same passages blind do not agree, in the study table's order.
    """

    evidence: Evidence
    codebook: Codebook
    run: RunIdentity
    title: str
    model: ModelSummary
    sources: Sources
    changes: Changes | None = None
    agreement: tuple[Agreement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def read(self) -> frozenset[str]:
        """Paths of the papers that were read and coded."""
        return frozenset(path for study in self.evidence.studies for path in study.files)


Files = Iterator[tuple[str, bytes]]
"""Name below `outputs/` with forward slashes, and contents; made one after another, so that not all need be held."""

Exporter = Callable[[Review], Files]
