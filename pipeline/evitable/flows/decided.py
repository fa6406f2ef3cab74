"""People's decisions in a run: read once, placed in the texts of now, and resolved paper by paper."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from evitable.decide.placing import needs_text, place_anchors
from evitable.decide.resolving import resolve
from evitable.flows.config import RunConfig
from evitable.records import Decision, Document, Passage, Placement, Resolved, digest
from evitable.store import Workspace
from evitable.store.decision_files import written
from evitable.store.workspace import STORE_VARIABLE


def read_decisions(workspace: Workspace, config: RunConfig) -> tuple[Decision, ...]:
    """Give all decisions on a review, sorted by time and id; none for none.

    Raises:
        UserError: They cannot be read.
    """
    from evitable.store.decisions import open_decisions  # noqa: PLC0415 - SQLAlchemy takes time to load

    return open_decisions(workspace, config.settings.store).read()


def glance_at_decisions(workspace: Workspace, config: RunConfig) -> tuple[Decision, ...]:
    """Give all decisions as a plan needs them: where the database is a file beside them, without opening it.

    Raises:
        UserError: They cannot be read.
    """
    if config.settings.store or os.environ.get(STORE_VARIABLE):
        return read_decisions(workspace, config)
    return written(workspace.corpus / "decisions")


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
    return resolve(decisions, placed(decisions, passages, text))


def placed(
    decisions: Sequence[Decision], passages: Sequence[Passage], text: Callable[[], Document | None]
) -> dict[str, Placement]:
    """Find where the decisions on one paper stand now, by `Anchor.place`; arguments as of `resolved`."""
    anchors = [decision.anchor for decision in decisions]
    document = text() if needs_text(anchors, passages) else None
    return place_anchors(anchors, passages, document)
