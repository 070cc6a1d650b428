"""Keeping users, posts and the calendar: for administrators alone."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for

from models.queries import administration, counting
from web.forms import Form
from web.pages.admin_calendar import pages as calendar
from web.pages.admin_reminders import pages as reminders
from web.pages.admin_sheets import pages as sheets
from web.pages.admin_users import pages as users
from web.pages.break_glass import pages as glass
from web.policy import administers
from web.present import admin as present
from web.present.admin import PAGE

pages = Blueprint("admin", __name__)


@pages.get("/admin")
@administers
def show() -> str:
    """People by login, page by key."""
    form = Form(request.args)
    asked, after = form.text("q"), form.text("after")
    with g.db.read() as conn:
        rows = administration.users(conn, asked=asked, after=after, limit=PAGE + 1)
    more = url_for("admin.show", q=asked or None, after=rows[PAGE - 1].login) if rows[PAGE:] else ""
    return render_template("admin_users.html", rows=rows[:PAGE], asked=asked, more=more)


@pages.get("/admin/begin")
@administers
def begin() -> str:
    """What to do next in a new register, and how much of it is done."""
    with g.db.read() as conn:
        units, people, passwords = counting.of_register(conn)
    return render_template("admin_begin.html", units=units, people=people, passwords=passwords)


@pages.get("/admin/record")
@administers
def record() -> str:
    """Every act of administration, the newest first, page by key."""
    before = request.args.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    with g.db.read() as conn:
        rows = administration.record(conn, before=key, limit=PAGE + 1)
    more = url_for("admin.record", before=rows[PAGE - 1].id) if rows[PAGE:] else ""
    return render_template("admin_record.html", rows=present.record(rows[:PAGE]), more=more)


pages.register_blueprint(users)
pages.register_blueprint(calendar)
pages.register_blueprint(reminders)
pages.register_blueprint(sheets)
pages.register_blueprint(glass)
