"""`evitable export`: some kinds of files of the published run again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--only", default="", help="Kinds of files, with commas between them; default: all.")
@click.option("--list", "show", is_flag=True, help="Show the kinds of files that there are.")
def export(folder: Path, only: str, *, show: bool) -> None:
    """Write files of the published run again: all of them, or some kinds only.

    Nothing is read or coded again. What a run writes is set by "exports" in review.toml; this command writes any kind.

    \b
    Examples:
      evitable export --list
      evitable export my-review --only docx,figures
      evitable export my-review --only xlsx
    """
    from evitable.export import KINDS  # noqa: PLC0415

    if show:
        width = max(len(kind.name) for kind in KINDS)
        for kind in KINDS:
            click.echo(f"{kind.name:<{width}}  {kind.what}")
        return
    from evitable.flows.publishing import export_again  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415

    workspace = open_workspace(folder)
    names = export_again(workspace, [name.strip() for name in only.split(",") if name.strip()])
    for name in names[:20]:
        click.echo(f"outputs/{name}")
    if len(names) > 20:
        click.echo(f"and {len(names) - 20} more files")
