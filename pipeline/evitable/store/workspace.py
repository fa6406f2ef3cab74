"""The folder of a review: where things lie, and writing that never leaves half a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evitable.errors import UserError
from evitable.records import RunRecord, decode
from evitable.settings import SETTINGS_FILE, Settings, read_settings

STORE_VARIABLE = "EVITABLE_STORE"
"""The environment variable that names the database; it wins over review.toml, and keeps passwords out of it."""

RUN_FILE = "run.json"
"""The record of the published run, in `outputs/`."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths of a review's folder.

    Attributes:
        root: The folder itself, absolute.
    """

    root: Path

    @property
    def corpus(self) -> Path:
        """Where the papers lie."""
        return self.root / "corpus"

    @property
    def outputs(self) -> Path:
        """Where the tables go."""
        return self.root / "outputs"

    @property
    def cache(self) -> Path:
        """Results per paper and stage, by content."""
        return self.outputs / ".cache"

    @property
    def prefect_home(self) -> Path:
        """Where Prefect keeps its state."""
        return self.outputs / ".prefect"

    def settings(self) -> Settings:
        """Read `review.toml`; without one, the defaults hold.

        Raises:
            UserError: It holds a fault; names the key and the mend.
        """
        path = self.root / SETTINGS_FILE
        return read_settings(read_text(path), SETTINGS_FILE) if path.exists() else Settings()


def open_workspace(folder: Path) -> Workspace:
    """Open an existing review folder.

    Raises:
        UserError: There is no such folder, or it has no `corpus/`.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise UserError(f"There is no folder {folder}.", f"Make one with `evitable new {folder}`.")
    if not (root / "corpus").is_dir():
        raise UserError(
            f"{folder} has no folder named corpus.",
            f"Make it with `evitable new {folder}`, and put your PDFs into corpus.",
        )
    return Workspace(root)


def last_run(workspace: Workspace) -> RunRecord | None:
    """Give the record of the run that is published; None where there is none, or it is damaged."""
    try:
        return decode((workspace.outputs / RUN_FILE).read_bytes(), RunRecord)
    except (OSError, msgspec.DecodeError):
        return None


def writable(folder: Path) -> None:
    """Make sure that files can be written into a folder, making the folder if need be.

    Raises:
        UserError: It is read-only.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".try-"):
            pass
    except OSError as error:
        raise UserError(
            f"Nothing can be written into {folder} ({error.strerror}).",
            "Change the folder's permissions, or work on a copy of the review elsewhere.",
        ) from error


def read_text(path: Path) -> str:
    """Read a UTF-8 text file that a person wrote.

    Raises:
        UserError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not a UTF-8 text file.", "Save it again as UTF-8.") from error
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror}).", "Check the file's name and its permissions."
        ) from error


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        UserError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror}).", "Check the file's name and its permissions."
        ) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then a rename.

    Raises:
        UserError: The folder is read-only, the disk is full, or the file is open in a program that locks it.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            temporary = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise UserError(
            f"{path} cannot be written ({error.strerror}).",
            "Close it if it is open elsewhere, and check disk space and permissions.",
        ) from error
