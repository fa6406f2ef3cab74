"""People's decisions in a run: read once, placed in the texts of now, and resolved paper by paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from evitable.decide.placing import needs_text, place_anchors
from evitable.decide.resolving import resolve
from evitable.flows.config import RunConfig
from evitable.records import Decision, Document, Passage, Resolved, digest
from evitable.store import Workspace


def read_decisions(workspace: Workspace, config: RunConfig) -> tuple[Decision, ...]:
    """Give all decisions on a review, sorted by time and id; none for none.

    Raises:
        UserError: They cannot be read.
    """
    from evitable.store.decisions import open_decisions  # noqa: PLC0415 - SQLAlchemy takes time to load

    return open_decisions(workspace, config.settings.store).read()


def decisions_version(decisions: Sequence[Decision]) -> str:
    """Name a set of decisions: how many, and a digest of them; empty for none."""
    return f"{len(decisions)} {digest('v', *sorted(one.id for one in decisions))}" if decisions else ""


def by_paper(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Gather decisions by paper id."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        found[decision.anchor.paper_id].append(decision)
    return dict(found)


def resolved(
    decisions: Sequence[Decision], passages: Sequence[Passage], text: Callable[[], Document | None]
) -> tuple[Resolved, ...]:
    """Tell what the decisions on one paper come to.

    Args:
        decisions: On the paper; none give no answers.
        passages: Its passages of now.
        text: Gives its text of now; asked for only where a decision does not stand on a passage that is unchanged.
    """
    anchors = [decision.anchor for decision in decisions]
    document = text() if needs_text(anchors, passages) else None
    return resolve(decisions, place_anchors(anchors, passages, document))
