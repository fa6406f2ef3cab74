"""What a run changed since the last published one, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from evitable.records import CellChange, CellState, Change, Changes

ORDER: tuple[Change, ...] = ("new", "changed", "lost", "unchanged")
"""The order in which cells are listed: what came in, what a reader has to look at again, what is gone, the rest."""


def change_summary(changes: Changes, most: int = 12) -> list[tuple[str, str]]:
    """Sum up what a run changed, as pairs of key and text; what is not there is left out.

    Args:
        changes: What it changed.
        most: Papers or studies that are named in one text; of more, how many.
    """
    if changes.before is None:
        return [("Compared", first_run_words(changes))]
    papers = {
        "came in": changes.papers_new,
        "left": changes.papers_gone,
        "moved or renamed": [f"{old} is now {new}" for old, new in changes.papers_renamed],
    }
    pairs = [
        ("Compared", f"{runs_words(changes)}. A cell is one code of one study."),
        ("Cells", cells_words(changes)),
        ("Why", causes_words(changes)),
        ("Also new", ", ".join(cause.removeprefix("new ") for cause in changes.causes)),
        ("Studies", _moves({"came in": changes.studies_new, "left": changes.studies_gone}, most)),
        ("Papers", _moves(papers, most)),
    ]
    return [(key, text) for key, text in pairs if text]


def first_run_words(changes: Changes) -> str:
    """Say that there is no earlier run to compare with."""
    return f"Run {changes.after} is the first that was published, so that there is nothing to compare it with."


def runs_words(changes: Changes) -> str:
    """Name the two runs, the earlier one with its date: `run 3 (2026-03-01 06:00 UTC) → run 4`."""
    if changes.before is None:
        return f"no earlier run → run {changes.after}"
    return f"run {changes.before} ({when(changes.before_started)}) → run {changes.after}"


def when(started: str) -> str:
    """Write a run's time, as it is kept, for people: to the minute, in UTC."""
    return f"{started[:16].replace('T', ' ')} UTC"


def cells_words(changes: Changes) -> str:
    """Count the cells by what became of them, in words."""
    counts = changes.counted()
    return ", ".join(f"{counts[change]:,} {change}" for change in ORDER)


def causes_words(changes: Changes) -> str:
    """Count the cells that are not what they were by why, in words; empty where there are none."""
    counts = Counter(cause_words(cell) for cell in changes.cells if cell.change != "unchanged")
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{cause}: {count:,} {'cell' if count == 1 else 'cells'}" for cause, count in ordered)


def cause_words(cell: CellChange) -> str:
    """Name why a cell is not what it was; each of several causes may be the one."""
    return " or ".join(cell.causes)


def means_words(changes: Changes | None) -> str:
    """Say in a sentence in what the run differs from the one before it; empty where there was none."""
    if changes is None or changes.before is None:
        return ""
    what = ", ".join(changes.causes) or "nothing but papers or decisions"
    return f"What differs from run {changes.before} ({when(changes.before_started)}): {what}. "


def results_words(changes: Changes | None) -> str:
    """Say in a sentence what the run changed in the study table; empty where there was no run before it."""
    if changes is None or changes.before is None:
        return ""
    return (
        f"Since run {changes.before} ({when(changes.before_started)}), studies: {len(changes.studies_new):,} came in, "
        f"{len(changes.studies_gone):,} left; cells (each one code of one study): {cells_words(changes)}. "
    )


def in_order(cells: Sequence[CellChange]) -> tuple[CellChange, ...]:
    """Order cells by what became of them; those of which the same became stay in the study table's order."""
    return tuple(cell for change in ORDER for cell in cells if cell.change == change)


def differences(cell: CellChange) -> list[str]:
    """Name in what a changed cell differs from what it was; empty for all others."""
    before, after = cell.before, cell.after
    if before is None or after is None:
        return []
    pairs = {
        "passages": (before.passages, after.passages),
        "verified": (before.verified, after.verified),
        "polarity": (before.polarity, after.polarity),
        "strongest quote": (before.quote, after.quote),
        "its page": (before.pages, after.pages),
        "its probability": (probability(before), probability(after)),
    }
    return [name for name, (was, now) in pairs.items() if was != now]


def state_words(cell: CellState | None) -> str:
    """Say what a cell was or is: `2 passages (+1 −1), 1 verified; probability 0.80`, or `not there`."""
    if cell is None:
        return "not there"
    helped, hindered, mixed = cell.polarity
    signs = [f"+{helped}"] * bool(helped) + [f"−{hindered}"] * bool(hindered) + [f"±{mixed}"] * bool(mixed)
    ways = f" ({' '.join(signs)})" if signs else ""
    verified = f", {cell.verified:,} verified" if cell.verified else ""
    passages = f"{cell.passages:,} {'passage' if cell.passages == 1 else 'passages'}"
    return f"{passages}{ways}{verified}; probability {probability(cell)}"


def probability(cell: CellState) -> str:
    """Write the probability of a cell's strongest quote as the tables show it."""
    return f"{cell.best:.2f}"


def _moves(moves: Mapping[str, Sequence[str]], most: int) -> str:
    """Count and name what came, left or moved; of more than so many, the first ones."""
    said = []
    for how, names in moves.items():
        more = f", and {len(names) - most:,} more" if len(names) > most else ""
        if names:
            said.append(f"{len(names):,} {how}: {', '.join(names[:most])}{more}")
    return "; ".join(said)
