"""The guides tell of the pages as they are: names, pictures and links, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.web.conftest import Browser
from web.pages.help import DOCS, GUIDES
from workflows.labels import Lang

WEB = Path(__file__).parents[2] / "web"
ALL = [(name, lang) for name in GUIDES for lang in ("vi", "en")]
each = pytest.mark.parametrize(("name", "lang"), ALL)


def guide(name: str, lang: str) -> str:
    """A guide as written."""
    return (DOCS / "guide" / f"{name}.{lang}.md").read_text("utf-8")


def named(text: str) -> set[str]:
    """What a guide calls by its name on a page: all that is bold."""
    return set(re.findall(r"\*\*([^*]+)\*\*", text))


def headings(text: str) -> list[int]:
    """The levels of the headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """Every sentence of the pages, with its Vietnamese."""
    method = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(WEB, method, keywords={"_": None, "_l": None, "gettext": None})
    english = {str(message) for _file, _line, message, *_ in found}
    with (WEB / "translations/vi/LC_MESSAGES/messages.po").open("rb") as file:
        translated = {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
    return {text: translated.get(text, "") for text in english}


@pytest.mark.parametrize("name", list(GUIDES))
def test_what_a_guide_names_stands_on_a_page(name: str, said: dict[str, str]) -> None:
    names = named(guide(name, "en"))
    assert len(names) > 10
    assert sorted(names - set(said)) == []


@pytest.mark.parametrize("name", list(GUIDES))
def test_the_vietnamese_guide_names_the_same_in_vietnamese(name: str, said: dict[str, str]) -> None:
    assert named(guide(name, "vi")) == {said[text] for text in named(guide(name, "en"))}


@pytest.mark.parametrize("name", list(GUIDES))
def test_both_languages_have_the_same_parts(name: str) -> None:
    vietnamese, english = guide(name, "vi"), guide(name, "en")
    assert headings(vietnamese) == headings(english)
    assert headings(english).count(1) == 1
    for part in (r"^\d\. ", r"^- ", r"^\|", r"^!\["):
        assert len(re.findall(part, vietnamese, re.MULTILINE)) == len(
            re.findall(part, english, re.MULTILINE)
        ), part


@each
def test_the_pictures_of_a_guide_are_there_in_its_language_and_described(
    name: str, lang: Lang
) -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", guide(name, lang))
    assert pictures
    for words, path in pictures:
        assert len(words) > 20
        assert path.endswith(f".{lang}.png")
        assert (DOCS / "guide" / path).is_file(), path


def test_every_picture_is_used() -> None:
    used = {path for one in ALL for path in re.findall(r"images/([\w.]+)", guide(*one))}
    used |= set(re.findall(r"images/([\w.]+)", (DOCS.parent / "README.md").read_text("utf-8")))
    assert {path.name for path in (DOCS / "images").glob("*.png")} - used == set()


def test_the_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images").glob("*.png")}
    assert len(sizes) > 10
    assert max(sizes.values()) < 200_000, sizes
    assert sum(sizes.values()) < 2_500_000


@each
def test_help_shows_the_guide_with_its_pictures(name: str, lang: Lang, stranger: Browser) -> None:
    page = stranger.get(f"/help/{name}?lang={lang}")
    title = re.search(r"^# (.*)", guide(name, lang), re.MULTILINE)
    assert title
    assert page.count("<h1>") == 1
    assert f"<h1>{title[1]}</h1>" in page
    pictures = re.findall(r'<img src="\.\.(/images/[^"]+)" alt="[^"]', page)
    assert len(pictures) == guide(name, lang).count("![")
    for path in pictures:
        with stranger.client.get(path) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_help_lists_every_guide_and_unknown_ones_are_not_found(stranger: Browser) -> None:
    page = stranger.get("/help")
    assert all(f'href="/help/{name}"' in page for name in GUIDES)
    stranger.get("/help/nobody", status=404)
    stranger.get("/images/nothing.png", status=404)
    stranger.get("/images/../guide/clerk.en.md", status=404)


@pytest.mark.parametrize(
    ("login", "page", "leads_to"),
    [
        ("a.staff", "/inbox", "/help/clerk"),
        ("a.sec", "/board", "/help/secretary"),
        ("a.sec", "/letters", "/help/secretary"),
        ("a.staff", "/units", "/help"),
    ],
)
def test_help_on_a_page_is_the_guide_for_its_work(
    login: str, page: str, leads_to: str, browser_of: Callable[[str], Browser]
) -> None:
    assert f'href="{leads_to}">Help</a>' in browser_of(login).get(page)
