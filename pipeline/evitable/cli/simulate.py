"""`evitable simulate`: how many checks find how many codings, and when enough is checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evitable.errors import UserError

if TYPE_CHECKING:
    from evitable.flows.config import RunConfig
    from evitable.store import Workspace
    from evitable.training.data import CodedPassage
    from evitable.training.simulate import Pool, Simulation

LEAST_READ = 200
"""Passages of a review that people must have read in full before they are replayed."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option(
    "--passages",
    type=click.Path(path_type=Path),
    default=None,
    help="Passages that people coded in full and the model never saw (JSON lines).",
)
@click.option(
    "--prevalence",
    type=click.FloatRange(0.01, 0.9),
    default=1 / 3,
    show_default="a third",
    help="Share of the program's own passages that carry a code; others are drawn accordingly.",
)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Folder for the curve: CSV, SVG and PNG.")
def simulate(folder: Path | None, passages: Path | None, prevalence: float, out: Path | None) -> None:
    """Show how many passages must be checked to find the codings, and when one may stop.

    Coded passages are checked again as if nobody had looked at them: in the order of the review page, in other orders,
    and at random. No decision is changed. The same passages give the same figures.

    Without FOLDER and --passages the program's own passages are replayed, each answered by a model that saw nothing of
    the same kind of writing, a third of them carrying a code, as at most a third do in papers. With FOLDER, those that
    people of that review have read in full, if there are 200 or more. That takes about two minutes.

    \b
    Examples:
      evitable simulate
      evitable simulate my-review --out simulation
      evitable simulate --passages gold.jsonl
    """
    from evitable.training.simulate import simulate as replay  # noqa: PLC0415
    from evitable.training.simulation_text import simulation_text  # noqa: PLC0415

    if folder and passages:
        raise UserError("FOLDER and --passages are two sources of passages.", "Give one of them.")
    pool, drawn = _pool(folder, passages, prevalence)
    result = replay(pool, drawn)
    click.echo(simulation_text(result))
    if out is not None:
        _write(out, result)


def _pool(folder: Path | None, passages: Path | None, prevalence: float) -> tuple[Pool, Iterator[Pool] | None]:
    """Give the passages to replay, and the reviews in which the rule for stopping is tried, where they differ."""
    from evitable.flows.config import classifier_of, run_config, shipped_config  # noqa: PLC0415
    from evitable.store import open_workspace, read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.pools import answered_pool  # noqa: PLC0415

    if passages:
        config = shipped_config()
        coded = read_coded_passages({passages.name: read_text(passages)}, config.codebook)
        return answered_pool([one for one in coded if one.known is None], classifier_of(config)), None
    if folder is None:
        return _shipped(prevalence)
    workspace = open_workspace(folder)
    config = run_config(workspace)
    read = _read_in_full(workspace, config)
    if len(read) >= LEAST_READ:
        click.echo(f"Replaying {len(read)} passages of this review that people have read in full ...", err=True)
        return answered_pool(read, classifier_of(config)), None
    click.echo(
        f"{len(read)} passages of this review are read in full and new to its model; {LEAST_READ} are needed. "
        "The program's own passages stand in.",
        err=True,
    )
    return _shipped(prevalence)


def _read_in_full(workspace: Workspace, config: RunConfig) -> list[CodedPassage]:
    """Give what people of a review have read in full, without the studies that its model has learned from."""
    from evitable.cli.train import decided_in, learned_by  # noqa: PLC0415

    seen = {passage.source for passage in learned_by(config)}
    return [one for one in decided_in(workspace, config) if one.known is None and one.source not in seen]


def _shipped(prevalence: float) -> tuple[Pool, Iterator[Pool]]:
    """Give the program's own passages, mixed as papers are, and reviews drawn from their documents."""
    import numpy as np  # noqa: PLC0415

    from evitable.classify.manifest import read_manifest  # noqa: PLC0415
    from evitable.cli.train import coded_files  # noqa: PLC0415
    from evitable.flows.config import model_files, shipped_config  # noqa: PLC0415
    from evitable.store import read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.pools import unseen_pool  # noqa: PLC0415
    from evitable.training.simulate import mixed, resampled  # noqa: PLC0415

    config = shipped_config()
    book = config.codebook
    files = coded_files(None, config.model_dir, book.name)
    coded = read_coded_passages({path.name: read_text(path) for path in files}, book)
    manifest = read_manifest(model_files(config.model_dir) or {}, str(config.model_dir))
    click.echo(f"Answering {len(coded)} passages with models that have not seen them; about a minute ...", err=True)
    whole = unseen_pool(coded, book, {name: stack.unsure for name, stack in manifest.stack.items()})
    return mixed(whole, prevalence, np.random.default_rng(0)), resampled(whole, prevalence)


def _write(out: Path, result: Simulation) -> None:
    """Write the curve as tables and pictures."""
    from evitable.decide.stopping import TARGET  # noqa: PLC0415
    from evitable.export.figures.curves import Rise, curves  # noqa: PLC0415
    from evitable.export.figures.drawing import drawn  # noqa: PLC0415
    from evitable.export.figures.frame import framed  # noqa: PLC0415
    from evitable.store import writable, write_bytes  # noqa: PLC0415
    from evitable.training.simulation_text import codes_csv, curve_csv  # noqa: PLC0415

    rises = []
    for one in result.curves:
        shares = [one.found[round(step / 100 * result.passages)] for step in range(101)]
        cost = one.checks[TARGET] / result.passages
        rises.append(Rise(f"{one.name}: {TARGET:.0%} at {cost:.0%}", tuple(shares)))
    body = curves(rises, "passages checked", "codings found", TARGET)
    counted = f"{result.passages:,} passages, {result.carrying:,} of them with {result.codings:,} codings."
    picture = framed("Codings found by passages checked", counted, body, ())
    writable(out)
    for name, content in (
        ("simulation.csv", curve_csv(result).encode()),
        ("simulation-codes.csv", codes_csv(result).encode()),
        ("simulation.svg", drawn(picture, "svg")),
        ("simulation.png", drawn(picture, "png")),
    ):
        write_bytes(out / name, content)
        click.echo(f"{out / name}")
