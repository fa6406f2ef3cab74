"""`evitable status`: what was published last, and what is new since."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from evitable.errors import UserError
from evitable.records import RunRecord, decode


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
def status(folder: Path) -> None:
    """Say what was published last, and what is new since then.

    \b
    Example:
      evitable status my-review
    """
    from evitable.flows.config import run_config  # noqa: PLC0415
    from evitable.flows.corpus import scan_review  # noqa: PLC0415
    from evitable.flows.evidence import run_identity  # noqa: PLC0415
    from evitable.flows.ocr import ocr_state  # noqa: PLC0415
    from evitable.store import RUN_FILE, open_workspace, read_bytes  # noqa: PLC0415

    workspace = open_workspace(folder)
    config = run_config(workspace)
    corpus = scan_review(workspace, config.settings)
    click.echo(f"{config.settings.title}")
    click.echo(f"  corpus     {len(corpus.papers)} papers, {len(corpus.references)} references")
    click.echo(f"  codebook   {config.codebook.title}, version {config.codebook.version}")
    click.echo(f"  model      {config.model_note}")
    if config.settings.ocr:
        click.echo(f"  ocr        {ocr_state(config.settings.ocr_language)}")
    if not (workspace.outputs / RUN_FILE).exists():
        click.echo(f"  published  nothing yet. Run: evitable run {folder}")
        return
    try:
        record = decode(read_bytes(workspace.outputs / RUN_FILE), RunRecord)
    except msgspec.DecodeError as error:
        raise UserError(
            f"{workspace.outputs / RUN_FILE} is damaged.", f"Make it again with `evitable run {folder}`."
        ) from error
    _say_published(record)
    _say_changes(record, {paper.path: paper.sha256 for paper in corpus.papers}, run_identity(corpus, config).id)


def _say_published(record: RunRecord) -> None:
    counts = record.counts
    click.echo(f"  published  run {record.identity.id} of {record.started}, {record.seconds:.0f} s")
    click.echo(
        f"             {counts['studies']} studies, {counts['passages']} passages, {counts['codings']} codings, "
        f"{counts['papers_not_read']} papers not read"
    )
    slowest = sorted(record.papers, key=lambda paper: -sum(paper.seconds.values()))[:3]
    for paper in slowest:
        if sum(paper.seconds.values()) > 0:
            click.echo(f"             slowest: {paper.path}, {sum(paper.seconds.values()):.1f} s")


def _say_changes(record: RunRecord, papers: dict[str, str], now: str) -> None:
    before = record.identity.papers
    new = sorted(set(papers.values()) - set(before.values()))
    gone = sorted(set(before.values()) - set(papers.values()))
    if now == record.identity.id:
        click.echo("  since then nothing has changed.")
        return
    click.echo(
        f"  since then {len(new)} new papers, {len(gone)} gone"
        + ("" if new or gone else "; settings, references, codebook, model or version changed")
        + ". Run again to bring the tables up to date."
    )
