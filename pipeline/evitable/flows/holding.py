"""What every command does that changes a review: hold it, and bring a publication to an end that was cut off."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from evitable.flows.config import RunConfig
from evitable.flows.logs import tell
from evitable.store import Workspace, hold, open_history, recover


@contextmanager
def holding(workspace: Workspace, config: RunConfig, command: str) -> Iterator[None]:
    """Hold a review while the block runs, with its outputs as the last published run left them.

    Raises:
        UserError: Another process holds it, or its outputs cannot be written.
    """
    with hold(workspace, command) as died:
        if died is not None:
            tell(
                "died",
                f"The run before (`{died.command}`, process {died.pid} on {died.host}) was ended abruptly. "
                "What it had finished is kept.",
                level=logging.WARNING,
            )
        if recover(workspace.outputs, open_history(workspace, config.settings.store).committed):
            tell("recovered", "It was putting new outputs in place; those of the last published run are back.")
        yield
