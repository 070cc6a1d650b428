"""Administration on record"""

import sqlalchemy as sa
from alembic import op

from models.base import Utc
from models.migrations.append_only import protect, unprotect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_admin_event_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_admin_event_user_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_admin_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_admin_event_user_id", "admin_event", ["user_id", "id"])
    protect("admin_event")


def downgrade() -> None:
    unprotect("admin_event")
    op.drop_table("admin_event")
