"""The moves a person may make with a letter: which, by what form, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cascade.clock import Moment
from cascade.errors import BadInputError, CycleError
from cascade.stages import stages
from models.database import Database
from web.refusals import tellable
from workflows.facts import Fate
from workflows.labels import Lang, explain
from workflows.refusals import Refusal

Row = dict[str, Any]
# What a form can supply, and the field that does.
CURED = {
    "reason_missing": "note",
    "reason_missing_while_open": "note",
    "fate_missing": "fate",
    "fate_carry_needs_replacement": "fate",
    "replacement_missing": "replacement",
    "until_missing": "until",
    "series_missing": "series",
    "not_in_stages": "note",
}
TITLES = {
    "issue": _l("Issue this letter"),
    "close": _l("Close this letter"),
    "withdraw": _l("Withdraw this letter"),
    "supersede": _l("Replace this letter by another"),
    "reopen": _l("Open this letter again"),
    "amend": _l("Note an amendment"),
    "extend": _l("Give a later due date"),
    "call_up": _l("Call for one more report"),
    "end_series": _l("End a recurring duty"),
}
_MEANINGS = {
    "issue": _l("Its duties are laid on their units at once."),
    "close": _l("The letter is put away. It can be opened again."),
    "withdraw": _l("The letter holds no longer. This cannot be undone."),
    "supersede": _l("Another letter takes its place. This cannot be undone."),
    "reopen": _l("What it laid goes on as before."),
    "amend": _l("What was amended stands in its history; its duties stay as they are."),
    "extend": _l("Open steps with an earlier due date get this one; the first stays on record."),
    "call_up": _l("The unit owes it once more, beside those that come by themselves."),
    "end_series": _l("It comes no more. What it has brought stays."),
}
# The fields each move asks for; a fate only where something is open.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "issue": (),
    "close": ("fate", "note"),
    "withdraw": ("fate", "note"),
    "supersede": ("replacement", "fate", "note"),
    "reopen": ("note",),
    "amend": ("note",),
    "extend": ("until", "note"),
    "call_up": ("series", "until", "note"),
    "end_series": ("series", "fate", "note"),
}

RECURRING = ("call_up", "end_series")
_SAYS_WHY = ("withdraw", "reopen", "amend", "extend", *RECURRING)


def offered(
    letter_id: int, options: Mapping[str, Sequence[Refusal]], lang: Lang
) -> tuple[list[Row], list[Row]]:
    """(moves to make now, the others with why not)."""
    can: list[Row] = []
    cannot: list[Row] = []
    for trigger, refusals in options.items():
        if trigger not in TITLES or "nothing_comes_again" in {one.code for one in refusals}:
            continue
        hard = [explain(one, lang) for one in tellable(refusals) if one.code not in CURED]
        if hard:
            cannot.append({"title": TITLES[trigger], "why": hard})
        else:
            href = url_for("letters.ask", letter_id=letter_id, trigger=trigger)
            can.append({"title": TITLES[trigger], "href": href, "trigger": trigger})
    return can, cannot


def form(trigger: str, open_steps: int, late: str = "") -> Row:
    """The form of a move: its title, what it does, its fields; `late` warns whoever issues."""
    fields = [name for name in FIELDS[trigger] if name != "fate" or open_steps]
    fields += ["note"] if late else []
    fates = [
        (str(Fate.KEEP), _("Keep it: each goes on by itself")),
        (str(Fate.CANCEL), _("Cancel it, and everything below it")),
    ]
    if trigger == "supersede":
        fates.append((str(Fate.CARRY), _("Carry it over: the replacing letter lays it anew")))
    return {
        "title": TITLES[trigger],
        "meaning": _MEANINGS[trigger],
        "fields": fields,
        "fates": fates,
        # Cancelling needs a reason too, whatever the move itself asks for.
        "must_say_why": open_steps > 0 or bool(late) or trigger in _SAYS_WHY,
        "late": late,
        "open_below": open_steps,
    }


def told(refusals: Sequence[Refusal], lang: Lang) -> dict[str, str]:
    """Every refusal at the field that cures it; the others at the form as a whole."""
    said: dict[str, str] = {}
    for one in tellable(refusals):
        at = CURED.get(one.code, "")
        words = explain(one, lang)
        words = words[:1].upper() + words[1:]
        said[at] = f"{said[at]}; {words}" if at in said else words
    return said


def open_below(refusals: Sequence[Refusal]) -> int:
    """How much is open that a move must say the fate of."""
    return next((int(str(one.data["count"])) for one in refusals if one.code == "fate_missing"), 0)


def too_late(db: Database, letter_id: int, moment: Moment, lang: Lang) -> str:
    """What a draft lays too late for what its body owes, in words; nothing where all is in time."""
    with db.read() as conn:  # whoever issues must know, whoever else laid what is served
        stage = stages(conn, [letter_id], moment.today).get(letter_id)
    if stage is None:
        return ""
    data = {"latest": stage.latest, "late": stage.by_point}
    said = explain(Refusal("not_in_stages", data), lang)
    return f"{said[:1].upper()}{said[1:]}."


def unfit(wrong: BadInputError, trigger: str) -> str:
    """Why the letter named cannot replace this one, or no report be called for on that day."""
    if trigger == "call_up":
        return str(_("Name a day that is to come and on which none is due already."))
    if isinstance(wrong, CycleError):
        return str(_("The letters would implement one another in a circle."))
    return str(_("Only another letter that is issued can take its place."))
