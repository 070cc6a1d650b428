"""The one screen of a move: what it is about, the fields it asks for, what stands against it."""

from __future__ import annotations

from typing import Any

from flask import abort, g
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from cascade import act, suspension
from cascade.acts import Ref
from cascade.errors import NotFoundError
from models.queries import moving, showing, steps
from models.queries.acting import ActorRow
from models.queries.moving import AskedRow
from models.queries.steps import StepPageRow
from web.forms import Form
from web.language import day
from web.moves import Attempt
from web.present import moving as moves
from web.present import steps as present
from workflows.asks import Ask, asks
from workflows.kinds import MACHINES
from workflows.labels import TRIGGERS
from workflows.pausing import GivenBack
from workflows.reference import identity
from workflows.roles import Turn

_DECIDES = ("grant_extension", "refuse_extension")


def gather(
    conn: Connection,
    step_id: int,
    trigger: str,
    actor: ActorRow,
    form: Form | None = None,
    tried: Attempt | None = None,
) -> tuple[dict[str, Any], int]:
    """The screen of a move as it can be made now, with what was typed; and its HTTP status."""
    row = steps.step(conn, step_id, g.today)
    if row is None:
        raise NotFoundError
    machine = MACHINES[row.kind]
    if trigger not in machine.triggers():
        abort(404)
    options = act.options_of(g.db, Ref("step", step_id), actor, g.moment)
    barred = (
        moves.barred(row, trigger, options[trigger])
        if trigger in options
        else [
            _("This is not possible as it stands now: %(state)s.", state=present.head(row)["words"])
        ]
    )
    move = machine.find(trigger, row.state)
    fields = [ask for ask in asks(move) if _fits(ask, row)] if move and not barred else []
    typed = form.typed if form else MultiDict()
    latest = moving.history(conn, step_id, limit=1)
    asked = moving.extension_asked(conn, step_id)
    tried = tried or Attempt()
    # Only who has been told what moved meanwhile may go on from what stands now.
    version = row.version if form is None or tried.meanwhile else form.number("seen_version")
    shown = {
        **present.head(row),
        **moves.form(trigger),
        "gives_back": _gives_back(conn, row) if trigger == "resume" else None,
        "trigger": trigger,
        "fields": [str(ask) for ask in fields],
        "must_say_why": Ask.NOTE in fields,
        "barred": barred,
        "typed": typed or _begin(fields, asked),
        "chosen": typed.getlist("units"),
        "problems": tried.problems,
        "lost_files": tried.lost_files,
        "meanwhile": present.history(tried.meanwhile, {}),
        "version": version,
        "latest": present.history(latest, {}),
        "evidence": present.evidence(row, showing.evidence(conn, step_id)),
        "answers": present.answers(showing.answers(conn, step_id)),
        "asked": asked if trigger in _DECIDES else None,
        "fates": moves.fates(),
        **_choices(conn, row, trigger, fields),
    }
    return shown, (409 if trigger not in options else 403) if barred else 200


def _gives_back(conn: Connection, row: StepPageRow) -> GivenBack | None:
    """What a suspended step would get back if it went on today."""
    return suspension.days_back(conn, row, g.today)[0] if row.turn == Turn.PAUSED else None


def done(step_id: int, trigger: str) -> str:
    """What is said once a move is made."""
    return str(_("Recorded: %(move)s, S%(id)s.", move=TRIGGERS[trigger].say(g.lang), id=step_id))


def _fits(ask: Ask, row: StepPageRow) -> bool:
    """A fate is asked for only where something is open below."""
    return ask is not Ask.FATE or row.open_children > 0


def _begin(fields: list[Ask], asked: AskedRow | None) -> MultiDict[str, str]:
    """What stands in the fields before anything is typed."""
    begun: MultiDict[str, str] = MultiDict()
    if Ask.DONE_ON in fields:
        begun["done_on"] = day(g.today)
    if Ask.UNTIL in fields and asked is not None:
        begun["until"] = day(asked.until)
    return begun


def _choices(
    conn: Connection, row: StepPageRow, trigger: str, fields: list[Ask]
) -> dict[str, list[tuple[str, str]]]:
    """The letters and units that can be chosen."""
    letters, receivers = [], []
    if Ask.ANSWER in fields:
        letters = moving.possible_answers(conn, row.id, row.letter_id, row.unit_id)
    if Ask.UNITS in fields:
        over = row.issuer_id if trigger == "transfer" else row.unit_id
        receivers = moving.units_under(conn, [over], g.today)
    return {
        "letters": [
            (str(one.id), f"{identity(one.kind, one.number, one.symbol, one.dated)}: {one.subject}")
            for one in letters
        ],
        "receivers": [
            (str(one.id), f"{one.unit} ({one.code})") for one in receivers if one.id != row.unit_id
        ],
    }
