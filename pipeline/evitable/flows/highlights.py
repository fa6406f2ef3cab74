"""Highlighted copies of the papers: made by worker processes, and only where a paper's codings have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from evitable.export import HIGHLIGHT_VERSION, Review
from evitable.flows.config import RunConfig
from evitable.flows.corpus import Corpus
from evitable.flows.pool import GuardPool, batches
from evitable.flows.progress import MARKING, PaperProgress
from evitable.flows.stages import PaperKeys, PaperOutcome
from evitable.flows.worker import Highlight, frame
from evitable.records import Coding, Issue, Paper, digest
from evitable.settings import workers_of
from evitable.store import Workspace, last_run
from evitable.store.places import corpus_place

FOLDER = "highlighted"


class Highlights(NamedTuple):
    """The highlighted copies of a run.

    Attributes:
        made: New ones: name below `outputs/`, and the file to be moved there.
        kept: SHA-256 of those that stay as the last run made them, by name.
        keys: What decided each copy, by name.
        issues: Papers without a copy, and why.
    """

    made: dict[str, Path]
    kept: dict[str, str]
    keys: dict[str, str]
    issues: tuple[Issue, ...]


NO_HIGHLIGHTS = Highlights({}, {}, {}, ())


def highlight_papers(
    review: Review, workspace: Workspace, config: RunConfig, corpus: Corpus, outcomes: Sequence[PaperOutcome]
) -> Highlights:
    """Make the highlighted copies that are not in place yet; papers without a coding get none.

    Args:
        review: The tables.
        workspace: Where copies lie and go.
        config: Settings, codebook.
        corpus: The papers.
        outcomes: Where their passages are.

    Raises:
        UserError: A copy cannot be written.
    """
    wanted = _wanted(review, corpus, outcomes, workspace.cache / "highlight")
    kept = _kept({name: key for name, (key, _) in wanted.items()}, workspace)
    missing = [request for name, (_, request) in wanted.items() if name not in kept]
    issues = _made(missing, workspace, config, len(wanted))
    made = {name: Path(r.target) for name, (_, r) in wanted.items() if name not in kept and Path(r.target).is_file()}
    keys = {name: wanted[name][0] for name in sorted({*made, *kept})}
    return Highlights(made, kept, keys, tuple(issues))


def _wanted(
    review: Review, corpus: Corpus, outcomes: Sequence[PaperOutcome], folder: Path
) -> dict[str, tuple[str, Highlight]]:
    """Give key and request of each copy, by name."""
    by_paper: dict[str, list[Coding]] = defaultdict(list)
    for coding in review.evidence.codings:
        by_paper[coding.paper_id].append(coding)
    keys = {outcome.path: outcome.keys for outcome in outcomes}
    papers = [paper for paper in corpus.papers if paper.id in by_paper and paper.path in keys]
    wanted = {}
    for paper in papers:
        codings = tuple(by_paper[paper.id])
        key = _key(paper, keys[paper.path], review.codebook.digest, codings)
        request = Highlight(paper=paper, keys=keys[paper.path], codings=codings, target=str(folder / f"{key}.pdf"))
        wanted[f"{FOLDER}/{paper.path}"] = (key, request)
    return wanted


def _key(paper: Paper, keys: PaperKeys, codebook: str, codings: Sequence[Coding]) -> str:
    """Give the key of a copy: what decides its codings decides the copy."""
    decisions = (name for coding in codings for name in coding.revision)
    parts = (paper.sha256, keys.segment, keys.classify, keys.check, codebook, *decisions)
    return digest("h", str(HIGHLIGHT_VERSION), _writer(), *parts)


@cache
def _writer() -> str:
    """Give the version of what writes the copies; to look it up takes longer than all else that is done for a paper."""
    return version("pikepdf")


def _kept(keys: dict[str, str], workspace: Workspace) -> dict[str, str]:
    """Give the SHA-256 of copies that the last run made of the very same codings, and that are still there."""
    last = last_run(workspace)
    if last is None:
        return {}
    return {
        name: last.outputs[name]
        for name, key in keys.items()
        if last.highlighted.get(name) == key and name in last.outputs and (workspace.outputs / name).is_file()
    }


def _made(requests: Sequence[Highlight], workspace: Workspace, config: RunConfig, total: int) -> list[Issue]:
    """Have copies written that were not finished before, by as many workers as papers are read with."""
    todo = {request.paper.path: request for request in requests if not Path(request.target).is_file()}
    if not todo:
        return []
    workers = workers_of(config.settings)
    job = frame(config, corpus_place(workspace, config.settings), "extract")  # a worker that loads no models
    pool = GuardPool()

    def batch(papers: tuple[Paper, ...]) -> list[Issue]:
        issues = []
        with pool.lease(job) as guard:
            for paper in papers:
                issue = guard.highlight(todo[paper.path])
                progress.marked(paper.path, issue)
                issues += [issue] if issue else []
        return issues

    parts = batches([request.paper for request in todo.values()], workers)
    with PaperProgress(total, there=total - len(todo), work=MARKING) as progress:
        try:
            with ThreadPoolExecutor(workers) as threads:
                return [issue for issues in threads.map(batch, parts) for issue in issues]
        finally:
            pool.close()
