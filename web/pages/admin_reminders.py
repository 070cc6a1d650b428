"""The rules of reminding: when units are reminded of what they owe, and who is told."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import reminder_rules
from cascade.administration import By
from cascade.reminder_rules import Rule
from web import visitor
from web.forms import Form
from web.policy import administers
from web.present import admin as present
from workflows.reminding import Audience, Kind

pages = Blueprint("reminders", __name__)
Answer = Response | tuple[str, int]


@pages.get("/admin/reminders")
@administers
def show() -> str:
    """All rules in one form, and the form for another."""
    return _page(Form(request.args))


@pages.post("/admin/reminders")
@administers
def save() -> Answer:
    """Change what was changed in the table."""
    form = Form(request.form)
    wanted = [
        (row.id, _rule(form, str(row.id), row.kind, f"is_on-{row.id}" in form.typed))
        for row in reminder_rules.rules(g.db)
    ]
    if form.problems:
        return _page(form), 400
    rules = [(rule_id, rule) for rule_id, rule in wanted if rule is not None]
    reminder_rules.change(g.db, rules, By(visitor.me().actor.id, g.moment))
    return _back(_("The rules are saved. What was reminded of already stays so."))


@pages.post("/admin/reminders/new")
@administers
def add() -> Answer:
    """One more rule."""
    form = Form(request.form)
    kind = form.text("kind-new", _("Choose when it reminds."))
    if kind and kind not in list(Kind):
        form.problems["kind-new"] = _("Choose when it reminds.")
    rule = None if form.problems else _rule(form, "new", kind, is_on=True)
    if rule is None:
        return _page(form), 400
    reminder_rules.add(g.db, rule, By(visitor.me().actor.id, g.moment))
    return _back(_("The rule is added."))


def _rule(form: Form, row: str, kind: str, is_on: bool) -> Rule | None:
    """A rule as typed; what is wrong with it is put to its fields."""
    least, most = reminder_rules.bounds(kind)
    days = 0 if most == 0 else form.number(f"days-{row}")
    if days is None or not least <= days <= most:
        form.problems[f"days-{row}"] = _(
            "Type a number from %(least)s to %(most)s.", least=least, most=most
        )
    audience = form.typed.get(f"audience-{row}", "")
    if audience not in list(Audience):
        form.problems[f"audience-{row}"] = _("Choose who is told.")
    if days is None or any(f"{name}-{row}" in form.problems for name in ("days", "audience")):
        return None
    return Rule(Kind(kind), days, Audience(audience), is_on)


def _page(form: Form) -> str:
    return render_template(
        "admin_reminders.html",
        form=form,
        rows=reminder_rules.rules(g.db),
        kinds=present.reminder_kinds(),
        audiences=present.audiences(),
    )


def _back(message: str) -> Response:
    flash(message)
    return redirect(url_for(".show"), 303)
