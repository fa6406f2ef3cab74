"""The history of a review: each published run, and what each study was in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from evitable.errors import RunFailedError, UserError
from evitable.records import PublishedRun, RunIdentity, Snapshot, StudyState, decode
from evitable.store.database import Database, find_database
from evitable.store.publish import CommitUnknownError
from evitable.store.tables import RUN, STUDY_STATE
from evitable.store.workspace import Workspace


class History:
    """All published runs of a review, in its database. A study that stays as it was is kept once, not once a run.

    It is closed by `close`, or by leaving the `with` block that it is used in.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def runs(self) -> tuple[PublishedRun, ...]:
        """Give all published runs by number; none where nothing has been published.

        Their identities name no papers: these are in the studies.

        Raises:
            UserError: The database cannot be read; says what to do.
        """
        with self._database.reading() as connection:
            rows = connection.execute(select(RUN).order_by(RUN.c.number)).all() if connection else ()
        return tuple(self._run(row) for row in rows)

    def last(self) -> PublishedRun | None:
        """Give the run in force, or None.

        Raises:
            UserError: As of `runs`.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(RUN).order_by(RUN.c.number.desc()).limit(1)).first() if connection else None
        return self._run(row) if row else None

    def snapshot(self, number: int) -> Snapshot | None:
        """Give the studies of a published run, by study id; None where there is no such run.

        Raises:
            UserError: As of `runs`.
        """
        state = STUDY_STATE.c
        bodies = select(state.study_id, state.body).where(
            state.first_run <= number, or_(state.last_run.is_(None), state.last_run >= number)
        )
        with self._database.reading() as connection:
            row = connection.execute(select(RUN).where(RUN.c.number == number)).first() if connection else None
            if connection is None or row is None:
                return None
            found = sorted((study, body) for study, body in connection.execute(bodies))  # databases sort by locale
        decoder = msgspec.json.Decoder(StudyState)
        try:
            studies = tuple(decoder.decode(body) for _, body in found)
        except msgspec.DecodeError as error:
            raise self._database.damaged() from error
        return Snapshot(run=self._run(row), studies=studies)

    @contextmanager
    def publishing(self, snapshot: Snapshot, token: str) -> Iterator[None]:
        """Write a run and the studies that it changed, in one transaction that is committed when the block ends.

        The block puts the files in place. If it raises, or the process is killed, nothing has been written.

        Args:
            snapshot: The run, numbered next after the last, and all of its studies.
            token: Name of this publication, never used before.

        Raises:
            RunFailedError: Another run has been published meanwhile, or is being written.
            CommitUnknownError: The server was lost at the very end, and it cannot be told whether it took the run.
            UserError: The database cannot be written; says what to do.
        """
        with self._database.writing() as connection:
            _check_next(connection, snapshot.run.number)
            _write(connection, snapshot, token)
            yield
            try:
                connection.commit()
            except DBAPIError as error:
                if not self._taken(token, error):
                    raise

    def committed(self, token: str) -> bool:
        """Tell whether the publication of this name is in force, or was.

        Raises:
            UserError: As of `runs`.
        """
        with self._database.reading() as connection:
            return bool(connection and connection.scalar(select(RUN.c.number).where(RUN.c.token == token)))

    def _taken(self, token: str, error: DBAPIError) -> bool:
        """Tell whether a commit whose answer got lost has been carried out."""
        try:
            return self.committed(token)
        except UserError:
            raise CommitUnknownError(
                "The database was lost at the moment of publishing, and it cannot be told whether it took the run.",
                "Run again when it is back: that finds out, and puts the last run's files back if it did not.",
            ) from error

    def _run(self, row: Row[tuple[object, ...]]) -> PublishedRun:
        values = row._mapping
        try:
            return PublishedRun(
                number=values["number"],
                identity=decode(values["identity"].encode(), RunIdentity),
                started=values["started"],
                seconds=values["seconds"],
                counts=msgspec.json.decode(values["counts"], type=dict[str, int]),
            )
        except msgspec.DecodeError as error:
            raise self._database.damaged() from error


def open_history(workspace: Workspace, url: str = "") -> History:
    """Open the history of a review; nothing is read or made until it is asked for.

    Args:
        workspace: The review.
        url: `store` of its settings; empty for `outputs/review.sqlite3`. The environment variable EVITABLE_STORE wins.

    Raises:
        UserError: The address is none, or of a database that is not known, or its driver is not installed.
    """
    return History(find_database(workspace, url))


def _check_next(connection: Connection, number: int) -> None:
    last = connection.scalar(select(func.max(RUN.c.number))) or 0
    if number != last + 1:
        raise RunFailedError(
            f"Another run was published meanwhile: it has number {last}.",
            "Run again: what this run has read and coded is kept.",
        )


def _write(connection: Connection, snapshot: Snapshot, token: str) -> None:
    """Write the run, end what is no longer so, and write what is."""
    run, state = snapshot.run, STUDY_STATE.c
    connection.execute(
        insert(RUN).values(
            number=run.number,
            run_id=run.identity.id,
            token=token,
            started=run.started,
            seconds=run.seconds,
            counts=_json(run.counts),
            identity=_json(msgspec.structs.replace(run.identity, papers={})),
        )
    )
    now = [(study.study_id, _json(study)) for study in snapshot.studies]
    rows = connection.execute(select(state.id, state.study_id, state.body).where(state.last_run.is_(None)))
    kept = {study: (row, body) for row, study, body in rows}
    stays = {study for study, body in now if study in kept and kept[study][1] == body}
    if ended := [{"row": row} for study, (row, _) in kept.items() if study not in stays]:
        connection.execute(
            update(STUDY_STATE).where(state.id == bindparam("row")).values(last_run=run.number - 1), ended
        )
    if begun := [
        {"study_id": study, "first_run": run.number, "body": body} for study, body in now if study not in stays
    ]:
        connection.execute(insert(STUDY_STATE), begun)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode("utf-8")
