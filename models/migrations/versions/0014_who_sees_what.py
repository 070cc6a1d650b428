"""What a unit may see is found by the unit"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BY_UNIT = {
    "ix_step_lead": ("step", ["unit_id", "letter_id"]),
    "ix_step_unit_unit_id": ("step_unit", ["unit_id"]),
    "ix_letter_unit_unit_id": ("letter_unit", ["unit_id"]),
}


def upgrade() -> None:
    for name, (table, columns) in _BY_UNIT.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in _BY_UNIT.items():
        op.drop_index(name, table)
