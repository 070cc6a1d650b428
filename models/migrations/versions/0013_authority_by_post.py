"""How far a post sees, deputies, looking behind glass, and for whom a step was reported"""

import sqlalchemy as sa
from alembic import op

from models.base import Utc

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointment", sa.Column("scope", sa.String(), nullable=True))
    op.execute(
        "UPDATE appointment SET scope = CASE WHEN role IN ('head', 'secretariat', 'auditor') "
        "THEN 'subtree' ELSE 'unit' END"
    )
    with op.batch_alter_table("appointment") as batch_op:
        batch_op.alter_column("scope", existing_type=sa.String(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_appointment_scope"), "scope IN ('unit', 'subtree')"
        )
    op.add_column("step", sa.Column("reporter_for_id", sa.Integer(), nullable=True))
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("triggers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.CheckConstraint("giver_id <> deputy_id", name=op.f("ck_delegation_not_oneself")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_delegation_order")),
        sa.CheckConstraint(
            "role NOT IN ('auditor', 'administrator')", name=op.f("ck_delegation_role")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_delegation_reason")),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["user_account.id"], name=op.f("fk_delegation_giver_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_delegation_unit_id")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["user_account.id"], name=op.f("fk_delegation_deputy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    for column in ("deputy_id", "giver_id", "unit_id"):
        op.create_index(f"ix_delegation_{column}", "delegation", [column])
    op.create_table(
        "glass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.CheckConstraint("opened_at < until", name=op.f("ck_glass_order")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_glass_reason")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_glass_user_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_glass_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass")),
    )
    op.create_index("ix_glass_user_id", "glass", ["user_id", "until"])
    op.create_index("ix_glass_unit_id", "glass", ["unit_id", "opened_at"])


def downgrade() -> None:
    op.drop_table("glass")
    op.drop_table("delegation")
    op.drop_column("step", "reporter_for_id")
    with op.batch_alter_table("appointment") as batch_op:
        batch_op.drop_constraint(op.f("ck_appointment_scope"), type_="check")
        batch_op.drop_column("scope")
