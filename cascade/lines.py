"""Lines of descent between letters: what would close a circle is refused with the path named."""

from __future__ import annotations

import networkx as nx
from sqlalchemy import Connection

from cascade.errors import CycleError
from models import answers
from models.queries import acting, tracing
from workflows.letter import LetterState

_UNNAMED = "…"


def refuse_cycle(conn: Connection, *, above: int, below: int, where: str = "") -> None:
    """Raise CycleError if `below` implementing `above` would close a circle; names its letters."""
    if above == below or answers.descends(conn, below, above):
        raise CycleError(circle(conn, above, below), where=where)


def circle(conn: Connection, above: int, below: int) -> list[str]:
    """The circle in words: from `above` by `below` down to `above` again.

    Whoever issued `below` sees all of it but what others have not issued: that is not named.
    """
    graph: nx.DiGraph[int] = nx.DiGraph(tracing.implementing(conn, below))
    graph.add_nodes_from((above, below))
    path = [above, *nx.shortest_path(graph, below, above)]
    names = tracing.identities(conn, path)
    rows = {row.id: row for row in acting.letters(conn, path)}
    ours = rows[below].issuer_id
    hidden = {i for i, r in rows.items() if r.state == LetterState.DRAFT and r.issuer_id != ours}
    return [_UNNAMED if letter_id in hidden else names[letter_id] for letter_id in path]
