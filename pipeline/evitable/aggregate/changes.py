"""What one published run changed of another: cells that are new, changed, lost or unchanged, and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from evitable.records import (
    Cause,
    Cell,
    CellChange,
    CellState,
    Change,
    Changes,
    Coding,
    Evidence,
    EvidenceRow,
    PublishedRun,
    RunIdentity,
    RunPaper,
    Snapshot,
    StudyState,
    digest,
)

_NO_CELL_HANGS_ON = frozenset({"title", "prisma", "study"})
"""Settings that change no cell: by `study` other papers make a study, which is a cause of its own."""
_ALONE: frozenset[Cause] = frozenset({"first run", "new paper", "paper removed"})
"""Causes beside which there can be no other."""
_KEY = re.compile(r"(?P<name>.*?) (?:(?P<year>\d{4})|n\.d\.)-?(?P<letters>[a-z]*)")

_Cells = Mapping[str, CellState]


def snapshot_of(evidence: Evidence, run: PublishedRun) -> Snapshot:
    """Give the study table as it is kept with a published run.

    Args:
        evidence: The tables of the run.
        run: The run.

    Returns:
        The studies by id, each with its cells in the codebook's order; no studies for empty evidence.
    """
    wanted = {cell.strongest for study in evidence.studies for cell in study.cells}
    strongest = {coding.id: coding for coding in evidence.codings if coding.id in wanted}
    studies = sorted(evidence.studies, key=lambda study: study.study_id)
    decided = _decisions(evidence.codings)
    return Snapshot(
        run=run, studies=tuple(_state(study, strongest, decided.get(study.study_id, {})) for study in studies)
    )


def _decisions(codings: Sequence[Coding]) -> dict[str, dict[str, str]]:
    """Give a digest of the latest decisions by study and code; nothing where nobody has decided."""
    revisions: dict[str, dict[str, list[str]]] = {}
    for coding in codings:
        if coding.revision:
            revisions.setdefault(coding.study_id, {}).setdefault(coding.code, []).extend(coding.revision)
    return {
        study: {code: digest("v", *sorted(ids)) for code, ids in sorted(codes.items())}
        for study, codes in revisions.items()
    }


def _state(study: EvidenceRow, strongest: Mapping[str, Coding], decisions: dict[str, str]) -> StudyState:
    papers = zip(study.paper_ids, study.files, strict=True)
    return StudyState(
        study_id=study.study_id,
        key=study.key,
        papers=tuple(RunPaper(paper_id=name, path=path) for name, path in papers),
        cells=tuple(_cell_state(cell, strongest[cell.strongest]) for cell in study.cells),
        decisions=decisions,
    )


def _cell_state(cell: Cell, coding: Coding) -> CellState:
    return CellState(
        dimension=coding.dimension,
        code=cell.code,
        passages=cell.passages,
        verified=cell.verified,
        polarity=cell.polarity,
        best=coding.probability,
        quote=coding.quote,
        pages=", ".join(coding.page_labels),
    )


def compare(before: Snapshot | None, after: Snapshot, codes: Sequence[str] = ()) -> Changes:
    """Tell what became of each cell between two runs, and why.

    A cell has changed if its passages, verified passages, polarity, strongest quote, the quote's pages or its
    probability differ, the probability as the tables show it: with two decimals.

    Why follows from what differs between the runs. All cells of a study that came in are due to its papers, and so are
    those of one that left. Else all is named that could have changed the cell, for only a run with each difference
    alone could tell them apart: a decision where people have decided on codings of the cell since; the papers of the
    study; codebook, model, settings, references and the program. Where none of these differs it was a decision too.

    Args:
        before: The earlier run; None where there was none: then all cells are new.
        after: The later run.
        codes: The codebook's codes in order; without it, a study's lost cells stand behind its other ones.

    Returns:
        Each cell of both runs once: studies by short name, those that left last.
    """
    old = {study.study_id: study for study in before.studies} if before else {}
    new = {study.study_id: study for study in after.studies}
    old_papers, new_papers = _papers(old.values()), _papers(new.values())
    causes = _run_causes(before.run.identity, after.run.identity) if before else ()
    runs = _Runs(
        before is None, causes, old_papers.keys(), new_papers.keys(), {code: n for n, code in enumerate(codes)}
    )
    gone = sorted((study for name, study in old.items() if name not in new), key=_place)
    stayed = sorted(new.values(), key=_place)
    moved = ((old_papers[name], path) for name, path in new_papers.items() if name in old_papers)
    return Changes(
        before=before.run.number if before else None,
        before_started=before.run.started if before else "",
        after=after.run.number,
        causes=causes,
        papers_new=tuple(sorted(path for name, path in new_papers.items() if name not in old_papers)),
        papers_gone=tuple(sorted(path for name, path in old_papers.items() if name not in new_papers)),
        papers_renamed=tuple(sorted(paths for paths in moved if paths[0] != paths[1])),
        studies_new=tuple(study.key for study in stayed if study.study_id not in old),
        studies_gone=tuple(study.key for study in gone),
        cells=tuple(
            cell
            for study in (*stayed, *gone)
            for cell in _cells(old.get(study.study_id), new.get(study.study_id), study, runs)
        ),
    )


class _Runs(NamedTuple):
    """What holds for all studies: whether there was an earlier run, what differs, the papers, the codes' places."""

    first: bool
    causes: tuple[Cause, ...]
    old_papers: AbstractSet[str]
    new_papers: AbstractSet[str]
    places: Mapping[str, int]


def _papers(studies: Collection[StudyState]) -> dict[str, str]:
    """Give the path of each paper by id."""
    return {paper.paper_id: paper.path for study in studies for paper in study.papers}


def _place(study: StudyState) -> tuple[str, int, int, str, str]:
    """Give by what studies are sorted: name, year, letters behind the year, as in the study table."""
    found = _KEY.fullmatch(study.key)
    name, year, letters = found.group("name", "year", "letters") if found else (study.key, None, "")
    plain = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return plain, int(year or 0), len(letters), letters, study.study_id


def _run_causes(before: RunIdentity, after: RunIdentity) -> tuple[Cause, ...]:
    """Name what differs between two runs, apart from papers, and can change a cell."""
    differs: dict[Cause, bool] = {
        "new codebook": before.codebook_version != after.codebook_version,
        "new model": before.model_id != after.model_id,
        "new settings": _shaping(before) != _shaping(after),
        "new references": before.references != after.references,
        "new version of the program": _program(before) != _program(after),
    }
    return tuple(cause for cause, holds in differs.items() if holds)


def _shaping(run: RunIdentity) -> dict[str, object]:
    return {name: value for name, value in run.settings.items() if name not in _NO_CELL_HANGS_ON}


def _program(run: RunIdentity) -> tuple[object, ...]:
    return run.evitable, run.stages, run.libraries


def _study_causes(before: StudyState | None, after: StudyState | None, runs: _Runs) -> tuple[Cause, ...]:
    """Name all that can have changed a cell of a study, but decisions."""
    if runs.first:
        return ("first run",)
    old = [paper.paper_id for paper in before.papers] if before else []
    new = [paper.paper_id for paper in after.papers] if after else []
    if not before and runs.old_papers.isdisjoint(new):
        return ("new paper",)
    if not after and runs.new_papers.isdisjoint(old):
        return ("paper removed",)
    # Papers that stand in another study now leave one that is gone, or make one that is new.
    papers: tuple[Cause, ...] = ("papers of the study changed",) if old != new else ()
    return papers + runs.causes


def _cells(before: StudyState | None, after: StudyState | None, study: StudyState, runs: _Runs) -> Iterator[CellChange]:
    """Give what became of all cells of a study, in the codebook's order."""
    old: _Cells = {cell.code: cell for cell in before.cells} if before else {}
    new: _Cells = {cell.code: cell for cell in after.cells} if after else {}
    causes = _study_causes(before, after, runs)
    said, says = before.decisions if before else {}, after.decisions if after else {}
    for code in sorted({**new, **old}, key=lambda name: runs.places.get(name, len(runs.places))):
        was, now = old.get(code), new.get(code)
        change = _change(was, now)
        yield CellChange(
            study_id=study.study_id,
            study=study.key,
            dimension=(now or old[code]).dimension,
            code=code,
            change=change,
            causes=_causes(was, now, causes, decided=said.get(code) != says.get(code)) if change != "unchanged" else (),
            before=was,
            after=now,
        )


def _change(before: CellState | None, after: CellState | None) -> Change:
    if before is None:
        return "new"
    if after is None:
        return "lost"
    return "unchanged" if _shown(before) == _shown(after) else "changed"


def _shown(cell: CellState) -> tuple[object, ...]:
    """Give what the tables show of a cell."""
    return *_found(cell), cell.verified


def _found(cell: CellState) -> tuple[object, ...]:
    """Give what the tables show of a cell, but the decisions on it."""
    return cell.passages, cell.polarity, f"{cell.best:.2f}", cell.quote, cell.pages


def _causes(
    before: CellState | None, after: CellState | None, causes: tuple[Cause, ...], *, decided: bool
) -> tuple[Cause, ...]:
    """Name the causes of a cell that is not what it was; `causes` are those of its study."""
    if before and after and _found(before) == _found(after):
        return ("decision",)
    if _ALONE.intersection(causes):
        return causes
    verified = (before.verified if before and after else 0, after.verified if after else 0)
    return ("decision", *causes) if decided or verified[0] != verified[1] or not causes else causes
