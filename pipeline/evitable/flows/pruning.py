"""Which of the kept results are in use: by the papers of today, and by the published run."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from evitable.flows.config import RunConfig, run_config
from evitable.flows.corpus import Corpus, scan_review
from evitable.flows.holding import holding
from evitable.flows.stages import PaperStages
from evitable.records import Paper, RunRecord, paper_id
from evitable.store import Cache, Size, Workspace, last_run


def prune_cache(workspace: Workspace, *, dry_run: bool) -> tuple[Size, Size]:
    """Delete the results of a review that are not in use, while no run is under way.

    Args:
        workspace: The review.
        dry_run: Whether nothing is deleted.

    Returns:
        How much was deleted, or would be; and how much is in use.

    Raises:
        UserError: Something that a person can mend; nothing is deleted if it cannot be told what is in use.
    """
    config = run_config(workspace)
    with holding(workspace, config, "evitable cache prune"):
        used = keys_in_use(scan_review(workspace, config.settings), config, last_run(workspace))
        places = {str(place): place for place in (config.cache, workspace.cache)}  # a cache may have been moved
        found = [Cache(place).prune(lambda *entry: entry in used, dry_run=dry_run) for place in places.values()]
    gone, left = ([size for size, _ in found], [size for _, size in found])
    return Size.of(gone), Size.of(left)


def keys_in_use(corpus: Corpus, config: RunConfig, last: RunRecord | None) -> set[tuple[str, str]]:
    """Give stage and key of all results that are in use.

    Args:
        corpus: The papers of today.
        config: Settings, codebook and model in force.
        last: Record of the published run; None where there is none.
    """
    papers = {paper.sha256: paper for paper in corpus.papers}
    stages = [PaperStages(config)]
    if last is not None:
        stages.append(PaperStages(_as_published(config, last)))
        for path, sha in last.identity.papers.items():
            papers.setdefault(sha, Paper(id=paper_id(sha), path=path, sha256=sha))
    return {key for paper in papers.values() for one in stages for key in one.keys_in_use(paper)}


def _as_published(config: RunConfig, last: RunRecord) -> RunConfig:
    """Give settings and model of the published run; of its codebook only the digest is known."""
    known = {name: last.identity.settings[name] for name in _DECIDING if name in last.identity.settings}
    settings = msgspec.structs.replace(config.settings, **known)
    return replace(config, settings=settings, model_id=last.identity.model_id)


_DECIDING = ("extractor", "max_pages", "max_objects", "max_characters", "ocr", "ocr_language", "nlp")
"""Settings on which results of papers depend."""
