"""The database of a review: which one it is, how it is opened, and what its errors mean to a person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    column,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError

from evitable.errors import RunFailedError, UserError
from evitable.store.tables import REVISION, RUN
from evitable.store.workspace import STORE_VARIABLE, Workspace

DATABASE_FILE = "review.sqlite3"
"""The database of a review that names no other, in `outputs/`."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_PATIENCE = 30
"""Seconds that are waited for a server, or for another process to end its writing."""

_ADDRESSES = (
    'Leave "store" in review.toml empty for a file in outputs/, or write "postgresql+psycopg://user@host/database". '
    f"The environment variable {STORE_VARIABLE} wins over review.toml."
)
_VERSION = table("alembic_version", column("version_num"))


class Database:
    """Opens the database of a review; each use has a connection of its own, and none is kept."""

    def __init__(self, url: URL, file: Path | None) -> None:
        """Take the address; nothing is opened yet.

        Args:
            url: SQLite or PostgreSQL.
            file: Of an SQLite database; None for a server.

        Raises:
            UserError: The driver of PostgreSQL is not installed.
        """
        self._url = url
        self._file = file
        self._name = str(file) if file else f"postgresql://{url.host or 'localhost'}/{url.database or ''}"
        self._engine = _engine(url)

    @property
    def shared(self) -> bool:
        """Whether it is on a server, where copies of the review on several machines may use it."""
        return self._file is None

    def close(self) -> None:
        """Let go of what the engine holds."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Open for reading: what is read is of one moment.

        Yields:
            The connection; None where nothing has been written yet. Nothing is made then.

        Raises:
            UserError: It cannot be opened or read; says what to do.
        """
        if self._file is not None and not self._file.exists():
            yield None
            return
        with self._in_plain_words():
            with self._engine.connect() as connection:
                revision = _revision(connection)
            if revision not in {"", REVISION}:
                self._upgrade()
            if not revision:
                yield None
                return
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open for writing, and keep other writers out; the tables are made or brought up to date first.

        Yields:
            The connection, within a transaction. What the block does not commit is rolled back.

        Raises:
            UserError: It cannot be opened or written; says what to do.
            RunFailedError: Another process is writing, and has not ended for some time.
        """
        with self._in_plain_words(), self._engine.connect().execution_options(writes=True) as connection:
            if _revision(connection) != REVISION:
                connection.rollback()
                self._upgrade()
            if connection.dialect.name == "postgresql":
                connection.rollback()  # what is read is to be of a moment after the lock was got
                connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}s'"))
                connection.execute(text(f"LOCK TABLE {RUN.name} IN SHARE ROW EXCLUSIVE MODE"))
            yield connection

    def damaged(self) -> UserError:
        """Say that what is kept cannot be read, and how to start anew."""
        if self._file is None:
            return UserError(
                f"What the database {self._name} holds cannot be read.",
                "A newer version of Evitable may have written it; else restore the database from its backup.",
            )
        beside = f"{self._file.name}-wal and {self._file.name}-shm"
        return UserError(
            f"The history of runs in {self._file} is damaged.",
            f"Move it away, with {beside} if they are there, and run again: a new history starts with run 1. "
            "The papers, your decisions, the cached results and the published tables are not in it, and stay.",
        )

    def _upgrade(self) -> None:
        """Make the tables, or bring them up to date."""
        from alembic import command  # noqa: PLC0415 - takes a third of a second to load, and is needed once
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util import CommandError  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":  # where SQLite has one writer anyhow
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('evitable tables'))"))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise UserError(
                    f"{self._name} was written by a newer version of Evitable.",
                    "Install the newest version of Evitable; the older one would not understand what is in it.",
                ) from error

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            state = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""
            if self._file is None:
                raise self._server_error(state, str(error.orig)) from error
            raise self._file_error(state, str(error.orig)) from error

    def _file_error(self, state: str, message: str) -> UserError | RunFailedError:
        kind = state.removeprefix("SQLITE_").partition("_")[0]
        match kind:
            case "CORRUPT" | "NOTADB":
                return self.damaged()
            case "BUSY" | "LOCKED":
                return _busy(self._name)
            case "FULL":
                return UserError(
                    f"The disk is full: {self._name} cannot be written.", "Free some space, then run again."
                )
            case "READONLY" | "CANTOPEN" | "PERM" | "AUTH":
                return UserError(
                    f"{self._name} cannot be opened for writing.",
                    "Change the permissions of the file and its folder, or work on a copy of the review elsewhere.",
                )
        return UserError(
            f"{self._name} cannot be used ({message.strip()}).", "Check the disk and its space, then run again."
        )

    def _server_error(self, state: str, message: str) -> UserError | RunFailedError:
        said = (message.strip() or "no reason given").splitlines()[0]
        if self._url.password:  # the server does not repeat it; this is in case that one does
            said = said.replace(str(self._url.password), "***")
        match state:
            case "55P03":
                return _busy(self._name)
            case "53100":
                return UserError(f"The disk of the database {self._name} is full.", "Tell who looks after the server.")
            case "42501" | "25006":
                return UserError(
                    f"The database {self._name} refuses to be written ({said}).",
                    "Ask who looks after the server for the right to make tables and to write.",
                )
        if state.startswith("28") or "password" in said or "authentication" in said:
            return UserError(
                f"The database {self._name} refuses the user or the password.",
                f"Check the address in {STORE_VARIABLE} or review.toml; the password can also stand in ~/.pgpass.",
            )
        return UserError(
            f"The database {self._name} cannot be used ({said}).",
            "Check that the server is up, the network, and the address; then run again.",
        )


def find_database(workspace: Workspace, url: str = "") -> Database:
    """Find the database of a review; nothing is opened or made yet.

    Args:
        workspace: The review.
        url: From its settings; empty for `outputs/review.sqlite3`. The environment variable EVITABLE_STORE wins.

    Raises:
        UserError: The address is none, or of a database that is not known, or its driver is not installed.
    """
    address = os.environ.get(STORE_VARIABLE) or url
    if not address:
        return _sqlite(workspace.outputs / DATABASE_FILE)
    where = STORE_VARIABLE if os.environ.get(STORE_VARIABLE) else '"store" in review.toml'
    try:
        found = make_url(address)
    except (ArgumentError, ValueError) as error:  # the address itself is not repeated: it may hold a password
        raise UserError(f"{where} is not the address of a database.", _ADDRESSES) from error
    match found.drivername:
        case "sqlite" | "sqlite+pysqlite" if found.database and not found.query:
            return _sqlite(workspace.root / found.database)
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return Database(found.set(drivername="postgresql+psycopg"), None)
    raise UserError(f'{where} names a kind of database that is not known, "{found.drivername}".', _ADDRESSES)


def _sqlite(file: Path) -> Database:
    return Database(URL.create("sqlite", database=str(file)), file)


def _engine(url: URL) -> Engine:
    # One connection for each use: nothing is left open, neither in a process that forks nor at the end.
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _PATIENCE})
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": _PATIENCE}
    try:
        return create_engine(url, poolclass=NullPool, connect_args=patience)
    except ModuleNotFoundError as error:
        raise UserError(
            "The review is kept in PostgreSQL, and what is needed to speak to it is not installed.",
            'Install it: pip install "evitable[postgres]"',
        ) from error


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, and not by Python's module at its own time
    for name, value in {"foreign_keys": "ON", "journal_mode": "WAL", "synchronous": "FULL"}.items():
        connection.execute(f"PRAGMA {name} = {value}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later may be refused half-way; this one waits at its beginning.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _revision(connection: Connection) -> str:
    """Give the version of the tables; empty where there are none."""
    if not inspect(connection).has_table(_VERSION.name):
        return ""
    return connection.scalar(select(_VERSION.c.version_num)) or ""


def _busy(name: str) -> RunFailedError:
    return RunFailedError(
        f"Another process is writing into {name}.", "What is published stays in force. Wait a minute, and try again."
    )
