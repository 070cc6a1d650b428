"""Why somebody sees something: a reason for all that is seen, and none for anything else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models import scope
from models.queries import why
from models.queries.why import Way
from models.scope import Reader
from tests.models.test_scope import chain, ids, scramble
from tests.worlds import TODAY, Office

__all__ = ["chain"]

# login → letter or step of the chain → by which ways, and through which unit, it is seen
REASONS = {
    ("p.sec", "letter", "top"): {(Way.ISSUED, "P"), (Way.OWES, "A"), (Way.RECEIVED, "A")},
    ("a.staff", "letter", "top"): {(Way.OWES, "A"), (Way.RECEIVED, "A")},
    ("a.staff", "letter", "draft"): {(Way.ISSUED, "A")},
    ("p.staff", "letter", "a"): {(Way.BELOW, "P")},
    ("a1.staff", "letter", "a"): {(Way.OWES, "A1")},
    ("s2.staff", "letter", "a"): {(Way.HELPS, "S2")},
    ("s2.staff", "step", "a1"): {(Way.HELPS, "S2")},
    ("a1.staff", "step", "a1"): {(Way.OWES, "A1")},
    ("a.staff", "step", "a1"): {(Way.ISSUED, "A")},
    ("p.staff", "step", "a1"): {(Way.BELOW, "P")},
    ("b.head", "letter", "a"): set(),
    ("s.head", "step", "a1"): set(),
    ("a1.staff", "letter", "top"): set(),
    ("p.staff", "letter", "draft"): set(),
}


@pytest.mark.parametrize(("login", "kind", "name"), REASONS)
def test_each_way_is_named_with_the_unit_it_holds_by(
    office: Office, chain: dict[str, int], login: str, kind: str, name: str
) -> None:
    units = {the_id: code for code, the_id in office.units.items()}
    with scope.read_as(office.db, Reader(office.who(login).id, TODAY, office.moment.at)) as conn:
        asked = why.of_letter if kind == "letter" else why.of_step
        found = asked(conn, chain[name], [])
    told = {(one.way, units.get(one.unit_id or 0, "")) for one in found}
    assert told == REASONS[login, kind, name]


@pytest.mark.parametrize("seed", range(2))
def test_in_random_worlds_there_is_a_reason_for_just_what_is_seen(
    office: Office, seed: int
) -> None:
    scramble(office, seed)
    with office.db.read() as conn:
        people = conn.execute(text("SELECT id FROM user_account ORDER BY id")).scalars().all()
        letters, steps = ids(conn, "letter"), ids(conn, "step")
    count = 0
    for user in people[::3]:
        with scope.read_as(office.db, Reader(user, TODAY, office.moment.at)) as conn:
            assert {one for one in letters if why.of_letter(conn, one, [])} == ids(conn, "letter")
            assert {one for one in steps if why.of_step(conn, one, [])} == ids(conn, "step")
            count += len(ids(conn, "letter"))
    assert count > 5  # else the world was empty


def test_posts_held_are_named_before_units_below_them(
    office: Office, chain: dict[str, int]
) -> None:
    with scope.read_as(office.db, Reader(office.who("p.sec").id, TODAY, office.moment.at)) as conn:
        (above,) = [one for one in why.of_letter(conn, chain["a"], []) if one.way is Way.BELOW]
        found = why.of_letter(conn, chain["a"], [office.units["A2"]])
    assert above.letter_id == chain["top"]
    assert [one.unit_id for one in found if one.way is Way.OWES] == [office.units["A2"]]
    assert [one.others for one in found if one.way is Way.OWES] == [1]
