"""Whether a review's files have changed, seen by looking at them now and then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evitable.errors import UserError
from evitable.flows.hashes import list_files
from evitable.settings import SETTINGS_FILE, Settings
from evitable.store import Workspace
from evitable.store.places import corpus_place

Look = dict[str, tuple[object, ...]]
"""What one look at a review's files showed: size and times of each, by name; empty where there is no such file."""


@dataclass
class Watch:
    """Tells when files have come to rest after a change.

    Attributes:
        known: What the last run took up; None before the first look, which the first run takes up.
        seen: What the last look showed.
    """

    known: Look | None = None
    seen: Look | None = None

    def changed(self, look: Look) -> bool:
        """Tell whether there is something new, and the same as in the look before: a file that grows is left alone."""
        if self.known is None:
            self.known = look
        rests = look == self.seen
        self.seen = look
        return rests and look != self.known

    def taken(self, look: Look) -> None:
        """Note that a run takes up what a look showed."""
        self.known = look


def look_at(workspace: Workspace) -> Look:
    """Look at what decides a review's tables: papers, reference files, settings, codebook, models of its own.

    On a shared store the reference files are seen by name only.

    Raises:
        UserError: The corpus cannot be listed.
    """
    settings = _settings(workspace)
    place = corpus_place(workspace, settings)
    listing = list_files(place)
    look: Look = {f"corpus/{name}": tuple(facts or ()) for name, facts in listing.papers.items()}
    for name in listing.beside:
        look[f"corpus/{name}"] = _facts(place / name) if isinstance(place, Path) else ()
    for path in _own_files(workspace.root, settings):
        look[path.as_posix()] = _facts(path)
    return look


def _settings(workspace: Workspace) -> Settings:
    """Give the settings; while they are broken, which the run will say, the default ones."""
    try:
        return workspace.settings()
    except UserError:
        return Settings()


def _own_files(root: Path, settings: Settings) -> Iterator[Path]:
    yield root / SETTINGS_FILE
    yield root / (settings.codebook or "codebook.toml")
    yield from sorted(path for path in (root / (settings.model or "models")).glob("**/*") if path.is_file())


def _facts(path: Path) -> tuple[object, ...]:
    try:
        stat = path.stat()
    except OSError:  # it is not there, or not any more
        return ()
    return stat.st_size, stat.st_mtime_ns
