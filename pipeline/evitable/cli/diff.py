"""`evitable diff`: what changed between two published runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
import msgspec

from evitable.errors import UserError

if TYPE_CHECKING:
    from evitable.codebook import Codebook
    from evitable.records import CellChange, Changes
    from evitable.store import History

Wanted = Literal["all", "new", "changed", "lost"]
_CELLS = 20
"""Cells of each kind that are shown where all kinds are wanted."""


@click.command()
@click.argument("where", nargs=-1, metavar="[RUN RUN] [FOLDER]")
@click.option(
    "--changes",
    "wanted",
    type=click.Choice(["all", "new", "changed", "lost"]),
    default="all",
    help="Cells that are listed; default: the first of each kind.",
)
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Write the cells to this file, as a table.")
def diff(where: tuple[str, ...], wanted: Wanted, file: Path | None) -> None:
    """Say what changed between two published runs: papers, studies, and cells with the cause.

    RUN is the number of a run. Without numbers the last two runs are compared; with one, that one and the last. What
    the last run changed is in outputs/changes.csv too.

    \b
    Examples:
      evitable diff                     the last two runs of the review in this folder
      evitable diff 3 7 my-review
      evitable diff 3 7 my-review --changes lost
      evitable diff 3 7 my-review --csv since-run-3.csv
    """
    from evitable.flows.config import load_codebook  # noqa: PLC0415
    from evitable.store import open_history, open_workspace, write_bytes  # noqa: PLC0415

    numbers, folder = _numbers_and_folder(where)
    workspace = open_workspace(folder)
    settings = workspace.settings()
    codebook = load_codebook(workspace.root, settings.codebook)
    changes = _compared(open_history(workspace, settings.store), numbers, codebook)
    click.echo("\n".join(_lines(changes, codebook, wanted)))
    if file:
        write_bytes(file, _table(changes, codebook, wanted))
        click.echo(f"Written: {file}")


def _numbers_and_folder(where: Sequence[str]) -> tuple[list[int], Path]:
    """Part run numbers from the folder, which comes last.

    Raises:
        click.UsageError: There is more than two numbers and a folder.
    """
    numbers = [int(text) for text in where if text.isdecimal()]
    folders = [text for text in where if not text.isdecimal()]
    if len(numbers) > 2 or len(folders) > 1:
        raise click.UsageError("Give two numbers of runs at most, and one folder.")
    return numbers, Path(folders[0] if folders else ".")


def _compared(history: History, numbers: Sequence[int], codebook: Codebook) -> Changes:
    """Compare two runs.

    Raises:
        UserError: There are no such runs.
    """
    from evitable.aggregate import compare  # noqa: PLC0415

    there = [run.number for run in history.runs()]
    if not there:
        raise UserError("No run has been published yet.", "Run `evitable run` first.")
    for number in numbers:
        if number not in there:
            raise UserError(f"There is no run {number}.", f"Published runs: {_spans(there)}.")
    last = there[-1]
    first, second = (*numbers, last)[:2] if numbers else (last - 1, last)
    if first not in there:
        raise UserError("Only one run has been published, so that there is nothing to compare it with.", _HINT)
    before, after = history.snapshot(first), history.snapshot(second)
    if before is None or after is None:  # published runs stay, so that they are there
        raise UserError(f"Run {first} or {second} cannot be read.", f"Published runs: {_spans(there)}.")
    return compare(before, after, [code.name for code in codebook.code])


_HINT = "Run `evitable run` again when there is something new."


def _spans(numbers: Sequence[int]) -> str:
    """Name numbers of runs, which have no gaps: `1, 2`, or `1 to 57`."""
    return ", ".join(map(str, numbers)) if len(numbers) <= 5 else f"{numbers[0]} to {numbers[-1]}"


def _lines(changes: Changes, codebook: Codebook, wanted: Wanted) -> list[str]:
    """Give the summary, and the cells that are wanted."""
    from evitable.export.tables.table import code_titles  # noqa: PLC0415
    from evitable.export.what_changed import ORDER, change_summary  # noqa: PLC0415

    titles = code_titles(codebook)
    lines = [f"{key:<9} {text}" for key, text in change_summary(changes, most=_CELLS)]
    for change in ORDER:
        cells = [cell for cell in changes.cells if cell.change == change]
        if not cells or change == "unchanged" or wanted not in ("all", change):
            continue
        shown = cells[:_CELLS] if wanted == "all" else cells
        lines += ["", f"{change.capitalize()} cells"]
        lines += [line for cell in shown for line in _cell(cell, titles.get(cell.code, cell.code))]
        if len(cells) > len(shown):
            lines.append(f"  and {len(cells) - len(shown):,} more; all of them with --changes {change}")
    return lines


def _cell(cell: CellChange, title: str) -> tuple[str, str]:
    """Say what became of a cell, in two lines."""
    from evitable.export.what_changed import cause_words, differences, state_words  # noqa: PLC0415

    states = [state_words(state) for state in (cell.before, cell.after) if state]
    differs = differences(cell)
    what = f"; differs: {', '.join(differs)}" if differs else ""
    return f"  {cell.study}: {title}", f"      {' → '.join(states)}{what}; why: {cause_words(cell)}"


def _table(changes: Changes, codebook: Codebook, wanted: Wanted) -> bytes:
    """Give the cells as the table that a run writes."""
    from evitable.export.data_files import csv_bytes  # noqa: PLC0415
    from evitable.export.tables import look_up  # noqa: PLC0415
    from evitable.export.tables.changes import change_rows  # noqa: PLC0415
    from evitable.records import Evidence  # noqa: PLC0415

    cells = tuple(cell for cell in changes.cells if wanted in ("all", cell.change))
    nothing = Evidence(studies=(), codings=(), counts=(), map_dimensions=(), map=())
    return csv_bytes(change_rows(look_up(nothing, codebook), msgspec.structs.replace(changes, cells=cells)))
