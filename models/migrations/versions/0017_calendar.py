"""What a deadline names, whether that day is in time, and the calendar it was reckoned with"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("point", "due_named", sa.Date()),
    ("point", "due_inclusive", sa.Boolean()),
    ("point", "due_calendar", sa.String()),
    ("duty", "due_calendar", sa.String()),
    ("step", "due_calendar", sa.String()),
)


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    # Dates laid before stay as they are: the named day itself was in time.
    op.execute("UPDATE point SET due_named = due, due_inclusive = true WHERE due IS NOT NULL")


def downgrade() -> None:
    for table, name, _kind in reversed(_COLUMNS):
        op.drop_column(table, name)
