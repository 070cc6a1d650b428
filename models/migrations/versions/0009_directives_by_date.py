"""Directives by date; the board's filters from its indexes alone"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_DIRECTIVE = sa.text("NOT is_answer AND state NOT IN ('cited', 'draft')")
_UNDONE = sa.text("turn IN ('lead', 'issuer')")
_UNANSWERED = sa.text("kind = 'obligation' AND turn = 'lead'")


def upgrade() -> None:
    op.add_column(
        "letter", sa.Column("is_answer", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute("UPDATE letter SET is_answer = true WHERE id IN (SELECT letter_id FROM answer)")
    op.create_index(
        "ix_letter_directives",
        "letter",
        ["dated", "id"],
        sqlite_where=_DIRECTIVE,
        postgresql_where=_DIRECTIVE,
    )
    op.create_index(
        "ix_step_unanswered",
        "step",
        ["letter_id"],
        sqlite_where=_UNANSWERED,
        postgresql_where=_UNANSWERED,
    )
    _by_due(["due", "id", "acting_id"])


def downgrade() -> None:
    _by_due(["due", "id"])
    op.drop_index("ix_step_unanswered", "step")
    op.drop_index("ix_letter_directives", "letter")
    op.drop_column("letter", "is_answer")


def _by_due(columns: list[str]) -> None:
    op.drop_index("ix_step_overdue", "step")
    op.create_index(
        "ix_step_overdue", "step", columns, sqlite_where=_UNDONE, postgresql_where=_UNDONE
    )
