"""The organisation in sheets: bring it in, and take it out to fill it in."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Redirect

from cascade import organisation, orgbook
from cascade.administration import (
    By,
    LastAdministratorError,
    OwnPostError,
    sheets_on_record,
)
from cascade.organisation import Counted
from cascade.orgsheets import SheetsError
from cascade.uploads import plain_name
from web import visitor
from web.policy import administers

pages = Blueprint("sheets", __name__)
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/admin/import")
@administers
def show() -> str:
    """The form, and what the sheets must hold."""
    return render_template("admin_sheets.html", problem="", faults=())


@pages.post("/admin/import")
@administers
def take() -> Redirect | tuple[str, int]:
    """Take all sheets or none; every fault is told with its file and line."""
    given = [file for file in request.files.getlist("sheets") if file.filename]
    problem, faults = "", []
    if not given:
        problem = _("Choose at least one file.")
    else:
        try:
            counted = _import(given)
            flash(_told(counted))
            return redirect(url_for(".show"), 303)
        except SheetsError as error:
            problem = _("Nothing was imported. Correct these lines and import again.")
            faults = [(fault.file, fault.line, fault.say(g.lang)) for fault in error.faults]
        except OwnPostError:
            problem = _(
                "Nothing was imported: the sheet would give you a post, which only another "
                "administrator can do. Take your own lines out of it."
            )
        except LastAdministratorError:
            problem = _("Nothing was imported: nobody would be left who can administer.")
    return render_template("admin_sheets.html", problem=problem, faults=faults), 400


@pages.get("/admin/organisation.xlsx")
@administers
def book() -> Response:
    """Everything on file, as a workbook that can be imported again."""
    with g.db.read() as conn:
        made = orgbook.book(conn)
    name = {"Content-Disposition": "attachment; filename=organisation.xlsx"}
    return Response(made, mimetype=_EXCEL, headers=name)


def _import(given: Sequence[FileStorage]) -> Counted:
    names = [plain_name(file.filename or "") for file in given]
    by = By(visitor.me().actor.id, g.moment)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (file, name) in enumerate(zip(given, names, strict=True)):
            # A folder each, as two files may bear one name.
            path = Path(folder, str(number), name)
            path.parent.mkdir()
            file.save(path)
            paths.append(path)
        return organisation.import_files(g.db, paths, sheets_on_record(by, names))


def _told(counted: Counted) -> str:
    return str(
        _(
            "Imported: %(levels)s levels, %(units)s lines of units, %(groups)s groups, "
            "%(changes)s changes, %(people)s posts.",
            **counted._asdict(),
        )
    )
