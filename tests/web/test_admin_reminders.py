"""The administrator keeps the rules of reminding; units find what they were reminded of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import text

from models import organisation
from models.base import FOREVER
from tests.cascade.reminded import swept
from tests.web.conftest import Browser
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role

Enter = Callable[[str], Browser]
PAGE = "/admin/reminders"


@pytest.fixture
def admin(office: Office, browser_of: Enter) -> Browser:
    """An administrator's browser."""
    with office.db.session() as session:
        user = organisation.user_id(session, "c.head", "c.head")
        unit = office.units["C"]
        organisation.put_appointment(session, user, unit, Role.ADMINISTRATOR, SINCE, FOREVER)
    return browser_of("c.head")


def rules(office: Office) -> list[tuple[object, ...]]:
    """The rules on file."""
    with office.db.read() as conn:
        asked = text("SELECT kind, days, audience, is_on FROM reminder_policy ORDER BY id")
        return [(r.kind, r.days, r.audience, bool(r.is_on)) for r in conn.execute(asked)]


def form(office: Office, **changed: object) -> Mapping[str, object]:
    """The page's form as it stands, with some fields changed; None leaves one out."""
    fields: dict[str, object] = {}
    for number, (_kind, days, audience, is_on) in enumerate(rules(office), 1):
        fields |= {f"days-{number}": days, f"audience-{number}": audience}
        fields |= {f"is_on-{number}": "1"} if is_on else {}
    wanted = fields | {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: value for name, value in wanted.items() if value is not None}


def test_rules_are_changed_turned_off_and_added_and_it_is_on_record(
    office: Office, admin: Browser
) -> None:
    before = rules(office)
    assert len(before) == 6
    assert "working days before the due date" in admin.get(PAGE)
    assert admin.post(PAGE, form(office), form=PAGE).status_code == 303
    assert rules(office) == before
    changed = form(office, days__3=5, audience__5="above", is_on__4=None)
    assert admin.post(PAGE, changed, form=PAGE).status_code == 303
    new = {"kind-new": "after", "days-new": "10", "audience-new": "above"}
    assert admin.post(f"{PAGE}/new", new, form=PAGE).status_code == 303
    assert rules(office) == [
        *before[:2],
        ("before", 5, "unit", True),
        ("on", 0, "unit", False),
        ("after", 1, "above", True),
        before[5],
        ("after", 10, "above", True),
    ]
    record = admin.get("/admin/record")
    assert record.count("changed a rule of reminding") == 4
    assert "on the due date: the staff and the head of the unit; not in use" in record


WRONG: list[tuple[str, dict[str, object], str]] = [
    (PAGE, {"days__3": "0"}, "Type a number from 1 to 60."),
    (PAGE, {"days__2": "27"}, "Type a number from 1 to 26."),
    (PAGE, {"days__5": "x"}, "Type a number from 1 to 60."),
    (PAGE, {"audience__3": "everybody"}, "Choose who is told."),
    (f"{PAGE}/new", {"kind__new": "never"}, "Choose when it reminds."),
    (f"{PAGE}/new", {"kind__new": "after"}, "Type a number from 1 to 60."),
]


def test_what_cannot_be_is_told_at_its_field(office: Office, admin: Browser) -> None:
    before = rules(office)
    for url, typed, said in WRONG:
        answer = admin.post(url, form(office, **typed), form=PAGE)
        assert (answer.status_code, said in answer.text) == (400, True), (typed, answer.text)
    assert rules(office) == before


def test_the_administrator_gives_an_address(office: Office, admin: Browser) -> None:
    user = office.who("a1.staff").id
    page = f"/admin/users/{user}"
    assert admin.post(f"{page}/mail", {"email": "x"}, form=page).status_code == 400
    assert admin.post(f"{page}/mail", {"email": "a1@example.vn"}, form=page).status_code == 303
    assert 'value="a1@example.vn"' in admin.get(page)
    assert admin.post("/admin/users/9999/mail", {"email": ""}, form=page).status_code == 404


def test_units_find_what_they_were_reminded_of(office: Office, browser_of: Enter) -> None:
    letter = office.letter("A", tasks=[("1", "A1"), ("2", "A1")], due=TODAY + timedelta(days=2))
    step = office.step(letter, "A1", "1")
    office.report(office.step(letter, "A1", "2"), "A1")
    swept(office, TODAY)
    browser = browser_of("a1.staff")
    assert "reminded" not in browser.get("/inbox")  # it was laid today
    office.today = TODAY - timedelta(days=30)
    old = office.letter("A", tasks=[("1", "A1")], due=TODAY + timedelta(days=3))
    swept(office, TODAY)
    page = browser.get("/inbox")
    assert page.count("reminded today: 3 working days before the due date") == 1
    assert "Cascade" in browser.get(f"/steps/{office.step(old, 'A1', '1')}")
    assert step
