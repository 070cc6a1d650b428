"""Who decides on an extension, for the inbox"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    op.add_column("extension", sa.Column("decider_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE extension SET decider_id = "
        "(SELECT issuer_id FROM step WHERE step.id = extension.step_id)"
    )
    op.create_index(
        "ix_extension_asked",
        "extension",
        ["decider_id", "step_id"],
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )


def downgrade() -> None:
    op.drop_index("ix_extension_asked")
    op.drop_column("extension", "decider_id")
