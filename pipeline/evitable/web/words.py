"""What people have decided, and what the machine says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from evitable.records import Basis, Coding, Decision, Polarity, Verdict

_DID: dict[Verdict, str] = {
    "accept": "accepted it",
    "reject": "rejected it",
    "add": "added it",
    "unsure": "left it open",
    "complete": "read the passage in full",
    "undo": "took a decision back",
}
WAYS: dict[Polarity, str] = {"facilitates": "facilitates", "hinders": "hinders", "mixed": "works both ways"}
BASES: dict[Basis, str] = {
    "finding": "a finding of the study",
    "recommendation": "a recommendation",
    "mention": "a mention of other work",
}
_STATUS = {
    "accepted": "Accepted",
    "corrected": "Applies, against the machine",
    "rejected": "Rejected",
    "disputed": "Disputed",
    "orphaned": "Text not found",
}


def status_words(coding: Coding, *, left_open: bool) -> str:
    """Say how far a code has come, for people: `Not looked at yet`, `Accepted by ada`."""
    if left_open:
        return f"Left open by {coding.coder}"
    if coding.status == "machine":
        return "Not looked at yet"
    if coding.status in ("disputed", "orphaned") or not coding.coder:  # neither is what the coder has said
        return _STATUS[coding.status]
    return f"{_STATUS[coding.status]} by {coding.coder}"


def machine_words(coding: Coding) -> str:
    """Say what the machine says now: `yes, 0.83`."""
    if coding.answer == "no":
        return "no"
    return f"{coding.answer}, {coding.probability:.2f}"


def contradiction(coding: Coding) -> str:
    """Say that the machine would now say otherwise than people have decided; empty where it would not."""
    agreed = {"accepted": "yes", "corrected": "yes", "rejected": "no"}.get(coding.status, coding.answer)
    return "" if coding.answer == agreed else f"The machine would now say {coding.answer}."


def decision_words(decision: Decision, now: datetime) -> str:
    """Say what somebody decided, and when: `ben rejected it 2 minutes ago`."""
    blind = " blind" if decision.blind else ""
    way = f" ({WAYS[decision.polarity]})" if decision.polarity else ""
    return f"{decision.coder} {_DID[decision.verdict]}{way}{blind} {ago(decision.time, now)}"


def joined(decisions: Sequence[Decision], now: datetime) -> str:
    """Say what several people decided, the latest first."""
    return "; ".join(decision_words(one, now) for one in sorted(decisions, key=lambda one: one.time, reverse=True))


def ago(time: str, now: datetime) -> str:
    """Say how long ago a time was, in words; clocks that disagree give `just now`."""
    seconds = (now - moment(time)).total_seconds()
    for length, name in ((86400 * 30, ""), (86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {name}{'s' if number > 1 else ''} ago" if name else f"on {time[:10]}"
    return "just now"


def moment(time: str) -> datetime:
    """Read a time as decisions have it; times that are none are long ago."""
    try:
        found = datetime.fromisoformat(time)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def stamp(now: datetime) -> str:
    """Write a time as decisions have it."""
    return now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
