"""`evitable schedule`: runs of a review by themselves, in the foreground."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import click

from evitable.errors import UserError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LENGTH = re.compile(r"([1-9][0-9]{0,5})\s*([smhd])")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--every", metavar="TIME", help="A run every so often: 30m, 1h, 1d.")
@click.option("--cron", metavar="LINE", help='A run by the clock, as cron writes it: "0 6 * * 1" is Mondays at six.')
@click.option("--watch", is_flag=True, help="A run when papers, references, settings or the codebook have changed.")
@click.option(
    "--watch-every", metavar="TIME", default="30s", show_default=True, help="Time between two looks at the files."
)
def schedule(folder: Path, every: str | None, cron: str | None, watch_every: str, *, watch: bool) -> None:
    """Run a review again and again, until you stop it with Ctrl-C.

    The first run is made at once. Where nothing is new, nothing is done. A run that would begin while another is under
    way is refused; one that fails is tried again twice, after 30 seconds and 2 minutes.

    \b
    Examples:
      evitable schedule my-review --every 1h
      evitable schedule my-review --cron "0 6 * * 1"
      evitable schedule my-review --watch
    """
    if sum((every is not None, cron is not None, watch)) != 1:
        raise UserError(
            "Say when the review is to be run, in one way.", 'Add --every 1h, or --cron "0 6 * * 1", or --watch.'
        )
    between = length(every, "--every") if every is not None else None
    looks = length(watch_every, "--watch-every").total_seconds() if watch else None
    from evitable.flows.alone import alone  # noqa: PLC0415
    from evitable.flows.environment import end_prefect, prepare_prefect  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415

    workspace = open_workspace(folder)
    with alone(workspace):
        click.echo("Starting Prefect (some seconds; longer the first time) ...", err=True)
        address = prepare_prefect(workspace.prefect_home, lasting=True)
        try:
            from evitable.flows.serving import When, serve_review  # noqa: PLC0415

            click.echo(f"Prefect shows the runs at {address.removesuffix('/api')}; Ctrl-C ends the schedule.")
            serve_review(workspace, When(between, cron, looks), click.echo)
        finally:
            end_prefect()
    click.echo("The schedule has ended. What is published stays.")


def length(text: str, option: str) -> datetime.timedelta:
    """Read a length of time: `30m`, `1h`, `1d`.

    Args:
        text: As typed.
        option: Where it was typed, for the message.

    Raises:
        UserError: It cannot be understood.
    """
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None:
        raise UserError(
            f'{option} is "{text}".',
            "Write a number and s, m, h or d for seconds, minutes, hours or days: 30m, 1h, 1d.",
        )
    return datetime.timedelta(**{_UNITS[found[2]]: int(found[1])})
