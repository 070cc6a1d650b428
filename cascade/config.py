"""Settings: all from the environment, read once, with defaults that work on one machine."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cascade.errors import BadInputError
from cascade.logs import Form
from workflows.labels import Lang


@dataclass(frozen=True)
class ProviderSettings:
    """Who signs people in beside us, by OpenID Connect, and as whom we ask."""

    issuer: str  # as its discovery document names it, letter by letter
    client_id: str
    client_secret: str = field(repr=False)
    name: str  # what the button says


@dataclass(frozen=True)
class ServerSettings:
    """How the pages stand in the network, for a server of several processes."""

    hosts: tuple[str, ...] = ("localhost",)  # names they answer to
    is_https: bool = False
    proxies: int = 0  # that stand before them and say who asked
    metrics_token: str = field(default="", repr=False)
    log: Form = "text"
    url: str = ""  # where people find them, without a slash at its end; empty: not known


@dataclass(frozen=True)
class Settings:
    """Where the register lies and how it speaks."""

    home: Path  # files and, unless CASCADE_DATABASE says otherwise, the database
    database: str  # an SQLAlchemy URL
    lang: Lang
    user: str | None
    require_totp: bool = False  # of administrators
    checkpoints_at: Path | None = None  # else in the home folder
    provider: ProviderSettings | None = None  # nobody is signed in elsewhere without one
    server: ServerSettings = field(default_factory=lambda: ServerSettings())

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

    CASCADE_REQUIRE_TOTP is administrators, CASCADE_CHECKPOINTS a folder. CASCADE_OIDC_ISSUER,
    _CLIENT_ID, _CLIENT_SECRET (or _SECRET_FILE) and _NAME belong together. All are optional.
    """
    folder = home or Path(os.environ.get("CASCADE_HOME") or "var").absolute()
    database = os.environ.get("CASCADE_DATABASE") or f"sqlite:///{folder / 'cascade.db'}"
    user = os.environ.get("CASCADE_USER") or None
    at = os.environ.get("CASCADE_CHECKPOINTS")
    checkpoints = Path(at).absolute() if at else None
    return Settings(
        folder,
        database,
        _lang(),
        user,
        _require_totp(),
        checkpoints,
        _provider(),
        _server(),
    )


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


def is_safe(url: str) -> bool:
    """Whether what is sent to an address is read by nobody on the way: HTTPS, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_plain = bool(host) and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        return False
    return is_plain and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


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


def _provider() -> ProviderSettings | None:
    issuer = os.environ.get("CASCADE_OIDC_ISSUER", "")
    client = os.environ.get("CASCADE_OIDC_CLIENT_ID", "")
    secret = os.environ.get("CASCADE_OIDC_CLIENT_SECRET", "")
    file = os.environ.get("CASCADE_OIDC_SECRET_FILE", "")
    name = os.environ.get("CASCADE_OIDC_NAME", "")
    if not any((issuer, client, secret, file, name)):
        return None
    secret = secret or (_secret_in(Path(file)) if file else "")
    said = {"ISSUER": issuer, "CLIENT_ID": client, "CLIENT_SECRET": secret}
    for part, value in said.items():
        if not value:
            raise BadInputError(
                "sign-in elsewhere is set by halves",
                where=f"CASCADE_OIDC_{part}",
                remedy="Set CASCADE_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET (or _SECRET_FILE), "
                "or none of them.",
            )
    if not is_safe(issuer) or "?" in issuer:
        raise BadInputError(
            f"{issuer!r} is no address of a provider",
            where="CASCADE_OIDC_ISSUER",
            remedy="Give the issuer as the provider names itself; it begins with https://",
        )
    return ProviderSettings(issuer, client, secret, name or urlsplit(issuer).hostname or issuer)


def _server() -> ServerSettings:
    hosts = os.environ.get("CASCADE_HOSTS") or "localhost"
    said = os.environ.get("CASCADE_HTTPS") or "0"
    proxies = os.environ.get("CASCADE_PROXIES") or "0"
    form = os.environ.get("CASCADE_LOG") or "text"
    names = tuple(filter(None, (host.strip() for host in hosts.split(","))))
    is_https = _one_of("CASCADE_HTTPS", said, ("0", "1")) == "1"
    return ServerSettings(
        names,
        is_https,
        int(_one_of("CASCADE_PROXIES", proxies, ("0", "1", "2", "3"))),
        os.environ.get("CASCADE_METRICS_TOKEN") or "",
        "lines" if _one_of("CASCADE_LOG", form, ("text", "lines")) == "lines" else "text",
        _url() or (f"https://{names[0]}" if is_https and names else ""),
    )


def _url() -> str:
    said = os.environ.get("CASCADE_URL") or ""
    try:
        parts = urlsplit(said)
        is_one = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
        is_one = is_one and not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        is_one = False
    if said and not is_one:
        raise BadInputError(
            f"{said!r} is no address of the pages",
            where="CASCADE_URL",
            remedy="Give it as people type it, such as https://cascade.example",
        )
    return said.rstrip("/")


def _one_of(name: str, said: str, known: tuple[str, ...]) -> str:
    if said not in known:
        raise BadInputError(
            f"{said!r} is none of {', '.join(known)}", where=name, remedy="Choose one of them."
        )
    return said


def _secret_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            f"{path} cannot be read",
            where="CASCADE_OIDC_SECRET_FILE",
            remedy="Let the file hold the client's secret and nothing else.",
        ) from error
