"""Settings come from the environment or one file; each is listed, none is mistyped unseen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cascade import config, settings
from cascade.errors import BadInputError

ROOT = Path(__file__).resolve().parents[2]
READ = {
    name
    for room in ("cascade", "web", "models")
    for path in (ROOT / room).rglob("*.py")
    if path != Path(settings.__file__)  # which only lists them
    for name in re.findall(r"\bCASCADE_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of ours in the environment, before or after."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("CASCADE_")}
    for name in kept:
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "_from_file", set())
    yield
    for name in [one for one in os.environ if one.startswith("CASCADE_")]:
        del os.environ[name]
    os.environ.update(kept)


def written(folder: Path, text: str) -> Path:
    """A file of settings, named by CASCADE_CONFIG."""
    path = folder / "cascade.env"
    path.write_text(text, encoding="utf-8")
    os.environ[settings.FILE] = str(path)
    return path


def test_every_setting_the_program_names_is_listed() -> None:
    assert {setting.name for setting in settings.SETTINGS} == READ | {settings.FILE}


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ({}, ""),
        ({"CASCADE_URL": "https://cascade.example/"}, "https://cascade.example"),
        ({"CASCADE_URL": "http://10.0.0.5:8080"}, "http://10.0.0.5:8080"),
        ({"CASCADE_HOSTS": "a.example,b.example", "CASCADE_HTTPS": "1"}, "https://a.example"),
        ({"CASCADE_HOSTS": "a.example"}, ""),
        ({"CASCADE_URL": "https://c.example", "CASCADE_HTTPS": "1"}, "https://c.example"),
        ({"CASCADE_URL": "cascade.example"}, None),
        ({"CASCADE_URL": "javascript:alert(1)"}, None),
        ({"CASCADE_URL": "https://a@b.example"}, None),
        ({"CASCADE_URL": "https://b.example/pages?x=1"}, None),
        ({"CASCADE_URL": "https://[b.example"}, None),
    ],
)
def test_mails_lead_to_the_address_that_is_set(
    bare: None, said: dict[str, str], url: str | None
) -> None:
    assert bare is None
    os.environ.update(said)
    if url is None:
        with pytest.raises(BadInputError) as refused:
            config.from_environment()
        assert refused.value.where == "CASCADE_URL"
    else:
        assert config.from_environment().server.url == url


def test_the_environment_wins_over_the_file(
    bare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bare is None
    monkeypatch.setenv("CASCADE_LANG", "vi")
    said = "# ours\n\nCASCADE_LANG=en\nCASCADE_USER = 'hang.nt'\nPOSTGRES_PASSWORD=x\n"
    written(tmp_path, said + "CASCADE_SECRET_KEY=hidden\n")
    settings.load()
    found = config.from_environment()
    assert (found.lang, found.user) == ("vi", "hang.nt")
    assert "POSTGRES_PASSWORD" not in os.environ
    told = {line.name: (line.value, line.source) for line in settings.now()}
    assert told["CASCADE_LANG"] == ("vi", "environment")
    assert told["CASCADE_USER"] == ("hang.nt", "file")
    assert told["CASCADE_SECRET_KEY"] == ("(secret)", "file")
    assert told["CASCADE_HTTPS"] == ("0", "default")


# a file → what is said of it
WRONG = {
    "CASCADE_HOME\n": "line 1: 'CASCADE_HOME' is no NAME=VALUE",
    "\nCASCADE_HOM=/x\n": "line 2: there is no setting CASCADE_HOM\n  → Did you mean CASCADE_HOME?",
    "CASCADE_SOMETHING=1\n": "there is no setting CASCADE_SOMETHING\n  → cascade config",
    "CASCADE_CONFIG=/y\n": "there is no setting CASCADE_CONFIG",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistyped_file_is_told_by_line(bare: None, tmp_path: Path, text: str) -> None:
    assert bare is None
    written(tmp_path, text)
    with pytest.raises(BadInputError) as told:
        settings.load()
    assert WRONG[text] in str(told.value)


def test_a_file_that_is_not_there_is_told(bare: None, tmp_path: Path) -> None:
    assert bare is None
    os.environ[settings.FILE] = str(tmp_path / "none.env")
    with pytest.raises(BadInputError, match=r"none\.env: cannot be read"):
        settings.load()


# setting → (value, what of the server's settings it makes), None where it is refused
SERVER = {
    ("CASCADE_HOSTS", "a.vn, b.vn ,"): ("hosts", ("a.vn", "b.vn")),
    ("CASCADE_HTTPS", "1"): ("is_https", True),
    ("CASCADE_HTTPS", "yes"): None,
    ("CASCADE_PROXIES", "2"): ("proxies", 2),
    ("CASCADE_PROXIES", "-1"): None,
    ("CASCADE_PROXIES", "many"): None,
    ("CASCADE_LOG", "lines"): ("log", "lines"),
    ("CASCADE_LOG", "loud"): None,
}


@pytest.mark.parametrize(("name", "value"), SERVER)
def test_how_the_pages_stand_in_the_network(bare: None, name: str, value: str) -> None:
    assert bare is None
    os.environ[name] = value
    wanted = SERVER[name, value]
    if wanted is None:
        with pytest.raises(BadInputError, match=name):
            config.from_environment()
        return
    assert getattr(config.from_environment().server, wanted[0]) == wanted[1]
