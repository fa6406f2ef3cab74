"""Prefect's database: made once on a machine, which takes seconds, and copied empty into each new review."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

_DATABASE = "prefect.db"
_MADE_BY = "database-made-by.txt"
"""Names the version of Prefect that made the database: only for another one it has to be looked through."""
_VERSIONS = "alembic_version"


def is_current(home: Path) -> bool:
    """Tell whether Prefect's database was made by the version that is installed; looking it through takes a while.

    One that is damaged is taken away, to be made anew: it holds nothing but the history of Prefect's runs.
    """
    database = home / _DATABASE
    try:
        if not database.stat().st_size:
            return False
        with closing(sqlite3.connect(database)) as connection:
            finished = connection.execute("select count(*) from alembic_version").fetchone()[0] == 1
        return finished and (home / _MADE_BY).read_text() == version("prefect")
    except OSError:
        return False
    except sqlite3.DatabaseError as error:
        if type(error) is sqlite3.DatabaseError:  # others say that it is busy, or not made yet
            for path in home.glob(f"{_DATABASE}*"):
                path.unlink()
        return False


def copied(home: Path) -> bool:
    """Give a folder without a database a copy of the empty one, if this machine has one; tell whether it now has it."""
    database, empty = home / _DATABASE, _empty()
    if database.exists():
        return False
    try:
        shutil.copyfile(empty, database)
        with closing(sqlite3.connect(database)) as connection:
            whole = connection.execute("pragma quick_check").fetchone() == ("ok",)
    except (OSError, sqlite3.DatabaseError):
        whole = False
    if not whole:
        database.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            empty.unlink(missing_ok=True)
        return False
    _signed(home)
    return True


def keep(home: Path) -> None:
    """Note which version made the database, and keep it, emptied, for this machine's other reviews.

    Where it cannot be kept, each review makes its own.
    """
    if not (home / _DATABASE).exists():  # it lies elsewhere
        return
    _signed(home)
    empty = _empty()
    if empty.exists():
        return
    part = empty.with_name(f"{empty.name}.{os.getpid()}")
    try:
        empty.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(home / _DATABASE)) as made, closing(sqlite3.connect(part)) as copy:
            made.backup(copy)
            _clear(copy)
        part.replace(empty)
    except (OSError, sqlite3.DatabaseError):
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _signed(home: Path) -> None:
    (home / _MADE_BY).write_text(version("prefect"))


def _empty() -> Path:
    """Give the place of the empty database of the installed version, in the user's folder for caches."""
    return user_cache_path("evitable", appauthor=False) / f"prefect-{version('prefect')}.db"


def _clear(database: sqlite3.Connection) -> None:
    """Take everything out of a database but its tables and their version."""
    names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
    for name in names:
        if name != _VERSIONS and not name.startswith("sqlite_"):
            database.execute(f'delete from "{name}"')  # noqa: S608 - names of Prefect's own tables
    database.commit()
    database.execute("pragma journal_mode = delete")
    database.execute("vacuum")
