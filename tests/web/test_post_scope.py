"""How far a post sees: given by its role, by a form, by a sheet; and nobody gives himself one."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from models.queries import administration
from tests.web.conftest import Browser, token_of
from tests.web.test_admin import id_of, make_administrator
from tests.worlds import TODAY, Office

BrowserOf = Callable[[str], Browser]
HEAD = "login,name,unit,role,scope,valid_from,valid_to\n"
OWN = "p.admin,The p.admin,P,staff,,2020-01-01,\n"


@pytest.fixture
def admin(office: Office, browser_of: BrowserOf) -> Browser:
    """The browser of the one administrator, in P, of a register with letters."""
    make_administrator(office, "p.admin")
    office.letter("P", owe=["A"])
    return browser_of("p.admin")


def scopes(office: Office, login: str) -> dict[tuple[str, str], str]:
    """Unit and role of a person's posts, and how far each sees."""
    with office.db.read() as conn:
        found = administration.posts(conn, id_of(office, login), TODAY)
    return {(post.unit_code, post.role): post.scope for post in found}


def send(admin: Browser, sheet: str) -> tuple[int, str]:
    """A sheet of people sent to the import; its status and page."""
    token = token_of(admin.get("/admin/import"))
    files = [(BytesIO(sheet.encode()), "people.csv")]
    answer = admin.client.post(
        "/admin/import",
        data={"csrf_token": token, "sheets": files},
        headers={"Accept-Language": "en"},
    )
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("role", "chosen", "kept", "words"),
    [
        ("head", "", "subtree", "the unit and all below it"),
        ("staff", "", "unit", "the unit alone"),
        ("head", "unit", "unit", "the unit alone"),
        ("staff", "subtree", "subtree", "the unit and all below it"),
    ],
)
def test_a_form_gives_it(
    office: Office, admin: Browser, role: str, chosen: str, kept: str, words: str
) -> None:
    url = f"/admin/users/{id_of(office, 'c.staff')}"
    given = admin.post(f"{url}/posts", {"unit": "B", "role": role, "scope": chosen})
    assert given.status_code == 303
    assert scopes(office, "c.staff")["B", role] == kept
    page = admin.get(url)
    assert f"Body B</a></td><td>{words}</td>" in page
    assert f"; {words}" in page  # in the record


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_another_scope_is_refused(office: Office, admin: Browser) -> None:
    url = f"/admin/users/{id_of(office, 'c.staff')}"
    answer = admin.post(f"{url}/posts", {"unit": "B", "role": "head", "scope": "all"})
    assert (answer.status_code, answer.text.count("Choose how far the post sees.")) == (400, 2)


def test_a_sheet_gives_it_or_leaves_it(office: Office, admin: Browser) -> None:
    line = "c.staff,c.staff,B,{},{},2020-01-01,\n"
    first = HEAD + line.format("head", "unit") + line.format("drafter", "")
    assert send(admin, first)[0] == 303
    assert scopes(office, "c.staff") == {
        ("C", "staff"): "unit",
        ("B", "head"): "unit",
        ("B", "drafter"): "unit",
    }
    second = HEAD + line.format("head", "") + line.format("drafter", "subtree")
    assert send(admin, second)[0] == 303
    assert (scopes(office, "c.staff")["B", "head"], scopes(office, "c.staff")["B", "drafter"]) == (
        "unit",
        "subtree",
    )
    status, page = send(admin, HEAD + line.format("head", "everything"))
    assert status == 400
    assert "unknown scope &#39;everything&#39;; unit, subtree, or nothing" in page


def test_no_administrator_takes_a_post(office: Office, admin: Browser) -> None:
    before = scopes(office, "p.admin")
    url = f"/admin/users/{id_of(office, 'p.admin')}/posts"
    answer = admin.post(url, {"unit": "A", "role": "head"})
    assert (answer.status_code, answer.text.count("Nobody gives himself a post")) == (400, 2)
    status, page = send(admin, HEAD + OWN)
    assert (status, "the sheet would give you a post" in page) == (400, True)
    assert scopes(office, "p.admin") == before
