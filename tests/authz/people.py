"""The people of the matrix: every role, every way to a post, and the ways by which one has none."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, text

from models import authority, organisation
from models.authority import Given
from models.base import FOREVER
from tests.authz.marks import ADMIN, Marks
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role

DAY = timedelta(1)

# login, role, unit, how far it sees ("" as usual for the role), first and last day
POSTS = [
    ("a.drafter", "drafter", "A", "", SINCE, FOREVER),
    ("p.auditor", "auditor", "P", "", SINCE, FOREVER),
    ("a.auditor", "auditor", "A", "unit", SINCE, FOREVER),
    ("of.all", "auditor", "P", "", SINCE, FOREVER),
    ("of.all", "auditor", "Q", "", SINCE, FOREVER),
    ("of.all", "secretariat", "B", "", SINCE, FOREVER),
    ("the.admin", "administrator", "P", "", SINCE, FOREVER),
    ("glass.live", "administrator", "P", "", SINCE, FOREVER),
    ("glass.over", "administrator", "P", "", SINCE, FOREVER),
    ("glass.ended", "administrator", "P", "", SINCE, FOREVER),
    ("glass.coming", "administrator", "P", "", SINCE, FOREVER),
    ("glass.former", "administrator", "P", "", SINCE, TODAY - DAY),
    ("glass.future", "administrator", "P", "", TODAY + DAY, FOREVER),
    ("glass.staff", "staff", "Q", "", SINCE, FOREVER),
    ("glass.lost", "staff", "Q", "", SINCE, FOREVER),
    ("former.a", "secretariat", "A", "", SINCE, TODAY - DAY),
    ("future.a", "secretariat", "A", "", TODAY + DAY, FOREVER),
    ("last.day.a", "secretariat", "A", "", SINCE, TODAY),
    ("first.day.a", "secretariat", "A", "", TODAY, FOREVER),
    ("narrow.a", "head", "A", "unit", SINCE, FOREVER),
    ("wide.a", "staff", "A", "subtree", SINCE, FOREVER),
    ("closed.a", "secretariat", "A", "", SINCE, FOREVER),
    ("closed.giver", "secretariat", "A", "", SINCE, FOREVER),
    ("former.giver", "secretariat", "A", "", SINCE, TODAY - DAY),
    ("glass.closed", "administrator", "P", "", SINCE, FOREVER),
    ("both", "staff", "A1", "", SINCE, FOREVER),
    ("both", "staff", "AW", "", SINCE, FOREVER),
    ("both", "secretariat", "A", "", SINCE, FOREVER),
]
# giver, unit, role, deputy, first, last, for which moves alone, whether it was taken back
LENT = [
    ("a.sec", "A", "secretariat", "deputy.live", TODAY, TODAY, None, False),
    ("a.sec", "A", "secretariat", "deputy.over", TODAY - 9 * DAY, TODAY - DAY, None, False),
    ("a.sec", "A", "secretariat", "deputy.future", TODAY + DAY, TODAY + 9 * DAY, None, False),
    ("a.sec", "A", "secretariat", "deputy.ended", TODAY - DAY, TODAY + DAY, None, True),
    ("a.sec", "A", "secretariat", "deputy.some", TODAY - DAY, TODAY + DAY, ["return"], False),
    ("closed.giver", "A", "secretariat", "deputy.closed", TODAY, TODAY, None, False),
    ("former.giver", "A", "secretariat", "deputy.former", TODAY, TODAY, None, False),
    ("a.sec", "A", "head", "deputy.wrong", TODAY, TODAY, None, False),
    ("a.sec", "B", "secretariat", "deputy.beside", TODAY, TODAY, None, False),
    ("deputy.live", "A", "secretariat", "deputy.chain", TODAY, TODAY, None, False),
    ("a.staff", "A", "staff", "deputy.staff", TODAY, TODAY, None, False),
    ("both", "A1", "staff", "both.a1", TODAY, TODAY, None, False),
    ("both", "A", "secretariat", "both.a", TODAY, TODAY, None, False),
    ("a1.head", "A1", "head", "a2.staff", TODAY, TODAY, None, False),
    ("a.sec", "A", "secretariat", "closed.deputy", TODAY, TODAY, None, False),
]
# administrator, unit, opened and until in hours from now, whether it was ended
GLASS = [
    ("glass.live", "A", -1, 3, False),
    ("glass.over", "A", -4, 0, False),
    ("glass.ended", "A", -1, 3, True),
    ("glass.coming", "A", 1, 3, False),
    ("glass.former", "A", -1, 3, False),
    ("glass.future", "A", -1, 3, False),
    ("glass.staff", "A", -1, 3, False),
    ("glass.closed", "A", -1, 3, False),
]
NOBODY = ("no.post",)
CLOSED = ("closed.a", "closed.giver", "closed.deputy", "glass.closed")  # once all have signed in
ANONYMOUS = ""

# Of the office itself: owners, ancestors, addressees, issuers, who helps, who stands beside.
_OFFICE = """p.sec p.head p.reg p.staff a.sec a.head a.reg a.staff a1.staff a1.head a2.head aw.sec
    aw.staff aw1.staff b.sec b1.staff c.sec s.staff s2.staff s2.head q.sec qa.reg qa1.staff"""
# Every way of standing to A's answer and what lies around it.
ACTORS = [
    ANONYMOUS,
    *dict.fromkeys(login for login, *_ in POSTS),
    *dict.fromkeys(deputy for *_, deputy, _a, _b, _c, _d in LENT),
    *NOBODY,
    *_OFFICE.split(),
]
# Those that tell the most, for the short form: one for each way to have a right or not to.
TELLING = [
    ANONYMOUS,
    "closed.a",
    "the.admin",
    "a.sec",
    "a1.staff",
    "deputy.live",
    "deputy.over",
    "s2.staff",
    "both.a",
    "q.sec",
]


def put_people(office: Office) -> None:
    """Give the posts."""
    with office.db.session() as session:
        for login in (*NOBODY, *(deputy for *_, deputy, _a, _b, _c, _d in LENT)):
            organisation.user_id(session, login, login)
        for login, role, unit, span, first, last in POSTS:
            user = organisation.user_id(session, login, login)
            organisation.put_appointment(session, user, office.units[unit], Role(role), first, last)
            session.flush()
            if span:
                session.execute(
                    text("UPDATE appointment SET scope = :span WHERE user_id = :user"),
                    {"span": span, "user": user},
                )


def lend_posts(office: Office, marks: Marks) -> dict[int, tuple[str, str]]:
    """Lend posts, past the door; delegation → (giver, deputy)."""
    made = {}
    with office.db.write() as conn:
        for giver, unit, role, deputy, first, last, only, is_over in LENT:
            ids = _id(conn, giver), office.units[unit], role, _id(conn, deputy)
            reason = marks.new("lent", ("person", giver), ("person", deputy))
            given = Given(*ids, only, first, last, reason)
            one = authority.delegate(conn, given, office.moment.at - DAY)
            made[one] = (giver, deputy)
            if is_over:
                assert authority.end_delegation(conn, one, office.moment.at - DAY / 2)
    return made


def break_glass(office: Office, marks: Marks) -> list[int]:
    """Open units to administrators and to some who are none, past the door."""
    made, now = [], office.moment.at
    with office.db.write() as conn:
        for login, unit, opened, until, is_ended in GLASS:
            times = now + timedelta(hours=opened), now + timedelta(hours=until)
            reason = marks.new("glass", ADMIN, ("answers for", office.units[unit]))
            given = (_id(conn, login), office.units[unit], reason, *times)
            made.append(authority.open_glass(conn, *given))
            if is_ended:
                assert authority.end_glass(conn, made[-1], now - timedelta(minutes=5))
    return made


def close_accounts(office: Office) -> None:
    """Close the accounts that are to be closed."""
    with office.db.write() as conn:
        for login in CLOSED:
            conn.execute(
                text("UPDATE user_account SET is_active = false WHERE login = :login"),
                {"login": login},
            )


def _id(conn: Connection, login: str) -> int:
    asked = text("SELECT id FROM user_account WHERE login = :login")
    return int(conn.execute(asked, {"login": login}).scalar_one())
