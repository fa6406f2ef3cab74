"""A disk that refuses or is full, and what lies on it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest


def all_files(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fail_replace(patch: pytest.MonkeyPatch) -> None:
    """Let every rename into place fail, as when the old file is open in a program that locks it."""
    replace = os.replace

    def refuse(source: Any, target: Any, **options: Any) -> None:
        if ".publish-" not in str(target):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        replace(source, target, **options)

    patch.setattr(os, "replace", refuse)


def fill_disk(patch: pytest.MonkeyPatch, fits: int = 0) -> None:
    """Let the disk be full: of the next files, as many as fit are written, and of the one after that only half."""
    make = tempfile.NamedTemporaryFile
    left = [fits]

    def nearly_full(*args: Any, **options: Any) -> Any:
        file = make(*args, **options)
        if str(options.get("prefix", "")).startswith(".part"):
            left[0] -= 1
            if left[0] < 0:
                whole = file.write

                def half(data: bytes) -> int:
                    whole(data[: len(data) // 2])
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

                file.write = half
        return file

    write_bytes = Path.write_bytes

    def nearly_full_staging(path: Path, data: bytes) -> int:
        left[0] -= 1
        if left[0] >= 0:
            return write_bytes(path, data)
        write_bytes(path, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    patch.setattr(tempfile, "NamedTemporaryFile", nearly_full)
    patch.setattr(Path, "write_bytes", nearly_full_staging)
