"""A fault for each row of the table: with it in place the row must fail, else it looks at nothing.

Each plant takes one defence away from a running application, or adds the hole that a peer had.
"""

from __future__ import annotations

import json
import re
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Response, redirect, request, session
from markupsafe import Markup
from sqlalchemy import text
from werkzeug.datastructures import CombinedMultiDict

from cascade import (
    accounts,
    clock,
    confirming,
    exports,
    orgbook,
    passwords,
    throttle,
    uploads,
    workbook,
)
from cascade.accounts import TooManyTriesError, digest
from cascade.drawing import node
from models import sessions
from models.queries import showing
from tests.holes.hall import Hall
from web import attachment, forms, moves, typed, visitor
from web.pages import account
from web.present import original

Patch = pytest.MonkeyPatch
Plant = Callable[[Hall, Patch], object]


def _before(hall: Hall, work: Callable[[], Any]) -> None:
    hall.site.before_request_funcs.setdefault(None, []).append(work)


def _last_word(hall: Hall, change: Callable[[Response], Any]) -> None:
    """Change every answer after all else has."""

    def after(response: Response) -> Response:
        change(response)
        return response

    hall.site.after_request_funcs.setdefault(None, []).insert(0, after)


def _view(hall: Hall, endpoint: str, view: Callable[..., Any]) -> None:
    kept: Any = hall.site.view_functions[endpoint]
    view.policy = kept.policy  # type: ignore[attr-defined]
    hall.site.view_functions[endpoint] = view


def _say(hall: Hall, *statements: str) -> None:
    with hall.office.db.write() as conn:
        for one in statements:
            conn.exec_driver_sql(one)


def _config(**values: Any) -> Plant:
    return lambda hall, _patch: hall.site.config.update(values)


def _frozen(*tables: str) -> Plant:
    """Rows of these tables cannot be changed or taken away: what should end goes on."""

    def plant(hall: Hall, _patch: Patch) -> None:
        for table in tables:
            for how in ("UPDATE", "DELETE"):
                _say(
                    hall,
                    f"CREATE TRIGGER frozen_{table}_{how} BEFORE {how} ON {table} "
                    "BEGIN SELECT RAISE(IGNORE); END",
                )

    return plant


def leads_anywhere(_hall: Hall, patch: Patch) -> None:
    """`next` is followed as it is."""
    patch.setattr(account, "safe_next", lambda: request.values.get("next") or "/")


def repeats_the_address(hall: Hall, _patch: Patch) -> None:
    """The link to the other language is the path as it came."""
    hall.site.jinja_env.globals["here_in"] = lambda lang: f"{request.path}?lang={lang}"


def tells_who_is_there(_hall: Hall, patch: Patch) -> None:
    """Who is not there is answered in another way."""
    real = accounts.sign_in

    def sign_in(db: Any, login: str, *given: Any) -> str:
        if login == "nobody":
            raise TooManyTriesError()
        return real(db, login, *given)

    patch.setattr(accounts, "sign_in", sign_in)


def saves_the_hash(_hall: Hall, patch: Patch) -> None:
    """For who is not there no hash is worked out."""
    real = passwords.fits
    patch.setattr(passwords, "fits", lambda kept, typed: kept is not None and real(kept, typed))


def counts_nothing(_hall: Hall, patch: Patch) -> None:
    """Tries are not counted."""
    patch.setattr(throttle, "begin", lambda *_given: throttle.Try((), ()))


def keeps_the_session(hall: Hall, patch: Patch) -> None:
    """Whoever had the cookie before signing in has what it is good for afterwards."""
    known: dict[Any, str] = {}
    real = visitor.enter

    def enter(token: str) -> None:
        known[session.get("csrf_token")] = token
        real(token)

    patch.setattr(visitor, "enter", enter)
    manager: Any = hall.site.login_manager  # type: ignore[attr-defined]

    def of_cookie(_request: Any) -> Any:
        token = known.get(session.get("csrf_token"))
        return visitor._load(token) if token else None

    manager.request_loader(of_cookie)


def shows_the_cookie(hall: Hall, _patch: Patch) -> None:
    """Scripts may read the cookie."""
    # The application made within the row is another: every one is like this from now on.
    _patch.setattr(type(hall.site.session_interface), "get_cookie_httponly", lambda *_given: False)


def asks_no_code(hall: Hall, patch: Patch) -> None:
    """After the password one is in."""

    def wait(_token: str) -> None:
        token = secrets.token_urlsafe(32)
        with hall.office.db.write() as conn:
            user, at = hall.office.who("a.staff").id, clock.now().at
            sessions.begin(conn, user, digest(token), at, "")
        visitor.enter(token)

    patch.setattr(visitor, "wait", wait)


def acts_by_a_link(hall: Hall, _patch: Patch) -> None:
    """Looking changes something."""
    _before(hall, lambda: _say(hall, "UPDATE user_account SET name = name || '.'"))


def takes_what_is_planted(hall: Hall, _patch: Patch) -> None:
    """A form's fields go into the columns of their names."""

    def take() -> None:
        if "unit_id" in request.form:
            _say(hall, f"UPDATE step SET issuer_id = {int(request.form['unit_id'])}")

    _before(hall, take)


def calls_by_name(hall: Hall, _patch: Patch) -> None:
    """The move is a method of that name."""

    def ask(step_id: int, trigger: str) -> str:
        return str(getattr(object, trigger, step_id))

    _view(hall, "steps.ask", ask)


def mixes_address_and_form(hall: Hall, _patch: Patch) -> None:
    """What stands in the address counts as typed."""

    base: Any = hall.site.request_class

    class Mixed(base):  # type: ignore[misc]
        @property
        def form(self) -> Any:
            """What was sent, after what stands in the address."""
            return CombinedMultiDict([self.args, base.form.__get__(self, base)])

    hall.site.request_class = Mixed


def forgets_what_was_done(_hall: Hall, patch: Patch) -> None:
    """The same form again is not known again."""
    patch.setattr(moves, "_moved_on", lambda *_given: moves.Attempt(status=409))


def moves_out_of_turn(hall: Hall, _patch: Patch) -> None:
    """Any move is taken."""

    def act(**_given: Any) -> Any:
        return redirect("/", 303)

    _view(hall, "steps.act", act)


def writes_their_headers(hall: Hall, _patch: Patch) -> None:
    """A line break in a parameter begins a header."""

    def write(response: Response) -> None:
        for line in request.args.get("lang", "").split("\r\n")[1:]:
            response.headers.add(*line.split(": ", 1))

    _last_word(hall, write)


def opens_to_origins(hall: Hall, _patch: Patch) -> None:
    """Every origin may read."""
    _last_word(hall, lambda r: r.headers.add("Access-Control-Allow-Origin", "*"))


def answers_trace(hall: Hall, patch: Patch) -> None:
    """TRACE says back what was sent."""
    real = hall.site.wsgi_app

    def wsgi(environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "TRACE":
            start("200 OK", [("Content-Type", "message/http")])
            return [environ.get("HTTP_X_TOLD", "").encode()]
        return real(environ, start)

    patch.setattr(hall.site, "wsgi_app", wsgi)


def takes_any_number(_hall: Hall, patch: Patch) -> None:
    """A number may have any length, and any digits."""

    def number(self: forms.Form, name: str) -> int | None:
        found = self.typed.get(name, "")
        return int(found) if found.isdecimal() else None

    patch.setattr(forms.Form, "number", number)


def tells_the_fault(hall: Hall, _patch: Patch) -> None:
    """The fault is the page."""
    handlers = hall.site.error_handler_spec[None][None]
    handlers[Exception] = lambda error: (repr(error), 500)


def shows_pages_of_files(_hall: Hall, patch: Patch) -> None:
    """An uploaded page is a page."""
    patch.setitem(attachment._TYPES, "html", "text/html")


def shows_letters_as_they_are(_hall: Hall, patch: Patch) -> None:
    """The text of a letter is not escaped where its values are marked."""
    patch.setattr(original, "escape", lambda found: found)


def keeps_the_name(_hall: Hall, patch: Patch) -> None:
    """A file's name is kept as it came."""
    patch.setattr(moves, "plain_name", lambda name: name)


def hands_out_the_folder(hall: Hall, _patch: Patch) -> None:
    """What lies beside the files is an address."""
    folder = hall.store.folder.parent

    def hand_out() -> str | None:
        named = request.path.endswith("secret.key")
        return (folder / "secret.key").read_text() if named else None

    _before(hall, hand_out)


def finds_files_by_number(_hall: Hall, patch: Patch) -> None:
    """A file is asked for by its own number alone."""
    asked = text("SELECT file_sha256, file_name FROM evidence WHERE id = :id")
    patch.setattr(
        showing, "file", lambda conn, _step, number: conn.execute(asked, {"id": number}).one()
    )


def shows_anybodys_upload(_hall: Hall, patch: Patch) -> None:
    """Whose an upload is does not matter."""
    real = uploads.find

    def find(store: Any, token: str, owner: int, at: Any) -> Any:
        with suppress(OSError):
            owner = json.loads((store.folder / ".uploads" / token / "about.json").read_text())[
                "owner_id"
            ]
        return real(store, token, owner, at)

    patch.setattr(uploads, "find", find)


def reads_in_the_page(_hall: Hall, patch: Patch) -> None:
    """A letter's file is read by the process of the pages, which runs out of memory."""

    def read(*_given: Any) -> Any:
        raise MemoryError

    patch.setattr(confirming, "load_bytes", read)


def trusts_workbooks(_hall: Hall, patch: Patch) -> None:
    """What a workbook's XML cannot be is nobody's fault but ours."""
    patch.setattr(workbook, "ParseError", KeyError)


def escapes_nothing(hall: Hall, _patch: Patch) -> None:
    """Templates print texts as they are."""
    env = hall.site.jinja_env
    env.bytecode_cache = None
    env.autoescape = False
    if env.cache is not None:
        env.cache.clear()


def works_templates_out(hall: Hall, _patch: Patch) -> None:
    """What stands in braces is worked out."""

    def work(response: Response) -> None:
        if response.mimetype == "text/html" and not response.is_streamed:
            page = response.get_data(as_text=True)
            response.set_data(page.replace("{{7*&#39;7&#39;}}", "7" * 7))

    _last_word(hall, work)


def writes_cells_as_they_are(_hall: Hall, patch: Patch) -> None:
    """A cell of the list is what was typed."""
    patch.setattr(exports, "_plain", lambda cell: cell)


def writes_every_sign(_hall: Hall, patch: Patch) -> None:
    """No sign is left out of a workbook."""
    patch.setattr(orgbook, "cleaned", lambda said: said)


def draws_names_as_they_are(_hall: Hall, patch: Patch) -> None:
    """The picture's texts are not escaped."""
    patch.setattr(node, "escape", lambda said, *_more: Markup(said))


def takes_any_login(_hall: Hall, patch: Patch) -> None:
    """A user name may be anything."""
    patch.setattr(typed, "_LOGIN", re.compile(".+", re.DOTALL))


def thinks_it_over(_hall: Hall, patch: Patch) -> None:
    """A pattern that reads again and again what it has read."""
    real = forms.Form.text
    slow = re.compile("^(a+)(a+)b")

    def said(self: forms.Form, name: str, missing: str = "") -> str:
        if name in ("note", "letters", "reason"):
            slow.search(self.typed.get(name, ""))
        return real(self, name, missing)

    patch.setattr(forms.Form, "text", said)


def builds_statements(hall: Hall, _patch: Patch) -> None:
    """What is searched for becomes part of the statement."""

    def search() -> None:
        if request.path == "/search":
            _say(hall, f"SELECT 1 WHERE 'x' = '{request.args.get('q', '')}'")

    _before(hall, search)


def tells_what_was_bound(hall: Hall, _patch: Patch) -> None:
    """Errors of the database say what was bound."""
    for engine in hall.office.db.engines:
        engine.hide_parameters = False


def asks_elsewhere(hall: Hall, _patch: Patch) -> None:
    """A parameter's address is fetched."""

    def fetch() -> None:
        if "url" in request.args:
            with socket.socket() as line:
                line.connect_ex(("127.0.0.1", 9))

    _before(hall, fetch)


def lets_answers_be_kept(hall: Hall, _patch: Patch) -> None:
    """An answer may be kept by whoever passes it on."""

    def keep(response: Response) -> None:
        response.headers["Cache-Control"] = "public, max-age=60"

    _last_word(hall, keep)


def may_be_framed(hall: Hall, _patch: Patch) -> None:
    """Any site may show the pages within its own."""

    def frame(response: Response) -> None:
        policy = response.headers["Content-Security-Policy"]
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors", "x")

    _last_word(hall, frame)


def forgets_the_filter(_hall: Hall, patch: Patch) -> None:
    """Pages read the plain tables."""
    patch.setattr(visitor, "read_as", lambda db, _reader: db.read())


def asks_nobody(hall: Hall, _patch: Patch) -> None:
    """Pages do not ask who is there."""
    hall.site.before_request_funcs[None].remove(visitor._demand)


def asks_for_no_post(_hall: Hall, patch: Patch) -> None:
    """Who is signed in may open every page."""
    patch.setattr(visitor, "_DEMANDS", {})


def forgets_who_reported(hall: Hall, _patch: Patch) -> None:
    """A step does not remember who reported it."""
    _before(hall, lambda: _say(hall, "UPDATE step SET reporter_id = 1"))


PLANTS: dict[str, Plant] = {
    "a_way_out_at_signing_in": leads_anywhere,
    "a_way_out_at_any_page": leads_anywhere,
    "a_link_made_of_the_address": repeats_the_address,
    "who_is_there_by_the_answer": tells_who_is_there,
    "who_is_there_by_the_time": saves_the_hash,
    "guessing_without_end": counts_nothing,
    "a_cookie_planted_before": keeps_the_session,
    "a_cookie_after_signing_out": _frozen("web_session"),
    "a_cookie_after_another_password": _frozen("web_session"),
    "a_cookie_after_closing": _frozen("user_account", "web_session"),
    "rights_after_the_post": _frozen("appointment"),
    "a_cookie_for_others": shows_the_cookie,
    "half_way_in": asks_no_code,
    "a_link_that_leaks": _config(TRUSTED_HOSTS=None),
    "a_forged_form": _config(WTF_CSRF_ENABLED=False),
    "a_link_that_acts": acts_by_a_link,
    "planted_columns": takes_what_is_planted,
    "a_method_by_name": calls_by_name,
    "two_values": mixes_address_and_form,
    "a_form_sent_twice": forgets_what_was_done,
    "a_move_out_of_turn": moves_out_of_turn,
    "endless_parts": _config(MAX_FORM_PARTS=None, MAX_FORM_MEMORY_SIZE=None),
    "a_body_too_large": _config(MAX_CONTENT_LENGTH=None),
    "headers_of_theirs": writes_their_headers,
    "another_name": _config(TRUSTED_HOSTS=None),
    "another_origin": opens_to_origins,
    "methods_nobody_meant": answers_trace,
    "strange_parameters": takes_any_number,
    "an_error_that_tells": tells_the_fault,
    "one_request_in_another": answers_trace,
    "forty_polyglots": shows_pages_of_files,
    "a_letter_that_is_a_page": shows_letters_as_they_are,
    "names_that_climb": keeps_the_name,
    "addresses_that_climb": hands_out_the_folder,
    "a_file_of_another": finds_files_by_number,
    "an_upload_of_another": shows_anybodys_upload,
    "a_letter_that_is_a_bomb": reads_in_the_page,
    "a_sheet_that_is_a_bomb": trusts_workbooks,
    "a_text_that_is_markup": escapes_nothing,
    "what_is_asked_as_markup": escapes_nothing,
    "a_text_that_is_a_template": works_templates_out,
    "a_cell_that_is_a_formula": writes_cells_as_they_are,
    "a_sign_that_breaks_exports": writes_every_sign,
    "a_name_in_a_drawing": draws_names_as_they_are,
    "a_name_like_anothers": takes_any_login,
    "a_text_to_think_over": thinks_it_over,
    "a_statement_made_of_text": builds_statements,
    "a_secret_in_a_log": tells_what_was_bound,
    "a_server_that_asks": asks_elsewhere,
    "an_answer_that_is_kept": lets_answers_be_kept,
    "a_page_in_a_frame": may_be_framed,
    "a_forgotten_filter": forgets_the_filter,
    "a_number_in_the_address": forgets_the_filter,
    "a_number_in_a_form": forgets_the_filter,
    "a_page_for_anybody": asks_nobody,
    "an_administrator_by_address": asks_for_no_post,
    "an_administrator_who_reads": forgets_the_filter,
    "who_reported_accepts": forgets_who_reported,
    "fields_for_others": forgets_the_filter,
}
