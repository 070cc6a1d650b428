"""A digest names what is to be done by unit, letter and date, and goes out once."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import Message

import pytest
from sqlalchemy import text

from cascade import digest, organisation
from cascade.clock import on
from cascade.jobs import outbox, sweep
from cascade.jobs.outgoing import Outgoing
from cascade.mail_address import is_address
from cascade.orgsheets import SheetsError
from models.queries.digests import ReminderRow
from tests.cascade.jobs.mailbox import mailbox
from tests.cascade.reminded import give_addresses, owed
from tests.worlds import TODAY, Office
from workflows.labels import Lang

DAY = date(2026, 9, 15)
LETTER = ("A1", "7", "UBND-A", "2")


def row(kind: str, due: date | None, step: int = 5, unit: str = "A1") -> ReminderRow:
    """A reminder that holds."""
    return ReminderRow(step, 2, kind, "unit", step, due, 2, 1, unit, *LETTER[1:])


ROWS = [
    row("idle", None, 6),
    row("before", DAY + timedelta(days=3), 3),
    row("on", DAY, 2),
    row("after", DAY - timedelta(days=9), 1, "Ban Tổ chức"),
    row("unacknowledged", DAY + timedelta(days=20), 4),
]
EN = """\
Hồ Văn Tên,

Cascade reminds you of the following, as of 15/09/2026:

Overdue
- Ban Tổ chức: point 2, 7/UBND-A; due 06/09/2026
  https://cascade.example.vn/steps/1

Due today
- A1: point 2, 7/UBND-A; due 15/09/2026
  https://cascade.example.vn/steps/2

Due soon
- A1: point 2, 7/UBND-A; due 18/09/2026
  https://cascade.example.vn/steps/3

Not acknowledged yet
- A1: point 2, 7/UBND-A; due 05/10/2026
  https://cascade.example.vn/steps/4

No progress for some time
- A1: point 2, 7/UBND-A; no due date
  https://cascade.example.vn/steps/6

All that the unit has to do:
  https://cascade.example.vn/inbox

Sent by itself, at most once a working day. Your account's page “Reminders and calendar” says \
where it goes.
"""


def test_it_says_what_where_and_by_when() -> None:
    home = "https://cascade.example.vn"
    mail = digest.compose("Hồ Văn Tên", ROWS, DAY, "en", home)
    assert mail == ("Cascade: work of the unit, 15/09/2026", EN)
    other = digest.compose("Hồ Văn Tên", ROWS, DAY, "vi", home)
    assert other.text.count("\n") == EN.count("\n")
    for words in ("Quá hạn", "Đến hạn hôm nay", "Sắp đến hạn", "Chưa tiếp nhận", "điểm 2, 7/"):
        assert words in other.text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_long_one_ends_and_one_without_pages_has_no_links(lang: Lang) -> None:
    rows = [row("on", DAY, n) for n in range(digest.LISTED + 7)]
    mail = digest.compose("An", rows, DAY, lang)
    assert mail.text.count("- A1:") == digest.LISTED
    assert " 7 " in mail.text
    assert "http" not in mail.text
    assert " 7 " not in digest.compose("An", rows[: digest.LISTED], DAY, lang).text


def test_the_days_sweep_and_the_sender_bring_it_to_a_mailbox_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.letter("A", tasks=[("1", "A1"), ("2", "A2")], due=DAY + timedelta(days=10))
    give_addresses(office)
    with office.db.write() as conn:
        conn.execute(text("UPDATE user_account SET lang = 'en' WHERE login = 'a1.head'"))
    monkeypatch.setenv("CASCADE_LANG", "vi")
    monkeypatch.setenv("CASCADE_HTTPS", "1")
    monkeypatch.setenv("CASCADE_HOSTS", "cascade.example.vn,other")
    for name in ("HOST", "FROM"):
        monkeypatch.setenv(f"CASCADE_SMTP_{name}", "x@office.example")
    moment = on(TODAY + timedelta(days=10))
    with mailbox() as (inbox, smtp):
        for _ in range(2):  # a second time brings nothing
            place = ""
            while True:
                page = office.db.run(lambda c, at=place: sweep.reminders(c, moment, at))  # type: ignore[misc]
                if page.next is None:
                    break
                place = page.next
            outbox.round_of_all(office.db, Outgoing(smtp), moment)
    got = {to: _text(message) for to, message in inbox.got}
    assert len(inbox.got) == len(got) == 4
    assert "Due today\n- A1: point 1" in got["a1.head@example.vn"]
    assert "Đến hạn hôm nay\n- A1: điểm 1" in got["a1.staff@example.vn"]
    assert "A2" not in got["a1.staff@example.vn"]
    assert "https://cascade.example.vn/steps/1\n" in got["a1.staff@example.vn"]
    for name in ("HOST", "FROM"):
        monkeypatch.delenv(f"CASCADE_SMTP_{name}")
    later = on(TODAY + timedelta(days=13))
    assert office.db.run(lambda c: sweep.reminders(c, later, "digests 0")) == (0, None)
    assert len(owed(office)) == 4


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_addresses_come_with_the_people_sheet(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sheet = tmp_path_factory.mktemp("sheets") / "people.csv"
    head = "login,name,unit,role,valid_from,valid_to,email\n"

    def take(email: str) -> None:
        line = f"a1.staff,An,A1,staff,2020-01-01,,{email}\n"
        sheet.write_text(head + line + "b,Ba,B,staff,2026-01-01,,\n", "utf-8")
        organisation.import_files(office.db, [sheet])

    for given in ("an@example.vn", ""):  # what is not said stays
        take(given)
    with pytest.raises(SheetsError, match="line 2: 'an@' is no mail address"):
        take("an@")
    with office.db.read() as conn:
        asked = text("SELECT login, email FROM user_account WHERE login IN ('a1.staff', 'b')")
        assert dict(map(tuple, conn.execute(asked))) == {"a1.staff": "an@example.vn", "b": None}


def _text(message: Message) -> str:
    sent = message.get_payload(decode=True)
    assert isinstance(sent, bytes)
    return sent.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("a@b.vn", True),
        ("ho.ten+nhac@phong.example.gov.vn", True),
        ("", False),
        ("a@b", False),
        ("a@@b.vn", False),
        ("a b@c.vn", False),
        ("a@b.vn,c@d.vn", False),
        ("a@b.vn\nBcc: c@d.vn", False),
        ("<a@b.vn>", False),
        ("a@b..vn", False),
        ("ạ@b.vn", False),
        ("a" * 65 + "@b.vn", False),
        ("a@" + "b." * 130 + "vn", False),
    ],
)
def test_what_mail_can_be_sent_to(written: str, is_one: bool) -> None:
    assert is_address(written) is is_one
