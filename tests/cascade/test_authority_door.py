"""The door of authority: naming deputies, breaking glass, posts nobody gives himself; on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cascade import accounts, administration, authority, organisation
from cascade.administration import By, InactiveUserError, OwnPostError, sheets_on_record
from cascade.authority import (
    NotAdministratorError,
    NotOwnPostError,
    OneselfError,
    StandsInError,
    StillOpenError,
    Wanted,
)
from cascade.clock import Moment
from cascade.errors import BadInputError, CascadeError, NotFoundError
from models import organisation as writing
from models.base import FOREVER
from models.queries import administration as reading
from models.queries import authority as asking
from models.queries import deputies, glass
from tests.lending import close, end_post, lend
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role, Span

DAY = timedelta(1)


def by(office: Office, login: str, *, later: timedelta = timedelta(0)) -> By:
    """Somebody who acts, perhaps later."""
    return By(office.who(login).id, Moment(office.moment.at + later, office.today))


def wanted(office: Office, deputy: str, **given: Any) -> Wanted:
    """a.head's post in A for a week, for a journey, unless told."""
    values = {
        "unit_id": office.units["A"],
        "role": "head",
        "deputy_id": office.who(deputy).id,
        "valid_from": TODAY,
        "valid_to": TODAY + 7 * DAY,
        "reason": "A journey",
    }
    return Wanted(**{**values, **given})


def record(office: Office) -> list[tuple[str, str | None, str | None, str | None, Any]]:
    """(act, who, about whom, unit, data) of all on record, the oldest first."""
    with office.db.read() as conn:
        rows = reversed(reading.record(conn))
        return [(r.act, r.actor, r.login, r.unit_code, r.data) for r in rows]


def roles(office: Office, login: str) -> list[tuple[int, str]]:
    """What somebody may act from today."""
    with office.db.read() as conn:
        found = asking.powers(conn, office.who(login).id, office.today)
    return [(power.unit_id, power.role) for power in found]


def administrator(office: Office, login: str) -> int:
    """A person who administers and can sign in."""
    with office.db.session() as session:
        user = writing.user_id(session, login, f"The {login}")
        post = (user, office.units["P"], Role.ADMINISTRATOR, SINCE, FOREVER)
        writing.put_appointment(session, *post)
    accounts.give_all(office.db, "three plain words", office.moment)
    return user


# -- deputies ------------------------------------------------------------------------------


def test_a_deputy_is_named_and_dismissed_and_both_are_on_record(office: Office) -> None:
    given = wanted(office, "c.staff", triggers=["accept", "return"])
    made = authority.delegate(office.db, given, by(office, "a.head"))
    assert (office.units["A"], "head") in roles(office, "c.staff")
    for _ in range(2):  # a second time nothing happens
        authority.end_delegation(office.db, made, by(office, "a.head"))
    assert (office.units["A"], "head") not in roles(office, "c.staff")
    last = (TODAY + 7 * DAY).isoformat()
    kept = {"role": "head", "last": last, "reason": "A journey", "triggers": ["accept", "return"]}
    assert record(office) == [
        ("delegate", "a.head", "c.staff", "A", kept),
        ("end_delegation", "a.head", "c.staff", "A", {"role": "head", "last": TODAY.isoformat()}),
    ]


class Refused(NamedTuple):
    """Who names whom, what is asked for otherwise, what was done before, and what is said."""

    sentence: str
    error: type[CascadeError]
    giver: str = "a.head"
    deputy: str = "c.staff"
    given: dict[str, Any] = {}  # noqa: RUF012 - never changed
    before: Callable[[Office], object] = lambda _: None


REFUSED = [
    Refused("without a reason", BadInputError, given={"reason": " \n"}),
    Refused("ending before it begins", BadInputError, given={"valid_to": TODAY - DAY}),
    Refused("beginning before today", BadInputError, given={"valid_from": TODAY - DAY}),
    Refused("for no move at all", BadInputError, given={"triggers": []}),
    Refused("to oneself", OneselfError, deputy="a.head"),
    Refused("to nobody", NotFoundError, given={"deputy_id": 9999}),
    Refused(
        "to a closed account",
        InactiveUserError,
        deputy="b.staff",
        given={"deputy_id": -1},
        before=lambda o: close(o, "b.staff"),
    ),
    Refused("of another's post", NotOwnPostError, giver="a.staff"),
    Refused("of a post one does not hold", NotOwnPostError, given={"role": "secretariat"}),
    Refused(
        "of a post that ended",
        NotOwnPostError,
        before=lambda o: end_post(o, "a.head", TODAY - DAY),
    ),
    Refused(
        "of a post one stands in for",
        NotOwnPostError,
        giver="b.staff",
        before=lambda o: lend(o, "a.head", "b.staff", ("A", "head")),
    ),
    Refused(
        "twice to the same",
        StandsInError,
        before=lambda o: lend(o, "a.head", "c.staff", ("A", "head")),
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=[case.sentence for case in REFUSED])
def test_a_post_is_not_lent(office: Office, case: Refused) -> None:
    who, asked = by(office, case.giver), wanted(office, case.deputy)
    if case.given.get("deputy_id") != -1:
        asked = asked._replace(**case.given)
    case.before(office)
    before = office.count("delegation")
    with pytest.raises(case.error):
        authority.delegate(office.db, asked, who)
    assert (office.count("delegation"), record(office)) == (before, [])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_a_post_that_does_not_act_is_not_lent(office: Office, role: Role) -> None:
    with office.db.session() as session:
        guest = writing.user_id(session, "guest", "Guest")
        writing.put_appointment(session, guest, office.units["A"], role, SINCE, FOREVER)
    with pytest.raises(NotOwnPostError):
        authority.delegate(office.db, wanted(office, "c.staff", role=role), by(office, "guest"))


def test_nobody_but_the_giver_ends_it(office: Office) -> None:
    made = lend(office, "a.head", "c.staff", ("A", "head"))
    administrator(office, "boss")
    for login in ("c.staff", "a.sec", "boss"):
        with pytest.raises(NotFoundError):
            authority.end_delegation(office.db, made, by(office, login))
    assert (office.units["A"], "head") in roles(office, "c.staff")


def test_the_page_of_a_person_and_of_a_unit_tell_what_is_in_force(office: Office) -> None:
    lend(office, "a.head", "c.staff", ("A", "head"))
    lend(office, "a.reg", "c.staff", ("A", "registrar"), first=TODAY + DAY)
    end_post(office, "a.reg", TODAY - DAY)
    with office.db.read() as conn:
        mine = deputies.of_person(conn, office.who("c.staff").id, TODAY)
        unit = deputies.of_unit(conn, office.units["A"], TODAY)
    assert {(row.giver, row.role, row.is_held) for row in mine} == {
        ("a.head", "head", True),
        ("a.reg", "registrar", False),
    }
    assert [(row.role, row.deputy) for row in unit] == [("head", "c.staff")]


# -- posts nobody gives himself ------------------------------------------------------------


def give_oneself(office: Office, login: str) -> None:
    """A post by an administrator for the own account."""
    who = by(office, login)
    administration.appoint(
        office.db, who.actor_id or 0, office.units["A"], Role.HEAD, TODAY, None, who
    )


def test_nobody_gives_himself_a_post(office: Office) -> None:
    administrator(office, "boss")
    office.letter("P", owe=["A"])
    with pytest.raises(OwnPostError):
        give_oneself(office, "boss")
    assert record(office) == []


def test_the_only_administrator_of_an_empty_register_does(office: Office) -> None:
    administrator(office, "boss")
    give_oneself(office, "boss")
    assert (office.units["A"], "head") in roles(office, "boss")
    assert [row[:2] for row in record(office)] == [("appoint", "The boss")]


def test_one_of_two_administrators_never_does(office: Office) -> None:
    administrator(office, "boss")
    other = administrator(office, "other")
    with pytest.raises(OwnPostError):
        give_oneself(office, "boss")
    administration.appoint(
        office.db, other, office.units["A"], Role.HEAD, TODAY, None, by(office, "boss")
    )


def test_the_console_gives_any_post(office: Office) -> None:
    user = administrator(office, "boss")
    office.letter("P", owe=["A"])
    who = By(None, office.moment)
    administration.appoint(office.db, user, office.units["A"], Role.HEAD, TODAY, None, who)


class Line(NamedTuple):
    """A line of a sheet of people about the administrator who imports it."""

    sentence: str
    role: str
    scope: str
    to: date | str
    is_refused: bool


LINES = [
    Line("a new post", "head", "", "", True),
    Line("the post as it is", "administrator", "", "", False),
    Line("the post, shorter", "administrator", "", date(2030, 1, 1), False),
    Line("the post, seeing further", "administrator", "subtree", "", True),
]


@pytest.mark.parametrize("line", LINES, ids=[line.sentence for line in LINES])
def test_nor_by_a_sheet(office: Office, tmp_path: Path, line: Line) -> None:
    administrator(office, "boss")
    administrator(office, "other")
    sheet = tmp_path / "people.csv"
    sheet.write_text(
        "login,name,unit,role,scope,valid_from,valid_to\n"
        f"boss,The boss,P,{line.role},{line.scope},{SINCE},{line.to}\n"
    )
    taken = sheets_on_record(by(office, "boss"), ["people.csv"])
    if line.is_refused:
        with pytest.raises(OwnPostError):
            organisation.import_files(office.db, [sheet], taken)
        assert record(office) == []
        assert roles(office, "boss") == [(office.units["P"], "administrator")]
    else:
        organisation.import_files(office.db, [sheet], taken)
    organisation.import_files(
        office.db, [sheet], sheets_on_record(By(None, office.moment), ["people.csv"])
    )


@pytest.mark.parametrize(("scope", "kept"), [(None, "subtree"), (Span.UNIT, "unit")])
def test_a_post_is_given_with_how_far_it_sees(
    office: Office, scope: Span | None, kept: str
) -> None:
    administrator(office, "boss")
    user = office.who("c.staff").id
    unit = office.units["A"]
    administration.appoint(
        office.db, user, unit, Role.AUDITOR, TODAY, None, by(office, "boss"), scope
    )
    with office.db.read() as conn:
        found = {post.role: post.scope for post in reading.posts(conn, user, TODAY)}
    assert found == {"staff": "unit", "auditor": kept}


# -- breaking the glass --------------------------------------------------------------------


def test_glass_is_opened_and_closed_on_record_and_told_to_the_owners(office: Office) -> None:
    boss = administrator(office, "boss")
    made = authority.open_glass(office.db, office.units["A"], "Server moved", 4, by(office, "boss"))
    until = office.moment.at + timedelta(hours=4)
    with office.db.read() as conn:
        assert asking.glasses(conn, boss, office.moment.at) == [(made, office.units["A"], until)]
    for _ in range(2):  # a second time nothing happens
        authority.end_glass(office.db, made, by(office, "boss", later=timedelta(hours=1)))
    with office.db.read() as conn:
        assert asking.glasses(conn, boss, office.moment.at + timedelta(hours=2)) == []
    assert [(act, who, unit) for act, who, _, unit, _ in record(office)] == [
        ("open_glass", "The boss", "A"),
        ("end_glass", "The boss", "A"),
    ]
    data = record(office)[0][4]
    assert data == {"glass": made, "reason": "Server moved", "until": until.isoformat()}


@pytest.mark.parametrize(
    ("sentence", "error", "login", "reason", "hours"),
    [
        ("without a reason", BadInputError, "boss", " ", 1),
        ("for no time", BadInputError, "boss", "Why", 0),
        ("for longer than four hours", BadInputError, "boss", "Why", 5),
        ("by a head", NotAdministratorError, "a.head", "Why", 1),
    ],
)
def test_glass_is_not_opened(
    office: Office, sentence: str, error: type[CascadeError], login: str, reason: str, hours: int
) -> None:
    administrator(office, "boss")
    with pytest.raises(error):
        authority.open_glass(office.db, office.units["A"], reason, hours, by(office, login))
    assert (office.count("glass"), record(office)) == (0, []), sentence


def test_glass_that_is_open_is_not_opened_again_before_its_end(office: Office) -> None:
    administrator(office, "boss")
    administrator(office, "other")
    first = authority.open_glass(office.db, office.units["A"], "Why", 2, by(office, "boss"))
    with pytest.raises(StillOpenError) as told:
        authority.open_glass(office.db, office.units["A"], "Why", 2, by(office, "boss"))
    assert told.value.until == office.moment.at + timedelta(hours=2)
    authority.open_glass(office.db, office.units["A"], "Why", 2, by(office, "other"))
    later = by(office, "boss", later=timedelta(hours=2))
    again = authority.open_glass(office.db, office.units["A"], "Why", 2, later)
    assert again != first
    with pytest.raises(NotAdministratorError):
        authority.end_glass(office.db, again, by(office, "a.head"))


@pytest.mark.parametrize(
    ("opened", "told"),
    [("A", ["A", "A1", "AW", "AW1"]), ("AW", ["AW", "AW1"]), ("P", ["A", "A1", "B1", "P"])],
)
def test_whose_content_was_opened_is_told(office: Office, opened: str, told: list[str]) -> None:
    administrator(office, "boss")
    authority.open_glass(office.db, office.units[opened], "Why", 1, by(office, "boss"))
    since = office.moment.at - timedelta(days=14)
    with office.db.read() as conn:
        found = [
            code
            for code, unit in sorted(office.units.items())
            if glass.notices(conn, [unit], TODAY, since)
        ]
        assert glass.notices(conn, [office.units["P"]], TODAY, office.moment.at + DAY) == []
    assert set(told) <= set(found)
    assert "Q" not in found
    assert ("P" in found) == (opened == "P")
