"""The pages through Flask's own client, on both databases."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from cascade import graph
from tests.worlds import TODAY, Office
from web.app import create_app


@pytest.fixture
def cascade(office: Office) -> dict[str, int]:
    """A directive that A answered and B did not; one task of A is done, one is not."""
    directive = office.letter("P", owe=["A", "B"], tasks=[("2", "S")])
    answer = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], implements=[directive])
    office.finish(office.step(answer, "A1", "1"), "A1", "A")
    office.letter("Q", owe=["QA"])
    return {"directive": directive, "answer": answer, "step": office.step(answer, "A2", "2")}


@pytest.fixture
def client(office: Office) -> FlaskClient:
    """A browser on this machine."""
    return create_app(office.db, sample_day=TODAY, hosts=("localhost",)).test_client()


def get(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_home_lists_directives_and_not_their_answers(
    client: FlaskClient, cascade: dict[str, int]
) -> None:
    page = get(client, "/?lang=en")
    assert f"/letters/{cascade['directive']}/cascade" in page
    assert f"/letters/{cascade['answer']}/cascade" not in page
    assert "Nothing is overdue." in page


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_tree_holds_every_letter_and_step_of_the_cascade(
    client: FlaskClient, office: Office, cascade: dict[str, int], lang: str
) -> None:
    page = get(client, f"/letters/{cascade['directive']}/cascade?lang={lang}")
    tree = page[page.index('class="tree"') : page.index('class="drawing"')]
    with office.db.read() as conn:
        found = graph.down(conn, cascade["directive"], TODAY)
    links = {f'href="/{kind}s/{node_id}"' for kind, node_id in found.graph}
    assert [link for link in links if link not in tree] == []
    assert tree.count("<li") == len(found.graph)


def test_the_picture_shows_what_the_tree_shows(
    client: FlaskClient, cascade: dict[str, int]
) -> None:
    page = get(client, f"/letters/{cascade['directive']}/cascade?lang=en")
    tree, drawing = page[: page.index('class="drawing"')], page[page.index('class="drawing"') :]
    in_drawing = set(re.findall(r'href="(/(?:letters|steps)/\d+)"', drawing))
    assert in_drawing
    assert in_drawing <= set(re.findall(r'href="(/(?:letters|steps)/\d+)"', tree))


def test_a_step_shows_its_sources_and_its_history(
    client: FlaskClient, cascade: dict[str, int]
) -> None:
    page = get(client, f"/steps/{cascade['step']}?lang=en")
    assert f'href="/letters/{cascade["directive"]}"' in page
    assert "a.sec (secretariat)" in page
    assert "15/09/2026 09:00" in page


def test_a_letter_shows_its_points_and_citations_both_ways(
    client: FlaskClient, cascade: dict[str, int]
) -> None:
    assert f'href="/letters/{cascade["answer"]}"' in get(client, f"/letters/{cascade['directive']}")
    page = get(client, f"/letters/{cascade['answer']}")
    assert f'href="/letters/{cascade["directive"]}"' in page
    assert "Point 1" in page


@pytest.mark.parametrize(
    "url", ["/letters/9999", "/letters/9999/cascade", "/steps/9999", "/nowhere"]
)
def test_what_is_not_there_is_a_friendly_404(client: FlaskClient, url: str) -> None:
    answer = client.get(url + "?lang=en")
    assert answer.status_code == 404
    assert "Not found" in answer.text


@pytest.mark.parametrize("url", ["/", "/steps/9999", "/static/cascade.css"])
def test_every_answer_forbids_scripts_frames_and_sniffing(client: FlaskClient, url: str) -> None:
    with client.get(url) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_strange_host_name_reaches_nothing(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "<" not in answer.text


def test_the_language_is_kept_once_chosen(client: FlaskClient) -> None:
    get(client, "/?lang=en")
    assert '<html lang="en">' in get(client, "/")
    assert '<html lang="vi">' in get(client, "/?lang=vi")


def test_text_from_a_letter_is_never_markup(office: Office, client: FlaskClient) -> None:
    letter = office.letter("A", tasks=[("<b>1</b><script>x</script>", "A1")])
    for url in (f"/letters/{letter}", f"/letters/{letter}/cascade"):
        page = get(client, url)
        assert "<script" not in page
        assert "<b>" not in page


def test_pages_are_well_formed(client: FlaskClient, cascade: dict[str, int]) -> None:
    for url in ("/", f"/letters/{cascade['directive']}/cascade", f"/steps/{cascade['step']}"):
        assert _unclosed(get(client, url)) == []


@pytest.mark.parametrize("size", [2, 8])
def test_a_page_asks_the_database_the_same_number_of_questions_at_any_size(
    office: Office, client: FlaskClient, size: int
) -> None:
    directive = office.letter("P", owe=["A", "B"])
    for unit in ("A", "B")[: min(size, 2)]:
        tasks = [(str(number), f"{unit}1") for number in range(size)]
        office.letter(unit, tasks=tasks, implements=[directive])
    asked: list[str] = []
    event.listen(
        office.db.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_: asked.append(statement),
    )
    get(client, f"/letters/{directive}/cascade")
    assert len([s for s in asked if s.lstrip().startswith("SELECT")]) == 4


class _Tags(HTMLParser):
    """The tags that are open, in order."""

    _EMPTY = frozenset({"meta", "link", "br", "path", "rect", "circle", "polygon", "line", "use"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


def _unclosed(page: str) -> list[str]:
    parser = _Tags()
    parser.feed(page)
    return parser.open
