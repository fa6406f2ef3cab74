"""The disk: the review's folder, the cache of results, and publishing."""

from evitable.store.cache import Cache, cache_key
from evitable.store.publish import publish
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

__all__ = [
    "RUN_FILE",
    "Cache",
    "Workspace",
    "cache_key",
    "last_run",
    "open_workspace",
    "publish",
    "read_bytes",
    "read_text",
    "writable",
    "write_bytes",
]
