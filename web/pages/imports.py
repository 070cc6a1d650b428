"""Importing a letter: upload or paste, compare, confirm; nothing is registered before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import clock, confirming, proposing, uploads
from cascade.confirming import KnownAlreadyError
from cascade.errors import (
    BadInputError,
    CycleError,
    DuplicateLetterError,
    MoveRefusedError,
    SecrecyMarkError,
    UnreadableLetterError,
)
from cascade.intake import read_text
from cascade.matching import AmbiguousCitationError
from cascade.proposing import Asked, Proposal, Typed
from cascade.uploads import Upload
from models.queries import letters
from models.scope import sees
from web import visitor
from web.forms import Form
from web.import_typed import typed_of
from web.policy import registers
from web.present import imports as present
from web.present import letter_moves, problems, reader
from workflows.roles import REGISTRY

pages = Blueprint("imports", __name__)


@pages.get("/letters/import")
@registers
def new() -> str:
    """A letter to import: a file, or its text."""
    return render_template("import_new.html", form=Form(request.args))


@pages.post("/letters/import")
@registers
def receive() -> Response | tuple[str, int]:
    """Read what was given and lead to the page that confirms it, or say why it cannot be."""
    form, file = Form(request.form), request.files.get("file")
    given = file.read() if file is not None and file.filename else None
    text = request.form.get("text", "")
    at = "text" if given is None else "file"
    if given is None and not text.strip():
        form.problems["file"] = _("Choose the letter's file, or paste its text below.")
        return render_template("import_new.html", form=form), 400
    try:
        token = confirming.receive(
            g.db,
            g.store,
            visitor.me().actor,
            clock.now(),
            name=(file.filename or "") if file is not None else "",
            content=given,
            text=text,
        )
    except KnownAlreadyError as known:
        return _on_file(known.letter_id)
    except (UnreadableLetterError, SecrecyMarkError) as refused:
        form.problems[at] = reader.refused(refused)
        return render_template("import_new.html", form=form), 400
    return redirect(url_for(".confirm", token=token), 303)


@pages.get("/letters/import/<token>")
@registers
def confirm(token: str) -> Response | tuple[str, int]:
    """The letter beside what was recognised in it, to be compared and set right."""
    upload = _upload(token)
    if upload.letter_id is not None:
        return redirect(url_for("letters.show", letter_id=upload.letter_id), 303)
    found = _propose(upload, Typed())
    return _page(found, Typed(), upload, {}, status=409 if found.on_file else 200)


@pages.post("/letters/import/<token>")
@registers
def settle(token: str) -> Response | tuple[str, int]:
    """Check again what was typed, or register the letter once nothing is open."""
    upload, form = _upload(token), Form(request.form)
    if upload.letter_id is not None:
        return _again(upload.letter_id)
    typed = typed_of(form)
    found = _propose(upload, typed)
    said = {**problems.said(found.problems), **form.problems}
    wanted = request.form.get("do", "check")
    if found.on_file is not None:
        return _duplicate(found.on_file, found, typed, upload, said)
    if said or wanted not in ("register", "issue"):
        status = 400 if said and wanted in ("register", "issue") else 200
        return _page(found, typed, upload, said, status=status)
    return _enter(found, typed, upload, wanted == "issue", form.text("note"))


def _enter(
    found: Proposal, typed: Typed, upload: Upload, also_issue: bool, note: str
) -> Response | tuple[str, int]:
    me = visitor.me().actor
    try:
        done = confirming.enter(g.db, g.store, upload, found.plan, me, g.moment, also_issue, note)
    except DuplicateLetterError as known:
        return _duplicate(known.letter_id, found, typed, upload, {})
    except MoveRefusedError as refused:
        told = letter_moves.told(refused.refused.refusals, g.lang)
        # Of the fields of a move this page has only the reason: what needs another is registered
        # first.
        said = {"note": told.pop("note")} if "note" in told else {}
        said |= {"": "; ".join(told.values())} if told else {}
        return _page(found, typed, upload, said, status=409)
    except CycleError:
        said = {"": _("The letters would implement one another in a circle: check the citations.")}
        return _page(found, typed, upload, said, status=400)
    except (AmbiguousCitationError, BadInputError):
        found = _propose(upload, typed)
        said = {"": problems.unforeseen(), **problems.said(found.problems)}
        return _page(found, typed, upload, said, status=409)
    if done.waiting is not None:
        flash(_("The file is attached to the letter that was on file without it."))
    elif done.issued is not None:
        flash(_("Registered and issued: %(steps)s steps laid.", steps=done.issued.steps))
    else:
        flash(_("Registered. Its duties are laid once it is issued."))
    return redirect(url_for("letters.show", letter_id=done.letter), 303)


def _upload(token: str) -> Upload:
    return uploads.find(g.store, token, visitor.me().actor.id, clock.now().at)


def _mine() -> set[int]:
    """The units whose letters this person may register."""
    return {post.unit_id for post in visitor.me().units(*REGISTRY.roles)}


def _propose(upload: Upload, typed: Typed) -> Proposal:
    asked = Asked(upload.text, upload.file is not None, _seen(upload.near), _mine(), g.today)
    reading = read_text(upload.text)
    # Among what this person sees: no choice, duplicate or likeness tells of another letter.
    with visitor.reading() as conn:
        return proposing.propose(conn, reading, typed, asked)


def _seen(letter_ids: Sequence[int]) -> list[int]:
    """Those of some letters that this person may see."""
    if not letter_ids:
        return []
    with visitor.reading() as conn:
        return [letter_id for letter_id in letter_ids if sees(conn, "letter", letter_id)]


def _page(
    found: Proposal, typed: Typed, upload: Upload, said: dict[str, str], *, status: int
) -> tuple[str, int]:
    still_open = problems.said(found.problems)
    rows = 3 if request.form.get("do") == "more" else 1
    shown = present.page(found, typed, upload, said, still_open, rows=rows)
    known = (found.on_file, found.waiting and found.waiting.letter_id)
    seen = _seen([letter_id for letter_id in known if letter_id])
    note = request.form.get("note", "")
    return render_template("import_confirm.html", seen=seen, note=note, **shown), status


def _duplicate(
    letter_id: int, found: Proposal, typed: Typed, upload: Upload, said: dict[str, str]
) -> Response | tuple[str, int]:
    """The second press of a button finds the letter it made; anything else is a doubt to tell."""
    with g.db.read() as conn:
        row = letters.head(conn, letter_id)
    assert row is not None  # the register just named it
    content = upload.file.read_bytes() if upload.file is not None else None
    sha256 = hashlib.sha256(content).hexdigest() if content is not None else None
    if row.file_sha256 == sha256 and (sha256 or row.text == upload.text):
        return _again(letter_id)
    return _page(found, typed, upload, said, status=409)


def _again(letter_id: int) -> Response:
    flash(_("This letter is registered already; here it is."))
    return redirect(url_for("letters.show", letter_id=letter_id), 303)


def _on_file(letter_id: int) -> tuple[str, int]:
    with visitor.reading() as conn:
        row = letters.head(conn, letter_id)  # None where it is another body's and not for us
    return render_template("import_known.html", row=row), 409
