"""Accounts elsewhere with which people sign in; letters shown as evidence are found"""

import sqlalchemy as sa
from alembic import op

from models.base import Utc

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "linked_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("linked_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_linked_identity_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_linked_identity_user_id_issuer")),
    )
    shown = sa.text("letter_id IS NOT NULL")
    op.create_index(
        "ix_evidence_letter_id",
        "evidence",
        ["letter_id"],
        sqlite_where=shown,
        postgresql_where=shown,
    )


def downgrade() -> None:
    op.drop_index("ix_evidence_letter_id", "evidence")
    op.drop_table("linked_identity")
