"""A directive's cascade: the tree is the page, the graph its picture; coverage, history, files."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request
from sqlalchemy import Connection

from cascade import coverage, graph, outline, viewing, words
from cascade.acts import Ref
from cascade.drawing.render import LIMIT
from cascade.errors import NotFoundError
from cascade.graph import Node
from cascade.outline import Outline
from cascade.viewing import Part, View
from models.queries import happened, jobs, tracing, units
from web import visitor
from web.policy import reads
from web.present import cascade_tabs, opening
from web.present import cascades as present
from web.present.opening import Asked, Branch

pages = Blueprint("cascades", __name__)


@pages.get("/letters/<int:letter_id>/cascade")
@reads
def show(letter_id: int) -> str | Response:
    """A directive's cascade, one of its tabs; with `part` a branch of the tree alone."""
    branch = opening.branch_of(request.args.get("part", ""))
    if branch is not None:
        return _branch(letter_id, branch)
    return _TABS.get(request.args.get("tab", ""), _tree)(letter_id)


def _tree(letter_id: int) -> str:
    asked = opening.read(request.args)
    with visitor.reading() as conn:
        found = outline.down(conn, letter_id, g.today)
        above = graph.up(conn, Ref("letter", letter_id), g.today)
        unit_id = units.by_code(conn, asked.unit)
        seen = viewing.view(found, asked.wish(unit_id))
        blockers = found.blockers(present.WAYS)
        part = _part(conn, found, seen, [node for end in blockers for node in found.way(end)])
    tree = present.Tree(part, seen, asked, g.lang)
    return render_template(
        "cascade.html",
        rows=tree.rows(),
        no_letter=words.no_letter_yet(g.lang),
        sources=present.sources(above, g.lang),
        figures=present.figures(found),
        ways=present.ways(part, g.lang, blockers),
        depths=range(1, min(9, max(found.generations.values()) + 1) + 1),
        near={step.unit_code: step.unit for step in part.steps.values()},
        is_unknown_unit=bool(asked.unit and unit_id is None),
        **_frame(part.letters[letter_id], "tree", asked),
    )


def _branch(letter_id: int, branch: Branch) -> str:
    """What a script puts in place of a fold: a node's next children, or the fold itself again."""
    with visitor.reading() as conn:
        found = outline.down(conn, letter_id, g.today)
        is_shut = "shut" in request.args
        seen = viewing.fragment(found, branch.node, branch.after, is_shut=is_shut)
        part = _part(conn, found, seen, [])
    tree = present.Tree(part, seen, opening.read(request.args), g.lang, is_fragment=True)
    return render_template(
        "cascade_branch.html",
        rows=tree.rows(),
        fold=tree.fold(branch.node),
        no_letter=words.no_letter_yet(g.lang),
    )


def _picture(letter_id: int) -> str | Response:
    asked = opening.read(request.args)
    with visitor.reading() as conn:
        found = outline.down(conn, letter_id, g.today)
        wish = asked.wish(units.by_code(conn, asked.unit))
        whole = viewing.view(found, wish)
        seen = viewing.trim(found, whole, LIMIT)
        part = _part(conn, found, seen, [])
    top = part.letters[letter_id]
    is_file = request.args.get("as") == "svg"
    drawn = present.svg(part, seen, asked, g.lang, present.title(top), linked=not is_file)
    if is_file:
        name = f"cascade-{letter_id}.svg"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(drawn, mimetype="image/svg+xml", headers=headers)
    return render_template(
        "cascade_picture.html",
        svg=present.markup(drawn),
        boxes=len(seen.shown),
        rows=len(whole.shown),
        **_frame(top, "picture", asked),
    )


def _coverage(letter_id: int) -> str:
    with visitor.reading() as conn:
        head = _head(conn, letter_id)
        found = coverage.coverage(conn, letter_id, g.today)
    table = cascade_tabs.coverage(found, g.today, g.lang)
    return render_template("cascade_coverage.html", **table, **_frame(head, "coverage"))


def _history(letter_id: int) -> str:
    before = _key("before")
    with visitor.reading() as conn:
        head = _head(conn, letter_id)
        rows = happened.history(conn, letter_id, g.today, before=before, limit=51)
    table = cascade_tabs.history(rows, before != happened.NEWEST, g.lang)
    return render_template("cascade_history.html", **table, **_frame(head, "history"))


def _documents(letter_id: int) -> str:
    before, shown_before = _key("before"), _key("evidence")
    with visitor.reading() as conn:
        head = _head(conn, letter_id)
        letters = happened.letters(conn, letter_id, g.today, before=before, limit=51)
        shown = happened.evidence(conn, letter_id, g.today, before=shown_before, limit=51)
    table = cascade_tabs.documents(letters, shown, before, shown_before, g.lang)
    return render_template("cascade_documents.html", **table, **_frame(head, "documents"))


_TABS = {
    "picture": _picture,
    "coverage": _coverage,
    "history": _history,
    "documents": _documents,
}


def _part(conn: Connection, found: Outline, seen: View, more: list[Node]) -> Part:
    """What is shown with its names: all of them by two statements."""
    named = viewing.named(found, seen) | set(more) | {found.top}
    letters = tracing.letters(conn, [n for kind, n in named if kind == "letter"])
    steps = tracing.steps(conn, [n for kind, n in named if kind == "step"], g.today)
    return viewing.part(found, seen, letters, steps)


def _head(conn: Connection, letter_id: int) -> tracing.LetterLineRow:
    found = tracing.letters(conn, [letter_id])
    if not found:
        raise NotFoundError("there is no such letter", where=f"letter {letter_id}")
    return found[0]


def _frame(
    letter: tracing.LetterLineRow, tab: str, asked: Asked | None = None
) -> dict[str, object]:
    asked = asked or opening.read(request.args)
    with g.db.read() as conn:
        underway = jobs.underway(conn, letter.id)
    return {**present.head(letter, g.lang), "tab": tab, "asked": asked, "underway": underway}


def _key(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else happened.NEWEST
