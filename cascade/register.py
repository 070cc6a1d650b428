"""Registering a confirmed letter: draft, links to what it cites, stubs for what is not on file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from cascade import again, lines, matching, provenance, store, stubs
from cascade import plan as planning
from cascade.acts import StoredFile
from cascade.clock import Moment
from cascade.errors import DuplicateLetterError, MoveRefusedError
from cascade.facts import acting_from, posts_of
from cascade.fingerprint import fingerprint
from cascade.matching import AmbiguousCitationError
from cascade.plan import Plan, PlannedCitation, PlannedPoint
from cascade.stubs import Stubs
from models import answers, filing, journal, occurrences
from models.database import Database
from models.errors import StaleError
from models.journal import Stamp
from models.queries import authority, register
from models.queries.acting import ActorRow
from models.queries.register import OnFile
from workflows.facts import LetterFacts
from workflows.kinds import CitationRole
from workflows.letter import LETTER, LetterState
from workflows.phrases import Due
from workflows.reference import identity
from workflows.refusals import TransitionRefused
from workflows.roles import REGISTRY, Side


def enter(
    db: Database,
    plan: Plan,
    actor: ActorRow,
    moment: Moment,
    *,
    text: str,
    file: StoredFile | None = None,
    where: str = "",
) -> int:
    """Register a confirmed letter as a draft, whole or not at all; returns its id.

    Raises DuplicateLetterError, CycleError, or MoveRefusedError when the actor has no post in
    the issuing body's registry.
    """

    def work(conn: Connection) -> int:
        return enter_in(conn, plan, actor, moment, text, file, where)

    try:
        return db.run(work)
    except (IntegrityError, StaleError):
        return db.run(work)  # somebody entered it, or what it cites, meanwhile: look again


def enter_in(
    conn: Connection,
    plan: Plan,
    actor: ActorRow,
    moment: Moment,
    text: str,
    file: StoredFile | None,
    where: str,
) -> int:
    """The same inside a transaction that is open already."""
    stamp = _stamp(conn, plan, actor, moment, where)
    values = _values(plan, text, file)
    replaced = stubs_for(conn, plan, where).replaced
    if not replaced:
        letter_id = journal.enter_letter(conn, values, stamp)
    else:
        letter_id = replaced[0].id
        # First, so that what they know is not taken for what the letter says.
        stubs.join(conn, letter_id, replaced[1:], stamp)
        filing.complete(conn, letter_id, replaced[0].version, values, stamp)
    _file(conn, letter_id, plan)
    for citation in plan.citations:
        _cite(conn, letter_id, citation, plan, stamp, where)
    filing.recognitions(conn, letter_id, provenance.rows(plan))
    if text.strip():
        filing.fingerprint(conn, letter_id, known_by(text, file.sha256 if file else None))
    if file is not None:
        store.place(file)  # last, so that a refused letter leaves no file
    return letter_id


def known_by(text: str, file_sha256: str | None) -> dict[str, object]:
    """What a letter's text and file are known by when they come again."""
    made = fingerprint(text)
    return {"file_sha256": file_sha256, "text_sha256": made.sha256, "simhash": made.simhash}


def _stamp(conn: Connection, plan: Plan, actor: ActorRow, moment: Moment, where: str) -> Stamp:
    found = authority.posts_in(conn, actor.id, [plan.issuer_id], moment.today)
    posts = posts_of((Side.ISSUER, post) for post in found)
    facts = LetterFacts(
        state=LetterState.CITED,
        today=moment.today,
        actor_id=actor.id,
        posts=posts.own,
        stands_in=posts.given,
    )
    try:
        LETTER.decide("register", facts)
    except TransitionRefused as refused:
        raise MoveRefusedError(refused, where=where or plan.issuer_name) from None
    used = acting_from(REGISTRY, "register", facts, None, plan.issuer_id)
    return Stamp(at=moment.at, actor_id=actor.id, **used._asdict())


def stubs_for(conn: Connection, plan: Plan, where: str) -> Stubs:
    """The stubs this letter takes the place of; DuplicateLetterError if it is itself on file."""
    rows = register.like(conn, plan.number, plan.symbol)
    for row in rows:
        same = (row.issuer_id, row.dated, row.kind) == (plan.issuer_id, plan.dated, plan.kind)
        if same and row.state != LetterState.CITED:
            name = identity(plan.kind, plan.number, plan.symbol, plan.dated)
            raise DuplicateLetterError(row.id, name, where)
    return planning.stubs_of(conn, plan, rows)


def _values(plan: Plan, text: str, file: StoredFile | None) -> dict[str, Any]:
    return {
        "issuer_id": plan.issuer_id,
        "issuer_name": plan.issuer_name,
        "kind": plan.kind,
        "number": plan.number,
        "symbol": plan.symbol,
        "dated": plan.dated,
        "place": plan.beside("place"),
        "subject": plan.subject,
        "urgency": plan.beside("urgency"),
        "signer": plan.beside("signer"),
        "signer_capacity": plan.beside("signer_capacity"),
        "form": plan.reading.form,
        "text": text,
        "file_name": file.name if file else None,
        "file_sha256": file.sha256 if file else None,
        "state": LetterState.DRAFT,
    }


def _file(conn: Connection, letter_id: int, plan: Plan) -> None:
    filing.units(
        conn,
        letter_id,
        [
            {"role": role, "as_printed": name.printed, "unit_id": unit_id}
            for role, name in plan.units
            for unit_id in (name.unit_ids or (None,))
        ],
    )
    ids = filing.points(
        conn,
        letter_id,
        [
            {
                "no": point.found.no,
                "text": point.found.text,
                **_due(point),
                "due_text": point.found.due_text,
                "recurring": point.found.recurring,
                "span_start": point.found.start,
                "span_end": point.found.end,
            }
            for point in plan.points
        ],
    )
    filing.point_units(
        conn,
        [
            {"point_id": point_id, "unit_id": unit_id, "role": role}
            for point_id, point in zip(ids, plan.points, strict=True)
            for role, unit_ids in (("lead", point.lead), ("coordinate", point.coordinating))
            for unit_id in unit_ids
        ],
    )
    occurrences.file(conn, letter_id, again.rows(plan, ids))
    reckoned = {duty: duty.calendar or None for duty in plan.proposed}
    filing.duties(
        conn,
        letter_id,
        [
            {
                "point_id": None if duty.position is None else ids[duty.position],
                "unit_id": duty.unit_id,
                "kind": str(duty.kind),
                "due": duty.due,
                # A date that a person set is nobody's reckoning.
                "due_calendar": reckoned.get(duty),
            }
            for duty in plan.duties
        ],
    )


def _due(point: PlannedPoint) -> dict[str, Any]:
    due = point.due or Due(point.found.due, True, point.found.due, None, ())
    return {
        "due": due.due,
        "due_named": due.named,
        "due_inclusive": None if due.named is None else due.inclusive,
        "due_calendar": (due.calendar or None) if due.named else None,
    }


def _cite(
    conn: Connection,
    letter_id: int,
    citation: PlannedCitation,
    plan: Plan,
    stamp: Stamp,
    where: str,
) -> None:
    found = citation.found
    cited = _cited(conn, citation, plan, stamp, where)
    if citation.role == CitationRole.IMPLEMENTS:
        lines.refuse_cycle(conn, above=cited, below=letter_id, where=where)
        answers.implement(conn, cited, letter_id)
    elif cited == letter_id:
        return  # it names itself, as in "this letter"
    answers.cite(
        conn,
        {
            "citing_id": letter_id,
            "cited_id": cited,
            "role": citation.role,
            "verb": found.verb,
            "as_printed": found.text,
            "span_start": found.start,
            "span_end": found.end,
        },
    )


def _cited(
    conn: Connection, citation: PlannedCitation, plan: Plan, stamp: Stamp, where: str
) -> int:
    """The letter a citation means as things stand now, or a stub made for it."""
    found = citation.found
    rows = register.like(conn, found.number, found.symbol)
    on_file = citation.on_file and next((r for r in rows if r.id == citation.on_file.id), None)
    if on_file is None and not citation.apart and not citation.candidates:
        # Somebody may have entered it, or cited it too, since it was planned.
        on_file, candidates = matching.best(rows, found, citation.issuer_id, plan.dated)
        # Between letters that the person may not see there is nothing to choose: it stays open.
        if candidates and not citation.is_scoped:
            unsure = replace(citation, on_file=None, candidates=candidates)
            raise AmbiguousCitationError([unsure], where)
    if on_file is None:
        return _stub(conn, rows, citation, stamp)
    if on_file.state == LetterState.CITED:
        # What each citation knows comes together, so that no order of letters makes two of one.
        knows = {"issuer_id": citation.issuer_id, "dated": found.dated}
        taught = on_file._replace(
            issuer_id=on_file.issuer_id or citation.issuer_id, dated=on_file.dated or found.dated
        )
        stubs.join(conn, on_file.id, stubs.doubles(rows, taught), stamp)
        filing.learn(conn, on_file.id, knows)
    return on_file.id


def _stub(conn: Connection, rows: Sequence[OnFile], citation: PlannedCitation, stamp: Stamp) -> int:
    found = citation.found
    known = (citation.issuer_id, found.dated, found.kind or "văn bản")
    for row in rows:
        if (row.issuer_id, row.dated, row.kind) == known:
            return row.id  # known just as little: the same stub will do
    values = {
        "issuer_id": citation.issuer_id,
        "issuer_name": found.issuer or "",
        "kind": found.kind or "văn bản",
        "number": found.number,
        "symbol": found.symbol,
        "dated": found.dated,
        "subject": found.subject or "",
        "form": stubs.APART if citation.apart else "unknown",
        "state": LetterState.CITED,
    }
    return journal.enter_letter(conn, values, stamp)
