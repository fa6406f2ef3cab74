"""Alembic's way in: it works on the connection that `store/database.py` hands over, and knows no other."""

from __future__ import annotations

from alembic import context

from evitable.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
