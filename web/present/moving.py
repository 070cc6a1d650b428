"""The moves of a step: their words, which a person may make now, why not the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.queries.steps import StepPageRow
from web.refusals import said, tellable
from workflows.asks import obstacles
from workflows.facts import Fate
from workflows.refusals import Refusal

TITLES = {
    "report": _l("Mark done"),
    "start": _l("Start work"),
    "acknowledge": _l("Acknowledge"),
    "draft": _l("Begin drafting"),
    "answer": _l("Answer with a letter"),
    "return_nil": _l("Say there is nothing to report"),
    "withdraw_report": _l("Withdraw the report"),
    "accept": _l("Accept"),
    "return": _l("Return for rework"),
    "decline": _l("Decline"),
    "refuse": _l("Refuse"),
    "uphold": _l("Uphold the assignment"),
    "split": _l("Split among sub-units"),
    "transfer": _l("Transfer to another unit"),
    "suspend": _l("Suspend it"),
    "resume": _l("Resume it"),
    "cancel": _l("Cancel this duty"),
    "waive": _l("Waive this duty"),
    "reopen": _l("Open it again"),
    "ask_extension": _l("Ask for an extension"),
    "grant_extension": _l("Grant the extension"),
    "refuse_extension": _l("Refuse the extension"),
    "remind": _l("Remind the unit"),
}
# What follows, where the title alone does not say it.
MEANINGS = {
    "report": _l("The unit that laid it is then asked to accept."),
    "answer": _l("The unit that laid it is then asked to accept."),
    "return_nil": _l("The unit that laid it is then asked to accept."),
    "withdraw_report": _l("It is open again. What was reported stays in the history."),
    "return": _l("The unit that owes it does it again."),
    "decline": _l("The unit that laid it then decides."),
    "refuse": _l("The unit that laid it then decides."),
    "uphold": _l("The unit owes it as before."),
    "split": _l("Each chosen unit gets a part with the same due date. Report when all have ended."),
    "transfer": _l("It ends here and goes on with the other unit."),
    "suspend": _l("The clock stands still until it is resumed."),
    "cancel": _l("It need not be done any more. It can be reopened."),
    "waive": _l("It need not be answered any more. It can be reopened."),
    "reopen": _l("It is owed again."),
    "ask_extension": _l("The due date stays until the extension is granted."),
    "remind": _l("The reminder stands in the history."),
}
# The first of these that may be made is the one most people come for.
_MAIN = (
    "acknowledge",
    "report",
    "accept",
    "grant_extension",
    "answer",
    "uphold",
    "resume",
    "remind",
)


class Choices(NamedTuple):
    """The moves for one person: the main one, the others, and those that are not possible."""

    main: tuple[str, str] | None  # (title, address)
    others: list[tuple[str, str]]
    barred: list[tuple[str, list[str]]]  # (title, why not)


def choices(step: StepPageRow, options: Mapping[str, list[Refusal]]) -> Choices:
    """What a person may do with a step now, as links to the forms."""
    # That a duty comes but once is no news to whoever owes it.
    told = {
        trigger: barred(step, trigger, refusals)
        for trigger, refusals in options.items()
        if "comes_once" not in {refusal.code for refusal in refusals}
    }
    may = [trigger for trigger, reasons in told.items() if not reasons]
    main = next((trigger for trigger in _MAIN if trigger in may), None)
    links = {t: (str(TITLES[t]), url_for("steps.ask", step_id=step.id, trigger=t)) for t in may}
    return Choices(
        links.pop(main) if main else None,
        list(links.values()),
        [(str(TITLES[t]), reasons) for t, reasons in told.items() if reasons],
    )


def barred(step: StepPageRow, trigger: str, refusals: list[Refusal]) -> list[str]:
    """What stands against a move that no form can mend."""
    refusals = tellable(refusals)
    if trigger == "split" and not step.has_units_below:
        return [*map(said, obstacles(refusals)), str(_("The lead unit has no units below it."))]
    return [said(refusal) for refusal in obstacles(refusals)]


def fates() -> list[tuple[str, str]]:
    """What can become of everything open below; none is chosen beforehand."""
    return [
        (Fate.KEEP, _("Keep: each goes on by itself")),
        (Fate.CANCEL, _("Cancel: they end too, and everything below them")),
    ]


def form(trigger: str) -> dict[str, Any]:
    """The words at the head of a move's form."""
    return {"title": TITLES[trigger], "meaning": MEANINGS.get(trigger, "")}
