"""Every route there is: who may knock, and what of which thing the one who knocks must see or hold.

A route that is not in this table fails the matrix: whoever adds one says here whom it is for, in
words of docs/security.md and not of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.authz import rules
from tests.authz.rules import Person

# endpoint, who may knock, and the thing it is about
ROUTES = """
static                            anybody        -
health.healthz                    anybody        -
health.metrics                    anybody        nothing
help.show                         anybody        -
help.guide                        anybody        -
help.image                        anybody        -
account.sign_in                   anybody        -
account.enter                     anybody        -
reset.open_link                   anybody        -
reset.show                        anybody        -
reset.use                         anybody        -
second_factor.ask                 anybody        -
second_factor.answer              anybody        -
setup.show                        anybody        nothing
setup.make                        anybody        nothing
setup.sample                      anybody        nothing
account.leave                     person         -
account.password                  person         -
account.change_password           person         -
feed.show                         person         -
feed.make                         person         -
feed.end                          person         own_feed
feed.put_mail                     person         -
feed.read                         anybody        nothing
second_factor.show                person         -
second_factor.begin               person         -
second_factor.confirm             person         -
second_factor.remove              person         -
oidc.begin                        anybody        -
oidc.back                         anybody        -
oidc.show                         person         -
oidc.begin_link                   person         nothing
oidc.remove                       person         own_identity
oidc.of_person                    administrator  user
oidc.remove_of_person             administrator  identity_of
why.show                          person         -
why.letter                        person         letter
why.step                          person         step
tokens.show                       person         -
tokens.make                       person         -
tokens.end                        person         own_token
own_sessions.show                 person         -
own_sessions.end                  person         own_session
own_sessions.end_all              person         -
deputies.show                     person         -
deputies.give                     person         -
deputies.end                      person         own_delegation
home.show                         person         -
inbox.show                        person         -
board.show                        person         -
board.export                      person         -
board.chase                       person         -
search.show                       person         -
units.show_all                    person         -
units.show                        person         unit
letters.listed                    person         -
letters.show                      person         letter
exports.show                      person         -
exports.ask                       person         -
exports.file                      person         own_export
letters.file                      person         letter_file
letters.ask                       person         letter_move
letters.act                       person         letter_move
cascades.show                     person         letter
steps.show                        person         step
steps.ask                         person         step_move
steps.act                         person         step_move
steps.evidence                    person         evidence
imports.new                       registrar      -
imports.receive                   registrar      -
imports.confirm                   registrar      upload
imports.settle                    registrar      upload
admin.show                        administrator  -
admin.begin                       administrator  -
admin.record                      administrator  -
admin.sheets.show                 administrator  -
admin.sheets.take                 administrator  -
admin.sheets.book                 administrator  -
admin.calendar.show               administrator  -
admin.calendar.add                administrator  -
admin.calendar.edit               administrator  override
admin.calendar.change             administrator  override
admin.calendar.remove             administrator  override
admin.users.new                   administrator  -
admin.users.add                   administrator  -
admin.users.show                  administrator  user
admin.users.rename                administrator  user
admin.users.activate              administrator  user
admin.users.deactivate            administrator  user
admin.users.put_mail              administrator  user
admin.reminders.show              administrator  -
admin.reminders.save              administrator  -
admin.reminders.add               administrator  -
admin.users.sign_out              administrator  user
admin.users.make_link             administrator  user
admin.users.remove_second_factor  administrator  user
admin.users.appoint               administrator  user
admin.users.post                  administrator  post
admin.users.end_post              administrator  post
admin.glass.show                  administrator  -
admin.glass.break_it              administrator  -
admin.glass.end                   administrator  glass
api_document                      anybody        -
api_events.listed                 person         -
api_letters.listed                person         -
api_letters.enter                 registrar      -
api_letters.show                  person         letter
api_letters.choices               person         letter
api_letters.make                  person         letter_move
api_letters.trace                 person         letter
api_overdue.listed                person         -
api_steps.listed                  person         -
api_steps.show                    person         step
api_steps.choices                 person         step
api_steps.make                    person         step_move
api_units.listed                  person         -
api_units.show                    person         unit_row
"""
Book = Mapping[str, Mapping[int, Mapping[str, Any]]]


class Route(NamedTuple):
    """Who may knock, and what it is about."""

    door: str
    thing: str


def table() -> dict[str, Route]:
    """The routes by endpoint."""
    lines = [line.split() for line in ROUTES.split("\n") if line]
    return {name: Route(door, thing) for name, door, thing in lines}


def verdict(route: Route, book: Any, who: Person, given: Mapping[str, Any]) -> str:
    """What a request must come to: sign in, forbidden, unseen, refused, may, or open.

    `may` is a move that can be made; `open` says no more than that the page is theirs.
    """
    if route.door != "anybody" and not who.is_in:
        return "sign in"
    if route.door == "administrator" and not who.holds({"administrator"}):
        return "forbidden"
    if route.door == "registrar" and not who.holds(rules.ENTERS):
        return "forbidden"
    return "open" if route.thing == "-" else _THINGS[route.thing](book, who, given)


def _letter(_book: Any, who: Person, given: Mapping[str, Any]) -> str:
    return "open" if given["letter_id"] in who.sight.letters else "unseen"


def _letter_file(book: Any, who: Person, given: Mapping[str, Any]) -> str:
    has_file = book["letter"].get(given["letter_id"], {}).get("file_sha256")
    return _letter(book, who, given) if has_file else "unseen"


def _letter_move(book: Any, who: Person, given: Mapping[str, Any]) -> str:
    if _letter(book, who, given) == "unseen":
        return "unseen"
    return rules.letter_move(who, book["letter"][given["letter_id"]], given["trigger"])


def _step(_book: Any, who: Person, given: Mapping[str, Any]) -> str:
    return "open" if given["step_id"] in who.sight.steps else "unseen"


def _step_move(book: Any, who: Person, given: Mapping[str, Any]) -> str:
    if _step(book, who, given) == "unseen":
        return "unseen"
    return rules.step_move(book, who, book["step"][given["step_id"]], given["trigger"])


def _evidence(book: Any, who: Person, given: Mapping[str, Any]) -> str:
    row = book["evidence"].get(given["evidence_id"])
    is_there = row and row["step_id"] == given["step_id"] and row["sha256"]
    return "open" if is_there and given["step_id"] in who.sight.whole else "unseen"


def _row(
    table: str, name: str, of: Callable[[Person, Mapping[str, Any]], Mapping[str, Any]]
) -> Any:
    """A row that is there, and has what it must have to be this person's."""

    def is_there(book: Any, who: Person, given: Mapping[str, Any]) -> str:
        row, wanted = book[table].get(given[name]), of(who, given)
        return "open" if row and wanted.items() <= row.items() else "unseen"

    return is_there


def _upload(book: Any, who: Person, given: Mapping[str, Any]) -> str:
    return "open" if book["upload"].get(given["token"]) == who.login else "unseen"


def _own_export(book: Any, who: Person, given: Mapping[str, Any]) -> str:
    return "open" if book["export"].get(given["key"]) == who.login else "unseen"


def _unit(book: Any, _who: Person, given: Mapping[str, Any]) -> str:
    return "open" if given["code"] in {row["code"] for row in book["unit"].values()} else "unseen"


_THINGS: dict[str, Callable[[Any, Person, Mapping[str, Any]], str]] = {
    "nothing": lambda *_: "unseen",
    "letter": _letter,
    "letter_file": _letter_file,
    "letter_move": _letter_move,
    "step": _step,
    "step_move": _step_move,
    "evidence": _evidence,
    "own_session": _row("web_session", "session_id", lambda who, _: {"user_id": who.user_id}),
    "own_delegation": _row("delegation", "delegation_id", lambda who, _: {"giver_id": who.user_id}),
    "own_identity": _row("linked_identity", "identity_id", lambda who, _: {"user_id": who.user_id}),
    "identity_of": _row(
        "linked_identity", "identity_id", lambda _, given: {"user_id": given["user_id"]}
    ),
    "own_token": _row("api_token", "token_id", lambda who, _: {"user_id": who.user_id}),
    "own_feed": lambda book, who, _: (
        "open"
        if any(row["user_id"] == who.user_id for row in book["calendar_feed"].values())
        else "unseen"
    ),
    "unit_row": _row("unit", "unit_id", lambda *_: {}),
    "unit": _unit,
    "upload": _upload,
    "own_export": _own_export,
    "user": _row("user_account", "user_id", lambda *_: {}),
    "post": _row("appointment", "post_id", lambda *_: {}),
    "override": _row("calendar_override", "override_id", lambda *_: {}),
    "glass": _row("glass", "glass_id", lambda *_: {}),
}
