"""People's decisions in a run: read once, placed in the texts of now, and resolved paper by paper."""

from __future__ import annotations

import os
from collections.abc import Sequence

from evitable.flows.config import RunConfig
from evitable.records import Decision, digest
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
