"""The disk: the review's folder, the cache of results, and publishing."""

from typing import TYPE_CHECKING

from evitable.store.cache import Cache, Size, cache_key
from evitable.store.lock import Holder, hold, holder
from evitable.store.publish import Staging, publish, recover, staging, write_new
from evitable.store.workspace import (
    RUN_FILE,
    Workspace,
    last_run,
    open_workspace,
    read_bytes,
    read_text,
    writable,
    write_bytes,
)

if TYPE_CHECKING:
    from evitable.store.decisions import DecisionLog, StaleDecisionError, open_decisions
    from evitable.store.history import History, open_history
else:

    def __getattr__(name: str) -> object:
        """Load history and decisions when asked for: SQLAlchemy takes memory that every worker would pay for."""
        if name in {"History", "open_history"}:
            from evitable.store import history  # noqa: PLC0415

            return getattr(history, name)
        if name in {"DecisionLog", "StaleDecisionError", "open_decisions"}:
            from evitable.store import decisions  # noqa: PLC0415

            return getattr(decisions, name)
        raise AttributeError(name)


__all__ = [
    "RUN_FILE",
    "Cache",
    "DecisionLog",
    "History",
    "Holder",
    "Size",
    "Staging",
    "StaleDecisionError",
    "Workspace",
    "cache_key",
    "hold",
    "holder",
    "last_run",
    "open_decisions",
    "open_history",
    "open_workspace",
    "publish",
    "read_bytes",
    "read_text",
    "recover",
    "staging",
    "writable",
    "write_bytes",
    "write_new",
]
