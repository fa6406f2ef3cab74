"""The log of people's decisions: only added to, kept as files, indexed in the review's database."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
from filelock import FileLock, Timeout
from sqlalchemy import Connection

from evitable.errors import EvitableError, RunFailedError
from evitable.records import Decision, digest, sealed
from evitable.store import decision_index as index
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
from evitable.store.workspace import Workspace, writable

log = logging.getLogger(__name__)

_PATIENCE = 30
"""Seconds that are waited while others write."""

_COUNT = ""
"""Beside the states of the files: how many decisions the index had when they and it were last in line. After a writer
was killed it is another number than the index has, so that whoever comes next makes it good."""


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
        # Copies of a review that share a server each have files of their own.
        copy = digest("k", socket.gethostname(), str(self._folder.resolve()))
        self._copy = f"{copy}/" if database.shared else ""
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
            in_line = self._in_line(connection) if connection else not self._states()
        if in_line:
            return there
        with self._writing() as connection:
            return self._all(connection)

    def state(self) -> str:
        """Give a short text that is another one whenever something was added."""
        files = " ".join(f"{name}:{state}" for name, state in self._states().items())
        if not self._database.shared:
            return files
        with self._database.reading() as connection:  # others add to the server, and not to these files
            return f"{index.count(connection) if connection else 0} {files}"

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
            new = index.unknown(connection, made)
            conflicts = []
            for decision in new:
                latest = index.latest(connection, decision)
                if {one.id for one in latest} == set(decision.base):
                    index.add(connection, [decision])
                else:
                    conflicts.append((decision, latest))
            if conflicts:
                raise StaleDecisionError(tuple(conflicts))
            if new:
                self._commit_and_append(connection, new)
        return made

    def merge(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Take in decisions of another copy of the review, as they are; where both copies went on, both stay.

        Returns:
            Those that were new.

        Raises:
            UserError: They cannot be written.
        """
        with self._writing() as connection:
            new = index.unknown(connection, in_order(decisions))
            index.add(connection, new)
            if new:
                self._commit_and_append(connection, new)
        return new

    def _commit_and_append(self, connection: Connection, decisions: Sequence[Decision]) -> None:
        """Commit, then write decisions into their files, then note that files and index are in line."""
        number = index.count(connection)
        connection.commit()
        for coder in sorted({one.coder for one in decisions}):
            append(self._folder / file_name(coder), [one for one in decisions if one.coder == coder])
        index.remember_files(connection, self._copy, self._line(number))
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
                if not self._in_line(connection):
                    self._reconcile(connection)
                yield connection
        finally:
            lock.release()

    def _reconcile(self, connection: Connection) -> None:
        """Take in what files hold, and give back to them what they have lost."""
        files = read_folder(self._folder)
        known = index.known_files(connection, self._copy).get(_COUNT)
        by_hand = known == str(index.count(connection))  # and not by a crash, nor on another machine
        index.add(
            connection, index.unknown(connection, in_order(one for file in files.values() for one in file.decisions))
        )
        there = {one.id for file in files.values() for one in file.decisions}
        lost = [one for one in self._all(connection) if one.id not in there]
        if lost and by_hand:
            log.warning("%d decisions had gone from %s, and are written there again.", len(lost), self._folder)
        self._commit_and_append(connection, lost)

    def _all(self, connection: Connection) -> tuple[Decision, ...]:
        """Give all decisions in the index; those that this log has read before are not read again."""
        new = index.names(connection).difference(one.id for one in self._kept)
        if new:
            self._kept = in_order([*self._kept, *index.decisions(connection, new)])
        return self._kept

    def _in_line(self, connection: Connection) -> bool:
        """Tell whether files and index are as they were when they last were made alike."""
        return index.known_files(connection, self._copy) == self._line(index.count(connection))

    def _line(self, number: int) -> dict[str, str]:
        return ({_COUNT: str(number)} if number else {}) | self._states()

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
