"""Settings: all from the environment, read once, with defaults that work on one machine."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cascade.errors import BadInputError
from workflows.labels import Lang


@dataclass(frozen=True)
class Settings:
    """Where the register lies and how it speaks."""

    home: Path  # files and, unless CASCADE_DATABASE says otherwise, the database
    database: str  # an SQLAlchemy URL
    lang: Lang
    user: str | None
    require_totp: bool = False  # of administrators
    checkpoints_at: Path | None = None  # else in the home folder

    @property
    def files(self) -> Path:
        """The folder of the file store."""
        return self.home / "files"

    @property
    def checkpoints(self) -> Path:
        """The folder of the history's checkpoints, best on another machine's disk."""
        return self.checkpoints_at or self.home / "checkpoints"


def from_environment(home: Path | None = None) -> Settings:
    """CASCADE_HOME, CASCADE_DATABASE, CASCADE_LANG (vi or en), CASCADE_USER and others.

    CASCADE_REQUIRE_TOTP is administrators, CASCADE_CHECKPOINTS a folder. All are optional.
    """
    folder = home or Path(os.environ.get("CASCADE_HOME") or "var").absolute()
    database = os.environ.get("CASCADE_DATABASE") or f"sqlite:///{folder / 'cascade.db'}"
    user = os.environ.get("CASCADE_USER") or None
    at = os.environ.get("CASCADE_CHECKPOINTS")
    checkpoints = Path(at).absolute() if at else None
    return Settings(folder, database, _lang(), user, _require_totp(), checkpoints)


def secret_key(settings: Settings) -> str:
    """What cookies are signed with: CASCADE_SECRET_KEY, else a key made once in the home folder."""
    if given := os.environ.get("CASCADE_SECRET_KEY"):
        return given
    path = settings.home / "secret.key"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        # Made by whoever comes first; nobody but the owner may read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def _lang() -> Lang:
    asked = os.environ.get("CASCADE_LANG")
    if not asked:
        return "vi" if os.environ.get("LANG", "").startswith("vi") else "en"
    if asked not in ("vi", "en"):
        raise BadInputError(
            f"there is no language {asked!r}",
            where="CASCADE_LANG",
            remedy="Set it to vi or en.",
        )
    return "vi" if asked == "vi" else "en"


def _require_totp() -> bool:
    asked = os.environ.get("CASCADE_REQUIRE_TOTP")
    if asked in (None, "", "administrators"):
        return asked == "administrators"
    raise BadInputError(
        f"a second factor cannot be required of {asked!r}",
        where="CASCADE_REQUIRE_TOTP",
        remedy="Set it to administrators, or not at all.",
    )
