"""Every clause of who sees what: models.lens and models.scope, each left out once."""

from __future__ import annotations

from tests.authz.mutant import Mutant, without

_READABLE = '_READABLE.format("{}")'
_HANG = dict.fromkeys(("point", "letter_unit", "recognition", "fingerprint"), "letter_id")
LENS = [
    # Letters: the ways to read one, and what bars one.
    *without(
        "models/lens.py",
        ('" OR ".join((f"{m}.issuer_id IN {_OURS}", *received', '" OR ".join((*received'),
        ('f"AND u.unit_id IN {_OURS})",', 'f")",'),
        ('f"AND o.unit_id IN {_OURS})",', 'f")",'),
        ('= {m}.id AND c.unit_id IN {_OURS})",', '= {m}.id)",'),
        ("*received, _is_below", "_is_below"),
        (', _is_below_ours(f"{m}.id"), shown', ", shown"),
        (', _is_below_ours(f"{m}.id"), shown))', ', _is_below_ours(f"{m}.id")))'),
        (" AND up.issuer_id IN {_OURS})", ")"),
        ("NOT IN ('draft', 'cited') AND ({ways})", "NOT IN ('draft', 'cited')"),
        ("{m}.state NOT IN ('draft', 'cited') AND ", ""),
        ("{m}.state NOT IN ('draft', 'cited')", "{m}.state <> 'cited'"),
        ("{m}.state NOT IN ('draft', 'cited')", "{m}.state <> 'draft'"),
        ("{m}.state = 'draft' AND {m}.issuer_id IN {_WRITTEN_HERE})", "{m}.state = 'draft')"),
        ("({m}.state <> 'draft' OR {m}.issuer_id IN {_WRITTEN_HERE})", "(1 = 1)"),
        (" OR {m}.issuer_id IN {_WRITTEN_HERE})", ")"),
        (" WHERE is_own = 1)", ")"),
        ('LISTED: {**_STEPS, "letter": "t.id IN (SELECT id FROM seen_letter)"}',
         'LISTED: {**_STEPS, "letter": "1 = 1"}'),
        ("({_is_readable('t')} OR t.state = 'cited' AND EXISTS",
         "({_is_readable('t')} OR EXISTS"),
        ("WHERE n.cited_id = t.id AND {_is_readable('q')}))", "WHERE n.cited_id = t.id))"),
        ("AND t.state <> 'cited' OR t.state = 'cited' \"", "OR t.state = 'cited' \""),
        ("{_OPENED} AND ({_is_no_draft('t')} AND ", "{_OPENED} AND ("),
        ("WHERE n.cited_id = t.id AND {_is_no_draft('q')}))", "WHERE n.cited_id = t.id))"),
        ('"letter": f"{_OPENED} AND (', '"letter": f"('),
        ('"EXISTS (SELECT 1 FROM seen_unit)"', '"1 = 1"'),
    ),
    # Steps: whole, or merely to help with.
    *without(
        "models/lens.py",
        ('("acting_id", "unit_id", "issuer_id")', '("acting_id", "issuer_id")'),
        ('("acting_id", "unit_id", "issuer_id")', '("acting_id", "unit_id")'),
        ("return f\"{units} OR {_is_below_ours(f'{step}.letter_id')}\"", "return units"),
        ("WHERE c.step_id = t.id AND c.unit_id IN {_OURS})", "WHERE c.step_id = t.id)"),
        ("({is_ours('t')} OR {_COORDINATED})", "({is_ours('t')})"),
        ("\"whole_step\": f\"({is_ours('t')})\"",
         "\"whole_step\": f\"({is_ours('t')} OR {_COORDINATED})\""),
    ),
    # What hangs on them.
    *(
        Mutant("models/lens.py", f'"{name}": {_READABLE.format(of)}', f'"{name}": "1 = 1"')
        for name, of in {**_HANG, "citation": "citing_id"}.items()
    ),
    *without(
        "models/lens.py",
        ("AND (l.issuer_id IN {_OURS} OR t.unit_id IN {_OURS}))", ")"),
        ("(l.issuer_id IN {_OURS} OR t.unit_id IN {_OURS})", "(l.issuer_id IN {_OURS})"),
        ("(l.issuer_id IN {_OURS} OR t.unit_id IN {_OURS})", "(t.unit_id IN {_OURS})"),
        ('"EXISTS (SELECT 1 FROM point AS p WHERE p.id = t.point_id)"', '"1 = 1"'),
        ('"EXISTS (SELECT 1 FROM step AS s WHERE s.id = t.step_id)"', '"1 = 1"'),
        ("\"answer\": f\"{_WHOLE} AND {_READABLE.format('letter_id')}\"", '"answer": _WHOLE'),
        ('"answer": f"{_WHOLE} AND ', '"answer": f"'),
        ('"evidence": _WHOLE', '"evidence": "1 = 1"'),
        ('"extension": _WHOLE', '"extension": "1 = 1"'),
        (" AND (t.step_id IS NULL OR {_WHOLE})", ""),
        ("{_READABLE.format('letter_id')} AND (t.step_id IS NULL", "(t.step_id IS NULL"),
        ("WHEN 'letter' THEN EXISTS (SELECT 1 FROM letter AS l WHERE l.id = \"\n    \"t.target_id)",
         "WHEN 'letter' THEN 1 = 1\"\n    \""),
        ("EXISTS (SELECT 1 FROM point AS p WHERE p.id = t.target_id)", "1 = 1"),
        ("OR EXISTS (SELECT 1 FROM citation AS n \"\n    \"WHERE n.cited_id = t.id)", "\"\n    \""),
        ("{_READABLE.format('id')} OR EXISTS (SELECT", "EXISTS (SELECT"),
        ("AS n \"\n    \"WHERE n.cited_id = t.id)\"", 'AS n)"'),
        ("CASE WHEN t.issuer_id IN {_OURS} THEN t.open_steps ELSE", "CASE WHEN 1 = 1 THEN "
         "t.open_steps ELSE"),
        ("AND s.parent_id IS NULL ", ""),
        ("\"AND s.turn <> 'nobody') END\"", '") END"'),
        ("THEN t.open_children ELSE 0 END", "THEN t.open_children ELSE t.open_children END"),
        ("THEN t.reporter_id END", "THEN t.reporter_id ELSE t.reporter_id END"),
        ("THEN t.reporter_for_id END", "THEN t.reporter_for_id ELSE t.reporter_for_id END"),
        ("COALESCE((SELECT l.open_steps FROM letter AS l WHERE l.id = t.id), 0)", "t.open_steps"),
    ),
    *(
        Mutant("models/lens.py", f'            "{name}": {instead},\n', "")
        for name, instead in {
            "place": '"NULL"',
            "subject": "\"''\"",
            "urgency": '"NULL"',
            "signer": '"NULL"',
            "signer_capacity": '"NULL"',
            "text": '"NULL"',
            "file_name": '"NULL"',
            "file_sha256": '"NULL"',
            "state": "\"'cited'\"",
            "superseded_by_id": '"NULL"',
        }.items()
    ),
]  # fmt: skip
SCOPE = [
    *without(
        "models/scope.py",
        (" if Role(power.role) in READING]", "]"),
        (" if power.scope == Span.SUBTREE}", "}"),
        ("if power.scope == Span.SUBTREE}", "if False}"),
        ("    below |= {glass.unit_id for glass in authority.glasses(conn, reader.user_id, "
         "reader.at)}\n", ""),
        (" if Role(power.role) in WRITING}", "}"),
        ("SELECT id, 0 FROM unit WHERE id IN :units ", "SELECT id, 0 FROM unit WHERE (id IN :units "
         "OR 1 = 1) "),
        ("SET is_own = 1 WHERE unit_id IN :units", "SET is_own = 1 WHERE unit_id IN :units OR 1=1"),
        ("if ours == every:", "if ours:"),
        ("        SELECT l.id FROM main.letter AS l WHERE l.issuer_id BEGUN AT OURS\n"
         "        UNION SELECT u.letter_id", "        SELECT u.letter_id AS id"),
        ("AS l WHERE l.issuer_id BEGUN AT OURS\n        UNION", "AS l\n        UNION"),
        ("AS u WHERE u.unit_id BEGUN AT OURS\n        UNION", "AS u\n        UNION"),
        ("AS o WHERE o.unit_id BEGUN AT OURS\n        UNION", "AS o\n        UNION"),
        ("        WHERE c.unit_id BEGUN AT OURS\n", ""),
        ("= up.id WHERE up.issuer_id BEGUN AT OURS", "= up.id"),
        (" AND m.state NOT IN ('draft', 'cited')\n    AND m.id NOT", "\n    AND m.id NOT"),
        ('AND {{also}} ({lens.is_ours("o")})', "AND {{also}} (1 = 1)"),
        ("            conn.execute(text(lens.in_words(_SHOWN_TESTED, "
         "is_sqlite=scopes.is_lite(conn))))\n", ""),
        ('    _SHOWN.format(also="+o.letter_id IN (SELECT id FROM seen_letter) AND"),\n', ""),
        ("    ] AND (m.state NOT IN ('draft', 'cited')\n    OR m.state", "    ] AND (m.state"),
        ("] AND (m.state NOT IN ('draft', 'cited')\n", "] AND (m.state <> 'cited'\n"),
        ("] AND (m.state NOT IN ('draft', 'cited')\n", "] AND (m.state <> 'draft'\n"),
        (" AND m.issuer_id IN (SELECT unit_id FROM seen_unit WHERE is_own = 1)", ""),
        ("(SELECT unit_id FROM seen_unit WHERE is_own = 1)", "(SELECT unit_id FROM seen_unit)"),
        ("\n    WHERE m.state = 'cited'\"", '"'),
    ),
    *without(
        "models/queries/scopes.py",
        (".where(_period.c.valid_from == latest(_period.c.unit_id, _DAY))\n)\n_BELOW", ")\n_BELOW"),
        (".join(_top, _period.c.parent_id == _top.c.id)", ".join(_top, _top.c.id > 0)"),
    ),
    Mutant(
        "models/database.py",
        'conn.exec_driver_sql(f"DELETE FROM {name}")',
        "pass",
    ),
]  # fmt: skip
