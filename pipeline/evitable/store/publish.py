"""Publishing a run: all its files, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from evitable.errors import UserError
from evitable.store.workspace import writable, write_bytes


def publish(outputs: Path, files: Mapping[str, bytes], record: tuple[str, bytes]) -> None:
    """Put a run's files in place of the last run's.

    All files are first written beside the old ones; only when every one of them is on the disk are they renamed into
    place, the run's record last. Where one cannot be replaced, as a workbook that is open elsewhere, all old ones stay.

    Args:
        outputs: The outputs folder.
        files: Contents by file name.
        record: Name and contents of the run's record, which names the files.

    Raises:
        UserError: The folder is read-only or the disk is full; the last run then stays in force.
    """
    writable(outputs)
    for left in outputs.glob(".publish-*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    contents = {**files, record[0]: record[1]}
    names = [*sorted(files), record[0]]
    try:
        with tempfile.TemporaryDirectory(prefix=".publish-", dir=outputs, ignore_cleanup_errors=True) as folder:
            staging = Path(folder)
            for name in names:
                write_bytes(staging / "new" / name, contents[name])
            _swap(outputs, staging, names)
    except OSError as error:
        raise UserError(
            f"The outputs in {outputs} cannot be replaced ({error.strerror}).",
            "Close the workbook if it is open, and run again.",
        ) from error


def _swap(outputs: Path, staging: Path, names: Sequence[str]) -> None:
    """Rename the new files into place; where one is refused, put the old ones back from copies."""
    old = staging / "old"
    old.mkdir()
    for name in names:
        if (outputs / name).exists():
            (old / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(outputs / name, old / name)
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
