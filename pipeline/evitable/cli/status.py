"""`evitable status`: what was published last and what it cost, what is new since, and what is under way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from evitable.errors import UserError
from evitable.records import RunRecord, decode

if TYPE_CHECKING:
    from evitable.flows.standing import Standing
    from evitable.store import Workspace


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--json", "as_json", is_flag=True, help="Give the same as JSON, for programs.")
def status(folder: Path, *, as_json: bool) -> None:
    """Say what was published last and what it cost, what is new since, and whether a run is under way.

    \b
    Examples:
      evitable status my-review
      evitable status my-review --json
    """
    standing = _look(folder)
    if as_json:
        from evitable.records import encode  # noqa: PLC0415

        click.echo(encode(standing), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415

    from evitable.cli.status_page import page  # noqa: PLC0415

    console = Console(highlight=False, emoji=False)
    for part in page(standing, f"evitable run {folder}" if str(folder) != "." else "evitable run"):
        console.print(part, markup=False, soft_wrap=isinstance(part, str))


def _look(folder: Path) -> Standing:
    from evitable.flows.config import run_config  # noqa: PLC0415
    from evitable.flows.corpus import scan_corpus  # noqa: PLC0415
    from evitable.flows.hashes import FILES  # noqa: PLC0415
    from evitable.flows.planning import plan_run  # noqa: PLC0415
    from evitable.flows.standing import standing_of  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415
    from evitable.store.places import corpus_place  # noqa: PLC0415

    workspace = open_workspace(folder)
    config = run_config(workspace)
    index = workspace.cache / FILES
    place = corpus_place(workspace, config.settings)
    corpus = scan_corpus(place, index if index.exists() else None)  # a look leaves nothing behind
    last = _published(workspace, folder)
    return standing_of(workspace, config, corpus, last, plan_run(corpus, config, workspace, last))


def _published(workspace: Workspace, folder: Path) -> RunRecord | None:
    from evitable.store import RUN_FILE, read_bytes  # noqa: PLC0415

    path = workspace.outputs / RUN_FILE
    if not path.exists():
        return None
    try:
        return decode(read_bytes(path), RunRecord)
    except msgspec.DecodeError as error:
        raise UserError(f"{path} is damaged.", f"Make it again with `evitable run {folder}`.") from error
