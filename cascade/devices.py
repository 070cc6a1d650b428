"""Devices: how a session's is called in two words, and the mark of one that signed in before."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import date, timedelta
from typing import NamedTuple

from cascade import keyring

LASTS = timedelta(days=365)
_PURPOSE = "known device"
# The first that fits: browsers call themselves by the names of those they came from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_MARK = re.compile(r"([\w-]{22})\.(\d{1,7})\.([\w-]{43})", re.ASCII)


class Device(NamedTuple):
    """What a sign-in comes from: in two words, and its number if the person used it before."""

    words: str = ""
    known: str = ""


def in_words(agent: str) -> str:
    """Browser and system of a User-Agent header, such as "Firefox, Windows"; nothing for others."""
    found = (
        next((name for part, name in table if part in agent), "") for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def mark(key: str, login: str, today: date, known: str = "") -> str:
    """What a device shows the next time, signed for this login alone; it signs nobody in."""
    number = known or secrets.token_urlsafe(16)
    return f"{number}.{today.toordinal()}.{_signature(key, login, number, today.toordinal())}"


def known(key: str, login: str, shown: str, today: date) -> str:
    """The number of a device that signed in as `login` before; nothing if the mark is not ours."""
    found = _MARK.fullmatch(shown)
    if found is None:
        return ""
    number, day, signature = found.groups()
    is_ours = hmac.compare_digest(signature, _signature(key, login, number, int(day)))
    is_fresh = 0 <= today.toordinal() - int(day) <= LASTS.days
    return number if is_ours and is_fresh else ""


def _signature(key: str, login: str, number: str, day: int) -> str:
    said = "\0".join((login, number, str(day))).encode()
    made = hmac.digest(keyring.derived(key, _PURPOSE), said, "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
