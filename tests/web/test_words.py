"""Every sentence of the pages stands in the Vietnamese catalogue, and the catalogue is compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "web"
CATALOGUE = WEB / "translations" / "vi" / "LC_MESSAGES"
_PLACE = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every sentence the pages mark for translation."""
    method = [("**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {"_": None, "_l": None, "gettext": None}
    found = extract_from_dir(WEB, method, keywords=keywords)
    return {str(message) for _file, _line, message, *_ in found}


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    """The catalogue as written."""
    with (CATALOGUE / "messages.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def test_nothing_is_left_untranslated(said: set[str], translated: dict[str, str]) -> None:
    assert len(said) > 100
    assert sorted(text for text in said if not translated.get(text)) == []


def test_nothing_is_translated_that_nobody_says(said: set[str], translated: dict[str, str]) -> None:
    assert sorted(set(translated) - said) == []


def test_a_translation_has_the_places_of_its_original(translated: dict[str, str]) -> None:
    wrong = [
        text
        for text, other in translated.items()
        if set(_PLACE.findall(text)) != set(_PLACE.findall(other))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one(translated: dict[str, str]) -> None:
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert [text for text, other in translated.items() if compiled.gettext(text) != other] == []
