"""The log of people's decisions: only added to, kept as files, indexed in the review's database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
from filelock import FileLock, Timeout
from sqlalchemy import Connection, insert, select

from evitable.decide.resolving import tips
from evitable.errors import EvitableError, RunFailedError, UserError
from evitable.records import Decision, sealed
from evitable.store.database import Database, find_database
from evitable.store.decision_files import (
    DecisionFile,
    append,
    check_coder,
    decision_paths,
    file_name,
    in_order,
    read_folder,
)
from evitable.store.tables import DECISION, DECISION_BASE, DECISION_FILE
from evitable.store.workspace import Workspace, writable

_PATIENCE = 30
"""Seconds that are waited while others write."""


_OPEN = {"": "being written"}
"""What the index says of the files while decisions are on their way into them: no folder looks like this."""


_FEW = 500
"""Decisions that are asked for by their ids; of more, all are read."""


class StaleDecisionError(EvitableError):
    """Decisions rest on what is not the latest any more; none of those that came with them was taken.

    Args:
        conflicts: Each refused decision, with the latest ones on its item.
    """

    def __init__(self, conflicts: tuple[tuple[Decision, tuple[Decision, ...]], ...]) -> None:
        super().__init__(f"{len(conflicts)} decisions are stale: others were made on the same codings meanwhile.")
        self.conflicts = conflicts


class DecisionLog:
    """All decisions on a review. The files are what lasts; the database makes adding safe and finds what is stale."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._folder = workspace.corpus / "decisions"
        self._database = database
        self._kept: tuple[Decision, ...] = ()

    def read(self) -> tuple[Decision, ...]:
        """Give all decisions, sorted by time and id; none where nobody has decided.

        Files that were changed, truncated or deleted get back what the database still has of them; decisions that came
        with a file from elsewhere are taken into the database.

        Raises:
            UserError: They cannot be read; says what to do.
        """
        with self._database.reading() as connection:
            there = self._all(connection) if connection else ()
            known = _known_states(connection) if connection else {}
        if self._states() == known:
            return there
        with self._writing() as connection:
            return self._all(connection)

    def state(self) -> str:
        """Give a short text that is another one whenever something was added."""
        return " ".join(f"{name}:{state}" for name, state in self._states().items())

    def files(self) -> dict[str, DecisionFile]:
        """Give what each file holds, with its faults, by name."""
        return read_folder(self._folder)

    def add(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Add decisions: all of them, or none.

        Once this returns they are on the disk, in the database and in the coders' files. A decision that is there
        already is not added again. Later ones of one call may rest on earlier ones.

        Args:
            decisions: With or without their ids.

        Returns:
            The decisions with their ids.

        Raises:
            StaleDecisionError: Some do not rest on the latest decisions on their item.
            UserError: They cannot be written.
            RunFailedError: Somebody else has been writing for too long.
        """
        made = tuple(sealed(msgspec.structs.replace(one, coder=check_coder(one.coder))) for one in decisions)
        with self._writing() as connection:
            new = _unknown(connection, made)
            conflicts = []
            for decision in new:
                latest = _latest(connection, decision)
                if {one.id for one in latest} != set(decision.base) or _superseded(connection, decision):
                    conflicts.append((decision, latest))
                else:
                    _insert(connection, [decision])
            if conflicts:
                raise StaleDecisionError(tuple(conflicts))
            self._keep(connection, new)
        return made

    def merge(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Take in decisions of another copy of the review, as they are; where both copies went on, both stay.

        Returns:
            Those that were new.

        Raises:
            UserError: They cannot be written.
        """
        with self._writing() as connection:
            new = _unknown(connection, in_order(decisions))
            _insert(connection, new)
            self._keep(connection, new)
        return new

    def _keep(self, connection: Connection, new: Sequence[Decision]) -> None:
        """Commit decisions, then write them into their files.

        In between the index knows no state of these files, so that whoever comes after a crash makes it good.
        """
        if new:
            _remember(connection, _OPEN)
            self._commit_and_append(connection, new)

    def _commit_and_append(self, connection: Connection, decisions: Sequence[Decision]) -> None:
        connection.commit()
        for coder in sorted({one.coder for one in decisions}):
            append(self._folder / file_name(coder), [one for one in decisions if one.coder == coder])
        _remember(connection, self._states())
        connection.commit()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Keep all other writers out, and bring files and database into line."""
        writable(self._workspace.outputs)
        lock = FileLock(self._workspace.outputs / ".decisions.lock", timeout=_PATIENCE, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise RunFailedError(
                "Somebody else has been writing decisions for half a minute.", "Wait a little, then try again."
            ) from error
        try:
            with self._database.writing() as connection:
                if self._states() != _known_states(connection):
                    self._reconcile(connection)
                yield connection
        finally:
            lock.release()

    def _reconcile(self, connection: Connection) -> None:
        """Take in what files hold, and give back to them what they have lost."""
        files = read_folder(self._folder)
        _insert(connection, _unknown(connection, in_order(one for file in files.values() for one in file.decisions)))
        there = {one.id for file in files.values() for one in file.decisions}
        lost = [one for one in self._all(connection) if one.id not in there]
        self._commit_and_append(connection, lost)

    def _all(self, connection: Connection) -> tuple[Decision, ...]:
        """Give all decisions in the index; those that this log has read before are not read again."""
        kept = self._kept
        names = set(connection.scalars(select(DECISION.c.id)))
        new = names.difference(one.id for one in kept)
        if new:
            bodies = select(DECISION.c.body)
            few = bodies.where(DECISION.c.id.in_(new)) if len(new) <= _FEW else bodies
            self._kept = in_order([*kept, *(_decoded(body) for body in connection.scalars(few))])
        return self._kept

    def _states(self) -> dict[str, str]:
        """Give size and time of change of each file, by name."""
        found = ((path.name, path.stat()) for path in decision_paths(self._folder))
        return {name: f"{stat.st_size}:{stat.st_mtime_ns}" for name, stat in found}


def open_decisions(workspace: Workspace, url: str = "") -> DecisionLog:
    """Open the decisions on a review; nothing is read or made until it is asked for.

    Args:
        workspace: The review.
        url: `store` of its settings; empty for `outputs/review.sqlite3`.

    Raises:
        UserError: The address is none, or of a database that is not known.
    """
    return DecisionLog(workspace, find_database(workspace, url))


def _decoded(body: str) -> Decision:
    try:
        return msgspec.json.decode(body, type=Decision)
    except msgspec.DecodeError as error:
        raise UserError(
            "A decision in the review's database cannot be read.", "A newer version of Evitable may have written it."
        ) from error


def _unknown(connection: Connection, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Give those that the index does not have yet, in order, each once."""
    new: dict[str, Decision] = {}
    for decision in decisions:
        if decision.id not in new and not connection.scalar(select(DECISION.c.id).where(DECISION.c.id == decision.id)):
            new[decision.id] = decision
    return tuple(new.values())


def _latest(connection: Connection, decision: Decision) -> tuple[Decision, ...]:
    """Give the latest decisions on an item that a decision had to have in sight."""
    threads = {decision.item, _thread(connection, decision)}
    table = DECISION.c
    rows = select(table.body).where(table.item.in_(threads) | table.thread.in_(threads))
    if decision.blind:
        rows = rows.where(table.scope == decision.scope)
    return tips(_decoded(body) for body in connection.scalars(rows))


def _superseded(connection: Connection, decision: Decision) -> bool:
    """Tell whether another decision that this one had to have in sight rests on the same base."""
    table = DECISION_BASE.c
    found = select(table.decision).where(table.base.in_(decision.base))
    if decision.blind:
        found = found.join(DECISION, DECISION.c.id == table.decision).where(DECISION.c.scope == decision.scope)
    return connection.scalar(found.limit(1)) is not None


def _thread(connection: Connection, decision: Decision) -> str:
    """Give the line that a decision continues: that of its base, since texts may have moved; else its own item."""
    if not decision.base:
        return decision.item
    known = connection.scalar(select(DECISION.c.thread).where(DECISION.c.id == decision.base[0]))
    return known or decision.item


def _insert(connection: Connection, decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        connection.execute(
            insert(DECISION).values(
                id=decision.id,
                item=decision.item,
                thread=_thread(connection, decision),
                scope=decision.scope,
                coder=decision.coder,
                time=decision.time,
                body=msgspec.json.encode(decision).decode("utf-8"),
            )
        )
        if decision.base:
            connection.execute(
                insert(DECISION_BASE), [{"decision": decision.id, "base": base} for base in sorted(set(decision.base))]
            )


def _known_states(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(DECISION_FILE.c.name, DECISION_FILE.c.state).order_by(DECISION_FILE.c.name))
    return {row.name: row.state for row in rows}


def _remember(connection: Connection, states: dict[str, str]) -> None:
    connection.execute(DECISION_FILE.delete())
    if states:
        connection.execute(insert(DECISION_FILE), [{"name": name, "state": state} for name, state in states.items()])
