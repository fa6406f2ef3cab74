"""Results per paper and stage, found by the content they were made from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec

from evitable.records import Record, decode, digest, encode
from evitable.store.workspace import write_bytes

R = TypeVar("R", bound=Record)


def cache_key(stage: str, version: int, *inputs: str) -> str:
    """Give the key of a stage's result: equal stage, version and inputs give the equal key, and nothing else does."""
    return digest("k", stage, str(version), *inputs)


class Cache:
    """A folder of results. Each file opens with the SHA-256 of what follows, so that a damaged one is made again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, stage: str, key: str, kind: type[R]) -> R | None:
        """Give a result, or None if there is none, or it is damaged or of another format."""
        try:
            check, _, body = self._path(stage, key).read_bytes().partition(b"\n")
        except OSError:
            return None
        if hashlib.sha256(body).hexdigest().encode("ascii") != check:
            return None
        try:
            return decode(body, kind)
        except msgspec.DecodeError:
            return None

    def put(self, stage: str, key: str, record: Record) -> None:
        """Keep a result.

        Raises:
            UserError: It cannot be written.
        """
        body = encode(record)
        write_bytes(self._path(stage, key), hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body)

    def _path(self, stage: str, key: str) -> Path:
        return self._folder / stage / key[1:3] / f"{key}.json"
