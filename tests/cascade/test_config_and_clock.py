"""Settings from the environment, and the office's day."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import pytest

from cascade import clock, config
from cascade.config import Settings, from_environment
from cascade.errors import BadInputError

HERE = Path.cwd() / "var"
LOCAL = f"sqlite:///{HERE / 'cascade.db'}"
SERVER = "postgresql+psycopg://cascade@db/cascade"
NAMES = (
    "CASCADE_CHECKPOINTS",
    *("CASCADE_HOME", "CASCADE_DATABASE", "CASCADE_LANG", "CASCADE_USER"),
    *("CASCADE_REQUIRE_TOTP", "LANG"),
)


def said(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, Settings(HERE, LOCAL, "en", None)),
        (dict.fromkeys(NAMES, ""), Settings(HERE, LOCAL, "en", None)),
        ({"CASCADE_HOME": "/srv"}, Settings(Path("/srv"), "sqlite:////srv/cascade.db", "en", None)),
        ({"CASCADE_HOME": "var"}, Settings(HERE, LOCAL, "en", None)),
        ({"CASCADE_DATABASE": SERVER}, Settings(HERE, SERVER, "en", None)),
        ({"CASCADE_LANG": "vi"}, Settings(HERE, LOCAL, "vi", None)),
        (
            {"CASCADE_CHECKPOINTS": "/mnt/other"},
            Settings(HERE, LOCAL, "en", None, checkpoints_at=Path("/mnt/other")),
        ),
        ({"LANG": "vi_VN.UTF-8"}, Settings(HERE, LOCAL, "vi", None)),
        ({"LANG": "C.UTF-8"}, Settings(HERE, LOCAL, "en", None)),
        ({"LANG": "vi_VN.UTF-8", "CASCADE_LANG": "en"}, Settings(HERE, LOCAL, "en", None)),
        ({"LANG": "vi_VN.UTF-8", "CASCADE_LANG": ""}, Settings(HERE, LOCAL, "vi", None)),
        ({"CASCADE_USER": "hang.nt"}, Settings(HERE, LOCAL, "en", "hang.nt")),
        ({"CASCADE_REQUIRE_TOTP": "administrators"}, Settings(HERE, LOCAL, "en", None, True)),
    ],
)  # fmt: skip
def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], wanted: Settings
) -> None:
    said(monkeypatch, values)
    found = from_environment()
    assert found == wanted
    assert found.files == wanted.home / "files"


def test_a_home_that_is_given_comes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said(monkeypatch, {"CASCADE_HOME": "/srv/c"})
    found = from_environment(tmp_path)
    assert (found.home, found.database) == (tmp_path, f"sqlite:///{tmp_path / 'cascade.db'}")


@pytest.mark.parametrize("asked", ["everybody", "1", "Administrators", "administrators "])
def test_a_second_factor_is_required_of_administrators_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    said(monkeypatch, {"CASCADE_REQUIRE_TOTP": asked})
    with pytest.raises(BadInputError, match="CASCADE_REQUIRE_TOTP") as refused:
        from_environment()
    assert refused.value.remedy


@pytest.mark.parametrize("lang", ["fr", "VI", "vi_VN", " en"])
def test_a_language_that_is_not_spoken_is_refused(
    monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    said(monkeypatch, {"CASCADE_LANG": lang})
    with pytest.raises(BadInputError, match="there is no language") as refused:
        from_environment()
    assert refused.value.where == "CASCADE_LANG"
    assert refused.value.remedy == "Set it to vi or en."


def test_every_setting_is_named_where_they_are_read() -> None:
    for name in NAMES[:-1]:
        assert name in (config.from_environment.__doc__ or "")


@pytest.mark.parametrize(
    ("at", "today"),
    [
        (datetime(2026, 9, 14, 16, 59, 59, tzinfo=UTC), date(2026, 9, 14)),
        (datetime(2026, 9, 14, 17, 0, 0, tzinfo=UTC), date(2026, 9, 15)),
        (datetime(2026, 9, 14, 23, 59, 59, tzinfo=UTC), date(2026, 9, 15)),
        (datetime(2026, 9, 15, 0, 0, 0, tzinfo=UTC), date(2026, 9, 15)),
        (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_office_day_turns_at_its_own_midnight(
    monkeypatch: pytest.MonkeyPatch, at: datetime, today: date
) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Stopped:
            assert tz is UTC
            return cls.fromtimestamp(at.timestamp(), tz)

    monkeypatch.setattr(clock, "datetime", Stopped)
    moment = clock.now()
    assert (moment.at, moment.today) == (at, today)


def test_another_day_begins_at_nine_in_the_office() -> None:
    moment = clock.on(date(2024, 10, 4))
    assert moment.at == datetime(2024, 10, 4, 2, tzinfo=UTC)
    assert moment.today == date(2024, 10, 4)
    assert moment.at.astimezone(clock.OFFICE).date() == moment.today
