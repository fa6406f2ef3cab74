"""What a schedule says of its runs, each on one line in plain words."""

from __future__ import annotations

import datetime

from evitable.errors import EvitableError, RunFailedError, UserError
from evitable.records import RunRecord

_REFUSED = "concurrency limit"
"""In Prefect's message of a run that was not started, since another was under way."""


def done_words(before: RunRecord | None, after: RunRecord | None) -> str:
    """Say what a run did, on one line: `run 8: 1 new paper, 3 cells new`.

    Args:
        before: Record of the run before; None where there was none.
        after: Record of the run; None if nothing was new.
    """
    if after is None:
        return "nothing new"
    old = set(before.identity.papers.values()) if before else set()
    now = set(after.identity.papers.values())
    cells = {change: after.counts.get(f"cells_{change}", 0) for change in ("new", "changed", "lost")}
    said = [
        _counted(len(now - old), "new paper"),
        _counted(len(old - now), "paper") + " gone" if old - now else "",
        *(f"{_counted(count, 'cell')} {change}" for change, count in cells.items() if count),
        _counted(after.counts["papers_not_read"], "paper") + " not read" if after.counts["papers_not_read"] else "",
    ]
    return f"run {after.number}: {', '.join(filter(None, said)) or 'tables made anew'}"


def failed_words(error: EvitableError) -> str:
    """Say what went wrong and what to do about it, on one line."""
    hint = error.hint if isinstance(error, (UserError, RunFailedError)) else ""
    return " ".join(part for part in (str(error), hint) if part)


def _counted(count: int, what: str) -> str:
    """Count things; empty for none."""
    return f"{count} {what}{'' if count == 1 else 's'}" if count else ""


def ended_line(when: datetime.datetime, state: str, message: str, then: str) -> str:
    """Say how a run ended: `06:00 run 8: 1 new paper, 3 cells new; next run 07:00`.

    Args:
        when: Its end.
        state: Prefect's name of the kind of state: COMPLETED, FAILED, CRASHED or CANCELLED.
        message: Of that state.
        then: What comes next; may be empty.
    """
    match state:
        case "COMPLETED":
            said = message
        case "CANCELLED":
            said = "not started: a run is under way" if _REFUSED in message else "cancelled"
        case _:
            said = f"failed: {message}"
    return "; ".join(part for part in (f"{clock(when)} {said}".rstrip(" ."), then) if part)


def clock(when: datetime.datetime, today: datetime.date | None = None) -> str:
    """Write a time as it is on this machine's clock: `07:00`, or `Mon 24 Nov 07:00` on another day.

    Args:
        when: The time.
        today: The day, if not today.
    """
    here = when.astimezone()
    same = here.date() == (today or datetime.datetime.now().astimezone().date())
    return f"{here:%H:%M}" if same else f"{here:%a %d %b %H:%M}"
