"""A cascade as rows of a tree and as a picture: the same nodes, the same words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from cascade import picture, words
from cascade.drawing.picture import Picture
from cascade.drawing.render import render
from cascade.fold import Folded
from cascade.graph import Cascade, Node
from cascade.outline import Outline
from cascade.viewing import Part, View
from models.queries.tracing import LetterLineRow
from web import history
from web.present.opening import Asked, Branch
from web.present.standing import Standing, letter_standing, standing
from workflows.labels import KINDS, Lang
from workflows.rollup import ANSWERING

WAYS = 3  # ways to what blocks a cascade, told on top


@dataclass
class Fold:
    """What hangs folded under a row: how much, how it stands, the worst of it, how to see it."""

    words: str
    counts: str
    overdue: str
    worst: Row | None
    href: str
    part: str  # what a script fetches instead of the whole page; empty where it may not


@dataclass
class Row:
    """A letter or a step as the tree shows it."""

    key: str
    href: str
    name: str
    about: str  # kind of a step; issuer and subject of a letter
    standing: Standing
    due: list[str]
    is_letter: bool = False
    below: str = ""
    overdue: str = ""
    again: bool = False
    missing: bool = False
    shut: str = ""
    part: str = ""  # what a script fetches to shut it
    fold: Fold | None = None
    children: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """How rows are made: the part shown, how much is folded, what the address asks for."""

    part: Part
    seen: View
    asked: Asked
    lang: Lang
    is_fragment: bool = False

    def rows(self) -> list[Row]:
        """The rows, nested; a node met again is named, not repeated."""
        roots: list[Row] = []
        path: list[list[Row]] = [roots]
        for depth, node, again in self.part.walk():
            row = line(self.part, node, self.lang)
            if again and self.part.children(node):
                row.again = True
            # An id stands once in a page: what hangs in two places may be there already.
            if again or (self.is_fragment and len(self.part.whole.parents(node)) > 1):
                row.key = ""
            if not again:
                self._say_more(row, node)
            del path[depth + 1 :]
            path[depth].append(row)
            path.append(row.children)
        return roots

    def fold(self, node: Node) -> Fold | None:
        """What is folded under a node, after the children that are shown."""
        hidden, counts = self.seen.apart.get(node), self.seen.hidden.get(node)
        if not hidden or counts is None:
            return None
        outline = self.part.whole
        children = outline.children(node)
        apart = set(hidden)
        last = max((at for at, child in enumerate(children) if child not in apart), default=-1)
        goes_on = last < len(children) - 1 and not self.asked.unit
        branch = Branch(node, outline.place(children[last]) if goes_on and last >= 0 else None)
        # Where some of the first are folded and later ones shown, only a whole page is right.
        is_rest = goes_on and len(hidden) == len(children) - 1 - last
        worst = outline.worst(hidden[0])
        named = worst is not None and worst.step in self.part.steps
        return Fold(
            # The picture's own words for it.
            words=picture.folded(counts, self.lang),
            counts=words.ended_below(counts, self.lang),
            overdue=words.overdue_below(counts, self.lang),
            worst=line(self.part, ("step", worst.step), self.lang) if worst and named else None,
            href=self.asked.opening(branch),
            part=f"?part={branch}" if is_rest else "",
        )

    def _say_more(self, row: Row, node: Node) -> None:
        row.fold = self.fold(node)
        if self.part.children(node) and node != self.part.whole.top and not self.asked.unit:
            row.shut = self.asked.shutting(node)
            row.part = f"?part={row.key}&shut" if row.key else ""


def line(found: Cascade, node: Node, lang: Lang) -> Row:
    """One letter or step in words."""
    key, href = str(Branch(node)), link(node)
    if node[0] == "letter":
        letter = found.letters[node[1]]
        counts = None if found.is_way_up else found.below(node)
        return Row(
            key,
            href,
            words.letter_name(letter),
            f"{letter.issuer_name}: {letter.subject}",
            letter_standing(letter.state, lang)._replace(words=words.letter_state(letter, lang)),
            [],
            is_letter=True,
            below=words.ended_below(counts, lang) if counts else "",
            overdue=words.overdue_below(counts, lang) if counts else "",
        )
    step = found.steps[node[1]]
    stands = standing(step.state, step.turn, step.due, step.reported_on, found.today, lang)
    return Row(
        key,
        href,
        words.step_name(step, lang),
        KINDS[step.kind].say(lang),
        stands,
        words.step_due(step, lang),
        missing=found.is_missing(step),
    )


def link(node: Node) -> str:
    """Where a letter or step has its page."""
    if node[0] == "letter":
        return url_for("letters.show", letter_id=node[1])
    return url_for("steps.show", step_id=node[1])


def ways(part: Part, lang: Lang, blockers: list[Node]) -> list[list[Row]]:
    """The ways from the directive to what keeps it open, each a row of links."""
    return [[line(part, node, lang) for node in part.whole.way(end)] for end in blockers]


def sources(above: Cascade, lang: Lang, most: int = 40) -> list[Row]:
    """The way up from a letter to its sources, as nested rows without itself."""
    roots: list[Row] = []
    path: list[list[Row]] = [roots]
    ends = [node for node in above.graph if not above.children(node)]  # the letter itself
    for depth, node, again in list(above.walk())[:most]:
        if node in ends:
            continue
        row = line(above, node, lang)
        row.key, row.again = "", again and bool(above.children(node))
        del path[depth + 1 :]
        path[depth].append(row)
        path.append(row.children)
    return roots


def svg(part: Part, seen: View, asked: Asked, lang: Lang, title: str, *, linked: bool) -> str:
    """The picture of what the tree shows; without links it is one that leaves the register."""
    here = url_for("cascades.show", letter_id=part.whole.top[1])
    drawn = picture.draw(
        part,
        lang=lang,
        view=Folded(seen.shown, seen.hidden),
        title=title,
        link=link if linked else lambda _node: None,
        unfold=(lambda node: here + asked.opening(Branch(node))) if linked else None,
        code="" if linked else history.code(),
    )
    return _rendered(drawn)


def markup(drawn: str) -> Markup:
    """A drawing for the page: our own writer escaped every text in it, it is no user's markup."""
    return Markup(drawn)


def head(letter: LetterLineRow, lang: Lang) -> dict[str, object]:
    """The top of every tab: which letter, whose, how it stands."""
    return {
        "letter": letter,
        "name": words.letter_name(letter),
        "standing": letter_standing(letter.state, lang),
        "is_live": letter.state in ANSWERING,
    }


def title(letter: LetterLineRow) -> str:
    """What a picture is called."""
    return f"{words.letter_name(letter)}: {letter.subject}"


def figures(outline: Outline) -> list[tuple[int, str, bool]]:
    """(number, words, whether it is alarming) of the whole cascade."""
    below = outline.below(outline.top)
    return [
        (below.steps, _("duties"), False),
        (below.ended, _("ended"), False),
        (below.overdue, _("overdue"), below.overdue > 0),
        (outline.missing, _("letters expected, not there"), False),
    ]


# A drawing takes a second; the key is all that is in the picture, so it is never a stale one.
@lru_cache(maxsize=16)
def _rendered(drawn: Picture) -> str:
    return render(drawn, "svg").decode()
