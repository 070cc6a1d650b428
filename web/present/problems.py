"""What stands against registering a letter, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cascade.problems import Problem

_SAID = {
    "missing": _l("This was not found in the letter: type it."),
    "no_day": _l("“%(typed)s” is not a day. Write it as day/month/year, such as 27/3/2026."),
    "no_unit": _l("“%(typed)s” is no unit on the letter's day. Give its code."),
    "unknown_issuer": _l("“%(printed)s” is no unit on file: give the code of the body it is."),
    "not_yours": _l("You may not register letters of %(unit)s: only its own registry does."),
    "on_file": _l("This letter is on file already. If it is another one, correct the number."),
    "maybe_same": _l("Say whether it is another letter than the one that is much like it."),
    "duty_unit_missing": _l("Give the unit that owes this, or leave the row out."),
    "wrong_lines": _l("These lines name no unit and point of the letter: %(lines)s."),
}
_CHOOSE = {
    "unit": _l("Say which unit this name is, or leave it out."),
    "cite": _l("Several letters have this number: say which is meant."),
    "stub": _l("Say whether it is this letter."),
}


def said(problems: Iterable[Problem]) -> dict[str, str]:
    """Every problem at its field, in the order of the form."""
    return {one.field: _say(one) for one in problems}


def _say(one: Problem) -> str:
    if one.code == "choose":
        return str(_CHOOSE[one.field.partition("-")[0]])
    return str(_SAID[one.code]) % dict(one.data)


def unforeseen() -> str:
    """What to do when somebody else changed the register meanwhile."""
    return str(_("The register changed meanwhile: look at the questions below once more."))
