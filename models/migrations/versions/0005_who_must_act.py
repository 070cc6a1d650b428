"""Who must act on a step, for the board"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_step_acting": (["acting_id", "due", "id", "kind", "state"], "turn IN ('lead', 'issuer')"),
    "ix_step_below": (["letter_id", "due", "id", "acting_id"], "turn IN ('lead', 'issuer')"),
    "ix_step_awaited": (["issuer_id", "due", "id"], "turn = 'accepter'"),
}


def upgrade() -> None:
    op.add_column("step", sa.Column("acting_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE step SET acting_id = CASE WHEN turn = 'lead' THEN unit_id ELSE issuer_id END "
        "WHERE turn IN ('lead', 'issuer', 'accepter')"
    )
    for name, (columns, where) in _INDEXES.items():
        op.create_index(
            name, "step", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "step")
    op.drop_column("step", "acting_id")
