"""A letter entered by a program: stated, planned and registered as one confirmed on the page is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection

from cascade import register, stating
from cascade.confirming import KnownAlreadyError
from cascade.corrections import NamedDuty
from cascade.errors import SecrecyMarkError
from cascade.fingerprint import fingerprint
from cascade.intake import read_text
from cascade.known import Known
from cascade.once import Answer
from cascade.plan import CORRECTABLE
from cascade.stating import CitationStated, PointStated, Stated, StatedError
from models.queries import acting, letters, tracing
from models.queries.acting import ActorRow
from models.queries.tracing import LetterLineRow
from models.scope import sees
from web import visitor
from web.api import door
from web.api.problems import PreconditionError, UnfitError, fault
from web.present import reader

_SAID = {
    "no_unit": _l("“%(typed)s” is no unit on the letter's day. Give its code."),
    "no_point": _l("The letter has no point “%(typed)s”."),
    "ambiguous": _l("Several letters have this number: say which is meant."),
    "doubtful": _l("Letter %(letter)s was cited and may be this one: name it, or an empty list."),
}


def enter(given: dict[str, Any]) -> Response:
    """Register a draft, or answer what was answered before."""
    asked = door.asked(given)
    if (kept := door.before(asked)) is not None:
        return kept
    text = given.get("text", "")
    _refuse_secret(given, text)
    if text:
        _refuse_known(text)
    said, actor = _stated(given), visitor.asking().actor
    try:
        return door.make(asked, lambda conn: _enter(conn, said, actor, text))
    except StatedError as error:
        raise UnfitError(
            fault(one.field, str(_SAID[one.code]) % dict(one.data)) for one in error.problems
        ) from None


def _enter(conn: Connection, said: Stated, actor: ActorRow, text: str) -> Answer:
    plan = stating.plan(conn, said)
    letter_id = register.enter_in(conn, plan, actor, g.moment, text, None, "")
    row = letters.head(conn, letter_id)
    version = acting.letters(conn, [letter_id])[0].version
    assert row is not None  # it was just entered
    members = {
        "id": letter_id,
        "kind": row.kind,
        "number": row.number,
        "symbol": row.symbol,
        "date": row.dated.isoformat() if row.dated else None,
        "issuer": row.issuer_name,
        "subject": row.subject,
        "state": row.state,
        "open_steps": row.open_steps,
    }
    there = url_for("api_letters.show", letter_id=letter_id)
    return door.told(members, 201, version=version, location=there)


def _refuse_secret(given: dict[str, Any], text: str) -> None:
    """Nothing that bears a secrecy mark is kept, wherever it stands."""
    head = "\n".join(str(given.get(name, "")) for name in CORRECTABLE)
    for place, said in (("", head), ("/text", text)):
        try:
            read_text(said)
        except SecrecyMarkError as error:
            raise UnfitError([fault(place, reader.refused(error))]) from None


def _refuse_known(text: str) -> None:
    """The same text is the same letter."""
    same = Known(g.db).text(fingerprint(text))
    if same is None:
        return
    with visitor.reading() as conn:
        if sees(conn, "letter", same):
            raise KnownAlreadyError(same)
    raise PreconditionError(409, "on_file", _("This letter is on file already."))


def _stated(given: dict[str, Any]) -> Stated:
    fields = {name: str(given[name]) for name in CORRECTABLE if given.get(name)}
    duties = given.get("duties")
    return Stated(
        fields=fields,
        dated=given["date"],
        to_act=tuple(given.get("to_act", ())),
        to_know=tuple(given.get("to_know", ())),
        points=tuple(
            PointStated(
                one["no"],
                one["text"],
                tuple(one.get("lead", ())),
                tuple(one.get("coordinating", ())),
                one.get("due"),
                one.get("due_text"),
            )
            for one in given.get("points", ())
        ),
        duties=None
        if duties is None
        else tuple(NamedDuty(one["unit"], one.get("point"), one.get("due")) for one in duties),
        citations=_citations(given.get("citations", ())),
        replaces=frozenset(given["replaces"]) if "replaces" in given else None,
    )


def _citations(given: Sequence[dict[str, Any]]) -> tuple[CitationStated, ...]:
    """The citations; one that names a letter here takes number, symbol and day from it."""
    ids = [one["letter"] for one in given if "letter" in one]
    known: dict[int, LetterLineRow] = {}
    if ids:
        with visitor.reading() as conn:
            known = {row.id: row for row in tracing.letters(conn, ids)}
    found, faults = [], []
    for place, one in enumerate(given):
        row = known.get(one.get("letter", 0))
        number = row.number if row else one.get("number")
        symbol = row.symbol if row else one.get("symbol")
        if "letter" in one and row is None:
            faults.append(fault(f"/citations/{place}/letter", _("There is none such.")))
        elif not number or not symbol:
            said = _("Say which letter: by its number here, or by number and symbol.")
            faults.append(fault(f"/citations/{place}", said))
        else:
            dated, kind = (row.dated, row.kind) if row else (one.get("date"), None)
            letter = row.id if row else None
            issuer = None if row else one.get("issuer")
            found.append(CitationStated(one["role"], number, symbol, dated, issuer, kind, letter))
    if faults:
        raise UnfitError(faults)
    return tuple(found)
