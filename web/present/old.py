"""Rows turned into what the templates show: words chosen, links made, trees nested."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import Connection

from cascade import clock, picture, sheets, words
from cascade.drawing.render import LIMIT, render
from cascade.graph import Cascade, Node
from models.queries.home import DirectiveRow, EventRow
from models.queries.lists import OverdueRow
from workflows.labels import KINDS, ROLES, STATES, TRIGGERS, Lang
from workflows.lateness import days_late
from workflows.reference import identity, reference

Row = dict[str, Any]


def link(node: Node) -> str:
    """Where a letter or step has its page."""
    if node[0] == "letter":
        return url_for("pages.letter", letter_id=node[1])
    return url_for("pages.step", step_id=node[1])


def directives(rows: list[DirectiveRow], below: dict[int, int], lang: Lang) -> list[Row]:
    """The directives with how much below each is overdue."""
    return [
        {
            "href": url_for("pages.cascade", letter_id=row.id),
            "name": identity(row.kind, row.number, row.symbol, row.dated),
            "issuer": row.issuer_name,
            "subject": row.subject,
            "state": STATES[row.state].say(lang),
            "open": row.open_steps,
            "overdue": below.get(row.id, 0),
        }
        for row in rows
    ]


def overdue(rows: list[OverdueRow], today: date, lang: Lang) -> list[Row]:
    """The overdue list: since when, who must act, what for."""
    return [
        {
            "href": link(("step", row.id)),
            "name": f"S{row.id}",
            "due": row.due,
            "days": days_late(row.due, today),
            "who": words.who_acts(row.turn, row.unit, row.issuer, lang),
            "letter": reference(row.number, row.symbol),
            "letter_href": link(("letter", row.letter_id)),
            "point": row.point,
            "standing": words.standing(row.kind, row.state, row.turn, row.unit, row.issuer, lang),
        }
        for row in rows
    ]


def letter(conn: Connection, letter_id: int, lang: Lang) -> Row:
    """The sheet of a letter."""
    sheet = sheets.sheet(conn, letter_id)
    return {
        "sheet": sheet,
        "name": identity(sheet["kind"], sheet["number"], sheet["symbol"], sheet["dated"]),
        "state": STATES[sheet["state"]].say(lang),
        "cites": [_citation(row, lang) for row in sheet["cites"]],
        "cited_by": [_citation(row, lang) for row in sheet["cited_by"]],
    }


def cascade(found: Cascade, letter_id: int, lang: Lang) -> Row:
    """The tree with its picture beside it, folded to what can be looked at."""
    drawn = picture.draw(found, lang=lang, limit=LIMIT, link=link)
    top = found.letters[letter_id]
    return {
        "letter": top,
        "name": words.letter_name(top),
        "below": words.below(found.below(("letter", letter_id)), lang),
        "tree": tree(found, lang),
        "missing": [line(found, ("step", step.id), lang) for step in found.missing()],
        # Our own writer escaped every text in it; it is no user's markup.
        "svg": Markup(render(drawn, "svg").decode()),
    }


def step(found: Cascade, step_id: int, history: list[EventRow], lang: Lang) -> Row:
    """A step with the way up to its sources and its history."""
    return {
        "name": words.step_name(found.steps[step_id], lang),
        "kind": KINDS[found.steps[step_id].kind].say(lang),
        "here": line(found, ("step", step_id), lang),
        "tree": tree(found, lang),
        "history": [
            {
                "at": row.at.astimezone(clock.OFFICE),
                "actor": row.actor,
                "role": ROLES[row.role].say(lang) if row.role in ROLES else "",
                "move": TRIGGERS[row.trigger].say(lang),
                "state": STATES[row.target].say(lang),
                "note": row.note,
                "until": row.until,
            }
            for row in history
        ],
    }


def tree(found: Cascade, lang: Lang) -> list[Row]:
    """The cascade as nested rows; a letter met again is named, not repeated."""
    roots: list[Row] = []
    path: list[list[Row]] = [roots]
    for depth, node, again in found.walk():
        row = line(found, node, lang) | {"again": again and bool(found.children(node))}
        del path[depth + 1 :]
        path[depth].append(row)
        path.append(row["children"])
    return roots


def line(found: Cascade, node: Node, lang: Lang) -> Row:
    """One letter or step as the tree shows it."""
    if node[0] == "letter":
        at = found.letters[node[1]]
        said = [words.letter_state(at, lang), words.below_node(found, node, lang)]
        row = {"name": words.letter_name(at), "who": at.issuer_name, "tone": at.state}
    else:
        owed = found.steps[node[1]]
        said = words.step_state(found, owed, lang)
        row = {
            "name": words.step_name(owed, lang),
            "who": KINDS[owed.kind].say(lang),
            "tone": str(picture.tone(found, owed)),
        }
    said = [phrase for phrase in said if phrase]
    return {**row, "kind": node[0], "href": link(node), "said": said, "children": []}


def _citation(row: Row, lang: Lang) -> Row:
    return {
        "href": link(("letter", row["id"])),
        "name": identity(row["kind"], row["number"], row["symbol"], row["dated"]),
        "issuer": row["issuer_name"],
        "state": words.state_of_letter(row["state"], lang),
    }
