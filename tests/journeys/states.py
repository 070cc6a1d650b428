"""Every page of the sample world and the states it can be in, by who looks at them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from cascade.sample import world
from tests.journeys.conftest import SETUP_CODE, WORLD
from web.pages.help import DOCS

# An address; or what a person does to come to the state.
State = str | Callable[[Page], None]
_NUMBERS = count(4001)
LETTER = Path(__file__).parent / "letters" / "vaccination.txt"
_TEXT = LETTER.read_text("utf-8")
# Another text under the number and day of a letter that is on file.
_SAME = _TEXT.replace("3391/UBND-VX", "3158/UBND-NN").replace("03 tháng 10", "09 tháng 9")
_FIRST_FILE = next(iter(sorted((world.FOLDER / WORLD / "letters").iterdir())))


def sent(url: str, fields: dict[str, str] | None = None, press: str = "") -> Callable[[Page], None]:
    """A form sent as it is filled in here; without `fields` as it stands."""

    def go(page: Page) -> None:
        page.goto(url)
        for name, text in (fields or {}).items():
            choice = page.locator(f"main input[type=radio][name='{name}'][value='{text}']")
            field = page.locator(f"main [name='{name}']").first
            if choice.count():
                choice.check()
            elif page.locator(f"main select[name='{name}']").count():
                field.select_option(text)
            else:
                field.fill(text)
        button = f"main form[method=post] button{press or ':not([name]):not([type=button])'}"
        page.locator(button).first.click()
        page.wait_for_load_state()

    go.__name__ = f"{url} sent"
    return go


def uploaded(content: bytes, name: str, then: str = "") -> Callable[[Page], None]:
    """A letter given to the import; then perhaps another button of the page that confirms it."""

    def go(page: Page) -> None:
        page.goto("/letters/import")
        file: FilePayload = {"name": name, "mimeType": "text/plain", "buffer": content}
        page.locator("input[name=file]").set_input_files(file)
        page.locator("main form button").click()
        page.wait_for_load_state()
        if then == "problems":
            page.locator("[name=number]").fill("")
            page.locator("[name=date]").fill("hôm nay")
            page.locator("[name=duty-0-unit]").fill("XX")
        if then:
            page.locator("button[name=do][value=register]").first.click()
            page.wait_for_load_state()

    go.__name__ = f"{name} {then or 'uploaded'}"
    return go


def stale(page: Page) -> None:
    """A form whose token is not good any more: what was typed is given back."""
    page.goto("/steps/9/ask_extension")
    page.locator("main [name=note]").fill("Việc này thuộc Sở Nông nghiệp.")
    page.locator("main [name=csrf_token]").evaluate("field => { field.value = 'x'; }")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_load_state()


def moved_on(page: Page) -> None:
    """A form that was opened before somebody else made a move."""
    page.goto("/steps/9/report")
    page.locator("[name=seen_version]").evaluate("field => { field.value = '1'; }")
    page.locator("main [name=note]").fill("Đã xong.")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_load_state()


def draft(page: Page) -> None:
    """A letter that is registered and not issued; each time another one."""
    text = _TEXT.replace("Số: 3391", f"Số: {next(_NUMBERS)}")
    uploaded(text.encode(), "draft.txt", "register")(page)


def draft_to_issue(page: Page) -> None:
    """The form that issues it."""
    draft(page)
    page.goto(f"{page.url}/issue")


def unsure(text: str) -> bytes:
    """A letter that leaves questions: names that are no units, citations that are not on file."""
    text = text.replace("- Sở Giáo dục và Đào tạo.", "- Ban Quản lý trường học.")
    return text.replace(
        "Để tổ chức", "Thực hiện Công văn số 77/BYT-DP ngày 01/10/2024, để"
    ).encode()


CASCADE = "/letters/1/cascade"

# login (empty: nobody) and what is looked at.
GROUPS: dict[str, tuple[str, tuple[State, ...]]] = {
    "stranger": (
        "",
        (
            "/sign-in",
            sent("/sign-in?next=/inbox", {"login": "nobody", "password": "x"}),
            "/reset",
            "/help",
            *(
                f"/help/{name}"
                for name in ("secretary", "clerk", "administrator")
                if (DOCS / "guide" / f"{name}.vi.md").exists()
            ),
            *(f"/fault/{status}" for status in (403, 404, 405, 409, 413, 429, 500)),
        ),
    ),
    "clerk": (
        "thoa.pb",
        (
            "/",
            "/inbox",
            "/inbox?only=soon",
            "/board",
            "/steps/9",
            "/steps/8",
            "/steps/9/report",
            sent("/steps/9/report", {"done_on": "32/13/2024", "letters": "1/XX"}),
            moved_on,
            sent("/steps/9/ask_extension", {"until": "x"}),
            "/steps/9/accept",
            "/steps/7/report",
            stale,
            "/me/password",
            sent("/me/password"),
            "/account/deputies",
            sent("/account/deputies"),
            sent("/account/deputies", {"which": "some", "deputy": "n"}),
            "/account/sessions",
            "/account/calendar-feed",
            sent("/account/calendar-feed", {"email": "ễ"}),
            "/exports",
            "/account/tokens",
            sent("/account/tokens"),
            sent("/account/tokens", {"name": "n", "days": "30", "present": world.PASSWORD}),
            "/account/second-factor",
            sent("/account/second-factor"),
            sent("/account/second-factor", {"present": world.PASSWORD}),
            sent("/account/second-factor", {"code": "000000"}),
            "/admin",
            "/nowhere",
            "/search",
            "/search?q=bao",
            "/search?q=zzzz",
        ),
    ),
    "secretary": (
        "hang.nt",
        (
            "/",
            "/inbox",
            "/inbox?only=decide",
            "/steps/1",
            "/steps/7",
            "/steps/11",
            "/steps/12/split",
            "/steps/11/uphold",
            "/steps/1/accept",
            sent("/steps/1/return"),
            "/steps/6/cancel",
            "/steps/8/transfer",
            sent("/steps/8/transfer", {"unit_code": "XX"}),
            "/board",
            "/board?window=week&kind=task&order=late",
            "/board?unit=LG-SGD&window=month",
            "/board?from=x&unit=nowhere",
            sent("/board"),
            "/letters",
            "/letters?state=cited",
            "/letters?from=x&issuer=nobody",
            sent("/letters?state=issued"),
            "/letters/1",
            "/letters/9",
            "/letters/11",
            "/letters/1/close",
            sent("/letters/1/supersede"),
            sent("/letters/1/extend", {"until": "x"}),
            "/letters/11/close",
        ),
    ),
    "cascade": (
        "truc.lq",
        (
            "/",
            CASCADE,
            f"{CASCADE}?depth=9",
            f"{CASCADE}?depth=1",
            f"{CASCADE}?unit=LG-VL",
            f"{CASCADE}?unit=nowhere",
            "/letters/4/cascade",
            f"{CASCADE}?tab=picture",
            f"{CASCADE}?tab=coverage",
            f"{CASCADE}?tab=history",
            f"{CASCADE}?tab=documents",
            "/letters/14/cascade?tab=documents",
            "/units",
            "/units?open=LG-VL",
            "/units?day=x",
            "/units/LG-VL",
            "/units/LG-VL-BD-T1",
        ),
    ),
    "city": (
        "nghi.lt",
        (
            "/",
            "/inbox",
            "/steps/6",
            "/steps/16/answer",
            sent("/steps/16/answer", {"answer_typed": "9/XX"}),
            "/letters/4",
        ),
    ),
    "registrar": (
        "man.vt",
        (
            "/",
            "/letters/import",
            sent("/letters/import"),
            uploaded(_TEXT.encode(), "sure.txt"),
            uploaded(unsure(_TEXT), "unsure.txt"),
            uploaded(unsure(_TEXT), "unsure.txt", "problems"),
            uploaded(_FIRST_FILE.read_bytes(), _FIRST_FILE.name),
            uploaded(_SAME.encode(), "same.txt"),
            draft,
            draft_to_issue,
        ),
    ),
    "administrator": (
        "tiep.hm",
        (
            "/",
            "/admin",
            "/admin?q=zzzz",
            "/admin/begin",
            "/admin/record",
            "/admin/calendar",
            sent("/admin/calendar", {"on": "x"}),
            "/admin/reminders",
            sent("/admin/reminders"),
            "/admin/import",
            sent("/admin/import"),
            "/admin/break-glass",
            sent("/admin/break-glass"),
            "/admin/users/new",
            sent("/admin/users/new", {"login": "ễ"}),
            "/admin/users/3",
            "/admin/users/1",
            sent("/admin/users/3", press=":is(form[action$='/reset'] *)"),
            "/admin/posts/3",
            sent("/admin/posts/3"),
        ),
    ),
    "first start": ("", ("/setup", sent("/setup", {"code": SETUP_CODE, "login": "ễ"}))),
}


def name_of(state: State) -> str:
    """How a state is called when it is not well."""
    return state if isinstance(state, str) else state.__name__


def go(page: Page, state: State) -> None:
    """Come to a state; everything folded in the page is opened."""
    if isinstance(state, str):
        page.goto(state)
    else:
        state(page)
    broken = page.locator("main strong").filter(has_text=re.compile("^[0-9a-f]{32}$"))
    assert (broken.count() > 0) == (state == "/fault/500"), name_of(state)
    page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
