"""Every setting: what it is for, what it is now, where from; and the one file they may lie in."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from cascade.errors import BadInputError, UnreadableFileError

FILE = "CASCADE_CONFIG"


class Setting(NamedTuple):
    """One setting."""

    name: str
    what: str
    unless: str = ""  # what holds while it is not set
    is_secret: bool = False


class Line(NamedTuple):
    """A setting as it is now."""

    name: str
    value: str
    source: str  # environment, file, or default
    what: str


SETTINGS = (
    Setting(FILE, "a file with NAME=VALUE lines; the environment wins over it", "none"),
    Setting("CASCADE_HOME", "folder of the register, its files and keys", "./var"),
    Setting(
        "CASCADE_DATABASE",
        "an SQLAlchemy URL, such as postgresql+psycopg://user@host/cascade",
        "SQLite in the home folder",
    ),
    Setting("CASCADE_LANG", "language of the commands and mails: vi or en", "as the system's"),
    Setting("CASCADE_USER", "who acts in commands without --as", "nobody"),
    Setting("CASCADE_SECRET_KEY", "what signs cookies", "made once, secret.key", is_secret=True),
    Setting("CASCADE_REQUIRE_TOTP", "administrators: they need a second factor", "nobody"),
    Setting("CASCADE_CHECKPOINTS", "folder of the history's checkpoints", "in the home folder"),
    Setting("CASCADE_OIDC_ISSUER", "who signs people in beside us, by OpenID Connect", "nobody"),
    Setting("CASCADE_OIDC_CLIENT_ID", "as whom we ask there"),
    Setting("CASCADE_OIDC_CLIENT_SECRET", "and our secret", is_secret=True),
    Setting("CASCADE_OIDC_SECRET_FILE", "or a file with it"),
    Setting("CASCADE_OIDC_NAME", "what the button says", "the issuer's host"),
    Setting(
        "CASCADE_BEFORE",
        "whether “before a day” leaves that day out: excludes, includes",
        "excludes",
    ),
    Setting("CASCADE_ROLL", "a counted day that is off: forward, back, none", "forward"),
    Setting("CASCADE_ROLL_NAMED", "a named day that is off: forward, back, none", "none"),
    Setting(
        "CASCADE_URL", "the address of the pages, for links in mails", "the first host, if HTTPS"
    ),
    Setting("CASCADE_SMTP_HOST", "the mail server", "no mail is sent"),
    Setting("CASCADE_SMTP_PORT", "its port", "587, 465 or 25, by CASCADE_SMTP_TLS"),
    Setting("CASCADE_SMTP_TLS", "starttls, implicit or none", "starttls"),
    Setting("CASCADE_SMTP_USER", "who signs in there", "nobody"),
    Setting("CASCADE_SMTP_PASSWORD", "and the password", is_secret=True),
    Setting("CASCADE_SMTP_PASSWORD_FILE", "or a file with it"),
    Setting("CASCADE_SMTP_FROM", "the sender's address"),
    Setting("CASCADE_WEBHOOKS", "a file that says where events go", "nowhere"),
    Setting("CASCADE_HOSTS", "names the pages answer to, by commas", "localhost"),
    Setting("CASCADE_HTTPS", "1: people come over HTTPS", "0"),
    Setting("CASCADE_PROXIES", "how many reverse proxies stand before the pages", "0"),
    Setting("CASCADE_METRICS_TOKEN", "what opens /metrics", "no /metrics", is_secret=True),
    Setting("CASCADE_LOG", "text, or lines: one JSON object a line", "text"),
    Setting("CASCADE_DEBUG", "1: commands show where a fault happened", "0"),
)
_NAMES = {setting.name: setting for setting in SETTINGS}
_from_file: set[str] = set()


def load() -> None:
    """Take what the environment leaves open from the file that CASCADE_CONFIG names, if any.

    Raises BadInputError for a line that is none and for a setting there is not.
    """
    if given := os.environ.get(FILE):
        for name, value in read(Path(given)).items():
            if name not in os.environ:
                os.environ[name] = value
                _from_file.add(name)


def read(path: Path) -> dict[str, str]:
    """The settings in a file; those of other programs are passed over."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableFileError.of(error, path) from error
    except UnicodeDecodeError as error:
        raise BadInputError("it is not text in UTF-8", where=str(path)) from error
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        name, sign, value = said.partition("=")
        name, where = name.strip(), f"{path}, line {number}"
        if not sign:
            raise BadInputError(f"{said!r} is no NAME=VALUE", where=where)
        if name.startswith("CASCADE_"):
            _check(name, where)
            found[name] = _unquoted(value.strip())
    return found


def now() -> list[Line]:
    """Every setting as it is, secrets hidden."""
    return [
        Line(
            one.name,
            ("(secret)" if one.is_secret else os.environ[one.name])
            if os.environ.get(one.name)
            else one.unless,
            _source(one.name),
            one.what,
        )
        for one in SETTINGS
    ]


def _source(name: str) -> str:
    if not os.environ.get(name):
        return "default"
    return "file" if name in _from_file else "environment"


def _check(name: str, where: str) -> None:
    if name in _NAMES and name != FILE:
        return
    near = get_close_matches(name, _NAMES, 1, 0.8)
    hint = f"Did you mean {near[0]}? " if near and name != FILE else ""
    raise BadInputError(
        f"there is no setting {name}", where=where, remedy=f"{hint}cascade config lists them all."
    )


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
