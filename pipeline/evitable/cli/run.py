"""`evitable run`: the whole main job."""

from __future__ import annotations

import time
from pathlib import Path

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evitable.flows.planning import Plan
    from evitable.records import RunRecord


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option(
    "--only",
    type=click.Choice(["extract", "code", "evidence"]),
    help="Run one part alone: read the papers; read and code them; or build the tables from what is coded.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and why, and do nothing.")
@click.option("--retry", is_flag=True, help="Try papers again that could not be read before.")
def run(folder: Path, only: str | None, *, dry_run: bool, retry: bool) -> None:
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
    from evitable.flows.environment import prepare_prefect  # noqa: PLC0415
    from evitable.flows.planning import look_ahead, plan_lines  # noqa: PLC0415
    from evitable.store import last_run, open_workspace, writable  # noqa: PLC0415

    started = time.monotonic()
    workspace = open_workspace(folder)
    config, plan = look_ahead(workspace, retry=retry, changing=not dry_run)
    last = last_run(workspace)
    if dry_run:
        click.echo("\n".join(plan_lines(plan, last)))
        return
    if only is None and last and not plan.todo and not plan.reasons:
        _say_nothing_new(workspace.outputs, last, plan, time.monotonic() - started)
        return
    writable(workspace.outputs)
    click.echo(f"{config.settings.title}: {config.codebook.title}", err=True)
    click.echo("Starting Prefect (some seconds; longer on the first run) ...", err=True)
    prepare_prefect(workspace.prefect_home)
    from evitable.flows.review import run_flow  # noqa: PLC0415

    result = run_flow(only or "review", workspace.root, retry=retry)
    if only in {"extract", "code"}:
        failed = [outcome for outcome in result if outcome.issue]
        click.echo(
            f"{len(result) - len(failed)} papers done, {len(failed)} failed, in {time.monotonic() - started:.0f} s."
        )
        for outcome in failed:
            click.echo(f"  {outcome.path}: {outcome.issue.message}")
    elif result is None:
        _say_nothing_new(workspace.outputs, last, plan, time.monotonic() - started)
    else:
        _say_result(result, workspace.outputs, time.monotonic() - started)


def _say_nothing_new(outputs: Path, last: RunRecord | None, plan: Plan, seconds: float) -> None:
    click.echo(f"Nothing new since run {last.number if last else 0}: the tables are up to date ({seconds:.1f} s).")
    failed = len(plan.failed_before)
    if failed:
        papers = "1 paper" if failed == 1 else f"{failed} papers"
        click.echo(f"{papers} could not be read before; see {_near(outputs / 'issues.csv')}. Try again with --retry.")


def _say_result(record: RunRecord, outputs: Path, seconds: float) -> None:
    counts = record.counts
    studies = "1 study" if counts["studies"] == 1 else f"{counts['studies']} studies"
    click.echo(
        f"Run {record.number}: {studies}, {counts['passages']} passages, "
        f"{counts['codings']} codings on {counts['passages_coded']} of them "
        f"({counts['codings_mentions']} on mentions of other work), {counts['codings_unsure']} left unsure, "
        f"in {seconds:.0f} s."
    )
    missing = counts["papers_not_read"]
    if missing:
        papers = "1 paper" if missing == 1 else f"{missing} papers"
        click.echo(f"{papers} could not be read; see {_near(outputs / 'issues.csv')}.")
    elif counts["issues"]:
        click.echo(f"Remarks on papers and references ({counts['issues']}): {_near(outputs / 'issues.csv')}.")
    click.echo("Open:")
    click.echo(f"  {_near(outputs / 'evidence.xlsx')}   the workbook: every coded cell leads to its quote")
    click.echo(f"  {_near(outputs / 'report.html')}     the report: evidence map, studies, quotes")


def _near(path: Path) -> Path:
    """Give the path from here, if that is shorter."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
