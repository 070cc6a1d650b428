"""Letters: the register, a letter's page with its file, and the moves made with it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from cascade import act, issue
from cascade.acts import Ref
from cascade.errors import BadInputError, MovedOnError, MoveRefusedError
from models.queries import jobs, listing, series
from models.queries import letters as query
from web import visitor
from web.attachment import attachment
from web.forms import Form
from web.letter_typed import FILTERS, act_of, key_of, keys, same_again, wanted_of
from web.policy import acts, reads
from web.present import comes_again, letter_moves
from web.present import letters as present
from web.present.standing import letter_standing
from web.refusals import tellable
from workflows.roles import REGISTRY

pages = Blueprint("letters", __name__)


@pages.get("/letters")
@reads
def listed() -> str:
    """The register of letters, newest first, narrowed down by what is in the address."""
    form = Form(request.args)
    with visitor.reading() as conn:
        wanted, after = wanted_of(conn, form, g.today), key_of(request.args.get("after", ""))
        if wanted.state == "cited":
            rows = listing.cited_only(
                conn, wanted, before=after and after[1], limit=listing.PAGE + 1
            )
        else:
            rows = listing.newest(conn, wanted, after=after, limit=listing.PAGE + 1)
    return render_template(
        "letters.html",
        rows=present.listed(rows[: listing.PAGE], g.lang),
        more=present.more(rows, request.args),
        states=present.states(g.lang),
        kinds=present.kinds(),
        form=form,
        may_export=g.world.home is not None,
        here={name: text for name, text in request.args.items() if name in FILTERS and text},
        may_import=bool(visitor.me().units(*REGISTRY.roles)),
    )


@pages.get("/letters/<int:letter_id>")
@reads
def show(letter_id: int) -> str:
    """One letter: its file, fields, citations both ways, points, duties, units, moves."""
    with visitor.reading() as conn:
        row = present.head(conn, letter_id)
        shown = present.sheet(conn, row, g.today, g.lang, keys(request.args))
        underway = jobs.underway(conn, letter_id)
    options = act.options_of(g.db, Ref("letter", letter_id), visitor.me().actor, g.moment)
    can, cannot = letter_moves.offered(letter_id, options, g.lang)
    return render_template("letter.html", can=can, cannot=cannot, underway=underway, **shown)


@pages.get("/letters/<int:letter_id>/file")
@reads
def file(letter_id: int) -> Response:
    """The letter's file, as a download."""
    with visitor.reading() as conn:
        row = present.head(conn, letter_id)
    if row.file_sha256 is None:
        abort(404)
    return attachment(g.store, row.file_sha256, row.file_name or "")


@pages.get("/letters/<int:letter_id>/<trigger>")
@reads
def ask(letter_id: int, trigger: str) -> tuple[str, int]:
    """The form of one move, or why it cannot be made now."""
    return _form(letter_id, trigger, Form(request.args), status=200)


@pages.post("/letters/<int:letter_id>/<trigger>", endpoint="act")
@acts
def make(letter_id: int, trigger: str) -> Answer | tuple[str, int]:
    """Make one move; refused, the form comes back with everything that stands against it."""
    form, me = Form(request.form), visitor.me().actor
    with visitor.reading() as conn:
        row = present.head(conn, letter_id)
        asked = act_of(conn, form, trigger, row)
    if form.problems:
        return _form(letter_id, trigger, form, status=400)
    try:
        if trigger == "issue":
            if asked.seen_version not in (None, row.version):
                raise MovedOnError(where=f"letter {letter_id}")
            issue.begin(g.db, [letter_id], me, g.moment, asked.note)
        else:
            act.fire(g.db, Ref("letter", letter_id), asked, me, g.moment)
    except (MovedOnError, MoveRefusedError) as refused:
        with visitor.reading() as conn:
            version = present.head(conn, letter_id).version
            if not same_again(query.history(conn, letter_id), asked, me.id, version):
                return _refused(letter_id, trigger, form, refused)
    except BadInputError as wrong:
        at = "until" if trigger == "call_up" else "replacement"
        form.problems[at] = letter_moves.unfit(wrong, trigger)
        return _form(letter_id, trigger, form, status=400)
    flash(_("Recorded: %(letter)s.", letter=present.name_of(row)))
    return redirect(url_for(".show", letter_id=letter_id), 303)


def _refused(
    letter_id: int, trigger: str, form: Form, refused: MovedOnError | MoveRefusedError
) -> tuple[str, int]:
    if isinstance(refused, MovedOnError):
        form.problems[""] = _(
            "Somebody else changed this letter meanwhile. Look at it again, then decide again."
        )
        return _form(letter_id, trigger, form, status=409)
    refusals = refused.refused.refusals
    form.problems |= letter_moves.told(refusals, g.lang)
    can_be_cured = all(one.code in letter_moves.CURED for one in refusals)
    return _form(letter_id, trigger, form, status=400 if can_be_cured else 409)


def _form(letter_id: int, trigger: str, form: Form, status: int) -> tuple[str, int]:
    if trigger not in letter_moves.TITLES:
        abort(404)
    with visitor.reading() as conn:
        row = present.head(conn, letter_id)
        others = present.replacements(conn, row) if trigger == "supersede" else []
        lays = present.lays(conn, row) if trigger == "issue" else None
        begins = series.drafted(conn, letter_id) if trigger == "issue" else 0
        recurring = (
            comes_again.choices(conn, letter_id) if trigger in letter_moves.RECURRING else []
        )
    options = act.options_of(g.db, Ref("letter", letter_id), visitor.me().actor, g.moment)
    hard = [one for one in tellable(options.get(trigger, ())) if one.code not in letter_moves.CURED]
    shown = {
        **letter_moves.form(
            trigger,
            letter_moves.open_below(options.get(trigger, ())),
            letter_moves.too_late(g.db, letter_id, g.moment, g.lang) if lays else "",
        ),
        "why_not": [letter_moves.told([one], g.lang)[""] for one in hard],
        "is_possible": trigger in options and not hard,
    }
    if not shown["is_possible"]:
        status = max(status, 409)
    return render_template(
        "letter_move.html",
        letter=row,
        name=present.name_of(row),
        trigger=trigger,
        form=form,
        others=others,
        lays=lays,
        begins=begins,
        recurring=recurring,
        standing=letter_standing(row.state, g.lang),
        **shown,
    ), status
