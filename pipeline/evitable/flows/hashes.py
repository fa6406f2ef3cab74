"""The files of the corpus and their SHA-256; a file is read only where it is new or may have changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from evitable.errors import UserError
from evitable.records import Record, decode
from evitable.store import write_bytes
from evitable.store.places import Place, reaching, read_from, shown

if TYPE_CHECKING:  # loaded where the corpus lies at an address
    from upath import UPath

FILES = "files.json"
"""Name of the index of files, in the workspace's `outputs/.cache`."""
_GRAIN = 2_000_000_000
"""Nanoseconds within which some disks give two versions of a file the same time."""
_ETAGS = ("ETag", "etag", "md5Hash", "content_md5", "crc32c")
"""What shared stores say of an object's content, by whatever name."""
_AT_ONCE = 8
"""Papers that are read from a shared store at a time."""


class Facts(NamedTuple):
    """What is known of a file without reading it: bytes, nanoseconds, number on the disk; or what a store says."""

    size: int
    modified: int = 0
    changed: int = 0
    inode: int = 0
    etag: str = ""


class Listing(NamedTuple):
    """The files of a corpus.

    Attributes:
        papers: PDFs: name with forward slashes, and facts; None for one that cannot be looked at.
        beside: Names of the other files that lie beside them, not below.
        closed: Folders that cannot be opened, and why.
    """

    papers: dict[str, Facts | None]
    beside: tuple[str, ...]
    closed: dict[str, OSError]


class _Known(Record, frozen=True, kw_only=True):
    """The index: what was known of each file when it was read, and its SHA-256."""

    place: str
    files: dict[str, tuple[Facts, str]]


def list_files(place: Place) -> Listing:
    """List the files of a corpus, sorted by name; hidden ones are not there.

    Raises:
        UserError: The place cannot be listed.
    """
    return _listed(place) if isinstance(place, Path) else _listed_there(place)


def hash_papers(place: Place, papers: Mapping[str, Facts | None], index: Path | None) -> dict[str, str | OSError]:
    """Give the SHA-256 of each paper by name, or why it cannot be read.

    What the index knows is believed only of a file of which everything is as it was when it was read, and which had
    not been touched for two seconds then: within the grain of a clock a file may change without a trace.

    Args:
        place: The corpus.
        papers: As listed.
        index: File that keeps what is known for the next time; None to read all.

    Raises:
        UserError: A shared store cannot be reached.
    """
    known = _known(index, place)
    found: dict[str, str | OSError] = {}
    for name, facts in papers.items():
        before = known.get(name)
        if before is not None and before[0] == facts:
            found[name] = before[1]
    missing = [name for name in papers if name not in found]
    kept = {name: known[name] for name in found}
    for name, (facts, sha) in _read(place, missing, papers):
        found[name] = sha
        if facts is not None and isinstance(sha, str):
            kept[name] = (facts, sha)
    if index is not None and kept != known:
        with contextlib.suppress(UserError):  # it only saves time
            write_bytes(index, msgspec.json.encode(_Known(place=shown(str(place)), files=kept)))
    return {name: found[name] for name in papers}


def _known(index: Path | None, place: Place) -> dict[str, tuple[Facts, str]]:
    if index is None:
        return {}
    try:
        known = decode(index.read_bytes(), _Known)
    except (OSError, msgspec.DecodeError):
        return {}
    return known.files if known.place == shown(str(place)) else {}


def _read(
    place: Place, names: list[str], papers: Mapping[str, Facts | None]
) -> Iterator[tuple[str, tuple[Facts | None, str | OSError]]]:
    """Read papers; give what may be kept of each, if it may, and its SHA-256 or why it cannot be read."""
    if isinstance(place, Path):
        for name in names:
            yield name, _hashed(f"{place}/{name}")
    else:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            for name, sha in zip(names, threads.map(lambda name: _hashed_there(place, name), names), strict=True):
                facts = papers[name]
                yield name, (facts if facts is not None and facts.etag else None, sha)


def _hashed(path: str) -> tuple[Facts | None, str | OSError]:
    now = time.time_ns()
    try:
        with FileIO(path) as file:
            facts = _facts(os.fstat(file.fileno()))  # before it is read: what changes meanwhile has other facts then
            sha = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return None, error
    return (facts if max(facts.modified, facts.changed) + _GRAIN < now else None), sha


def _hashed_there(place: UPath, name: str) -> str | OSError:
    try:
        return hashlib.sha256(read_from(place, name)).hexdigest()
    except OSError as error:
        return error


def _listed(folder: Path) -> Listing:
    closed: dict[str, OSError] = {}
    papers: dict[str, Facts | None] = {}
    beside = []
    for below, entry in _walked(folder, closed):
        if _is_paper(entry.name):
            papers[below + entry.name] = _looked_at(entry)
        elif not below and entry.is_file():
            beside.append(entry.name)
    return Listing(dict(sorted(papers.items())), tuple(sorted(beside)), closed)


def _walked(folder: Path, closed: dict[str, OSError]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Give all files with the folder that they lie in; what cannot be opened is noted, but for the place itself."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(f"{folder}/{below}") as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if not entry.is_dir():
                        yield below, entry
                    elif not entry.is_symlink():
                        waiting.append(f"{below}{entry.name}/")
        except OSError as error:
            if not below:
                raise UserError(
                    f"The folder {folder} cannot be opened ({error.strerror}).", "Check its name and its permissions."
                ) from error
            closed[below.rstrip("/")] = error


def _is_paper(name: str) -> bool:
    return name[-4:].lower() == ".pdf"


def _looked_at(entry: os.DirEntry[str]) -> Facts | None:
    try:
        return _facts(entry.stat())
    except OSError:  # a link that leads nowhere; reading it will tell
        return None


def _facts(stat: os.stat_result) -> Facts:
    return Facts(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def _listed_there(place: UPath) -> Listing:
    files, root = place.fs, place.path.rstrip("/") + "/"
    with reaching(str(place)):
        files.invalidate_cache()  # others put papers there
        found = files.find(place.path, detail=True)
    facts = {path.removeprefix(root): told for path, told in sorted(found.items())}
    shown = {name: told for name, told in facts.items() if not any(part.startswith(".") for part in name.split("/"))}
    papers: dict[str, Facts | None] = {name: _facts_there(told) for name, told in shown.items() if _is_paper(name)}
    return Listing(papers, tuple(name for name in shown if "/" not in name and name not in papers), {})


def _facts_there(told: Mapping[str, object]) -> Facts:
    etag = next((str(told[name]) for name in _ETAGS if told.get(name)), "")
    return Facts(int(str(told.get("size") or 0)), etag=etag)
