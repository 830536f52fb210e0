"""Alembic's entry: runs inside the transaction that `core.persistence.revisions` has begun."""

from alembic import context

from core.persistence.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
