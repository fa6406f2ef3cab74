"""The index of people's decisions in the review's database: what is known, what is latest, and which files it knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
from sqlalchemy import Connection, Select, func, insert, or_, select

from evitable.decide.resolving import tips
from evitable.errors import UserError
from evitable.records import Decision
from evitable.store.tables import DECISION, DECISION_BASE, DECISION_FILE

_FEW = 500
"""Decisions that are asked for by their ids; of more, all are read. Databases limit how many may be named at once."""


def names(connection: Connection) -> set[str]:
    """Give the ids of all decisions."""
    return set(connection.scalars(select(DECISION.c.id)))


def count(connection: Connection) -> int:
    """Give the number of all decisions."""
    return connection.scalar(select(func.count()).select_from(DECISION)) or 0


def decisions(connection: Connection, wanted: Collection[str]) -> list[Decision]:
    """Give the decisions of these ids, and maybe others with them, in any order.

    Raises:
        UserError: One cannot be read.
    """
    bodies = select(DECISION.c.body)
    return _decoded(connection, bodies.where(DECISION.c.id.in_(wanted)) if len(wanted) <= _FEW else bodies)


def unknown(connection: Connection, given: Sequence[Decision]) -> tuple[Decision, ...]:
    """Give those that the index does not have yet, in order, each once."""
    every = {decision.id: decision for decision in given}
    some = select(DECISION.c.id)
    known = set(connection.scalars(some.where(DECISION.c.id.in_(every)) if len(every) <= _FEW else some))
    return tuple(decision for name, decision in every.items() if name not in known)


def latest(connection: Connection, decision: Decision) -> tuple[Decision, ...]:
    """Give the latest decisions that a decision had to have in sight.

    They are those on its item and on the lines that its bases are of, since texts move; and where a decision has joined
    lines, on all lines that it joined. To a blind coder only own blind decisions are in sight.
    """
    lines: set[str] = set()
    found: dict[str, Decision] = {}
    more = {decision.item} | _lines(connection, decision.base)
    while more - lines:
        lines |= more
        found = {one.id: one for one in _on(connection, lines, decision)}
        beside = {base for one in found.values() for base in one.base} - found.keys()
        more = _lines(connection, beside) | _lines_resting_on(connection, found)
    return tips(found.values())


def add(connection: Connection, new: Sequence[Decision]) -> None:
    """Take decisions in that the index does not have yet; those that others rest on come first."""
    lines: dict[str, str] = {}
    for decision in new:
        first = decision.base[:1]
        known = (lines[first[0]],) if first and first[0] in lines else _lines(connection, first)
        lines[decision.id] = next(iter(known), decision.item)
    if new:
        connection.execute(insert(DECISION), [_row(decision, lines[decision.id]) for decision in new])
    bases = [{"decision": one.id, "base": base} for one in new for base in sorted(set(one.base))]
    if bases:
        connection.execute(insert(DECISION_BASE), bases)


def known_files(connection: Connection, copy: str) -> dict[str, str]:
    """Give what `remember_files` was told of a copy of the review."""
    table = DECISION_FILE.c
    rows = connection.execute(select(table.name, table.state).where(table.name.startswith(copy)))
    return {row.name.removeprefix(copy): row.state for row in rows}


def remember_files(connection: Connection, copy: str, states: dict[str, str]) -> None:
    """Keep what a copy of the review is like: states by name."""
    connection.execute(DECISION_FILE.delete().where(DECISION_FILE.c.name.startswith(copy)))
    if states:
        connection.execute(insert(DECISION_FILE), [{"name": copy + name, "state": states[name]} for name in states])


def _on(connection: Connection, lines: Collection[str], decision: Decision) -> list[Decision]:
    """Give the decisions on some lines that are in sight of one."""
    table = DECISION.c
    rows = select(table.body).where(or_(table.item.in_(lines), table.thread.in_(lines)))
    return _decoded(connection, rows.where(table.scope == decision.scope) if decision.blind else rows)


def _lines(connection: Connection, wanted: Collection[str]) -> set[str]:
    """Give the lines of decisions, by their ids."""
    if not wanted:
        return set()
    return set(connection.scalars(select(DECISION.c.thread).where(DECISION.c.id.in_(wanted))))


def _lines_resting_on(connection: Connection, bases: Iterable[str]) -> set[str]:
    """Give the lines of all decisions that rest on any of these."""
    resting = select(DECISION_BASE.c.decision).where(DECISION_BASE.c.base.in_(list(bases)))
    return set(connection.scalars(select(DECISION.c.thread).where(DECISION.c.id.in_(resting))))


def _row(decision: Decision, line: str) -> dict[str, str]:
    return {
        "id": decision.id,
        "item": decision.item,
        "thread": line,
        "scope": decision.scope,
        "coder": decision.coder,
        "time": decision.time,
        "body": msgspec.json.encode(decision).decode("utf-8"),
    }


def _decoded(connection: Connection, bodies: Select[tuple[str]]) -> list[Decision]:
    decoder = msgspec.json.Decoder(Decision)
    try:
        return [decoder.decode(body) for body in connection.scalars(bodies)]
    except msgspec.DecodeError as error:
        raise UserError(
            "A decision in the review's database cannot be read.", "A newer version of Evitable may have written it."
        ) from error
