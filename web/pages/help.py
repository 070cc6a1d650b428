"""The guides, from docs/guide: one page for each kind of work, in both languages."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_babel import lazy_gettext as _l
from markdown_it import MarkdownIt
from markupsafe import Markup

from web.policy import public

pages = Blueprint("help", __name__)

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = {
    "secretary": _l("For the secretariat"),
    "clerk": _l("For the staff of a unit"),
    "administrator": _l("For the administrator"),
}
# The guide that tells of a group of pages; the others lead to the list of guides.
_TELLS_OF = {
    "inbox": "clerk",
    "steps": "clerk",
    "board": "secretary",
    "cascades": "secretary",
    "letters": "secretary",
    "imports": "secretary",
    "admin": "administrator",
    "setup": "administrator",
}


@pages.app_context_processor
def fitting() -> dict[str, str]:
    """Where the help of this page is."""
    name = _TELLS_OF.get((request.blueprint or "").split(".")[0])
    return {"help_here": url_for("help.guide", name=name) if name else url_for("help.show")}


@pages.get("/help")
@public
def show() -> str:
    """Which guide is for whom."""
    return render_template("help.html", guides=GUIDES)


@pages.get("/help/<name>")
@public
def guide(name: str) -> str:
    """One guide in the reader's language."""
    path = DOCS / "guide" / f"{name}.{g.lang}.md"
    if name not in GUIDES or not path.exists():
        abort(404)
    # The guides are ours; still no HTML of theirs is taken over.
    text = MarkdownIt("commonmark", {"html": False}).enable("table").render(path.read_text("utf-8"))
    return render_template("guide.html", title=GUIDES[name], text=Markup(text))


@pages.get("/images/<name>")
@public
def image(name: str) -> Response:
    """A screenshot of a guide, named there as `../images/…`."""
    return send_from_directory(DOCS / "images", name)
