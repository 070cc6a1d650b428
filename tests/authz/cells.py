"""The cells of the matrix: the URL map × methods × people × every thing an address can name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from itertools import chain, product, repeat
from typing import Any, NamedTuple

from werkzeug.routing import Rule

from tests.authz import rules
from tests.authz.asking import API, Asking, Said, body
from tests.authz.marks import BEGIN
from tests.authz.routes import table, verdict

NOBODYS = 42_424_242  # no row has it
# What else pages take in their addresses: tabs, filters, searches.
_TABS = "tree picture coverage history documents picture&as=svg tree&part=letter-{letter_id}"
MORE: dict[str, str] = {
    "cascades.show": " ".join(f"tab={tab}" for tab in _TABS.split()),
    "board.show": "order=longest window=between kind=task state=open directive=L{a} unit=A",
    "board.export": "order=longest directive=L{a} unit=A1",
    "letters.listed": "state=draft state=cited issuer=P issuer=A issuer=C q=zq kind=task",
    "search.show": "q=everywhere q=everywhere&kind=letter q=everywhere&kind=point q=body+a "
    "q=L{a} q=S{a1}",
    "inbox.show": "unit=A unit=A1 only=waiting",
    "units.show_all": "open=A open=P day=01.01.2021",
    "units.show": "day=01.01.2021",
    "steps.show": "before=9999 part=1",
    "api_letters.listed": "state=draft state=cited issuer=P issuer=A since=2020-01-01",
    "api_letters.trace": "direction=down direction=up",
    "api_steps.listed": "letter={a} unit=A1 open=true kind=task",
    "api_overdue.listed": "unit=A1 unit=A",
    "home.show": "after=2026-01-01.1",
}
_READ_OR_WRITE = {"GET", "POST"}
_SHUT, _FEW = ("sign in", "unseen"), ("report", "accept", "issue", "fly")
# What a move needs beside a note may be more than any form filled in beforehand can give.
_UNSURE = {"answer", "supersede", "transfer", "split", "issue", "extend"}


class Cell(NamedTuple):
    """One request of one person, and what the oracle says of it."""

    login: str
    method: str
    endpoint: str
    url: str
    given: Mapping[str, Any]
    expected: str


class UnknownRouteError(AssertionError):
    """Routes that the oracle has no word about."""


def cells(
    asking: Asking,
    logins: Sequence[str],
    things: Mapping[str, Sequence[Any]],
    only: Sequence[str] = ("*",),
) -> Iterator[Cell]:
    """All cells of these people over these things, by argument name; of some routes alone."""
    known = table()
    unknown = {rule.endpoint for rule in asking.app.url_map.iter_rules()} - set(known)
    if unknown:
        raise UnknownRouteError(
            f"no word about {', '.join(sorted(unknown))} in tests/authz/routes.py: say there who "
            "may knock, and what one must see or hold"
        )
    for rule in sorted(asking.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if not any(fnmatch(rule.endpoint, name) for name in only):
            continue
        firsts = chain([True], repeat(False))
        for is_first, given in zip(firsts, _given(rule, things), strict=False):
            if not _tells(asking, given):
                continue
            url = rule.build(given, append_unknown=False)
            assert url is not None
            urls = [url[1], *_more(asking, rule.endpoint, url[1], given)]
            # Of the methods that read and write nothing one address of a route says all.
            methods = (
                [*sorted(rule.methods or ()), "PUT"]
                if is_first
                else _READ_OR_WRITE & (rule.methods or set())
            )
            for login, method in product(logins, sorted(methods)):
                wanted = verdict(known[rule.endpoint], asking.book, asking.people[login], given)
                if wanted in _SHUT and given.get("trigger", "fly") not in _FEW:
                    continue  # every move of what is not there is the same
                if method == "PUT":  # none takes it
                    wanted = "no such method"
                for at in urls if method == "GET" else urls[:1]:
                    yield Cell(login, method, rule.endpoint, at, given, wanted)


def ask(asking: Asking, cell: Cell) -> Said:
    """Fire a cell, its form filled in."""
    data: dict[str, Any] | None = None
    if cell.method == "POST":
        kind, trigger = "letter" if "letter_id" in cell.given else "step", _trigger(cell)
        the_id = cell.given.get(f"{kind}_id", 0)
        is_api = cell.url.startswith(API)
        data = body(trigger, "A2") if is_api else asking.form(kind, the_id, trigger)
        if cell.endpoint == "board.chase":  # all of them, seen or not
            data["step"] = [f"{one}.{row['version']}" for one, row in asking.book["step"].items()]
    return asking.ask(cell.login, cell.method, cell.url, data)


def mismatch(cell: Cell, said: Said) -> str:
    """What is not as the oracle says; nothing where all is well."""
    fits = said.status in _statuses(cell)
    wrongly_wrote = said.wrote and cell.expected not in ("may", "open")
    wrote_by_asking = said.wrote and cell.method != "POST"
    if fits and not wrongly_wrote and not wrote_by_asking:
        return ""
    who = cell.login or "somebody not signed in"
    return (
        f"{who}: {cell.method} {cell.url}: {cell.expected} expected, {said.status} came"
        f"{', written: ' + ', '.join(sorted(said.wrote)) if said.wrote else ''}"
    )


def _statuses(cell: Cell) -> set[int]:
    """The statuses that are as the oracle says; 401 is being sent to sign in."""
    known = _STATUS.get(cell.expected, set())
    if cell.method == "OPTIONS":
        return {*known, 200, 404}  # no more than which methods there are
    if cell.url.startswith(API) and cell.method == "POST":
        known = known | ({400, 422} if cell.expected in ("refused", "open") else set())
        if cell.expected == "unknown":
            return {403, 404, 409, 422}  # it is told what there is
    if cell.expected == "may":
        return {200} if cell.method != "POST" else _done(cell)
    if cell.expected == "refused" and cell.method == "POST":
        return known | {400}
    if cell.expected == "open":
        # A filter may name what is not there; who is let in by anybody's door may be sent on.
        strict = cell.endpoint in _SURE and "?" not in cell.url
        # Programs are told of a filter that names nothing.
        return known if strict else known | {401, 404} | ({422} if "?" in cell.url else set())
    return known


_MOVES_OF_PROGRAMS = {"api_letters.make", "api_steps.make"}


def _trigger(cell: Cell) -> str:
    return str(cell.given.get("trigger", ""))


def _done(cell: Cell) -> set[int]:
    """A move that can be made is done, where a form filled in beforehand can give all of it."""
    is_api = cell.url.startswith(API)
    # What a program sends here has no file with it.
    unsure = _UNSURE | ({"report"} if is_api else set())
    return {200 if is_api else 303} | ({400, 409, 422} if _trigger(cell) in unsure else set())


_STATUS = {
    "sign in": {401},
    "forbidden": {403},
    "unseen": {404},
    "unknown": {404},
    "refused": {403, 409},
    "open": {200, 302, 303, 400, 409, 429},
    "no such method": {405},
}
_SURE = {name for name, route in table().items() if route.door != "anybody"}


def _given(rule: Rule, things: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    # A program names the move in what it sends.
    names = sorted(rule.arguments | ({"trigger"} if rule.endpoint in _MOVES_OF_PROGRAMS else set()))
    choices = []
    for name in names:
        if name == "trigger":
            name = "letter_trigger" if "letter_id" in names else "step_trigger"
        assert name in things, f"what stands for {name} in {rule.rule}?"
        choices.append(things[name])
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def _tells(asking: Asking, given: Mapping[str, Any]) -> bool:
    """Whether it is worth asking: a file at its own step, or at one of a few others."""
    row = asking.book["evidence"].get(given.get("evidence_id"))
    others = [asking.made.steps.get(name) for name in ("a1", "b1", "qa1")]
    return row is None or given["step_id"] in (row["step_id"], *others)


def _more(asking: Asking, endpoint: str, url: str, given: Mapping[str, Any]) -> list[str]:
    made = asking.made
    named = {**given, "a": made.letters.get("a", NOBODYS), "a1": made.steps.get("a1", NOBODYS)}
    return [f"{url}?{more}".format(**named) for more in MORE.get(endpoint, "").split()]


def all_things(asking: Asking) -> dict[str, list[Any]]:
    """Every thing there is, and of each kind one that is not there."""
    book = asking.book
    moves = [*rules.LETTER_MOVES, "register", "fulfil", "fly"]
    far = {name: [one for one in book[name] if one > first] for name, first in BEGIN.items()}
    return {
        **{f"{name}_id": [*numbers, NOBODYS] for name, numbers in far.items()},
        "letter_trigger": moves,
        "step_trigger": [*rules.STEP_MOVES, "fulfil", "extend", "supersede", "lose_answer", "fly"],
        "token": [*asking.made.uploads, "x" * 32],
        "key": [*asking.made.exports, "export-1-0"],
        "code": [*asking.known.units, "NONE"],
        "kind": ["csv", "xlsx"],
        "name": ["secretary", "clerk"],
        "filename": ["cascade.css"],
        "session_id": [*[*book["web_session"]][:4], NOBODYS],
        "delegation_id": [*book["delegation"], NOBODYS],
        "user_id": [*[one["id"] for one in book["user_account"].values()
                      if one["login"] in ("a1.head", "the.admin", "closed.a")], NOBODYS],
        "post_id": [min(book["appointment"]), NOBODYS],
        "token_id": [*[*book["api_token"]][:3], NOBODYS],
        "unit_id": [*asking.known.units.values(), NOBODYS],
        "identity_id": [*book["linked_identity"], NOBODYS],
        "override_id": [NOBODYS],
        "glass_id": [*asking.made.glasses[:1], NOBODYS],
    }  # fmt: skip


def few_things(asking: Asking) -> dict[str, list[Any]]:
    """Some of each kind, for the short form and for the other database."""
    made, every = asking.made, all_things(asking)
    return {
        **{name: [found[0], found[-1]] for name, found in every.items()},
        "letter_id": [made.letters["a"], made.letters["draft of A"]],
        "step_id": [made.steps[name] for name in ("a1", "part 1")],
        "evidence_id": every["evidence_id"][:1],
        "letter_trigger": ["issue", "register"],
        "step_trigger": ["report", "accept"],
        "token": every["token"][:2],
        "code": ["A1"],
    }
