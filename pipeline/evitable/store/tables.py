"""Tables of the database of runs, the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

REVISION = "0002"
"""The latest of `migrations/`; the tables below are what it leaves."""

METADATA = MetaData()

RUN = Table(
    "run",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run_id", Text, nullable=False),
    Column("token", Text, nullable=False, unique=True),  # of its publication
    Column("started", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("counts", Text, nullable=False),  # JSON
    Column("identity", Text, nullable=False),  # JSON; the papers are in the studies
)

STUDY_STATE = Table(
    "study_state",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("study_id", Text, nullable=False),
    Column("first_run", Integer, ForeignKey("run.number"), nullable=False),
    Column("last_run", Integer, ForeignKey("run.number")),  # NULL while in force
    Column("body", Text, nullable=False),  # JSON
    UniqueConstraint("study_id", "first_run", name="study_state_once_a_run"),
    Index("study_state_last_run", "last_run"),
)

DECISION = Table(
    "decision",  # only added to: triggers refuse all else
    METADATA,
    Column("id", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("coder", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Index("decision_item", "item"),
    Index("decision_thread", "thread"),
)

DECISION_BASE = Table(
    "decision_base",
    METADATA,
    Column("decision", Text, ForeignKey("decision.id"), primary_key=True),
    Column("base", Text, primary_key=True),
    Index("decision_base_base", "base"),
)

DECISION_FILE = Table(
    "decision_file",  # sizes and times of the coders' files when they and the index were last in line
    METADATA,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
)
