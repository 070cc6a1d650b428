"""How letters were read: recognitions, fingerprints, meanings of spreadsheet columns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("read", sa.String(), nullable=True),
        sa.Column("kept", sa.String(), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "read IS NOT NULL OR kept IS NOT NULL", name=op.f("ck_recognition_something")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_recognition_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint(
            "letter_id", "field", "position", name=op.f("uq_recognition_letter_id_field_position")
        ),
    )
    op.create_table(
        "fingerprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("simhash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_fingerprint_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprint")),
    )
    with op.batch_alter_table("fingerprint", schema=None) as batch_op:
        batch_op.create_index("ix_fingerprint_letter_id", ["letter_id"], unique=False)

    op.create_table(
        "sheet_mapping",
        sa.Column("headings", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("headings", name=op.f("pk_sheet_mapping")),
    )


def downgrade() -> None:
    op.drop_table("sheet_mapping")
    with op.batch_alter_table("fingerprint", schema=None) as batch_op:
        batch_op.drop_index("ix_fingerprint_letter_id")

    op.drop_table("fingerprint")
    op.drop_table("recognition")
