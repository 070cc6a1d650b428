"""The words by which letters, points and units are found"""

import sqlalchemy as sa
from alembic import op

from models.terms import LETTER, POINT, UNIT, words

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PLAIN = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TEXTS = {
    LETTER: "SELECT id, coalesce(number, '') || ' ' || coalesce(symbol, '') || ' ' || kind || ' ' "
    "|| issuer_name || ' ' || subject AS said FROM letter ORDER BY id",
    POINT: "SELECT id, text AS said FROM point ORDER BY id",
    UNIT: "SELECT unit.id, unit.code || ' ' || unit_period.name || ' ' || unit_period.short_name "
    "|| ' ' || unit_period.name_en AS said FROM unit "
    "JOIN unit_period ON unit_period.unit_id = unit.id "
    "UNION ALL SELECT unit_id, alias FROM unit_alias",
}
_AT_ONCE = 20_000


def upgrade() -> None:
    term = op.create_table(
        "term",
        sa.Column("term", _PLAIN, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", "kind", "target_id", name=op.f("pk_term")),
    )
    op.create_index("ix_term_target", "term", ["kind", "target_id"])
    conn = op.get_bind()
    for kind, query in _TEXTS.items():
        known: set[tuple[str, int]] = set()
        for row in conn.execute(sa.text(query)).all():
            known |= {(word, row.id) for word in words(row.said)}
        rows = [{"term": word, "kind": kind, "target_id": at} for word, at in sorted(known)]
        for start in range(0, len(rows), _AT_ONCE):
            op.bulk_insert(term, rows[start : start + _AT_ONCE])


def downgrade() -> None:
    op.drop_table("term")
