"""What a published run shows on a team's Prefect server: a report, what failed, what changed, where its files are."""

from __future__ import annotations

import logging
from pathlib import Path

from httpx import HTTPError
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from evitable.aggregate import compare
from evitable.flows.config import RunConfig
from evitable.flows.run_report import MOST, artifact_name, change_rows, failure_rows, link, run_report
from evitable.flows.server import is_temporary
from evitable.records import Changes, RunRecord
from evitable.store import Workspace, open_history

log = logging.getLogger(__name__)

_FILES = {"evidence.xlsx": "workbook", "report.html": "report", "changes.csv": "changes"}


def show_published(workspace: Workspace, config: RunConfig, record: RunRecord) -> None:
    """Show a run that was just published on the Prefect server, if people can look at it there; call it in the flow.

    The run is published already: what cannot be shown is logged, no more.

    Args:
        workspace: The review.
        config: Its settings and codebook.
        record: Of the run.
    """
    if is_temporary():
        return
    history = open_history(workspace, config.settings.store)
    after, before = history.snapshot(record.number), history.snapshot(record.number - 1)
    codes = tuple(code.name for code in config.codebook.code)
    try:
        show_run(record, compare(before, after, codes) if after else None, workspace.outputs)
    except HTTPError as error:
        log.warning("The run could not be shown on the Prefect server: %s", error)


def show_run(record: RunRecord, changes: Changes | None, outputs: Path) -> None:
    """Show a run on the Prefect server that is in force.

    Args:
        record: Of the run.
        changes: What it changed; None if that is not known.
        outputs: Where its files are.
    """
    name = artifact_name(outputs.parent)
    create_markdown_artifact(run_report(record, changes, outputs), key=f"{name}-run")
    create_table_artifact(failure_rows(record.papers), key=f"{name}-not-read", description=_shown("Papers not read"))
    if changes is not None:
        create_table_artifact(change_rows(changes), key=f"{name}-changes", description=_shown("Cells that changed"))
    for file, what in _FILES.items():
        if file in record.outputs:
            create_link_artifact(link(outputs / file), link_text=str(outputs / file), key=f"{name}-{what}-file")


def _shown(what: str) -> str:
    return f"{what}; the first {MOST} at most, all are in the review's outputs"
