"""What `evitable import` says of a spreadsheet: on the screen, and as a table."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evitable.decide.sheet_plan import Judged, Outcome, Plan, place, voices_text
from evitable.export.clean import clean_text, csv_text
from evitable.records import Decision

_SHOWN = 200
"""Rows that are listed on the screen."""
_MEANINGS: dict[Outcome, str] = {
    "applied": "new decisions",
    "unchanged": "decided so already",
    "not decided": "nothing was entered",
    "stale": "made from an older state of the coding",
    "conflict": "somebody has decided otherwise since",
    "invalid": "cannot be understood",
    "duplicate": "rows that contradict each other",
    "unknown id": "not in this review now",
    "no id": "rows without a coding id",
}
_MISSING = "rows of the sheet that the file does not have; they say nothing"


class SheetReport:
    """Tells people what becomes of each row.

    Args:
        plan: What a file asks for.
        titles: Titles of the codes by name.
    """

    def __init__(self, plan: Plan, titles: Mapping[str, str]) -> None:
        self._plan = plan
        self._titles = titles
        self._console = Console(highlight=False, emoji=False)

    def show(self) -> None:
        """Print how many rows there are of each outcome, then each row at which a person has to look."""
        for notice in self._plan.notices:
            self._console.print(_safe(notice), soft_wrap=True)
        self._console.print(self._counts())
        faults = self._plan.faults
        if not faults:
            return
        self._console.print("\nRows that need you:")
        for one in faults[:_SHOWN]:
            for line in _lines(one):
                self._console.print(line, soft_wrap=True)
        if len(faults) > _SHOWN:
            self._console.print(f"and {len(faults) - _SHOWN:,} more rows; all of them with --report FILE.csv")

    def show_conflicts(self, conflicts: Sequence[tuple[Decision, tuple[Decision, ...]]]) -> None:
        """Print what others have decided while the file was read."""
        for refused, latest in conflicts[:_SHOWN]:
            title = self._titles.get(refused.code, refused.code)
            self._console.print(
                _safe(f"{refused.verdict} of “{title}”: {voices_text(latest, self._titles)}."), soft_wrap=True
            )

    def csv(self) -> bytes:
        """Give all rows with their outcomes, as CSV that a spreadsheet opens."""
        text = io.StringIO(newline="")
        lines = csv.writer(text)
        lines.writerow(["row", "sheet", "study", "code", "decision", "outcome", "why", "what_to_do", "coding_id"])
        for one in self._plan.rows:
            row = one.row
            cells = [row.sheet, row["study"], row["code"], row["decision"], one.outcome, one.why, one.mend]
            lines.writerow([row.number, *map(csv_text, [*cells, row["coding id"]])])
        return codecs.BOM_UTF8 + text.getvalue().encode("utf-8", "replace")

    def _counts(self) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column("Outcome")
        table.add_column("Rows", justify="right")
        table.add_column("")
        for outcome, count in self._plan.counts.items():
            table.add_row(outcome, f"{count:,}", _MEANINGS[outcome])
        if self._plan.missing:
            table.add_row("missing", f"{self._plan.missing:,}", _MISSING)
        return table


def _lines(one: Judged) -> Iterator[str]:
    """Say where a row is, and what is wrong with it: in lines, which any width shows and any screen reader reads."""
    yield _safe("  " + ", ".join(filter(None, (place(one.row), one.row["study"], one.row["code"]))))
    yield _safe(f"      {one.outcome}: {one.why} {one.mend}")


def _safe(text: str) -> str:
    """Give text that prints as it is: cells may hold what a terminal would obey."""
    return escape(clean_text(text))
