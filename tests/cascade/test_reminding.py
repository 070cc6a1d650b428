"""Reminders are recorded once, by the rules and the calendar; each person has one mail a day."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cascade import reminding, telling
from cascade.administration import By
from cascade.clock import Moment, on
from cascade.offdays import OffDay, put
from cascade.verify import verify
from models import organisation, outbox, scope
from models import reminding as writing
from models.base import FOREVER
from models.queries import accounts, acting, administration
from models.scope import Reader
from tests.cascade.reminded import days, give_addresses, kinds, owed, swept
from tests.lending import close, lend
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role

FOR = text(
    "SELECT DISTINCT u.code FROM reminder r JOIN reminder_for f ON f.reminder_id = r.id "
    "JOIN unit u ON u.id = f.unit_id WHERE r.step_id = :step"
)
DUE = date(2026, 9, 25)  # a Friday; TODAY is Tuesday the 15th
DAY = timedelta(days=1)
# The queries are asked of both databases by the other tests; here it is the rest that is tried.
lightly = pytest.mark.parametrize(
    "db", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture
def letter(office: Office) -> int:
    """A lays a task on A1 and one on A2 (noise), due in ten days; everybody can be written to."""
    made = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], due=DUE, subject="Sluice gates")
    give_addresses(office)
    return made


@pytest.fixture
def task(office: Office, letter: int) -> int:
    """The task of A1."""
    return office.step(letter, "A1", "1")


def told(office: Office, day: date, about: str = "A1: point 1") -> set[str]:
    """Whose digest of a day names a task."""
    return {mail.login for mail in owed(office) if mail.day == str(day) and about in mail.text}


def spoken_to(office: Office, step: int) -> set[str]:
    """The units to which reminders of a step speak."""
    with office.db.read() as conn:
        return set(conn.execute(FOR, {"step": step}).scalars())


def test_each_rule_reminds_once_on_its_day_and_tells_its_posts(office: Office, task: int) -> None:
    seen: dict[str, tuple[list[str], set[str]]] = {}
    for day in days(date(2026, 9, 21), 13):
        before = len(kinds(office, task))
        if swept(office, day) != (0, 0):
            assert swept(office, day) == (0, 0)  # however often it runs
        new = kinds(office, task)[before:]
        if new or told(office, day):
            seen[str(day)] = new, told(office, day)
    assert seen == {
        "2026-09-22": (["before 3"], {"a1.staff", "a1.head"}),
        "2026-09-25": (["on 0"], {"a1.staff", "a1.head"}),
        "2026-09-28": (["after 1"], {"a1.head"}),
        "2026-10-02": (["after 5"], {"a.sec"}),
    }
    mails = [(mail.login, mail.day) for mail in owed(office)]
    assert len(mails) == len(set(mails))
    assert office.row(task).version == 1  # whoever is filling in a form goes on
    with office.db.read() as conn:
        assert verify(conn) == []


# how it came about that the unit is not to be chased → the moves
ENDED = {
    "reported": [("report", "a1.staff")],
    "accepted": [("report", "a1.staff"), ("accept", "a.sec")],
    "suspended": [("suspend", "a.sec")],
    "declined": [("decline", "a1.staff")],
    "cancelled": [("cancel", "a.sec")],
}


@lightly
def test_only_whose_turn_it_is_is_chased(office: Office) -> None:
    made = office.letter("A", tasks=[(how, "A1") for how in (*ENDED, "noise")], due=DUE)
    steps = {how: office.step(made, "A1", how) for how in (*ENDED, "noise")}
    for how, moves in ENDED.items():
        for trigger, login in moves:
            if trigger == "report":
                office.report(steps[how], "A1")
            else:
                office.fire(steps[how], trigger, login, note="Because.")
    for day in (DUE, DUE + 5 * DAY, DUE + 30 * DAY):
        swept(office, day)
    found = {how: kinds(office, step) for how, step in steps.items()}
    assert found == {how: [] for how in ENDED} | {"noise": ["on 0", "after 1", "after 5"]}


@lightly
def test_a_later_date_begins_anew(office: Office, task: int) -> None:
    swept(office, DUE, is_mailing=False)
    office.fire(task, "ask_extension", "a1.staff", note="Rain.", until=DUE + 14 * DAY)
    office.fire(task, "grant_extension", "a.sec")
    swept(office, DUE + 3 * DAY)
    assert kinds(office, task) == ["on 0"]  # not overdue any more
    assert told(office, DUE + 3 * DAY) == set()  # and what was said of the old date is void
    swept(office, DUE + 14 * DAY)
    assert kinds(office, task) == ["on 0", "on 0"]


def test_what_nobody_acknowledges_and_what_stands_still(office: Office) -> None:
    far = TODAY + 200 * DAY
    made = office.letter("P", owe=["A", "B"], due=far)
    a, b = office.step(made, "A"), office.step(made, "B")
    work = office.step(office.letter("A", tasks=[("1", "A1")], due=far), "A1", "1")
    office.fire(b, "acknowledge", "b.staff")
    swept(office, date(2026, 9, 17))
    assert kinds(office, a) == kinds(office, b) == []
    swept(office, date(2026, 9, 18))
    assert (kinds(office, a), kinds(office, b)) == (["unacknowledged 3"], [])
    swept(office, TODAY + 14 * DAY)
    assert (kinds(office, b), kinds(office, work)) == (["idle 2"], ["idle 2"])
    office.today = TODAY + 15 * DAY
    office.fire(work, "start", "a1.staff")
    for day in days(TODAY + 16 * DAY, 14):
        swept(office, day)
    assert (kinds(office, b), kinds(office, work)) == (["idle 2"], ["idle 2", "idle 2"])
    assert kinds(office, a) == ["unacknowledged 3"]


@lightly
@pytest.mark.usefixtures("letter")
def test_who_holds_a_post_that_day_is_told_and_nobody_else(office: Office) -> None:
    with office.db.session() as session:
        for login, role in (("audit", Role.AUDITOR), ("admin", Role.ADMINISTRATOR)):
            user = organisation.user_id(session, login, login)
            organisation.put_appointment(session, user, office.units["A1"], role, SINCE, FOREVER)
        gone = organisation.user_id(session, "gone", "gone")
        organisation.put_appointment(session, gone, office.units["A1"], Role.HEAD, SINCE, TODAY)
    give_addresses(office)
    lend(office, "a1.head", "b1.staff", ("A1", Role.HEAD), first=DUE, last=DUE + 30 * DAY)
    lend(office, "a1.head", "b1.head", ("A1", Role.HEAD), first=DUE, last=DUE)
    close(office, "a1.staff")
    swept(office, DUE + 3 * DAY)
    assert told(office, DUE + 3 * DAY) == {"a1.head", "b1.staff"}


def test_it_climbs_to_the_nearest_secretariat_above_and_to_the_issuer(office: Office) -> None:
    made = office.letter("P", tasks=[("1", "AW1")], due=DUE)
    give_addresses(office)
    with office.db.write() as conn:  # a post that sees its own unit alone is not shown it
        conn.execute(
            text(
                "UPDATE appointment SET scope = 'unit' WHERE user_id IN "
                "(SELECT id FROM user_account WHERE login = 'aw.sec')"
            )
        )
    lend(office, "aw.sec", "q.sec", ("AW", Role.SECRETARIAT), first=DUE, last=DUE + 30 * DAY)
    step = office.step(made, "AW1", "1")
    swept(office, date(2026, 10, 2))
    about = "AW1: point 1"
    assert told(office, date(2026, 10, 2), about) == {"aw1.head", "p.sec"}
    assert spoken_to(office, step) == {"AW", "AW1", "P"}
    for mail in owed(office):
        reader = Reader(office.who(mail.login).id, DUE, on(DUE).at)
        with scope.read_as(office.db, reader) as conn:
            assert scope.sees(conn, "step", step), mail.login
    close(office, "aw.sec")  # nobody is there any more: it climbs on
    later = office.step(office.letter("P", tasks=[("2", "AW1")], due=DUE), "AW1", "2")
    swept(office, date(2026, 10, 5))
    assert spoken_to(office, later) == {"A", "AW1", "P"}


@lightly
def test_days_off_are_quiet_and_the_next_day_carries_the_newest(office: Office) -> None:
    saturday, monday = date(2026, 9, 26), date(2026, 9, 28)
    step = office.step(office.letter("A", tasks=[("1", "A1")], due=saturday + DAY), "A1", "1")
    other = office.letter("B", tasks=[("1", "B1")], due=saturday + DAY)
    give_addresses(office)
    local = OffDay(office.units["A"], monday, True, "Local festival", "QĐ 1")
    put(office.db, None, local, By(None, on(TODAY)))
    assert swept(office, saturday) == (2, 0)  # Friday's, made up for
    assert swept(office, saturday + DAY) == (0, 0)
    assert swept(office, monday) == (1, 2)  # B's alone: A has the day off
    assert told(office, monday) == set()
    assert swept(office, monday + DAY) == (1, 2)
    assert told(office, monday + DAY) == {"a1.staff", "a1.head"}
    assert [mail.text.count("A1: point 1") for mail in owed(office)] == [0, 0, 1, 1]
    assert kinds(office, step) == kinds(office, office.step(other, "B1", "1"))


@lightly
def test_days_on_which_nothing_ran_are_made_up_for_without_a_flood(
    office: Office, task: int
) -> None:
    late = date(2026, 10, 12)
    swept(office, late)
    assert kinds(office, task) == ["after 1", "after 5"]
    mails = [mail for mail in owed(office) if "A1: point 1" in mail.text]
    assert {(mail.login, mail.text.count("A1: point 1")) for mail in mails} == {
        ("a1.head", 1),
        ("a.sec", 1),
    }
    # Somebody who gets the post later is told of what still stands, in one mail, and only that.
    office.report(office.step(1, "A2", "2"), "A2")
    lend(office, "a1.head", "b.staff", ("A1", Role.HEAD), first=TODAY, last=FOREVER)
    lend(office, "a2.head", "b.staff", ("A2", Role.HEAD), first=TODAY, last=FOREVER)
    assert swept(office, late + DAY) == (0, 1)
    assert (owed(office)[-1].login, "A2" in owed(office)[-1].text) == ("b.staff", False)


@lightly
@pytest.mark.usefixtures("letter")
def test_without_mail_it_is_recorded_all_the_same_and_told_later(office: Office) -> None:
    assert swept(office, DUE, is_mailing=False) == (2, 0)
    assert owed(office) == []
    assert swept(office, DUE + 3 * DAY).digests == 4  # of the heads, who have both, and the staff
    longer = DUE + 61 * DAY
    assert swept(office, longer).reminded == 2
    with office.db.read() as conn:
        kept = conn.execute(text("SELECT count(*) FROM reminder_told")).scalar_one()
        assert kept == conn.execute(text("SELECT count(*) FROM reminder_for")).scalar_one() == 2
        assert conn.execute(text("SELECT count(*) FROM reminder")).scalar_one() == 6


def test_small_pages_come_to_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, size in (
        (reminding, "BATCH", 2),
        (reminding, "WINDOW", 3),
        (reminding, "WIDE_WINDOW", 3),
        (telling, "PEOPLE", 4),
    ):
        monkeypatch.setattr(module, name, size)
    tasks = [(str(n), "A1") for n in range(7)]
    made = office.letter("A", tasks=tasks, due=DUE)
    office.letter("P", owe=["A", "B", "C"], due=DUE)
    give_addresses(office)
    assert swept(office, DUE).reminded == 7 + 3 + 3  # on the day, and nothing acknowledged
    swept(office, DUE + 3 * DAY)
    assert [kinds(office, office.step(made, "A1", no)) for no, _ in tasks] == [
        ["on 0", "after 1"]
    ] * 7
    (mail,) = (m for m in owed(office) if (m.login, m.day) == ("a1.head", str(DUE)))
    assert mail.text.count("A1: point") == 7


def test_sweeps_at_once_record_each_reminder_once(office: Office) -> None:
    office.letter("A", tasks=[(str(n), "A1") for n in range(40)], due=DUE)
    give_addresses(office)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            swept(office, DUE)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with office.db.read() as conn:
        asked = text("SELECT count(*), count(DISTINCT step_id) FROM event WHERE trigger = 'remind'")
        assert tuple(conn.execute(asked).one()) == (40, 40)
        assert verify(conn) == []
    assert sorted(mail.login for mail in owed(office)) == ["a1.head", "a1.staff"]


@lightly
def test_a_rule_that_is_off_or_changed_says_what_happens(office: Office, task: int) -> None:
    with office.db.write() as conn:
        conn.execute(text("UPDATE reminder_policy SET is_on = false WHERE kind <> 'before'"))
        writing.put_policy(conn, 3, {"days": 5, "audience": "head"})
    swept(office, DUE - 7 * DAY)
    assert told(office, DUE - 7 * DAY) == {"a1.head"}
    swept(office, DUE + DAY)
    assert kinds(office, task) == ["before 5"]


@lightly
def test_what_the_clock_did_is_left_to_the_day_that_has_come(office: Office, task: int) -> None:
    at = on(DUE + DAY).at
    assert reminding.sweep(office.db, Moment(at, DUE), lang="en") == (0, 0)
    assert swept(office, DUE).reminded == 2
    assert swept(office, DUE - DAY).reminded == 2  # set back: what helps before still does
    assert swept(office, DUE).digests == 0
    assert kinds(office, task) == ["on 0", "before 3"]
    mails = [(mail.login, mail.day) for mail in owed(office)]
    assert len(mails) == len(set(mails))


@lightly
@pytest.mark.usefixtures("letter")
def test_nobody_can_ever_be_the_account_of_what_happens_by_itself(office: Office) -> None:
    swept(office, DUE)
    with office.db.read() as conn:
        asked = text("SELECT id FROM user_account WHERE is_system")
        (itself,) = conn.execute(asked).scalars()
        assert acting.actor(conn, writing.SYSTEM) is None
        assert administration.user(conn, itself) is None
        assert administration.user_by_login(conn, writing.SYSTEM) is None
        assert writing.SYSTEM not in {row.login for row in administration.users(conn, limit=200)}
        assert itself not in accounts.without_password(conn)
    with pytest.raises(IntegrityError), office.db.write() as conn:
        conn.execute(text("UPDATE user_account SET is_active = true"))


@lightly
@pytest.mark.usefixtures("letter")
def test_a_killed_page_of_digests_tells_nobody_twice_and_nobody_never(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PEOPLE", 1)
    kept, calls = outbox.owe, []

    def die(*given: object) -> bool:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return kept(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "owe", die)
    with pytest.raises(KeyboardInterrupt):
        swept(office, DUE)
    assert len(owed(office)) == 1
    swept(office, DUE)
    mails = [mail.login for mail in owed(office)]
    assert sorted(mails) == ["a1.head", "a1.staff", "a2.head", "a2.staff"]
