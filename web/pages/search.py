"""Finding letters, duties and units: without accents, by words or by number."""

from __future__ import annotations

import re

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models import terms
from models.queries import searching
from models.queries.searching import FoundLetter, FoundPoint, FoundUnit
from models.terms import LETTER, POINT, UNIT
from web import visitor
from web.forms import Form
from web.policy import reads

pages = Blueprint("search", __name__)

# Further words narrow nothing down that these have not.
_MOST_WORDS = 8
_PAGE = 20
_NAMED = re.compile(r"\s*([SsLl])(\d{1,9})\s*")


@pages.get("/search")
@reads
def show() -> str | Response:
    """What has all the words; S12 and L3 lead to the step and the letter at once."""
    asked = request.args.get("q", "")[:200]
    if named := _NAMED.fullmatch(asked):
        return redirect(_direct(named[1].upper(), int(named[2])))
    words = terms.words(asked)[:_MOST_WORDS]
    only = request.args.get("kind", "")
    before = Form(request.args).number("before")
    kinds = [only] if only in (LETTER, POINT, UNIT) else [LETTER, POINT, UNIT]
    found: dict[str, list[FoundLetter | FoundPoint | FoundUnit]] = {}
    more: dict[str, str] = {}
    with visitor.reading() as conn:
        for kind in kinds:
            ids = searching.find(conn, kind, words, before=before if only else None, limit=_PAGE)
            if len(ids) == _PAGE:
                more[kind] = url_for("search.show", q=asked, kind=kind, before=min(ids))
            if kind == LETTER:
                found[kind] = list(searching.letters(conn, ids))
            elif kind == POINT:
                found[kind] = list(searching.points(conn, ids))
            else:
                found[kind] = list(searching.units(conn, ids, g.today))
    return render_template("search.html", asked=asked, words=words, found=found, more=more)


def _direct(kind: str, number: int) -> str:
    if kind == "S":
        return url_for("steps.show", step_id=number)
    return url_for("letters.show", letter_id=number)
