"""Runs the migrations on a connection that the caller gives (see `store.schema`)."""

from alembic import context
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - registers the tables


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The search's own index is made by triggers, and is in no model."""
    return not (kind == "table" and name is not None and name.startswith("words"))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=_is_ours,
)
with context.begin_transaction():
    context.run_migrations()
