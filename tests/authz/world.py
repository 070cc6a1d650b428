"""A register in which much is going on between bodies, every text of it marked; made once, copied.

top: P → A, B, C      a: A answers, → AW, A1 ×4 (S2 helps), A2     aw: AW answers a, → AW1
b: B answers, → B1    c: C's own, which b mentions                 q, qa: another organisation
shared: P → S, A; A splits it among A1 and A2                      drafts of A, AW and P
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from cascade import accounts, clock, uploads
from cascade.administration import AdminAct
from cascade.jobs import exporting
from cascade.jobs.port import Place
from cascade.store import FileStore, Stream, place
from models import administration
from models.administration import Recorded
from tests.authz import people
from tests.authz.marks import ADMIN, Marks, begin_far_off, mark_all
from tests.worlds import TODAY, Office
from workflows.facts import Fate

PASSWORD = "three plain words"
LATE: Any = {"due": TODAY - timedelta(days=3), "dated": TODAY - timedelta(days=9)}


@dataclass
class Made:
    """What was made, as plain numbers and words; the office is found again in its database."""

    marks: Marks = field(default_factory=Marks)
    letters: dict[str, int] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    delegations: dict[int, tuple[str, str]] = field(default_factory=dict)
    glasses: list[int] = field(default_factory=list)
    uploads: dict[str, str] = field(default_factory=dict)  # token → its owner
    exports: dict[str, str] = field(default_factory=dict)  # key → its owner


def make(office: Office, folder: Path) -> Made:
    """Put the world into an office; its files lie under the folder."""
    made, store = Made(), FileStore(folder)
    people.put_people(office)
    made.delegations = people.lend_posts(office, made.marks)
    made.glasses = people.break_glass(office, made.marks)
    _letters(office, made)
    _work(office, made, store)
    with office.db.write() as conn:
        _odd(office, made, conn)
        mark_all(conn, made.marks)
        _files(conn, made.marks, store)
    _uploads(office, made, store)
    _exports(office, made, folder)
    accounts.give_all(office.db, PASSWORD, clock.now())
    return made


def _letters(office: Office, made: Made) -> None:
    noise = office.letter("Q", owe=["QA"], tasks=[("1", "S")])
    office.report(office.step(noise, "S", "1"), "S")
    with office.db.write() as conn:
        begin_far_off(conn)
    at = made.letters
    at["q"] = office.letter("Q", owe=["QA"], **LATE)
    at["qa"] = office.letter("QA", implements=[at["q"]], tasks=[("1", "QA1")], **LATE)
    at["c"] = office.letter("C", tasks=[("1", "C")], cites=[("C", "9009")], **LATE)
    at["top"] = office.letter("P", owe=["A", "B", "C"], **LATE)
    at["shared"] = office.letter(
        "P",
        tasks=[("1", "S"), ("2", "A"), ("3", "S2")],
        with_units={"2": ["C"]},
        **LATE,
    )
    at["a"] = office.letter(
        "A",
        owe=["AW"],
        implements=[at["top"]],
        tasks=[("1", "A1"), ("2", "A2"), ("3", "A1"), ("4", "A1"), ("5", "A1")],
        with_units={"1": ["S2"]},
        cites=[("C", "9007")],
        **LATE,
    )
    at["aw"] = office.letter("AW", implements=[at["a"]], tasks=[("1", "AW1")], **LATE)
    at["b"] = office.letter("B", implements=[at["top"]], tasks=[("1", "B1")], **LATE)
    at["old"] = office.letter("P", owe=["B"], **LATE)
    at["new"] = office.letter("P", owe=["C"], **LATE)
    at["gone"] = office.letter("A", tasks=[("1", "A2")], **LATE)
    at["again"] = office.letter("A", owe=["AW"], **LATE)
    at["put away"] = office.letter("P", tasks=[("1", "S2")], **LATE)
    at["draft of A"] = office.draft("A", tasks=[("1", "A2")], cites=[("C", "9008")], **LATE)
    at["draft of AW"] = office.draft("AW", implements=[at["a"]], tasks=[("1", "AW1")], **LATE)
    at["draft of B"] = office.draft("B", tasks=[("1", "B1")], **LATE)
    at["draft of P"] = office.draft("P", owe=["A"], **LATE)


def _work(office: Office, made: Made, store: FileStore) -> None:
    at, step = made.letters, made.steps
    for name, letter, unit, no in STEPS:
        step[name] = office.step(at[letter], unit, no)

    def fire(name: str, trigger: str, login: str, **given: Any) -> None:
        note = made.marks.new("note", ("whole", step[name]))
        office.fire(step[name], trigger, login, note=note, **given)

    def report(name: str, login: str) -> None:
        named, said = (made.marks.new(what, ("whole", step[name])) for what in ("file", "shown"))
        with store.staging([Stream(f"{named}.txt", BytesIO(said.encode()))]) as files:
            fire(name, "report", login, files=files)

    fire("a2", "ask_extension", "a2.staff", until=TODAY + timedelta(days=9))
    report("a1", "a1.staff")
    report("by both", "both")
    report("for both", "both.a1")
    fire("declined", "decline", "a1.head")
    fire("aw1", "report", "aw1.staff", evidence_letters=(at["aw"],))
    fire("b1", "report", "b1.staff", evidence_letters=(at["c"],))
    fire("of c", "return_nil", "c.sec")
    fire("again", "return_nil", "both")
    fire("shared a", "split", "a.head", units=(office.units["A1"], office.units["A2"]))
    fire("shared s2", "suspend", "p.sec")
    fire("shared s", "transfer", "p.sec", units=(office.units["S2"],))
    report("put away", "s2.staff")
    fire("put away", "accept", "p.sec")
    office.fire_letter(at["put away"], "close", "p.sec")
    note = made.marks.new("old", ("letter", at["old"]))
    given = {"note": note, "fate": Fate.CANCEL, "replacement": at["new"]}
    office.fire_letter(at["old"], "supersede", "p.sec", **given)
    note = made.marks.new("gone", ("letter", at["gone"]))
    office.fire_letter(at["gone"], "withdraw", "a.sec", note=note, fate=Fate.CANCEL)
    with office.db.read() as conn:
        asked = "SELECT id, unit_id FROM step WHERE parent_id = :whole ORDER BY id"
        parts = conn.execute(text(asked), {"whole": step["shared a"]}).all()
    step |= {f"part {number}": one.id for number, one in enumerate(parts, 1)}


def _odd(office: Office, made: Made, conn: Connection) -> None:
    """What no door makes so plainly: a letter told to know, one mentioned, one read and kept."""
    at, unit = made.letters, office.units
    for said, one, two in (
        (
            "INSERT INTO letter_unit (letter_id, role, as_printed, unit_id) "
            "VALUES (:one, 'know', 'S', :two)",
            at["top"],
            unit["S"],
        ),
        (
            "INSERT INTO citation (citing_id, cited_id, role, as_printed) "
            "VALUES (:one, :two, 'mentions', 'x')",
            at["b"],
            at["c"],
        ),
        (
            "INSERT INTO citation (citing_id, cited_id, role, as_printed) "
            "VALUES (:one, :two, 'mentions', 'x')",
            at["b"],
            at["old"],
        ),
        (  # what no move brings about: answered by a letter that is somebody else's
            "INSERT INTO answer (step_id, letter_id) VALUES (:one, :two)",
            made.steps["c"],
            at["q"],
        ),
        (  # which is counted as moves count it
            "UPDATE step SET open_children = open_children + 1 WHERE id = :one AND :two = 0",
            made.steps["c"],
            0,
        ),
        (  # what others help with, reported by a deputy
            "UPDATE step SET reporter_for_id = reporter_id + :two WHERE reporter_id > :one "
            "AND id IN (SELECT step_id FROM step_unit)",
            0,
            1,
        ),
        (
            "INSERT INTO recognition (letter_id, field, position, read, kept, confidence) "
            "SELECT id, 'subject', :two, 'x', 'y', 0.5 FROM letter WHERE id >= :one",
            at["q"],
            0,
        ),
        (
            "INSERT INTO fingerprint (letter_id, text_sha256, simhash) "
            "SELECT id, 'x' || id, id FROM letter WHERE id >= :one AND :two = 0",
            at["q"],
            0,
        ),
        (  # and a draft, shown as evidence
            "INSERT INTO evidence (step_id, event_seq, letter_id) "
            "SELECT step_id, event_seq, :two FROM evidence WHERE step_id = :one",
            made.steps["a1"],
            at["draft of AW"],
        ),
        (  # a department that was once below A
            "INSERT INTO unit_period (unit_id, valid_from, valid_to, name, short_name, name_en, "
            "parent_id, level) "
            "VALUES (:one, '2010-01-01', '2019-12-31', 'Old', 'Old', 'Old', :two, 'department')",
            unit["S2"],
            unit["A"],
        ),
    ):
        conn.execute(text(said), {"one": one, "two": two})
    said = "INSERT INTO linked_identity (user_id, issuer, subject, shown, linked_at) "
    for login in ("a1.head", "q.sec"):
        mark = made.marks.new("id", ("person", login), ADMIN)
        values = {"user": office.who(login).id, "mark": mark, "at": _at(office)}
        conn.execute(text(said + "VALUES (:user, 'elsewhere', :mark, :mark, :at)"), values)
    about = Recorded(
        AdminAct.RENAME_USER,
        None,
        None,
        None,
        {"before": "x", "name": made.marks.new("adm", ADMIN)},
    )
    administration.record(conn, None, office.moment.at, about)


def _at(office: Office) -> Any:
    at = office.moment.at
    return at.replace(tzinfo=None).isoformat(" ") if office.db.is_sqlite else at


def _files(conn: Connection, marks: Marks, store: FileStore) -> None:
    asked = text("SELECT id FROM letter WHERE state <> 'cited' ORDER BY id")
    for letter_id in conn.execute(asked).scalars().all():
        content = marks.new("paper", ("letter", letter_id)).encode()
        with store.staging([Stream("letter.txt", BytesIO(content))]) as (file,):
            place(file)
        conn.execute(
            text("UPDATE letter SET file_sha256 = :sha WHERE id = :id"),
            {"sha": file.sha256, "id": letter_id},
        )


def _uploads(office: Office, made: Made, store: FileStore) -> None:
    for login in ("a.reg", "q.reg"):
        mark, owner = made.marks.new("up", ("person", login)), office.who(login).id
        said = f"{mark}\n\nĐề nghị {mark} thực hiện."
        made.uploads[uploads.keep(store, owner, clock.now().at, said)] = login


def _exports(office: Office, made: Made, folder: Path) -> None:
    where = Place(office.db, folder)
    for login in ("a.reg", "q.reg", "a.sec"):
        key = exporting.ask(where, office.who(login).id, "vi", office.moment)
        while exporting.piece(where, key, office.moment):
            pass
        made.exports[key] = login
    # The posts of the last one have changed since: it is nobody's now.
    made.exports[key] = ""
    with office.db.write() as conn:
        args = conn.execute(text("SELECT args FROM job WHERE key = :key"), {"key": key}).scalar()
        told = dict(json.loads(args) if isinstance(args, str) else args or {})
        told["sight"] = "before"
        changed = text("UPDATE job SET args = :args WHERE key = :key")
        conn.execute(changed, {"key": key, "args": json.dumps(told)})


# name → letter, unit, point
STEPS = [
    ("of a", "top", "A", ""),
    ("of b", "top", "B", ""),
    ("of c", "top", "C", ""),
    ("shared s", "shared", "S", "1"),
    ("shared a", "shared", "A", "2"),
    ("shared s2", "shared", "S2", "3"),
    ("a1", "a", "A1", "1"),
    ("a2", "a", "A2", "2"),
    ("by both", "a", "A1", "3"),
    ("for both", "a", "A1", "4"),
    ("declined", "a", "A1", "5"),
    ("of aw", "a", "AW", ""),
    ("aw1", "aw", "AW1", "1"),
    ("b1", "b", "B1", "1"),
    ("c", "c", "C", "1"),
    ("of qa", "q", "QA", ""),
    ("qa1", "qa", "QA1", "1"),
    ("put away", "put away", "S2", "1"),
    ("again", "again", "AW", ""),
]
