"""Runs the steps on the connection that `upgrade` opened. Alembic looks for this file by its name."""

from alembic import context

from storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
