"""Results per paper and stage, found by the content they were made from."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from evitable.errors import UserError
from evitable.records import Record, decode, digest, encode
from evitable.store.places import Place, reaching
from evitable.store.workspace import write_bytes

if TYPE_CHECKING:  # loaded where an address is used
    from upath import UPath

R = TypeVar("R", bound=Record)
T = TypeVar("T")
_ENTRY = re.compile(r"(?P<stage>[a-z]+)/../(?P<key>k[a-z2-7]+)\.json")
_LEFT = re.compile(r"(.*/)?\.part-[^/]*|highlight/[^/]*\.pdf")
"""What a run that was killed leaves behind."""
_AT_ONCE = 500
"""Entries that a shared store deletes, and items whose entries it reads, at a time."""


def cache_key(stage: str, version: int, *inputs: str) -> str:
    """Give the key of a stage's result: equal stage, version and inputs give the equal key, and nothing else does."""
    return digest("k", stage, str(version), *inputs)


class Size(NamedTuple):
    """How much there is: entries, and bytes."""

    entries: int
    bytes: int

    @classmethod
    def of(cls, sizes: Iterable[tuple[int, int]]) -> Size:
        """Add sizes up."""
        pairs = [(0, 0), *sizes]
        return cls(sum(entries for entries, _ in pairs), sum(size for _, size in pairs))


class Cache:
    """A place of results. Each one opens with the SHA-256 of what follows, so that a damaged one is made again.

    Args:
        place: A folder of this machine, or one of a shared store. It need not be there yet.
    """

    def __init__(self, place: Place) -> None:
        self._store = _Folder(place) if isinstance(place, Path) else _Shared(place)

    def get(self, stage: str, key: str, kind: type[R]) -> R | None:
        """Give a result, or None if there is none, or it is damaged or of another format.

        Raises:
            UserError: The shared store cannot be reached.
        """
        data = self._store.read(_name(stage, key))
        if data is None:
            return None
        check, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode("ascii") != check:
            return None
        try:
            return decode(body, kind)
        except msgspec.DecodeError:
            return None

    def ahead(self, items: Sequence[T], entries: Callable[[T], Iterable[tuple[str, str]]]) -> Iterator[T]:
        """Give the items one by one, having read the entries of many of them at a time.

        A shared store takes far longer to answer than to send; of a folder nothing is read ahead.

        Args:
            items: Whatever needs entries.
            entries: Gives stage and key of the entries that an item needs.

        Raises:
            UserError: The shared store cannot be reached.
        """
        if isinstance(self._store, _Folder):
            yield from items
            return
        for start in range(0, len(items), _AT_ONCE):
            lot = items[start : start + _AT_ONCE]
            self._store.read_ahead(_name(*entry) for item in lot for entry in entries(item))
            yield from lot

    def has(self, stage: str, key: str) -> bool:
        """Tell whether there is an entry, whole or damaged.

        Raises:
            UserError: The shared store cannot be reached.
        """
        return self._store.has(_name(stage, key))

    def put(self, stage: str, key: str, record: Record) -> None:
        """Keep a result, whole or not at all.

        Raises:
            UserError: It cannot be written.
        """
        body = encode(record)
        self._store.write(_name(stage, key), hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body)

    def sizes(self) -> dict[str, Size]:
        """Give how much there is by stage, sorted; what belongs to no stage is not counted."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for name, size in self._store.all():
            if entry := _ENTRY.fullmatch(name):
                found[entry["stage"]].append((1, size))
        return {stage: Size.of(sizes) for stage, sizes in sorted(found.items())}

    def prune(self, keep: Callable[[str, str], bool], *, dry_run: bool = False) -> tuple[Size, Size]:
        """Delete the entries that are not kept, and what killed runs left; no run may be under way.

        Args:
            keep: Tells by stage and key what stays.
            dry_run: Whether nothing is deleted.

        Returns:
            How much was deleted, or would be; and how much stays.

        Raises:
            UserError: It cannot be deleted.
        """
        gone, stays = {}, []
        for name, size in self._store.all():
            entry = _ENTRY.fullmatch(name)
            if entry and keep(entry["stage"], entry["key"]):
                stays.append((1, size))
            elif entry or _LEFT.fullmatch(name):
                gone[name] = size
        if gone and not dry_run:
            self._store.delete(gone)
        return Size.of((1, size) for size in gone.values()), Size.of(stays)


def _name(stage: str, key: str) -> str:
    return f"{stage}/{key[1:3]}/{key}.json"


class _Folder:
    """A folder of this machine, with files by names that have forward slashes.

    No path objects where it is read: a run over thousands of papers asks often.
    """

    def __init__(self, folder: Path) -> None:
        self._root = str(folder)

    def read(self, name: str) -> bytes | None:
        try:
            with FileIO(f"{self._root}/{name}") as file:
                return file.readall()
        except OSError:
            return None

    def has(self, name: str) -> bool:
        return os.access(f"{self._root}/{name}", os.R_OK)

    def write(self, name: str, data: bytes) -> None:
        write_bytes(Path(self._root, name), data)

    def all(self) -> Iterator[tuple[str, int]]:
        for folder, _, names in os.walk(self._root):
            below = Path(folder).relative_to(self._root).as_posix()
            for name in names:
                with suppress(FileNotFoundError):  # a run that is under way has put its result in place of it
                    size = Path(folder, name).lstat().st_size
                    yield (name if below == "." else f"{below}/{name}"), size

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            path = Path(self._root, name)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise UserError(
                    f"{path} cannot be deleted ({error.strerror}).", "Check the permissions of its folder."
                ) from error


class _Shared:
    """A place in a shared store, which takes objects whole or not at all."""

    def __init__(self, place: UPath) -> None:
        from upath.implementations.cloud import CloudPath  # noqa: PLC0415

        self._files = place.fs
        self._root = place.path.rstrip("/")
        self._address = str(place)
        self._held: dict[str, bytes | None] = {}
        self._folders = not isinstance(place, CloudPath)  # a bucket has none, and is not to be made

    def read_ahead(self, names: Iterable[str]) -> None:
        """Read many entries at a time, and hold each until it is asked for, or others are read ahead."""
        paths = {f"{self._root}/{name}": name for name in names}
        with reaching(self._address):
            found = self._files.cat(list(paths), on_error="return") if paths else {}
            for data in found.values():
                if isinstance(data, Exception) and not isinstance(data, FileNotFoundError):
                    raise data
        self._held = {paths[path]: data if isinstance(data, bytes) else None for path, data in found.items()}

    def read(self, name: str) -> bytes | None:
        if name in self._held:
            return self._held.pop(name)
        with reaching(self._address):
            try:
                return bytes(self._files.cat_file(f"{self._root}/{name}"))
            except FileNotFoundError:
                return None

    def has(self, name: str) -> bool:
        with reaching(self._address):
            self._files.invalidate_cache()
            return bool(self._files.exists(f"{self._root}/{name}"))

    def write(self, name: str, data: bytes) -> None:
        self._held.pop(name, None)
        path = f"{self._root}/{name}"
        with reaching(self._address):
            if self._folders:
                self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, data)

    def all(self) -> Iterator[tuple[str, int]]:
        with reaching(self._address):
            self._files.invalidate_cache()
            found = self._files.find(self._root, detail=True)
        for path, facts in found.items():
            yield path.removeprefix(self._root).lstrip("/"), int(facts["size"] or 0)

    def delete(self, names: Iterable[str]) -> None:
        paths = [f"{self._root}/{name}" for name in names]
        with reaching(self._address):
            for start in range(0, len(paths), _AT_ONCE):
                self._files.rm(paths[start : start + _AT_ONCE])
