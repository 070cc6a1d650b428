"""Finding letters, duties and units by words without accents, and by number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import terms
from models.queries import searching
from tests.web.conftest import Browser, opening, statements
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Phòng, chống bão số 05", ["phong", "chong", "bao", "so", "5"]),
        ("3158/UBND-NN", ["3158", "ubnd", "nn"]),
        ("Điện Đường", ["dien", "duong"]),
        ("bão Bão BAO", ["bao"]),
        ("bão", ["bao"]),  # accents typed apart
        ("000", ["0"]),
        ("_%*'\";--", []),
    ],
)
def test_words_are_compared_without_accents_capitals_and_leading_zeros(
    text: str, words: list[str]
) -> None:
    assert terms.words(text) == words


@pytest.fixture
def letters(office: Office) -> dict[str, int]:
    """Letters by topic, and a unit with a name of its own."""
    made = {}
    for number, (topic, subject) in enumerate(
        [
            ("storm", "Phòng, chống bão số 5"),
            ("fire", "Phòng cháy, chữa cháy rừng"),
            ("school", "Chuẩn bị năm học mới"),
        ],
        start=3158,
    ):
        made[topic] = office.draft("A", tasks=[("1", "A1")], number=str(number), subject=subject)
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bao", ["storm"]),
        ("bão", ["storm"]),
        ("phong", ["fire", "storm"]),
        ("phong bao", ["storm"]),
        ("chay rung", ["fire"]),
        ("3159", ["fire"]),
        ("03159/UBND-A", ["fire"]),
        ("chu", ["school", "fire"]),  # chuẩn, chữa: what begins so
        ("bao rung", []),
        ("zzz", []),
    ],
)
def test_a_letter_is_found_by_all_of_the_words(
    office: Office, letters: dict[str, int], asked: str, found: list[str]
) -> None:
    with office.db.read() as conn:
        ids = searching.find(conn, terms.LETTER, terms.words(asked))
    assert sorted(ids) == sorted(letters[topic] for topic in found)


def test_the_newest_comes_first_and_pages_hold_each_once(office: Office) -> None:
    made = [office.draft("A", subject=f"Lũ quét {at}") for at in range(7)]
    seen: list[int] = []
    with office.db.read() as conn:
        while page := searching.find(
            conn, terms.LETTER, ["lu"], before=seen[-1] if seen else None, limit=3
        ):
            seen += page
    assert seen == made[::-1]


def test_the_page_names_letters_duties_and_units(
    office: Office, browser_of: BrowserOf, letters: dict[str, int]
) -> None:
    step = office.step(office.letter("A", tasks=[("7", "A1")], number="900"), "A1", "7")
    page = browser_of("a.staff").get("/search?q=bao")
    assert f'href="/letters/{letters["storm"]}"' in page
    assert f'href="/letters/{letters["fire"]}"' not in page
    duties = browser_of("a.staff").get("/search?q=point+7")
    assert f'href="/steps/{step}"' in duties
    units = browser_of("a.staff").get("/search?q=body+aw1")
    assert 'href="/units/AW1"' in units


@pytest.mark.parametrize(("asked", "place"), [("S12", "/steps/12"), (" l3 ", "/letters/3")])
def test_a_step_or_letter_named_by_its_number_is_opened_at_once(
    browser_of: BrowserOf, asked: str, place: str
) -> None:
    answer = browser_of("a.staff").client.get("/search", query_string={"q": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, place)


def test_what_was_searched_is_never_markup(browser_of: BrowserOf) -> None:
    page = browser_of("a.staff").get("/search?q=%3Cscript%3Ex%3C/script%3E")
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_stub_is_found_and_the_real_letter_by_its_own_words(office: Office) -> None:
    office.draft("A", cites=[("B", "777")])
    with office.db.read() as conn:
        (stub,) = searching.find(conn, terms.LETTER, ["777"])
    real = office.draft("B", number="777", subject="Tiêm chủng mở rộng")
    assert real == stub
    with office.db.read() as conn:
        assert searching.find(conn, terms.LETTER, ["tiem"]) == [real]


@pytest.mark.parametrize("size", [1, 15])
def test_a_search_asks_the_same_number_of_questions_at_any_size(
    office: Office, browser_of: BrowserOf, size: int
) -> None:
    for at in range(size):
        office.draft("A", tasks=[("1", "A1")], subject=f"Bão số {at}")
    browser = browser_of("a.staff")
    browser.get("/search?q=bao")
    asked = statements(office.db)
    browser.get("/search?q=bao")
    needed = [said for said in asked if said.lstrip().startswith("SELECT")]
    sight = [said for said in opening(office, "a.staff") if said.lstrip().startswith("SELECT")]
    assert len(needed) - len(sight) == 14
