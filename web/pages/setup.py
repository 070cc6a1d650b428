"""The first run: the first administrator, or a sample world to look at."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    stream_template,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from cascade import accounts as signing
from cascade import clock
from cascade import setup as founding
from cascade.accounts import TooManyTriesError, WrongPasswordError
from cascade.errors import CascadeError
from cascade.sample import place, world
from cascade.sample.place import Place
from cascade.setup import Founder, TopUnit
from cascade.store import FileStore
from models.database import Database
from models.queries import accounts, directory
from web import typed, visitor
from web.forms import Form
from web.policy import public
from web.world import World

pages = Blueprint("setup", __name__)
_ONE_AT_A_TIME = Lock()
_TOLD_EVERY = 10  # acts of the story


@pages.before_request
def only_before_anybody() -> None:
    """Once somebody can sign in there is nothing here."""
    with g.db.read() as conn:
        if accounts.anybody(conn):
            abort(404)


@pages.get("/setup")
@public
def show() -> str:
    """The form for the first administrator, and the sample world."""
    return _page(Form(request.args))


@pages.post("/setup")
@public
def make() -> tuple[str, int] | Redirect:
    """Make the first administrator, sign in, and lead on to what comes next."""
    form = Form(request.form)
    status = _check_code(form)
    founder = _read(form)
    if form.problems:
        return _page(form), status or 400
    founding.found(g.db, founder, g.moment)
    token = signing.sign_in(
        g.db, founder.login, founder.password, request.remote_addr or "", clock.now()
    )
    visitor.enter(token)
    return redirect(url_for("admin.begin"), 303)


@pages.post("/setup/sample")
@public
def sample() -> tuple[str, int] | Response:
    """Build the sample world and serve it instead, telling meanwhile how far it is."""
    form = Form(request.form)
    status = _check_code(form)
    if current_app.config["SAMPLES"] is None:
        abort(404)
    if form.problems:
        return _page(form), status
    where = Place(current_app.config["SAMPLES"] / world.NAMES[0])
    return Response(stream_template("setup_sample.html", building=_Building(where)))


class _Building:
    """A sample world being built; each turn of the loop is words on how far it is."""

    def __init__(self, where: Place) -> None:
        self.where = where
        self.problem = ""
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[str]:
        with _ONE_AT_A_TIME:
            try:
                if not self.where.is_built():
                    for done, total in place.building(self.where):
                        if done % _TOLD_EVERY == 1:
                            yield _(
                                "%(done)s of %(total)s acts of the story", done=done, total=total
                            )
            except CascadeError as error:
                self.problem = str(error)
                return
            self._app.extensions["world"] = World(
                Database(self.where.database),
                FileStore(self.where.files),
                place.day(self.where.folder.name),
            )


def _check_code(form: Form) -> int:
    """Put what is wrong with the code at its field; the status that goes with it."""
    wanted = current_app.config["SETUP_CODE"]
    try:
        if wanted is None:
            raise WrongPasswordError()
        signing.check_code(g.db, form.text("code"), wanted, request.remote_addr or "", clock.now())
    except WrongPasswordError:
        form.problems["code"] = _(
            "This is not the code that the server printed when it was started last."
        )
        return 403
    except TooManyTriesError:
        form.problems["code"] = _("There were too many tries. Wait a quarter of an hour.")
        return 429
    return 0


def _read(form: Form) -> Founder:
    name = form.text("name", _("Type your name."))
    login = typed.login(form)
    unit: int | TopUnit = form.number("unit") or 0
    with g.db.read() as conn:
        tops = directory.tops(conn, g.today)
    if not tops:
        unit = TopUnit(
            typed.unit_code(form),
            form.text("unit_name", _("Type the name of the unit.")),
            form.text("level", _("Type what such a unit is called, such as Province.")),
        )
    elif unit not in {row.id for row in tops}:
        form.problems["unit"] = _("Choose a unit.")
    texts = (name, login, form.text("unit_code"), form.text("unit_name"))
    return Founder(name, login, typed.password(form, texts), unit)


def _page(form: Form) -> str:
    with g.db.read() as conn:
        tops, levels = directory.tops(conn, g.today), directory.levels(conn)
    return render_template(
        "setup.html",
        form=form,
        tops=tops,
        levels=levels,
        has_code=current_app.config["SETUP_CODE"] is not None,
        has_sample=current_app.config["SAMPLES"] is not None,
    )
