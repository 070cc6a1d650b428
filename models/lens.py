"""The views that stand before the tables on a scoped connection, and the lists they look into.

A temporary view is found before a table of its name, on SQLite and on PostgreSQL alike. There are
three sets, which say the same (tests/models/test_scope.py holds them together). LISTED looks into a
list of letters drawn up for each reader: for most readers it is short, and a page can begin at it.
TESTED asks of each letter whether it may be seen, for whoever sees so many that most are theirs.
WHOLE is for whoever reads for every unit there is. R1 to R6 are the rules of docs/security.md.

`main.` is the schema of the tables themselves, here as SQLite calls it.
"""

from __future__ import annotations

from models.tables import metadata

LISTED, TESTED, WHOLE = "listed", "tested", "whole"
KINDS = (LISTED, TESTED, WHOLE)


def prepare(kind: str, *, is_sqlite: bool) -> list[str]:
    """The statements that make a fresh connection a scoped one."""
    end = "" if is_sqlite else " ON COMMIT DELETE ROWS"
    lists = [f"CREATE TEMP TABLE {name} ({columns}){end}" for name, columns in LISTS.items()]
    # In this order: PostgreSQL takes the views a view names when it is made.
    views = [_view(name, where) for name, where in (_SETS[kind] | _WHERE).items()]
    told = [] if is_sqlite else [_looked_at(name) for name in LISTS]
    return lists + told + [in_words(view, is_sqlite=is_sqlite) for view in views]


def _looked_at(name: str) -> str:
    """What makes PostgreSQL go by the pages a list has.

    Of a table that was never looked at it thinks that it has ten pages, and would rather read every
    letter there is than begin at the few in the list.
    """
    return f"ANALYZE {name}"


def in_words(statement: str, *, is_sqlite: bool) -> str:
    """A statement of ours in the words of one of the databases."""
    # The size of a temporary table, or of what hangs on it, PostgreSQL can only guess, and guesses
    # high: from an array it begins at an index.
    begin, end = ("IN (", ")") if is_sqlite else ("= ANY (ARRAY(", "))")
    said = statement.replace("BEGUN AT OURS", f"BEGUN AT [{_OURS[1:-1]}]")
    said = said.replace("BEGUN AT [", begin).replace("]", end)
    return said if is_sqlite else said.replace("main.", "public.")


def is_ours(step: str) -> str:
    """Whether a step is seen with all that was reported, asked and answered."""
    # Whose move it is, is the lead unit or the issuer: asked first, as the indexes have it.
    units = " OR ".join(
        f"{step}.{name} IN {_OURS}" for name in ("acting_id", "unit_id", "issuer_id")
    )
    return f"{units} OR {_is_below_ours(f'{step}.letter_id')}"


def _view(name: str, where: str) -> str:
    of, told = _OF.get(name, name), _TOLD.get(name, {})
    names = [column.name for column in metadata.tables[of].columns]
    columns = (f"{told.get(one, f't.{one}')} AS {one}" for one in names)
    said = ", ".join(columns)
    return f"CREATE TEMP VIEW {name} AS SELECT {said} FROM main.{of} AS t WHERE {where}"


LISTS = {
    "seen_unit": "unit_id integer PRIMARY KEY, is_own integer NOT NULL",
    "seen_letter": "id integer PRIMARY KEY",
}
_OURS = "(SELECT unit_id FROM seen_unit)"
_WRITTEN_HERE = "(SELECT unit_id FROM seen_unit WHERE is_own = 1)"


def _is_below_ours(letter_id: str) -> str:
    """R4: whether a letter implements, directly or not, one that a unit of the reader issued."""
    return (
        "EXISTS (SELECT 1 FROM main.letter_line AS x JOIN main.letter AS up ON up.id = x.above_id "
        f"WHERE x.below_id = {letter_id} AND up.issuer_id IN {_OURS})"
    )


def _is_readable(m: str) -> str:
    """Whether a letter that is on file may be read."""
    received = (  # R2, and R5 for whoever coordinates
        f"EXISTS (SELECT 1 FROM main.letter_unit AS u WHERE u.letter_id = {m}.id "
        f"AND u.unit_id IN {_OURS})",
        f"EXISTS (SELECT 1 FROM main.step AS o WHERE o.letter_id = {m}.id "
        f"AND o.unit_id IN {_OURS})",
        "EXISTS (SELECT 1 FROM main.step AS o JOIN main.step_unit AS c ON c.step_id = o.id "
        f"WHERE o.letter_id = {m}.id AND c.unit_id IN {_OURS})",
    )
    # R4: as evidence, to whoever sees what was submitted; a short list, as most evidence is files.
    shown = f"{m}.id IN (SELECT id FROM seen_letter)"
    ways = " OR ".join((f"{m}.issuer_id IN {_OURS}", *received, _is_below_ours(f"{m}.id"), shown))
    return (
        f"({m}.state NOT IN ('draft', 'cited') AND ({ways}) "
        # R1: a draft is its own unit's alone.
        f"OR {m}.state = 'draft' AND {m}.issuer_id IN {_WRITTEN_HERE})"
    )


def _is_no_draft(m: str) -> str:
    """Whether a letter is no draft of another unit."""
    return f"({m}.state <> 'draft' OR {m}.issuer_id IN {_WRITTEN_HERE})"


# Nothing is seen on a connection that was opened to nobody, nor where there are no units.
_OPENED = "EXISTS (SELECT 1 FROM seen_unit)"
_COORDINATED = (
    f"EXISTS (SELECT 1 FROM main.step_unit AS c WHERE c.step_id = t.id AND c.unit_id IN {_OURS})"
)
# `step` is what may be seen at all; `whole_step` is not merely coordinated on.
_STEPS = {"whole_step": f"({is_ours('t')})", "step": f"({is_ours('t')} OR {_COORDINATED})"}
_SETS = {
    LISTED: {**_STEPS, "letter": "t.id IN (SELECT id FROM seen_letter)"},
    TESTED: {
        **_STEPS,
        # What is only cited is seen by whoever may read a letter that cites it.
        "letter": f"({_is_readable('t')} OR t.state = 'cited' AND EXISTS (SELECT 1 "
        "FROM main.citation AS n JOIN main.letter AS q ON q.id = n.citing_id "
        f"WHERE n.cited_id = t.id AND {_is_readable('q')}))",
    },
    WHOLE: {
        "whole_step": _OPENED,
        "step": _OPENED,
        "letter": f"{_OPENED} AND ({_is_no_draft('t')} AND t.state <> 'cited' OR t.state = 'cited' "
        "AND EXISTS (SELECT 1 FROM main.citation AS n JOIN main.letter AS q ON q.id = n.citing_id "
        f"WHERE n.cited_id = t.id AND {_is_no_draft('q')}))",
    },
}
_OF = {"whole_step": "step", "letter_named": "letter"}
_READABLE = "EXISTS (SELECT 1 FROM letter AS l WHERE l.id = t.{})"
_WHOLE = "EXISTS (SELECT 1 FROM whole_step AS w WHERE w.id = t.step_id)"
# All that hangs on letters and steps. letter_line is ids alone and never shown by itself.
_WHERE = {
    "point": _READABLE.format("letter_id"),
    "letter_unit": _READABLE.format("letter_id"),
    "recognition": _READABLE.format("letter_id"),
    "fingerprint": _READABLE.format("letter_id"),
    "citation": _READABLE.format("citing_id"),
    "duty": "EXISTS (SELECT 1 FROM letter AS l WHERE l.id = t.letter_id "
    f"AND (l.issuer_id IN {_OURS} OR t.unit_id IN {_OURS}))",
    "series": f"{_READABLE.format('letter_id')} AND (t.unit_id IN {_OURS} "
    f"OR EXISTS (SELECT 1 FROM letter AS l WHERE l.id = t.letter_id AND l.issuer_id IN {_OURS}) "
    f"OR {_is_below_ours('t.letter_id')})",
    "point_unit": "EXISTS (SELECT 1 FROM point AS p WHERE p.id = t.point_id)",
    "step_unit": "EXISTS (SELECT 1 FROM step AS s WHERE s.id = t.step_id)",
    "answer": f"{_WHOLE} AND {_READABLE.format('letter_id')}",
    "evidence": _WHOLE,
    "extension": _WHOLE,
    "event": f"{_READABLE.format('letter_id')} AND (t.step_id IS NULL OR {_WHOLE})",
    "term": "CASE t.kind WHEN 'letter' THEN EXISTS (SELECT 1 FROM letter AS l WHERE l.id = "
    "t.target_id) WHEN 'point' THEN EXISTS (SELECT 1 FROM point AS p WHERE p.id = t.target_id) "
    "ELSE 1 = 1 END",
    # R3: of what a readable letter cites the identity, and no more.
    "letter_named": f"{_READABLE.format('id')} OR EXISTS (SELECT 1 FROM citation AS n "
    "WHERE n.cited_id = t.id)",
}
_IS_WHOLE = "EXISTS (SELECT 1 FROM whole_step AS w WHERE w.id = t.id)"
_IS_READABLE = _READABLE.format("id")
_TOLD = {
    # Counts are of what the reader sees.
    "letter": {
        "open_steps": f"CASE WHEN t.issuer_id IN {_OURS} THEN t.open_steps ELSE (SELECT count(*) "
        "FROM step AS s WHERE s.letter_id = t.id AND s.parent_id IS NULL "
        "AND s.turn <> 'nobody') END"
    },
    "step": {
        "open_children": f"CASE WHEN {_IS_WHOLE} THEN t.open_children ELSE 0 END",
        # R5: who coordinates sees that a step was reported, not by whom.
        "reporter_id": f"CASE WHEN {_IS_WHOLE} THEN t.reporter_id END",
        "reporter_for_id": f"CASE WHEN {_IS_WHOLE} THEN t.reporter_for_id END",
    },
    "letter_named": {
        "open_steps": "COALESCE((SELECT l.open_steps FROM letter AS l WHERE l.id = t.id), 0)",
    }
    | {
        name: f"CASE WHEN {_IS_READABLE} THEN t.{name} ELSE {instead} END"
        for name, instead in {
            "place": "NULL",
            "subject": "''",
            "urgency": "NULL",
            "signer": "NULL",
            "signer_capacity": "NULL",
            "text": "NULL",
            "file_name": "NULL",
            "file_sha256": "NULL",
            "state": "'cited'",
            "superseded_by_id": "NULL",
        }.items()
    },
}
