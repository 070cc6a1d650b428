"""A history that shows when it was changed"""

import os
from typing import Any

import sqlalchemy as sa
from alembic import op

from models import sealing_form as form
from models.migrations.append_only import protect, unprotect
from models.migrations.erasable import make_append_only, make_erasable

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT_ONCE = 5000
EVENT = "seq at actor_id role unit_id on_behalf_of_id letter_id step_id trigger source target note until cause_seq data"
ADMIN = "id at actor_id act user_id unit_id day data"
SEAL = "seq form kind event_id head_salt body_salt head body hash"


def upgrade() -> None:
    op.create_table(
        "event_seal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("head_salt", sa.LargeBinary(), nullable=False),
        sa.Column("body_salt", sa.LargeBinary(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_seal")),
    )
    op.create_index("ix_event_seal_kind", "event_seal", ["kind", "event_id"], unique=True)
    op.create_table(
        "event_erasure",
        sa.Column("seal_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("admin_event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seal_seq"], ["event_seal.seq"], name=op.f("fk_event_erasure_seal_seq")
        ),
        sa.ForeignKeyConstraint(
            ["admin_event_id"], ["admin_event.id"], name=op.f("fk_event_erasure_admin_event_id")
        ),
        sa.PrimaryKeyConstraint("seal_seq", name=op.f("pk_event_erasure")),
    )
    _seal_all()
    protect("event_seal")
    protect("event_erasure")
    make_erasable("event_seal", SEAL, {"body_salt": "NULL"}, "event_seal.seq = OLD.seq")
    of_it = "event_seal.kind = '{}' AND event_seal.event_id = OLD.{}"
    make_erasable("event", EVENT, {"note": "''", "data": "NULL"}, of_it.format("event", "seq"))
    make_erasable("admin_event", ADMIN, {"data": "NULL"}, of_it.format("admin", "id"))


def downgrade() -> None:
    for table in ("event", "admin_event"):
        make_append_only(table)
    for table in ("event_erasure", "event_seal"):
        unprotect(table)
        op.drop_table(table)


def _seal_all() -> None:
    """Everything that has happened, administration last: from here on it is in commit order."""
    last, before = 0, form.GENESIS
    ways = (
        ("event", form.EVENT, (*form.EVENT_HEAD, *form.EVENT_BODY)),
        ("admin_event", form.ADMIN, (*form.ADMIN_HEAD, *form.ADMIN_BODY)),
    )
    seal = sa.table("event_seal", *(sa.column(name) for name in SEAL.split()))
    for table, kind, names in ways:
        columns = ", ".join("CAST(data AS text)" if n == "data" else n for n in names)
        key, reached = names[0], 0
        query = sa.text(
            f"SELECT {columns} FROM {table} WHERE {key} > :reached ORDER BY {key} LIMIT {AT_ONCE}"
        )
        while rows := op.get_bind().execute(query, {"reached": reached}).all():
            seals: list[dict[str, Any]] = []
            for row in rows:
                last += 1
                head_salt, body_salt = os.urandom(form.SALT), os.urandom(form.SALT)
                head_text, body_text = form.TEXTS[kind](tuple(row))
                head = form.commit_head(head_salt, head_text)
                body = form.commit_body(body_salt, body_text)
                before = form.link(before, last, head, body)
                given = (last, form.FORM, kind, row[0], head_salt, body_salt, head, body, before)
                seals.append(dict(zip(SEAL.split(), given, strict=True)))
            op.get_bind().execute(sa.insert(seal), seals)
            reached = rows[-1][0]
