"""The disk: the review's folder, the cache of results, and publishing."""

from evitable.store.cache import Cache, cache_key
from evitable.store.publish import publish
from evitable.store.workspace import Workspace, open_workspace, read_bytes, read_text, writable, write_bytes

__all__ = [
    "Cache",
    "Workspace",
    "cache_key",
    "open_workspace",
    "publish",
    "read_bytes",
    "read_text",
    "writable",
    "write_bytes",
]
