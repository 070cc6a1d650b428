"""The words by which people are found"""

import sqlalchemy as sa
from alembic import op

from models.terms import USER, words

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conn = op.get_bind()
    people = conn.execute(sa.text("SELECT id, login || ' ' || name AS said FROM user_account"))
    known = {(word, row.id) for row in people for word in words(row.said)}
    term = sa.table("term", sa.column("term"), sa.column("kind"), sa.column("target_id"))
    rows = [{"term": word, "kind": USER, "target_id": at} for word, at in sorted(known)]
    if rows:
        op.bulk_insert(term, rows)


def downgrade() -> None:
    op.execute("DELETE FROM term WHERE kind = 'user'")
