"""`evitable cache`: what is kept of papers, and getting rid of what no one needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evitable.errors import UserError

if TYPE_CHECKING:  # loaded inside the commands
    from evitable.store.places import Place

_STAGES = {
    "extract": "texts",
    "segment": "passages",
    "classify": "codings",
    "check": "quotes found again",
    "outcome": "what became of papers",
}


@click.group()
def cache() -> None:
    """See, and tidy up, the results that are kept so that papers are not read and coded again.

    \b
    Examples:
      evitable cache size my-review
      evitable cache prune my-review
    """


@cache.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
def size(folder: Path) -> None:
    """Say how much is kept.

    \b
    Example:
      evitable cache size my-review
    """
    from evitable.store import Cache, open_workspace  # noqa: PLC0415
    from evitable.store.places import cache_place  # noqa: PLC0415

    workspace = open_workspace(folder)
    place = cache_place(workspace, workspace.settings())
    sizes = Cache(place).sizes()
    for stage, found in sorted(sizes.items(), key=lambda item: [*_STAGES, item[0]].index(item[0])):
        click.echo(f"{_STAGES.get(stage, stage):22}{found.entries:10,}{_megabytes(found.bytes):>14}")
    total = sum(found.bytes for found in sizes.values())
    click.echo(f"{'together':22}{sum(found.entries for found in sizes.values()):10,}{_megabytes(total):>14}")
    click.echo(f"in {_where(place)}")


@cache.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option(
    "--shared-too",
    is_flag=True,
    help="Also where the results lie at an address of their own: those of other reviews are deleted too.",
)
def prune(folder: Path, *, dry_run: bool, shared_too: bool) -> None:
    """Delete results that neither the papers of today nor the published run need.

    Kept is what the papers in the corpus have under the settings, codebook and model in force, and what the published
    run was made of, as far as this version of the program can still use it. People's decisions lie elsewhere, and are
    never touched.

    \b
    Examples:
      evitable cache prune my-review --dry-run
      evitable cache prune my-review
    """
    from evitable.flows.pruning import prune_cache  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415
    from evitable.store.places import cache_place  # noqa: PLC0415

    workspace = open_workspace(folder)
    settings = workspace.settings()
    if settings.cache and not shared_too:
        raise UserError(
            f"The results lie in {_where(cache_place(workspace, settings))}, where other reviews may keep theirs.",
            "If no other review uses that place, say so with --shared-too. Results of others would be deleted.",
        )
    gone, left = prune_cache(workspace, dry_run=dry_run)
    done = "Would delete" if dry_run else "Deleted"
    click.echo(f"{done} {gone.entries:,} results ({_megabytes(gone.bytes)}); {left.entries:,} are in use.")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _where(place: Place) -> str:
    from evitable.store.places import shown  # noqa: PLC0415

    return shown(str(place))
