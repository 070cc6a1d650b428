"""The register of letters by date"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_letter_dated": ["dated", "id"],
    "ix_letter_issuer_dated": ["issuer_id", "dated", "id"],
    "ix_letter_state_dated": ["state", "dated", "id"],
}


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.create_index(name, "letter", columns)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "letter")
