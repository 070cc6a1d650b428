"""Reminders under faults: each recorded once, each person written to once, whatever happens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade.clock import OFFICE, Moment, on
from cascade.jobs import outbox
from cascade.jobs.outgoing import Outgoing, Smtp
from cascade.reminding import sweep
from cascade.verify import verify
from models import organisation
from models.base import FOREVER
from tests.cascade.jobs.mailbox import mailbox
from tests.cascade.reminded import give_addresses, swept
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MANY = 2000
DUE = TODAY + timedelta(days=10)


def people(office: Office, many: int) -> None:
    """So many people in A1, whom mail reaches."""
    with office.db.session() as session:
        for number in range(many):
            user = organisation.user_id(session, f"p{number}", f"Person {number}")
            unit = office.units["A1"]
            organisation.put_appointment(session, user, unit, Role.STAFF, SINCE, FOREVER)
    give_addresses(office)


def test_kills_of_four_workers_and_two_schedulers_record_each_reminder_once(
    office: Office,
) -> None:
    office.letter("A", tasks=[(str(n), "A1") for n in range(MANY)], due=DUE)
    people(office, 10)
    url = office.db.url.render_as_string(hide_password=False)
    jobs = {f"worker-{n}": "work" for n in range(4)} | {f"asks-{n}": "ask" for n in range(2)}
    dice, kills = random.Random(6), 0

    def start(name: str) -> subprocess.Popen[bytes]:
        module = "tests.faults.reminding_worker"
        command = [sys.executable, "-m", module, url, DUE.isoformat(), jobs[name]]
        return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))

    at = {name: start(name) for name in jobs}
    give_up = time.monotonic() + 900
    try:
        while reminded(office).total() < MANY or len(written_to(office)) < 12:
            assert time.monotonic() < give_up, (reminded(office).total(), len(written_to(office)))
            time.sleep(dice.uniform(0.4, 1.2))
            name = dice.choice(sorted(jobs))
            assert at[name].poll() is None, f"{name} ended by itself"
            at[name].send_signal(signal.SIGKILL)
            at[name].wait()
            kills += 1
            at[name] = start(name)
        time.sleep(2)  # what they do now must be nothing
    finally:
        for process in at.values():
            process.kill()
            process.wait()
    assert kills > 3
    assert set(reminded(office).values()) == {1}
    assert len(reminded(office)) == MANY
    assert set(written_to(office).values()) == {1}
    assert len(written_to(office)) == 12  # with head and staff
    with office.db.read() as conn:
        assert verify(conn) == []
        told = conn.execute(text("SELECT count(*) FROM reminder_told")).scalar_one()
    assert told == 12 * MANY


def reminded(office: Office) -> Counter[int]:
    """How often each step was reminded of."""
    with office.db.read() as conn:
        asked = text("SELECT step_id FROM event WHERE trigger = 'remind'")
        return Counter(conn.execute(asked).scalars())


def written_to(office: Office) -> Counter[str]:
    """How many mails each is owed."""
    with office.db.read() as conn:
        return Counter(conn.execute(text("SELECT recipient FROM outbox")).scalars())


def test_mail_that_is_down_for_an_hour_reaches_everybody_once(office: Office) -> None:
    office.letter("A", tasks=[("1", "A1")], due=DUE)
    people(office, 60)
    sent: Counter[str] = Counter()
    now = on(DUE)
    with mailbox() as (inbox, smtp):
        dead = Outgoing(Smtp("127.0.0.1", smtp.sender, 1, tls="none"))
        for minute in range(0, 60, 5):  # of the clock, not of ours
            now = Moment(on(DUE).at + timedelta(minutes=minute), DUE)
            sweep(office.db, now, lang="en")
            outbox.round_of_all(office.db, dead, now)
        assert inbox.got == []
        for minute in range(60, 240, 5):
            now = Moment(on(DUE).at + timedelta(minutes=minute), DUE)
            sweep(office.db, now, lang="en")
            while outbox.round_of_all(office.db, Outgoing(smtp), now).sent:
                pass
        sent.update(to for to, _ in inbox.got)
    assert set(sent.values()) == {1}
    assert len(sent) == 62
    with office.db.read() as conn:
        left = conn.execute(text("SELECT count(*) FROM outbox WHERE state <> 'sent'")).scalar_one()
    assert left == 0


def test_a_clock_that_jumps_breaks_nothing(office: Office) -> None:
    leap = date(2028, 2, 29)
    office.today = date(2028, 2, 1)
    office.letter("A", tasks=[("1", "A1"), ("2", "A2")], due=leap)
    office.letter("P", owe=["A", "B"], due=date(2028, 3, 1))
    give_addresses(office)
    dice = random.Random(29)
    at = datetime(2028, 2, 20, 2, tzinfo=UTC)
    for _ in range(60):
        at += timedelta(hours=dice.choice([-25, 1, 6, 12, 25]))
        moment = Moment(at, at.astimezone(OFFICE).date())
        sweep(office.db, moment, lang="en")
    for day in (leap - timedelta(days=1), leap, leap + timedelta(days=1)):
        swept(office, day)
    with office.db.read() as conn:
        assert verify(conn) == []
        asked = text("SELECT step_id, policy_id, anchor, count(*) FROM reminder GROUP BY 1, 2, 3")
        rows = conn.execute(asked).all()
        assert {row[3] for row in rows} == {1}
        mails = text("SELECT dedupe, count(*) FROM outbox GROUP BY 1")
        assert {row[1] for row in conn.execute(mails)} == {1}
        kinds = text(
            "SELECT kind FROM reminder_policy WHERE id IN (SELECT policy_id FROM reminder)"
        )
        assert {"before", "on", "after", "unacknowledged"} <= set(conn.execute(kinds).scalars())
