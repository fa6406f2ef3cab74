"""`evitable run`: the whole main job."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

if TYPE_CHECKING:
    from evitable.flows.config import RunConfig
    from evitable.flows.planning import Plan
    from evitable.flows.stages import PaperOutcome
    from evitable.records import RunRecord
    from evitable.store import Workspace

_FEW = 25
"""Papers up to which the publisher is wanted so soon that it may wait and hold its memory until then."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option(
    "--only",
    type=click.Choice(["extract", "code", "evidence"]),
    help="Run one part alone: read the papers; read and code them; or build the tables from what is coded.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and why, and do nothing.")
@click.option("--retry", is_flag=True, help="Try papers again that could not be read before.")
@click.option(
    "--json-logs", is_flag=True, help="For programs: one JSON object a line in place of all lines for people."
)
def run(folder: Path, only: str | None, *, dry_run: bool, retry: bool, json_logs: bool) -> None:
    """Read and code the papers of a review, and build its tables.

    Papers that were done before are not done again; where nothing is new, nothing is done. A paper that cannot be read
    costs itself only: it is listed in outputs/issues.csv with what to do, and the rest goes on.

    \b
    Examples:
      evitable run                      the review in this folder
      evitable run my-review
      evitable run my-review --dry-run  what would be done, and why
      evitable run my-review --only evidence
    """
    from evitable.flows import logs  # noqa: PLC0415
    from evitable.flows.planning import FILES_MISSING, look_ahead, plan_counts, plan_lines  # noqa: PLC0415
    from evitable.flows.publishing import export_again  # noqa: PLC0415
    from evitable.store import last_run, open_workspace, writable  # noqa: PLC0415

    started = time.perf_counter()
    logs.set_up_logging(json=json_logs or logs.json_logs())
    workspace = open_workspace(folder)
    config, plan = look_ahead(workspace, retry=retry, changing=not dry_run)
    last = last_run(workspace)
    if dry_run:
        _say("plan", plan_lines(plan, last), **plan_counts(plan), reasons=plan.reasons, steps=to_builtins(plan.steps))
        return
    if only is None and last and not plan.todo and set(plan.reasons) <= {FILES_MISSING}:
        if plan.reasons:
            export_again(workspace, last.exports)
            said = f"Files of run {last.number} were missing, and have been written again."
            _say("exported", [said], run=last.number)
        _say_nothing_new(workspace.outputs, last, plan, time.perf_counter() - started)
        return
    writable(workspace.outputs)
    logs.tell("review", f"{config.settings.title}: {config.codebook.title}")
    logs.tell("prefect", "Starting Prefect (some seconds; longer on the first run) ...")
    _begin(workspace, config, plan, only)
    result = _flow(only or "review", workspace, retry=retry, began=started)
    seconds = time.perf_counter() - started
    if only in {"extract", "code"}:
        _say_papers(result, seconds)
    elif result is None:
        _say_nothing_new(workspace.outputs, last, plan, seconds)
    else:
        _say_result(result, workspace.outputs, seconds)


def _begin(workspace: Workspace, config: RunConfig, plan: Plan, only: str | None) -> None:
    """Let workers load their models while Prefect starts, and the publisher what it needs if it is soon wanted."""
    from evitable.flows.pool import batches, begin_workers  # noqa: PLC0415
    from evitable.flows.publisher import Ahead, begin_publisher  # noqa: PLC0415
    from evitable.flows.worker import frame  # noqa: PLC0415
    from evitable.settings import workers_of  # noqa: PLC0415
    from evitable.store.places import corpus_place  # noqa: PLC0415

    settings = config.settings
    job = frame(config, corpus_place(workspace, settings), "extract" if only == "extract" else "check")
    if plan.todo and only != "evidence" and settings.runner == "local":
        workers = workers_of(settings)
        begin_workers(job, min(workers, len(batches(plan.todo, workers))))
    if only not in {"extract", "code"} and len(plan.todo) <= _FEW:
        begin_publisher(Ahead(frame=job, outcomes=plan.there))


def _flow(name: str, workspace: Workspace, *, retry: bool, began: float) -> Any:
    """Run a flow with the Prefect server that it needs."""
    from evitable.flows.environment import end_prefect, prepare_prefect  # noqa: PLC0415
    from evitable.flows.pool import close_all_pools  # noqa: PLC0415
    from evitable.flows.publisher import end_publishers  # noqa: PLC0415

    try:
        prepare_prefect(workspace.prefect_home)
        from evitable.flows.review import run_flow  # noqa: PLC0415

        return run_flow(name, workspace.root, retry=retry, began=began)
    finally:
        close_all_pools()
        end_publishers()
        end_prefect()


def _say(event: str, lines: Sequence[str], **fields: object) -> None:
    """Give the result: lines for people, or one JSON line for programs."""
    from evitable.flows.logs import event_line, json_logs  # noqa: PLC0415

    click.echo(event_line(event, lines[0], **fields) if json_logs() else "\n".join(lines))


def _say_papers(outcomes: Sequence[PaperOutcome], seconds: float) -> None:
    failed = {outcome.path: outcome.issue for outcome in outcomes if outcome.issue}
    done = len(outcomes) - len(failed)
    lines = [
        f"{done} papers done, {len(failed)} failed, in {seconds:.0f} s.",
        *(f"  {path}: {issue.message}" for path, issue in failed.items()),
    ]
    codes = {path: issue.code for path, issue in failed.items()}
    _say("papers", lines, papers=done, failed=codes, seconds=round(seconds, 2))


def _say_nothing_new(outputs: Path, last: RunRecord | None, plan: Plan, seconds: float) -> None:
    number = last.number if last else 0
    lines = [f"Nothing new since run {number}: the tables are up to date ({seconds:.1f} s)."]
    failed = len(plan.failed_before)
    if failed:
        papers = "1 paper" if failed == 1 else f"{failed} papers"
        where = _near(outputs / "issues.csv")
        lines.append(f"{papers} could not be read before; see {where}. Try again with --retry.")
    _say("unchanged", lines, run=number, failed_before=failed, seconds=round(seconds, 2))


def _say_result(record: RunRecord, outputs: Path, seconds: float) -> None:
    counts = record.counts
    studies = "1 study" if counts["studies"] == 1 else f"{counts['studies']} studies"
    result = (
        f"Run {record.number}: {studies}, {counts['passages']} passages, "
        f"{counts['codings']} codings on {counts['passages_coded']} of them "
        f"({counts['codings_mentions']} on mentions of other work), {counts['codings_unsure']} left unsure, "
        f"in {seconds:.0f} s."
    )
    lines = [result]
    missing = counts["papers_not_read"]
    if missing:
        papers = "1 paper" if missing == 1 else f"{missing} papers"
        lines.append(f"{papers} could not be read; see {_near(outputs / 'issues.csv')}.")
    elif counts["issues"]:
        lines.append(f"Remarks on papers and references ({counts['issues']}): {_near(outputs / 'issues.csv')}.")
    lines += [
        "Open:",
        f"  {_near(outputs / 'evidence.xlsx')}   the workbook: every coded cell leads to its quote",
        f"  {_near(outputs / 'report.html')}     the report: evidence map, studies, quotes",
    ]
    _say("published", lines, run=record.number, counts=counts, outputs=str(outputs), seconds=round(seconds, 2))


def _near(path: Path) -> Path:
    """Give the path from here, if that is shorter."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
