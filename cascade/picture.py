"""A cascade as a picture: one node a letter and a step, tones and words from the rules."""

from __future__ import annotations

from collections.abc import Callable

from cascade import words
from cascade.drawing.picture import (
    EdgeKind,
    LegendEntry,
    NodeKind,
    Picture,
    PictureEdge,
    PictureNode,
    Tone,
)
from cascade.fold import Folded, fold
from cascade.graph import Below, Cascade, Node
from models.queries.tracing import StepLineRow
from workflows.labels import KINDS, Lang, Words
from workflows.lateness import Lateness
from workflows.letter import LetterState
from workflows.roles import Turn

_AS_OF = Words("tính đến ngày {day}", "as of {day}")
_HISTORY = Words(" · Mã lịch sử: {code}", " · History: {code}")
_FOLDED = Words("thêm {steps} việc", "{steps} more")
_LETTERS = Words("thêm văn bản", "more letters")
_LEGEND: dict[Tone, Words] = {
    Tone.working: Words("đang làm", "under way"),
    Tone.waiting: Words("chờ nghiệm thu hoặc quyết định", "waiting for the issuer"),
    Tone.late: Words("quá hạn", "overdue"),
    Tone.returned: Words("bị trả lại", "returned"),
    Tone.missing: Words("chưa có văn bản", "letter expected, not there"),
    Tone.done: Words("đã xong", "ended"),
    Tone.ended: Words("hủy, miễn, chuyển, thay thế", "cancelled, waived, transferred, superseded"),
}
_DROPPED = frozenset({"cancelled", "waived", "transferred", "superseded", "withdrawn"})
_EDGES = {
    "sets": EdgeKind.sets,
    "answers": EdgeKind.answers,
    "splits": EdgeKind.splits,
    "implements": EdgeKind.answers,
}


def draw(
    cascade: Cascade,
    *,
    lang: Lang = "vi",
    limit: int | None = None,
    view: Folded | None = None,
    title: str = "",
    link: Callable[[Node], str | None] = lambda _node: None,
    unfold: Callable[[Node], str | None] | None = None,
    code: str = "",
) -> Picture:
    """The cascade as a picture of at most `limit` nodes (None: all of it), or as it is folded.

    What is folded under a node links to where it unfolds, else to the node's own page. `code` is
    that of the history's newest checkpoint, for a picture that leaves the register.
    """
    more = unfold or link
    everything = Folded(set(cascade.graph), {})
    view = view or (everything if limit is None else fold(cascade, limit=limit))
    order = [node for _, node, again in cascade.walk() if not again and node in view.shown]
    nodes = [_node(cascade, node, lang, link(node)) for node in order]
    nodes += [_folded(node, view, lang, more(node)) for node in order if node in view.hidden]
    edges = [
        PictureEdge(_key(a), _key(b), _EDGES[data["kind"]])
        for a, b, data in cascade.graph.edges(data=True)
    ]
    edges += [PictureEdge(_key(n), f"{_key(n)}-more", EdgeKind.sets) for n in view.hidden]
    top = cascade.letters[cascade.tops[0][1]] if cascade.tops[0][0] == "letter" else None
    return Picture(
        title=title or (f"{words.letter_name(top)}: {top.subject}" if top else ""),
        nodes=tuple(nodes),
        edges=tuple(edges),
        lang=lang,
        as_of=_AS_OF.say(lang).format(day=cascade.today.strftime("%d/%m/%Y"))
        + (_HISTORY.say(lang).format(code=code) if code else ""),
        legend=tuple(LegendEntry(tone, said.say(lang)) for tone, said in _LEGEND.items()),
    )


def tone(cascade: Cascade, step: StepLineRow) -> Tone:
    """The one thing to see first about a step: late before returned before the rest."""
    if step.state in _DROPPED:
        return Tone.ended
    if cascade.lateness(step) is Lateness.OVERDUE:
        return Tone.late
    if step.state == "returned":
        return Tone.returned
    if cascade.is_missing(step):
        return Tone.missing
    return {
        Turn.LEAD: Tone.working,
        Turn.ISSUER: Tone.waiting,
        Turn.ACCEPTER: Tone.waiting,
        Turn.PAUSED: Tone.neutral,
        Turn.NOBODY: Tone.done,
    }[Turn(step.turn)]


def folded(counts: Below, lang: Lang) -> str:
    """What is said of a branch that is folded away."""
    return _FOLDED.say(lang).format(steps=counts.steps) if counts.steps else _LETTERS.say(lang)


def _key(node: Node) -> str:
    return f"{node[0]}-{node[1]}"


def _node(cascade: Cascade, node: Node, lang: Lang, href: str | None) -> PictureNode:
    if node[0] == "letter":
        letter = cascade.letters[node[1]]
        tones = {LetterState.CITED: Tone.missing, LetterState.ISSUED: Tone.working}
        over = Tone.ended if letter.state in _DROPPED else Tone.done
        waiting = letter.state == LetterState.DRAFT
        return PictureNode(
            key=_key(node),
            kind=NodeKind.letter,
            lines=(
                words.letter_name(letter),
                letter.issuer_name,
                words.letter_state(letter, lang),
                words.below_node(cascade, node, lang),
            ),
            tone=Tone.neutral if waiting else tones.get(LetterState(letter.state), over),
            href=href,
            tooltip=letter.subject,
        )
    step = cascade.steps[node[1]]
    return PictureNode(
        key=_key(node),
        kind=NodeKind.missing if cascade.is_missing(step) else NodeKind(step.kind),
        lines=(words.step_name(step, lang), *words.step_state(cascade, step, lang)),
        tone=tone(cascade, step),
        href=href,
        tooltip=KINDS[step.kind].say(lang),
    )


def _folded(node: Node, view: Folded, lang: Lang, href: str | None) -> PictureNode:
    counts = view.hidden[node]
    return PictureNode(
        key=f"{_key(node)}-more",
        kind=NodeKind.folded,
        lines=(
            folded(counts, lang),
            words.below(counts, lang),
        ),
        tone=Tone.late if counts.overdue else Tone.folded,
        href=href,
    )
