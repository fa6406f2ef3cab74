"""Publishing a run: all its files, or none."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from evitable.errors import UserError
from evitable.store.workspace import writable, write_bytes


def publish(outputs: Path, files: Mapping[str, bytes], record: tuple[str, bytes]) -> None:
    """Put a run's files in place of the last run's.

    All files are first written beside the old ones; only when every one of them is on the disk are they renamed into
    place,
    the run's record last..

    Args:
        outputs: The outputs folder.
        files: Contents by file name.
        record: Name and contents of the run's record, which names the files.

    Raises:
        UserError: The folder is read-only or the disk is full; the last run then stays in force.
    """
    writable(outputs)
    staging = Path(tempfile.mkdtemp(prefix=".publish-", dir=outputs))
    try:
        for name, data in sorted(files.items()):
            write_bytes(staging / name, data)
        write_bytes(staging / record[0], record[1])
        for name in (*sorted(files), record[0]):
            (outputs / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(outputs / name)
    except OSError as error:
        raise UserError(
            f"The outputs in {outputs} cannot be replaced ({error.strerror}).",
            "Close the workbook if it is open, and run again.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(staging)
