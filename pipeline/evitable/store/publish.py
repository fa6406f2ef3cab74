"""Publishing a run: all its files, or none."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from evitable.errors import UserError
from evitable.records import RunRecord, encode
from evitable.store.workspace import RUN_FILE, writable, write_bytes


def publish(
    outputs: Path,
    files: Iterable[tuple[str, bytes | Path]],
    record: Callable[[dict[str, str]], RunRecord],
    before: Iterable[str] = (),
) -> RunRecord:
    """Put a run's files in place of the last run's.

    All files are first written beside the old ones, each as it comes, so that they need not all be held; only when
    every one of them is on the disk are they renamed into place, the run's record last. Where one cannot be replaced,
    as a workbook that is open elsewhere, all old ones stay.

    Args:
        outputs: The outputs folder.
        files: Names below it with forward slashes, and contents; a path is a file that is moved there.
        record: Makes the run's record from the SHA-256 of each of the files by name; it is asked when all are staged,
            and may name files that are in place already and stay as they are.
        before: Names of the files that the last run published; those that the new record does not name go.

    Returns:
        The record, as published.

    Raises:
        UserError: The folder is read-only or the disk is full; the last run then stays in force.
    """
    writable(outputs)
    for left in outputs.glob(".publish-*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".publish-", dir=outputs, ignore_cleanup_errors=True) as folder:
            staging = Path(folder)
            hashes = {name: _stage(staging / "new" / name, content) for name, content in files}
            made = record(dict(sorted(hashes.items())))
            write_bytes(staging / "new" / RUN_FILE, encode(made))
            _swap(outputs, staging, [*sorted(hashes), RUN_FILE])
            _remove(outputs, set(before) - set(made.outputs))
            return made
    except OSError as error:
        raise UserError(
            f"The outputs in {outputs} cannot be replaced ({error.strerror}).",
            "Close the workbook if it is open, check the disk's space, and run again.",
        ) from error


def _stage(path: Path, content: bytes | Path) -> str:
    """Put one file among the new ones, and give its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
        return hashlib.sha256(content).hexdigest()
    shutil.move(content, path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _swap(outputs: Path, staging: Path, names: Sequence[str]) -> None:
    """Rename the new files into place; where one is refused, put the old ones back."""
    old = staging / "old"
    old.mkdir()
    for name in names:
        if (outputs / name).exists():
            _copy(outputs / name, old / name)
    swapped: list[str] = []
    try:
        for name in names:
            (outputs / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / "new" / name).replace(outputs / name)
            swapped.append(name)
    except OSError:
        for name in swapped:
            if (old / name).exists():
                (old / name).replace(outputs / name)
            else:
                (outputs / name).unlink()
        raise


def _remove(outputs: Path, names: Iterable[str]) -> None:
    """Take files of the last run away that this one no longer has, and folders that are empty then."""
    for name in sorted(names):
        path = outputs / name
        if path.resolve().is_relative_to(outputs.resolve()):  # a record that was tampered with reaches nothing else
            with suppress(OSError):
                path.unlink()
                for folder in path.relative_to(outputs).parents:
                    if folder.name:
                        (outputs / folder).rmdir()


def _copy(source: Path, target: Path) -> None:
    """Keep a file under a second name; a copy only where the disk knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
