"""On what authority somebody acts and reads on a day, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from cascade.clock import on
from models import authority as writing
from models import organisation
from models.database import Database
from models.people import Appointment, Delegation, User
from models.queries import authority, deputies, glass
from models.queries.authority import Power
from models.tables import table
from tests.lending import FIRST, LAST, close, end_post, lend
from tests.models.test_query_plans import plan_of
from tests.models.test_statement_counts import statements
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role, Span, default_span

DAY = timedelta(1)


def powers(office: Office, login: str, day: date = TODAY) -> list[Power]:
    """What a person has on a day; every account is asked by its number, closed or not."""
    with office.db.read() as conn:
        number = conn.execute(table(User).select().where(User.login == login)).one().id
        return authority.powers(conn, number, day)


class Case(NamedTuple):
    """What is done before, and which of A's posts a1.staff then has on the day."""

    sentence: str
    before: Callable[[Office], object]
    has: list[str]
    day: date = TODAY


def nothing(_office: Office) -> None:
    """Nobody lends anything."""


def lent(**given: Any) -> Callable[[Office], object]:
    """a.head lends the post in A to a1.staff."""
    return lambda office: lend(office, "a.head", "a1.staff", ("A", "head"), **given)


def then(what: Callable[[Office], object], **given: Any) -> Callable[[Office], object]:
    """The post is lent, and something else happens."""

    def both(office: Office) -> None:
        lent(**given)(office)
        what(office)

    return both


def ended(office: Office) -> None:
    """The giver takes it back."""
    with office.db.write() as conn:
        assert writing.end_delegation(conn, 1, office.moment.at)
        assert not writing.end_delegation(conn, 1, office.moment.at)


CASES = [
    Case("nothing was lent", nothing, []),
    Case("lent", lent(), ["head"]),
    Case("lent, the first day", lent(), ["head"], FIRST),
    Case("lent, the last day", lent(), ["head"], LAST),
    Case("lent, the day before", lent(), [], FIRST - DAY),
    Case("lent, the day after", lent(), [], LAST + DAY),
    Case("lent from tomorrow", lent(first=TODAY + DAY), []),
    Case("lent until yesterday", lent(last=TODAY - DAY), []),
    Case("taken back", then(ended), []),
    Case("the giver's post ended", then(lambda o: end_post(o, "a.head", TODAY - DAY)), []),
    Case("the giver's post ends today", then(lambda o: end_post(o, "a.head", TODAY)), ["head"]),
    Case("the giver's account is closed", then(lambda o: close(o, "a.head")), []),
    Case("the deputy's account is closed", then(lambda o: close(o, "a1.staff")), []),
    Case(
        "a post the giver never held",
        lambda o: lend(o, "a.head", "a1.staff", ("A", "secretariat")),
        [],
    ),
    Case("a post in another unit", lambda o: lend(o, "a.head", "a1.staff", ("B", "head")), []),
    Case("for some moves: the post all the same, to read by", lent(only=["accept"]), ["head"]),
    Case(
        "never passed on",
        lambda o: (
            lend(o, "a.head", "b.head", ("A", "head")),
            lend(o, "b.head", "a1.staff", ("A", "head")),
        ),
        [],
    ),
    Case(
        "lent by two: both",
        lambda o: (
            lend(o, "a.head", "a1.staff", ("A", "head")),
            lend(o, "a.reg", "a1.staff", ("A", "registrar")),
        ),
        ["head", "registrar"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_a_deputy_has(office: Office, case: Case) -> None:
    case.before(office)
    found = powers(office, "a1.staff", case.day)
    assert sorted(p.role for p in found if p.unit_id == office.units["A"]) == case.has
    assert all(p.on_behalf_of_id for p in found if p.unit_id == office.units["A"])
    is_open = "deputy's account" not in case.sentence
    own = [(p.unit_id, p.role, p.scope) for p in found if p.on_behalf_of_id is None]
    assert own == ([(office.units["A1"], "staff", "unit")] if is_open else [])


def test_a_power_tells_for_whom_by_which_delegation_and_how_far_it_sees(office: Office) -> None:
    made = lend(office, "a.head", "a1.staff", ("A", "head"))
    giver = office.who("a.head").id
    assert powers(office, "a1.staff")[-1] == Power(
        office.units["A"], "head", "subtree", giver, made
    )
    assert [(p.on_behalf_of_id, p.delegation_id) for p in powers(office, "a.head")] == [
        (None, None)
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_post_sees_as_far_as_its_role_unless_it_is_told(office: Office, role: Role) -> None:
    sees_below = role in ("head", "secretariat", "auditor")
    assert default_span(role) == ("subtree" if sees_below else "unit")
    other = Span.UNIT if sees_below else Span.SUBTREE
    with office.db.session() as session:
        guest = organisation.user_id(session, "guest", "Guest")
        unit = office.units["C"]
        for unit, scope in ((office.units["B"], None), (office.units["C"], other)):
            organisation.put_appointment(session, guest, unit, role, SINCE, LAST, scope)
    assert [p.scope for p in powers(office, "guest")] == [default_span(role), other]


def test_all_is_asked_in_one_statement(office: Office) -> None:
    lend(office, "a.head", "a1.staff", ("A", "head"))
    user, units = office.who("a1.staff").id, [office.units["A"], office.units["A1"]]
    with statements(office.db) as sent, office.db.read() as conn:
        authority.powers(conn, user, TODAY)
        authority.posts_in(conn, user, units, TODAY)
        authority.glasses(conn, user, office.moment.at)
    assert len([one for one in sent if not one.startswith(("SET", "BEGIN"))]) == 3


READERS: dict[str, tuple[Callable[[Connection], object], str]] = {
    "what somebody may act and read by": (
        lambda conn: authority.powers(conn, 1, TODAY),
        "ix_delegation_deputy_id",
    ),
    "what somebody may act from here": (
        lambda conn: authority.posts_in(conn, 1, [1, 2], TODAY),
        "ix_delegation_deputy_id",
    ),
    "what stands open to an administrator": (
        lambda conn: authority.glasses(conn, 1, on(TODAY).at),
        "ix_glass_user_id",
    ),
    "who stands in for somebody": (
        lambda conn: deputies.of_person(conn, 1, TODAY),
        "ix_delegation_giver_id",
    ),
    "the deputies of a unit": (
        lambda conn: deputies.of_unit(conn, 1, TODAY),
        "ix_delegation_unit_id",
    ),
    "what owners are told": (
        lambda conn: glass.notices(conn, [1], TODAY, on(TODAY).at),
        "ix_glass_unit_id",
    ),
}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_every_reader_finds_its_index(office: Office) -> None:
    for reader, (ask, index) in READERS.items():
        plan = plan_of(office.db, ask)
        assert index in plan, (reader, plan)
        scans = re.findall(r"SCAN (?:delegation|glass|appointment|user_account)\b", plan)
        assert not scans, (reader, plan)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("not_oneself", {"deputy_id": 1}),
        ("order", {"valid_to": FIRST - DAY}),
        ("role", {"role": "administrator"}),
        ("role", {"role": "auditor"}),
        ("reason", {"reason": ""}),
    ],
)
def test_the_database_itself_refuses(office: Office, name: str, values: dict[str, Any]) -> None:
    row = {"giver_id": 1, "deputy_id": 2, "unit_id": office.units["A"], "role": "head"}
    row |= {"valid_from": FIRST, "valid_to": LAST, "reason": "Leave"}
    whole = {**row, "made_at": office.moment.at, **values}
    with pytest.raises(IntegrityError, match=f"ck_delegation_{name}"), office.db.write() as conn:
        conn.execute(insert(table(Delegation)), whole)


# -- any world -----------------------------------------------------------------------------


def _key(post: Any) -> Any:
    return post[0], post[1], post[2], post[3][0]


_ROLES = sorted({Role.STAFF, Role.HEAD, Role.REGISTRAR})
_PEOPLE, _UNITS = [1, 2, 3, 4], [1, 2]
_DAYS = st.integers(0, 4).map(lambda n: TODAY + n * DAY)
_SPANS = st.tuples(_DAYS, _DAYS).map(sorted)
_POSTS = st.lists(
    st.tuples(
        st.sampled_from(_PEOPLE),
        st.sampled_from(_UNITS),
        st.sampled_from(_ROLES),
        _SPANS,
        st.sampled_from(list(Span)),
    ),
    max_size=8,
    unique_by=_key,
)
_LENT = st.lists(
    st.tuples(
        st.sampled_from(_PEOPLE),
        st.sampled_from(_PEOPLE),
        st.sampled_from(_UNITS),
        st.sampled_from(_ROLES),
        _SPANS,
        st.booleans(),
    ).filter(lambda one: one[0] != one[1]),
    max_size=8,
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posts=_POSTS, lent_posts=_LENT, closed=st.sets(st.sampled_from(_PEOPLE)))
def test_a_power_never_exceeds_the_givers(
    office: Office, posts: list[Any], lent_posts: list[Any], closed: set[int]
) -> None:
    days = [TODAY + n * DAY for n in range(5)]
    with office.db.engine.connect() as conn, conn.begin() as undone:
        _fill(conn, office, posts, lent_posts, closed)
        found = {
            (person, day): authority.powers(conn, person, day) for person in _PEOPLE for day in days
        }
        undone.rollback()
    for (person, day), powers in found.items():
        own, theirs = _told_apart(powers)
        assert own == _held(posts, person, day, closed)
        lent_to = {
            (post, giver)
            for giver, deputy, unit, role, (first, last), is_ended in lent_posts
            for post in _held(posts, giver, day, closed)
            if deputy == person and first <= day <= last and not is_ended
            if post[:2] == (unit, role) and person not in closed
        }
        assert theirs == lent_to
        for post, giver in theirs:
            assert post in _told_apart(found[giver, day])[0]


Post = tuple[int, str, str]


def _told_apart(powers: list[Power]) -> tuple[set[Post], set[tuple[Post, int]]]:
    own = {(p.unit_id, p.role, p.scope) for p in powers if p.on_behalf_of_id is None}
    lent_posts = {
        ((p.unit_id, p.role, p.scope), p.on_behalf_of_id)
        for p in powers
        if p.on_behalf_of_id is not None
    }
    return own, lent_posts


def _held(posts: list[Any], person: int, day: date, closed: set[int]) -> set[Post]:
    return {
        (unit, str(role), str(scope))
        for holder, unit, role, (first, last), scope in posts
        if holder == person and first <= day <= last and person not in closed
    }


def _fill(
    conn: Connection, office: Office, posts: list[Any], lent_posts: list[Any], closed: set[int]
) -> None:
    conn.execute(table(Appointment).delete())
    for holder, unit, role, (first, last), scope in posts:
        values = {"user_id": holder, "unit_id": unit, "role": role, "scope": scope}
        conn.execute(insert(table(Appointment)).values(valid_from=first, valid_to=last, **values))
    for giver, deputy, unit, role, (first, last), is_ended in lent_posts:
        made = writing.delegate(
            conn,
            writing.Given(giver, unit, role, deputy, None, first, last, "Leave"),
            office.moment.at,
        )
        if is_ended:
            writing.end_delegation(conn, made, office.moment.at)
    if closed:
        conn.execute(update(table(User)).where(User.id.in_(closed)).values(is_active=False))


# -- glass ---------------------------------------------------------------------------------


class Look(NamedTuple):
    """What is done to an opening of two hours, and whether it is in force."""

    sentence: str
    after: timedelta
    is_open: bool
    before: Callable[[Office, int], object] = lambda _office, _glass: None


def ended_early(office: Office, glass: int) -> None:
    """Somebody closes it."""
    with office.db.write() as conn:
        assert writing.end_glass(conn, glass, office.moment.at)


LOOKS = [
    Look("at once", timedelta(0), True),
    Look("a minute before its end", timedelta(minutes=119), True),
    Look("at its end", timedelta(hours=2), False),
    Look("a minute before it was opened", timedelta(minutes=-1), False),
    Look("ended early", timedelta(hours=1), False, ended_early),
    Look("the account is closed", timedelta(hours=1), False, lambda o, _: close(o, "boss")),
    Look(
        "the post ended", timedelta(hours=1), False, lambda o, _: end_post(o, "boss", TODAY - DAY)
    ),
]


@pytest.mark.parametrize("look", LOOKS, ids=[look.sentence for look in LOOKS])
def test_glass_is_broken(office: Office, look: Look) -> None:
    with office.db.session() as session:
        boss = organisation.user_id(session, "boss", "Boss")
        post = (boss, office.units["P"], Role.ADMINISTRATOR, SINCE, LAST)
        organisation.put_appointment(session, *post)
    at = office.moment.at
    with office.db.write() as conn:
        made = writing.open_glass(
            conn, boss, office.units["A"], "Server moved", at, at + timedelta(hours=2)
        )
    look.before(office, made)
    with office.db.read() as conn:
        found = authority.glasses(conn, boss, at + look.after)
        others = authority.glasses(conn, boss + 1, at)
    kept = [(made, office.units["A"], at + timedelta(hours=2))] if look.is_open else []
    assert [tuple(one) for one in found] == kept
    assert others == []


def test_the_tables_of_a_fresh_database_are_empty(db: Database) -> None:
    with db.read() as conn:
        assert authority.powers(conn, 1, TODAY) == []
