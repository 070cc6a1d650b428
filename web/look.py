"""What every template can use: assets with their version, names of moves and states, the kit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlencode

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from cascade.receiving import counts_from_receipt
from web import visitor
from web.present.standing import letter_standing
from workflows.labels import KINDS, ROLES, STATES, TRIGGERS, Lang, Words
from workflows.reference import identity

# Filters that say a code of the rules in the reader's language: {{ step.state|state }}.
_TABLES: dict[str, dict[str, Words]] = {
    "state": STATES,
    "move": TRIGGERS,
    "kind": KINDS,
    "role": ROLES,
}


class LetterLike(Protocol):
    """Any row that holds what a letter is named by."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def symbol(self) -> str | None: ...
    @property
    def dated(self) -> date | None: ...


def register(app: Flask) -> None:
    """Put the helpers into the templates."""
    kit = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loader = app.jinja_loader
    assert loader is not None
    app.jinja_loader = ChoiceLoader([loader, kit])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = _asset(Path(app.static_folder or ""))
    for name, words in _TABLES.items():
        app.add_template_filter(_sayer(words), name)
    app.add_template_test(counts_from_receipt, "counted_from_receipt")
    app.jinja_env.globals["here_in"] = here_in
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["why_here"] = why_here
    app.jinja_env.globals["letter_name"] = letter_name
    app.jinja_env.globals["letter_standing"] = lambda state: letter_standing(state, g.lang)
    app.context_processor(
        lambda: {
            "lang": g.lang,
            "nonce": g.nonce,
            "today": g.today,
            "sample": g.world.sample_day,
        }
    )


def here_in(lang: Lang) -> str:
    """This same page in another language."""
    args = request.args.to_dict(flat=False) | {"lang": [lang]}
    # Quoted and with one slash before it: "/\\elsewhere" would be another site to a browser.
    asked = f"/{quote(request.path.lstrip('/'))}"
    path = asked if request.method == "GET" else url_for("home.show")
    return f"{path}?{urlencode(args, doseq=True)}"


def why_here() -> str:
    """The page that says why this one is shown: of its step, its letter, or of all lists."""
    args = request.view_args or {}
    for name, endpoint in (("step_id", "why.step"), ("letter_id", "why.letter")):
        if name in args:
            return url_for(endpoint, **{name: args[name]})
    return url_for("why.show")


def letter_name(row: LetterLike) -> str:
    """A letter as people name it: kind, reference, day."""
    return identity(row.kind, row.number, row.symbol, row.dated)


def navigation() -> list[tuple[str, str]]:
    """(words, endpoint) of the places this person has work in."""
    here = visitor.me()
    shown = [(_("First page"), "home.show")]
    if here.works_in:
        shown.append((_("Our work"), "inbox.show"))
    if here.follows_for:
        shown.append((_("Overdue"), "board.show"))
    shown += [(_("Letters"), "letters.listed"), (_("Units"), "units.show_all")]
    if here.is_administrator:
        shown.append((_("Administration"), "admin.show"))
    return shown


def _asset(folder: Path) -> Callable[[str], str]:
    @cache
    def version(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    return lambda name: url_for("static", filename=name, v=version(name))


def _sayer(words: dict[str, Words]) -> Callable[[object], str]:
    def say(code: object) -> str:
        """A code of the rules in the reader's language."""
        found = words.get(str(code))
        return found.say(g.lang) if found else str(code)

    return say
