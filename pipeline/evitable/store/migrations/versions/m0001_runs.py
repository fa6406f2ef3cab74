"""Published runs, and the state of each study in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "run",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
    )
    op.create_table(
        "study_state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.Text, nullable=False),
        sa.Column("first_run", sa.Integer, sa.ForeignKey("run.number"), nullable=False),
        sa.Column("last_run", sa.Integer, sa.ForeignKey("run.number")),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("study_id", "first_run", name="study_state_once_a_run"),
    )
    op.create_index("study_state_last_run", "study_state", ["last_run"])
