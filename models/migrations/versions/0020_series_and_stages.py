"""Duties that come again, and how much time each level is given"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WANTED = sa.text("wanted_on IS NOT NULL")
_OCCURRENCE = sa.text("series_id IS NOT NULL AND parent_id IS NULL AND previous_id IS NULL")
_COLUMNS = (
    ("level", sa.Column("slack_days", sa.Integer(), server_default="0", nullable=False)),
    ("level", sa.Column("acknowledge_days", sa.Integer(), nullable=True)),
    ("level", sa.Column("answer_days", sa.Integer(), nullable=True)),
    ("step", sa.Column("series_id", sa.Integer(), nullable=True)),
    ("step", sa.Column("occurrence", sa.Date(), nullable=True)),
)


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("within", sa.String(), nullable=False),
        sa.Column("inclusive", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("begun_seq", sa.Integer(), nullable=True),
        sa.Column("last_named", sa.Date(), nullable=True),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "months >= 0 AND days >= 0 AND (months = 0 OR days = 0)", name=op.f("ck_series_every")
        ),
        sa.CheckConstraint("within IN ('same', 'next')", name=op.f("ck_series_within")),
        sa.CheckConstraint("wanted_on IS NULL OR ended_on IS NULL", name=op.f("ck_series_ended")),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_series_{name}"))
            for name, target in (
                ("letter_id", "letter.id"),
                ("point_id", "point.id"),
                ("previous_id", "series.id"),
                ("unit_id", "unit.id"),
                ("begun_seq", "event.seq"),
                ("ended_seq", "event.seq"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index("ix_series_letter_id", "series", ["letter_id"])
    op.create_index(
        "ix_series_wanted",
        "series",
        ["wanted_on", "id"],
        sqlite_where=_WANTED,
        postgresql_where=_WANTED,
    )
    for table, column in _COLUMNS:
        op.add_column(table, column)
    op.create_index(
        "uq_step_occurrence",
        "step",
        ["series_id", "occurrence"],
        unique=True,
        sqlite_where=_OCCURRENCE,
        postgresql_where=_OCCURRENCE,
    )


def downgrade() -> None:
    op.drop_index("uq_step_occurrence", "step")
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column.name)
    op.drop_table("series")
