"""What somebody may act from in some units is of those units alone, own or lent."""

from __future__ import annotations

from models.queries import authority
from tests.lending import lend
from tests.worlds import TODAY, Office


def test_posts_elsewhere_are_not_among_those_in_a_unit(office: Office) -> None:
    lend(office, "a.head", "a1.staff", ("A", "head"))
    user, units = office.who("a1.staff").id, office.units
    with office.db.read() as conn:
        found = {
            code: [post.role for post in authority.posts_in(conn, user, [units[code]], TODAY)]
            for code in ("A", "A1", "B")
        }
    assert found == {"A": ["head"], "A1": ["staff"], "B": []}
