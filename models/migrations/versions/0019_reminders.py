"""Reminders, mail addresses, the account of what happens by itself, calendar feeds"""

import sqlalchemy as sa
from alembic import op

from models.base import Utc

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_UNACKNOWLEDGED = sa.text("kind = 'obligation' AND state = 'sent'")
_FIRST = (
    ("unacknowledged", 3, "unit"),
    ("idle", 2, "unit"),
    ("before", 3, "unit"),
    ("on", 0, "unit"),
    ("after", 1, "head"),
    ("after", 5, "above"),
)


def upgrade() -> None:
    op.add_column("user_account", sa.Column("email", sa.String(), nullable=True))
    op.add_column("user_account", sa.Column("lang", sa.String(), nullable=True))
    # In one statement: SQLite would make the table anew, and half the register hangs on it.
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(
        f"ALTER TABLE user_account ADD COLUMN is_system BOOLEAN DEFAULT {no} NOT NULL "
        "CONSTRAINT ck_user_account_system CHECK (NOT (is_system AND is_active))"
    )
    op.create_index(
        "ix_step_unacknowledged",
        "step",
        ["laid_on", "id"],
        sqlite_where=_UNACKNOWLEDGED,
        postgresql_where=_UNACKNOWLEDGED,
    )
    policies = op.create_table(
        "reminder_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('before', 'on', 'after', 'unacknowledged', 'idle')",
            name=op.f("ck_reminder_policy_kind"),
        ),
        sa.CheckConstraint(
            "audience IN ('unit', 'head', 'above')", name=op.f("ck_reminder_policy_audience")
        ),
        sa.CheckConstraint(
            "(kind = 'on') = (days = 0) AND days >= 0", name=op.f("ck_reminder_policy_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_policy")),
    )
    names = ("kind", "days", "audience")
    op.bulk_insert(
        policies, [{**dict(zip(names, row, strict=True)), "is_on": True} for row in _FIRST]
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        *_to("reminder", step_id="step.id", policy_id="reminder_policy.id", event_seq="event.seq"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "step_id", "policy_id", "anchor", name=op.f("uq_reminder_step_id_policy_id_anchor")
        ),
    )
    op.create_table(
        "reminder_for",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        *_to("reminder_for", unit_id="unit.id", reminder_id="reminder.id"),
        sa.PrimaryKeyConstraint("unit_id", "reminder_id", name=op.f("pk_reminder_for")),
    )
    op.create_table(
        "reminder_told",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        *_to("reminder_told", user_id="user_account.id", reminder_id="reminder.id"),
        sa.PrimaryKeyConstraint("user_id", "reminder_id", name=op.f("pk_reminder_told")),
    )
    op.create_index("ix_reminder_told_reminder_id", "reminder_told", ["reminder_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        *_to("calendar_feed", user_id="user_account.id"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feed_token_sha256")),
    )


def downgrade() -> None:
    for name in ("calendar_feed", "reminder_told", "reminder_for", "reminder", "reminder_policy"):
        op.drop_table(name)
    op.drop_index("ix_step_unacknowledged", "step")
    for name in ("is_system", "lang", "email"):
        op.drop_column("user_account", name)


def _to(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"))
        for name, target in columns.items()
    ]
