"""The rules of form in force on a letter's day, and where a letter departs from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from cascade.intake.head import MOTTO, Head
from cascade.intake.lines import Sheet
from cascade.intake.reading import Reading
from cascade.intake.rules import any_of
from cascade.intake.text import fold


class Profile(NamedTuple):
    """What one set of rules fixes about a letter's form, and from which day."""

    name: str
    form: str  # state or party
    since: date
    source: str
    number_word: str  # as printed before the number
    joint: str  # between number and symbol
    capacities: tuple[str, ...]
    title: str  # printed at the head's right


_STATE_MARKS = ("TM.", "KT.", "TL.", "TUQ.", "Q.")
_PARTY_MARKS = ("T/M", "K/T", "T/L")
_STATE_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_PARTY_TITLE = "ĐẢNG CỘNG SẢN VIỆT NAM"

# fmt: off
PROFILES = (
    Profile("state-30-2020", "state", date(2020, 3, 5), "Decree 30/2020, Annex I",
            "Số:", "/", _STATE_MARKS, _STATE_TITLE),
    Profile("party-36-2018", "party", date(2018, 1, 1), "36-HD/VPTW",
            "Số", "-", _PARTY_MARKS, _PARTY_TITLE),
    # Whether it changes any of these four is unconfirmed; they stand as before.
    Profile("party-399-2026", "party", date(2026, 1, 9), "399-QĐ/TW",
            "Số", "-", _PARTY_MARKS, _PARTY_TITLE),
)
# fmt: on

_NUMBER_WORD = re.compile(r"\bso\s*(?P<colon>:?)\s*$")
_MARK = re.compile(r"(?:^|\s)(?P<mark>(?:TM|KT|TL|TUQ|Q)\s?[.,]|[TK]/[ML]\.?|K/T\.?)(?=\s|$)")


def profile_of(form: str, dated: date | None) -> Profile | None:
    """The rules in force for a form on a day; None before the first or without a day."""
    fitting = [one for one in PROFILES if dated and one.form == form and one.since <= dated]
    return max(fitting, key=lambda one: one.since, default=None)


def oddities(profile: Profile, reading: Reading, sheet: Sheet, head: Head) -> tuple[str, ...]:
    """Where the letter departs from its profile, for a person to know; none is an error."""
    return tuple(
        f"{what} ({profile.name})"
        for what in (
            *_number_oddities(profile, reading, sheet),
            *_capacity_oddities(profile, reading),
            *_title_oddities(profile, head),
        )
    )


def _number_oddities(profile: Profile, reading: Reading, sheet: Sheet) -> Iterator[str]:
    number, symbol = reading.number, reading.symbol
    if number is None or symbol is None:
        return
    word = _NUMBER_WORD.search(sheet.folded[max(0, number.start - 8) : number.start])
    wanted = profile.number_word.endswith(":")
    if word and bool(word["colon"]) != wanted:
        yield "no colon after Số" if wanted else "a colon after Số"
    joint = "".join(sheet.text[number.end : number.end + 3].split())[:1]
    if joint in ("/", "-") and joint != profile.joint:
        yield f"number and symbol joined by {joint} and not by {profile.joint}"


def _capacity_oddities(profile: Profile, reading: Reading) -> Iterator[str]:
    printed = reading.signer_capacity.value if reading.signer_capacity else ""
    for match in _MARK.finditer(printed):
        mark = match["mark"].replace(" ", "").replace(",", ".")
        if mark.rstrip(".") not in [known.rstrip(".") for known in profile.capacities]:
            yield f"signed {mark}, a mark of another form"


def _title_oddities(profile: Profile, head: Head) -> Iterator[str]:
    titles = " ".join(cell.folded for _, cell in head.cells)
    if fold(profile.title) not in titles and not any_of(MOTTO).search(titles):
        yield f"no {profile.title} at the head"
