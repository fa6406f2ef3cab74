"""Where papers and results lie: in folders of this machine, or at an address of a shared store that fsspec knows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from evitable.errors import UserError
from evitable.settings import Settings
from evitable.store.workspace import Workspace

if TYPE_CHECKING:  # loaded where an address is used: folders need it not
    from upath import UPath

Place: TypeAlias = "Path | UPath"
"""A folder of this machine, or one of a shared store."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(//|:)")  # of two letters at least: C:\ is a disk
_LOCAL = re.compile(r"(file|local)://(localhost(?=/))?", re.IGNORECASE)
_WINDOWS_DISK = re.compile(r"/[A-Za-z]:[/\\]")
_PACKAGES = {
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("abfs", "abfss", "az", "adl"), "adlfs"),
    **dict.fromkeys(("sftp", "ssh"), "paramiko"),
    "smb": "smbprotocol",
    **dict.fromkeys(("webdav", "webdavs"), "webdav4"),
    **dict.fromkeys(("http", "https"), "aiohttp"),
}
"""The package that reads addresses of a kind, where it does not come with fsspec."""
_FAULTS = {
    "botocore.exceptions": ("BotoCoreError",),
    "azure.core.exceptions": ("AzureError",),
    "gcsfs.retry": ("HttpError",),
    "google.auth.exceptions": ("GoogleAuthError",),
    "aiohttp": ("ClientError",),
    "paramiko": ("SSHException",),
}
"""What stores raise that is no OSError, by module; a module that is not loaded raises nothing."""


def corpus_place(workspace: Workspace, settings: Settings) -> Place:
    """Give where the papers lie: the folder `corpus`, or where `corpus` in review.toml says.

    Raises:
        UserError: The address cannot be used on this machine.
    """
    return place_of(settings.corpus, workspace.root, "corpus") if settings.corpus else workspace.corpus


def cache_place(workspace: Workspace, settings: Settings) -> Place:
    """Give where results are kept: `outputs/.cache`, or where `cache` in review.toml says.

    Raises:
        UserError: The address cannot be used on this machine.
    """
    return place_of(settings.cache, workspace.root, "cache") if settings.cache else workspace.cache


def place_of(address: str, root: Path, name: str) -> Place:
    """Open an address: a path, from `root` on unless it is absolute, or what fsspec knows, such as `s3://bucket/papers`.

    Args:
        address: As in review.toml.
        root: The review's folder.
        name: Of the setting that the address is from.

    Raises:
        UserError: No such kind of address is known, or the package that reads it is missing.
    """
    if _LOCAL.match(address):
        path = _LOCAL.sub("", address, count=1)
        return Path(path[1:] if _WINDOWS_DISK.match(path) else path)
    if not _ADDRESS.match(address):
        return root / Path(address).expanduser()
    from upath import UPath  # noqa: PLC0415

    kind = address.partition(":")[0].lower()
    try:
        place = UPath(address)
        _ = place.fs  # loads what reads it
    except ImportError as error:
        package = _PACKAGES.get(kind, "the package that fsspec names for it")
        raise UserError(
            f'{package} is not installed, which reads addresses that begin with {kind}: ("{name}" in review.toml).',
            f"Install it beside Evitable: pip install {package}" if kind in _PACKAGES else str(error),
        ) from error
    except ValueError as error:
        raise UserError(
            f'{shown(address)}, which "{name}" in review.toml names, is no address that can be used.',
            "Write a path, or an address such as s3://bucket/folder.",
        ) from error
    except faults() as error:
        raise unreachable(address, error) from error
    return place


def address_of(place: Place, setting: str) -> str:
    """Give a place as a text from which `open_address` opens it in another process.

    Args:
        place: As opened.
        setting: The address in review.toml that it may be from.
    """
    return str(place) if isinstance(place, Path) else setting


def open_address(address: str) -> Place:
    """Open what `address_of` gave, in whatever process.

    Raises:
        UserError: This machine cannot use it.
    """
    return place_of(address, Path(), "corpus or cache")


def shown(address: str) -> str:
    """Give an address as it may be printed: without user, password and token."""
    return re.sub(r"(?<=://)[^/@]*@", "", address).partition("?")[0] if "://" in address else address


def faults() -> tuple[type[Exception], ...]:
    """Give what may be raised where a store cannot be reached, or refuses."""
    loaded = ((sys.modules[module], names) for module, names in _FAULTS.items() if module in sys.modules)
    found = (getattr(module, name, None) for module, names in loaded for name in names)
    return (OSError, *(kind for kind in found if kind is not None))


def unreachable(address: str, error: Exception) -> UserError:
    """Say in plain words why a store cannot be used; secrets of its address are not printed."""
    if isinstance(error, FileNotFoundError):
        why, hint = "there is no such place", "Correct the address in review.toml, or make the place."
    elif isinstance(error, PermissionError):
        why, hint = "access is refused", "Check the credentials that this machine has for it, and what they allow."
    else:
        why = f"it cannot be reached: {_said(address, error)}"
        hint = "Check the address in review.toml, the network, and the credentials that this machine has for it."
    return UserError(f"{shown(address)} cannot be used: {why}.", hint)


def read_from(place: Place, name: str) -> bytes:
    """Read a file of a place.

    Raises:
        OSError: This file is gone or closed.
        UserError: The store cannot be reached.
    """
    path = place / name
    if isinstance(path, Path):
        return path.read_bytes()
    try:
        return bytes(path.read_bytes())
    except (FileNotFoundError, PermissionError):
        raise
    except faults() as error:
        raise unreachable(str(place), error) from error


def reason(error: OSError) -> str:
    """Say in some words why a file cannot be read."""
    if error.strerror:
        return error.strerror
    return "It is not there any more" if isinstance(error, FileNotFoundError) else "Access is refused"


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """Say in plain words what went wrong with a store in the block.

    Raises:
        UserError: The store cannot be reached, or refuses.
    """
    try:
        yield
    except faults() as error:
        raise unreachable(address, error) from error


def _said(address: str, error: Exception) -> str:
    """Give the first line of what a store said, without what is secret in its address."""
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    said = (told.splitlines() or [""])[0][:200].rstrip(".") or type(error).__name__
    parts = urlsplit(address)
    for secret in (parts.password, parts.username, parts.query):
        if secret:
            said = said.replace(secret, "***")
    return said
