"""What the tables look up in the evidence, found once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evitable.codebook import Code, Codebook
from evitable.export.tables.table import code_titles
from evitable.records import Coding, Evidence


@dataclass(frozen=True, slots=True)
class Lookup:
    """The evidence, by what the tables look for.

    Attributes:
        evidence: All of it.
        codebook: Titles and definitions.
        codings: By id, the codings that a cell or a row of the synthesis names.
        rows: Their rows in the evidence list, from 0.
        keys: The studies' short names by id.
        carrying: By code, the short names of the studies that carry it.
        titles: Titles of the codes by name, each another.
        papers: SHA-256 by file.
    """

    evidence: Evidence
    codebook: Codebook
    codings: Mapping[str, Coding]
    rows: Mapping[str, int]
    keys: Mapping[str, str]
    carrying: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]
    papers: Mapping[str, str]

    def names(self, code: Code) -> tuple[str, str, str]:
        """Give a code's dimension, family and title, for people."""
        return (self.codebook.dimension_of(code.dimension).title, code.family, self.titles[code.name])


def look_up(evidence: Evidence, codebook: Codebook, papers: Mapping[str, str] | None = None) -> Lookup:
    """Prepare a lookup; `papers` gives each file's SHA-256."""
    wanted = {cell.strongest for study in evidence.studies for cell in study.cells}
    wanted.update(quote for count in (*evidence.counts, *evidence.families) for quote in count.quotes)
    rows = {coding.id: row for row, coding in enumerate(evidence.codings) if coding.id in wanted}
    carrying: dict[str, list[str]] = {}
    for study in evidence.studies:
        for cell in study.cells:
            carrying.setdefault(cell.code, []).append(study.key)
    return Lookup(
        evidence=evidence,
        codebook=codebook,
        codings={name: evidence.codings[row] for name, row in rows.items()},
        rows=rows,
        keys={study.study_id: study.key for study in evidence.studies},
        carrying={code: tuple(keys) for code, keys in carrying.items()},
        titles=code_titles(codebook),
        papers=papers or {},
    )
