"""Triggers of a table that only grows but for erasure; used by migrations, so never changed."""

from __future__ import annotations

from alembic import op

from models.migrations.append_only import protect, unprotect

_SQLITE = """
CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table}
WHEN NOT ({same} AND {erased} AND EXISTS (
    SELECT 1 FROM event_erasure JOIN event_seal ON event_seal.seq = event_erasure.seal_seq
    WHERE {named}))
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

# What is not named here is compared whole, also a column that comes later.
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - {body} = to_jsonb(OLD) - {body} AND {erased} AND EXISTS (
            SELECT 1 FROM event_erasure JOIN event_seal ON event_seal.seq = event_erasure.seal_seq
            WHERE {named}) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{table} is append-only';
END $$
"""


def make_erasable(table: str, columns: str, body: dict[str, str], named: str) -> None:
    """Let UPDATE empty the columns of `body` (name → what they become), where an erasure says so.

    `named` says which seal's erasure; every other column of `columns` stays as it is.
    """
    erased = " AND ".join(
        f"NEW.{name} {'IS NULL' if v == 'NULL' else f'= {v}'}" for name, v in body.items()
    )
    if op.get_bind().dialect.name == "sqlite":
        kept = [name for name in columns.split() if name not in body]
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in kept)
        op.execute(f"DROP TRIGGER {table}_never_updated")
        op.execute(_SQLITE.format(table=table, same=same, erased=erased, named=named))
    else:
        names = "ARRAY[{}]".format(", ".join(f"'{name}'" for name in body))
        op.execute(_POSTGRESQL.format(table=table, body=names, erased=erased, named=named))


def make_append_only(table: str) -> None:
    """Take that way away again, for a downgrade."""
    unprotect(table)
    protect(table)
