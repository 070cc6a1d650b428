"""Triggers that make a table append-only; used by migrations, so never changed after release."""

from __future__ import annotations

from alembic import op

_SQLITE = """
CREATE TRIGGER {table}_never_{verb}d BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

_POSTGRESQL = (
    """
CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$
""",
    """
CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()
""",
    """
CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()
""",
)


def protect(table: str) -> None:
    """Refuse UPDATE, DELETE and (where it exists) TRUNCATE on `table`."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(table=table, verb=verb))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement.format(table=table))


def unprotect(table: str) -> None:
    """Take the triggers away again, for a downgrade."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_never_{verb}d")
    else:
        op.execute(f"DROP FUNCTION {table}_is_append_only() CASCADE")
