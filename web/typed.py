"""Reading what is typed about people and units: the checks several forms share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade import passwords
from cascade.passwords import LONGEST, SHORTEST, BadPasswordError
from models.queries import administration, searching, units
from models.terms import UNIT, words
from web.forms import Form

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,59}")
_SHOWN = 5
_CODE = re.compile(r"[^\s|/?#]{1,40}")


def login(form: Form, name: str = "login") -> str:
    """A user name that every keyboard can type."""
    found = form.text(name, _("Type a user name."))
    if found and not _LOGIN.fullmatch(found):
        form.problems[name] = _(
            "A user name has 2 to 60 letters without accents, digits, dots or hyphens."
        )
    return found


def password(form: Form, about: Iterable[str], name: str = "password") -> str:
    """A new password as typed: blanks count; `about` are texts about the person."""
    found = form.typed.get(name, "")
    try:
        passwords.check(found, about)
    except BadPasswordError as error:
        form.problems[name] = bad_password(error)
    return found


def bad_password(error: BadPasswordError) -> str:
    """What is wrong with a new password, and what to do."""
    told = {
        "short": _(
            "A password has at least %(least)s characters: three or four words are long enough.",
            least=SHORTEST,
        ),
        "long": _("A password has at most %(most)s characters.", most=LONGEST),
        "known": _(
            "This password is easy to guess: it is often used, or made of your name, your unit, "
            "a date or a row of keys. Take three or four words that have nothing to do with each "
            "other or with you."
        ),
    }
    return str(told[error.why])


def unit_code(form: Form, name: str = "unit_code") -> str:
    """The code of a new unit: one word, as it will stand in sheets and addresses."""
    found = form.text(name, _("Type a code for the unit."))
    if found and not _CODE.fullmatch(found):
        form.problems[name] = _("A code is one word of at most 40 characters, such as LG or UBND.")
    return found


def unit(form: Form, conn: Connection, today: date, name: str = "unit") -> int | None:
    """A unit by its code, or by words of its name when they fit one unit alone."""
    found = form.text(name, _("Type the code or the name of a unit."))
    if not found:
        return None
    unit_id = units.by_code(conn, found)
    if unit_id is not None:
        return unit_id
    ids = searching.find(conn, UNIT, words(found), limit=_SHOWN + 1)
    fitting = searching.units(conn, ids, today)
    if len(fitting) == 1:
        return fitting[0].id
    if fitting:
        names = "; ".join(f"{row.code}: {row.name}" for row in fitting[:_SHOWN])
        form.problems[name] = _("Several units fit. Type the code: %(names)s", names=names)
    else:
        form.problems[name] = _("No unit has this code or name.")
    return None


def person(form: Form, conn: Connection, name: str) -> int | None:
    """A person by the user name, or by words of the full name when they fit one alone."""
    found = form.text(name, _("Type the user name of a person."))
    if not found:
        return None
    known = administration.user_by_login(conn, found)
    if known is not None:
        return known.id
    fitting = administration.users(conn, asked=found, limit=_SHOWN + 1) if words(found) else []
    if len(fitting) == 1:
        return fitting[0].id
    if fitting:
        names = "; ".join(f"{row.login}: {row.name}" for row in fitting[:_SHOWN])
        form.problems[name] = _("Several people fit. Type the user name: %(names)s", names=names)
    else:
        form.problems[name] = _("Nobody has this user name or name.")
    return None
