"""Publishing a run: all its files and its place in the history, or nothing.

A publication has a folder of its own, `outputs/.publish-<token>`: in `new` its files, in `old` second names of those
that they replace. Before the first file is touched a journal is written there; taking it away again ends the
publication, in one way or the other. After a kill at any moment `recover` knows what to do: without a journal nothing
is open; with one, the history tells whether the run was taken, and if it was not, the old files are put back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from evitable.errors import UserError
from evitable.records import Record, RunRecord, decode, encode
from evitable.store.workspace import RUN_FILE, writable, write_bytes

_PREFIX = ".publish-"
_JOURNAL = "journal.json"
_LOCK = "lock"
_PATIENCE = 30
"""Seconds that are waited for a publication whose run was killed to end, or to be ended, too."""


class CommitUnknownError(UserError):
    """A transaction was lost at its very end: whether it was carried out will be known when the database is back."""


class Journal(Record, frozen=True, kw_only=True):
    """What a publication does to the outputs, by names below them.

    Attributes:
        new: Files that it puts in place, in this order.
        gone: Files of the last run that it takes away.
        kept: Those of both that were there before, and of which `old` holds a second name.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    kept: tuple[str, ...]


class Staging:
    """The files of a run that is to be published.

    Attributes:
        folder: Of this publication.
        token: Its name, used once.
        hashes: SHA-256 of each file so far, by its name below `outputs/`.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.token = token
        self.hashes: dict[str, str] = {}

    @property
    def new(self) -> Path:
        """Where the files wait."""
        return self.folder / "new"

    def add(self, name: str, content: bytes | Path) -> None:
        """Take one file.

        Args:
            name: Below `outputs/`, with forward slashes.
            content: Its bytes, or a file that is moved.

        Raises:
            OSError: It cannot be written.
        """
        self.hashes[name] = write_new(self.new / name, content)

    def adopt(self, hashes: dict[str, str]) -> None:
        """Take files that others have written into `new`; SHA-256 by name."""
        self.hashes.update(hashes)


def write_new(path: Path, content: bytes | Path) -> str:
    """Write one file of a publication, and give its SHA-256.

    Args:
        path: Where; the folder is made.
        content: Its bytes, or a file that is moved there.

    Raises:
        OSError: It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
        return hashlib.sha256(content).hexdigest()
    shutil.move(content, path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def staging(outputs: Path) -> Iterator[Staging]:
    """Open a folder for a run's files beside those of the last run; what is not published when the block ends goes.

    Raises:
        UserError: The folder is read-only, or the disk is full.
    """
    writable(outputs)
    token = secrets.token_hex(8)
    folder = outputs / f"{_PREFIX}{token}"
    with _in_plain_words(outputs):
        folder.mkdir()
        lock = _lock(folder)
        try:
            lock.acquire(blocking=False)
            yield Staging(folder, token)
        finally:
            lock.release()
            if not (folder / _JOURNAL).exists():
                shutil.rmtree(folder, ignore_errors=True)


def publish(
    outputs: Path,
    staged: Staging,
    record: RunRecord,
    before: Iterable[str] = (),
    transaction: AbstractContextManager[None] | None = None,
) -> RunRecord:
    """Put a run's files in place of the last run's.

    All of them are on the disk before the first is renamed into place, the run's record last. Where one cannot be
    replaced, as a workbook that is open elsewhere, all old ones are put back.

    Args:
        outputs: The outputs folder.
        staged: The run's files.
        record: The run's record. It may name files that are in place already and stay as they are.
        before: Names of the files that the last run published; those that the record does not name go.
        transaction: Writes the run into the history, and does so for good only when it is left in good order.

    Returns:
        The record.

    Raises:
        UserError: The files cannot be replaced; the last run then stays in force.
        CommitUnknownError: As of the transaction; `recover` will find out.
    """
    with _in_plain_words(outputs):
        write_bytes(staged.new / RUN_FILE, encode(record))
        names = [*sorted(staged.hashes), RUN_FILE]
        _sync([staged.new / name for name in names])
        gone = {name for name in before if _inside(outputs, name)} - {*names, *record.outputs}
        journal = _begin(outputs, staged.folder, names, sorted(gone))
        try:
            with transaction or contextlib.nullcontext():
                _swap(outputs, staged.folder, journal)
        except CommitUnknownError:
            raise
        except BaseException:
            _put_back(outputs, staged.folder, journal)
            _end(staged.folder)
            raise
        _end(staged.folder)
        return record


def recover(outputs: Path, committed: Callable[[str], bool]) -> bool:
    """Bring publications to their end that were killed. To be called only by who holds the review.

    Args:
        outputs: The outputs folder; it need not be there.
        committed: Tells of a publication's token whether the history has its run.

    Returns:
        Whether files of the last run had to be put back.

    Raises:
        UserError: One is still going on, files cannot be put back, or the history cannot be read.
    """
    back = False
    with _in_plain_words(outputs):
        for folder in sorted(outputs.glob(f"{_PREFIX}*")):
            with _alone(folder):
                journal = _journal(folder)
                if journal is not None and not committed(folder.name.removeprefix(_PREFIX)):
                    _put_back(outputs, folder, journal)
                    back = True
                _end(folder)
            shutil.rmtree(folder, ignore_errors=True)
    return back


def _begin(outputs: Path, folder: Path, new: Iterable[str], gone: Iterable[str]) -> Journal:
    """Write down what is to be done."""
    new, gone = tuple(new), tuple(name for name in gone if _there(outputs / name))
    journal = Journal(new=new, gone=gone, kept=(*(name for name in new if _there(outputs / name)), *gone))
    write_bytes(folder / _JOURNAL, encode(journal))
    _sync_folders([folder, outputs])
    return journal


def _end(folder: Path) -> None:
    """Take the journal away: from now on there is nothing to put back."""
    (folder / _JOURNAL).unlink(missing_ok=True)
    _sync_folders([folder])


def _journal(folder: Path) -> Journal | None:
    try:
        return decode((folder / _JOURNAL).read_bytes(), Journal)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise UserError(
            f"{folder / _JOURNAL} is damaged: it is not known which files a run that was cut off had replaced.",
            f"Copy what is in {folder / 'old'} back into {folder.parent}, delete {folder}, and run again.",
        ) from error


def _swap(outputs: Path, folder: Path, journal: Journal) -> None:
    """Give every old file a second name, then put the new ones in place, then take away what is gone."""
    old = folder / "old"
    for name in journal.kept:
        _keep(outputs / name, old / name)
    _sync_folders(_folders(old, journal.kept))
    for name in journal.new:
        (outputs / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "new" / name).replace(outputs / name)
    for name in journal.gone:
        (outputs / name).unlink()
        _remove_empty(outputs, name)
    _sync_folders(_folders(outputs, (*journal.new, *journal.gone)))


def _put_back(outputs: Path, folder: Path, journal: Journal) -> None:
    """Undo a swap wherever it stopped; may itself be stopped, and begun again.

    What still waits in `new` was not put in place, so that its old file, or half a copy of it, is not needed.
    """
    kept = set(journal.kept)
    placed = [name for name in journal.new if not _there(folder / "new" / name)]
    taken = [name for name in journal.gone if not _there(outputs / name)]
    for name in (*placed, *taken):
        if name not in kept:
            (outputs / name).unlink(missing_ok=True)
            _remove_empty(outputs, name)
        elif _there(folder / "old" / name):  # else it is back already
            (outputs / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "old" / name).replace(outputs / name)
    _sync_folders(_folders(outputs, (*journal.new, *journal.gone)))


def _keep(path: Path, second: Path) -> None:
    """Give a file a second name; a copy only where the disk knows no links."""
    second.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, second, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, second, follow_symlinks=False)
        _sync([second])


def _remove_empty(outputs: Path, name: str) -> None:
    """Take away the folders of a file that are empty now."""
    with contextlib.suppress(OSError):
        for folder in Path(name).parents:
            if folder.name:
                (outputs / folder).rmdir()


def _inside(outputs: Path, name: str) -> bool:
    """Tell whether a name lies below the outputs: a record that was tampered with reaches nothing else."""
    return (outputs / name).resolve().is_relative_to(outputs.resolve())


def _there(path: Path) -> bool:
    return os.path.lexists(path)


def _folders(root: Path, names: Iterable[str]) -> set[Path]:
    return {root, *((root / name).parent for name in names)}


def _sync(files: Iterable[Path]) -> None:
    """Have files written to the disk itself."""
    for file in files:
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())


def _sync_folders(folders: Iterable[Path]) -> None:
    """Have the names in folders written to the disk itself, where the system can."""
    if os.name == "nt":
        return
    for folder in folders:
        if folder.exists():
            opened = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / _LOCK, thread_local=False)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until the process that publishes has ended: a killed run's helper may outlive it by a second."""
    lock = _lock(folder)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout as error:
        raise UserError(
            f"A run that was ended is still putting its outputs in place, in {folder}.", "Wait a minute, and run again."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _in_plain_words(outputs: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            f"The outputs in {outputs} cannot be replaced ({error.strerror}).",
            "Close the workbook if it is open, check the disk's space, and run again.",
        ) from error
