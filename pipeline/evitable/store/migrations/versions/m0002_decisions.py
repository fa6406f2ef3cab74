"""People's decisions, as an index of the files that hold them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_KEPT = ("decision", "decision_base")


def upgrade() -> None:
    """Make the tables, and refuse that decisions are changed or deleted."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("coder", sa.Text, nullable=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("decision_item", "decision", ["item"])
    op.create_index("decision_thread", "decision", ["thread"])
    op.create_table(
        "decision_base",
        sa.Column("decision", sa.Text, sa.ForeignKey("decision.id"), primary_key=True),
        sa.Column("base", sa.Text, primary_key=True),
    )
    op.create_index("decision_base_base", "decision_base", ["base"])
    op.create_table(
        "decision_file",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION evitable_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'decisions are only added to'; END $$"
        )
        for table in _KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} EXECUTE FUNCTION evitable_kept()"
            )
        return
    for table in _KEPT:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'decisions are only added to'); END"
            )
