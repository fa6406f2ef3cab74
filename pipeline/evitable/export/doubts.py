"""What is said beside a quote that the check did not find again on its page as it stands."""

from __future__ import annotations

from evitable.records import QuoteMatch


def doubt_of(match: QuoteMatch | None) -> str:
    """Say what the check of a quote found wrong; empty where the quote stands on its page."""
    return {"fuzzy": "differs from the page", "missing": "not found on the page", None: "not checked"}.get(match, "")
