"""Who may read what: the rules as a table, and random worlds beside an oracle of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from cascade.errors import CascadeError
from models import lens, organisation, scope
from models.base import FOREVER
from models.scope import Reader
from tests.oracle import sight
from tests.worlds import EVIDENCE, SINCE, TODAY, Office
from workflows.roles import Role

KINDS = [lens.LISTED, lens.TESTED]  # WHOLE is for whoever reads for all units: see below
VIEWS = {  # view → the columns that tell its rows apart
    "letter": "id, open_steps",
    "letter_named": "id, subject, state",
    "step": "id, open_children",
    "whole_step": "id",
    "point": "id",
    "point_unit": "point_id, unit_id, role",
    "letter_unit": "id",
    "duty": "id",
    "citation": "id",
    "answer": "step_id, letter_id",
    "evidence": "id",
    "extension": "id",
    "step_unit": "step_id, unit_id",
    "event": "seq",
    "term": "term, kind, target_id",
    "recognition": "id",
    "fingerprint": "id",
}


@contextmanager
def reading(office: Office, who: str | int, kind: str) -> Iterator[Connection]:
    """What somebody sees, by login or id, through one of the two sets of views."""
    user_id = who if isinstance(who, int) else office.who(who).id
    reader = Reader(user_id, TODAY, office.moment.at)
    before, scope.MANY = scope.MANY, 10**9 if kind == lens.LISTED else -1
    try:
        with scope.read_as(office.db, reader) as conn:
            yield conn
    finally:
        scope.MANY = before


def ids(conn: Connection, name: str) -> set[int]:
    """The ids of all rows of a table as it is seen."""
    return set(conn.execute(text(f"SELECT id FROM {name}")).scalars())


def post(office: Office, login: str, unit: str, role: str, span: str | None = None) -> None:
    """A post for somebody, perhaps somebody new."""
    with office.db.session() as session:
        user = organisation.user_id(session, login, login)
        organisation.put_appointment(session, user, office.units[unit], role, SINCE, FOREVER)
    if span is not None:
        with office.db.write() as conn:
            conn.execute(
                text("UPDATE appointment SET scope = :span WHERE user_id = :user"),
                {"span": span, "user": user},
            )


@pytest.fixture
def chain(office: Office) -> dict[str, int]:
    """P directs A and B; both answer; S2 helps A1; a draft in A; Q's letters are noise."""
    top = office.letter("P", owe=["A", "B"], subject="The directive")
    a = office.letter(
        "A",
        implements=[top],
        tasks=[("1", "A1"), ("2", "A2")],
        with_units={"1": ["S2"]},
        subject="How A does it",
    )
    b = office.letter("B", implements=[top], tasks=[("1", "B1")], subject="How B does it")
    noise = office.letter("Q", owe=["QA"])
    office.letter("QA", implements=[noise], tasks=[("1", "QA1")])
    done = office.step(a, "A1", "1")
    office.fire(done, "report", "a1.staff", files=(EVIDENCE,))
    return {
        "top": top,
        "a": a,
        "b": b,
        "draft": office.draft("A", tasks=[("1", "A2")], subject="Not sent yet"),
        "a1": done,
        "a2": office.step(a, "A2", "2"),
        "b1": office.step(b, "B1", "1"),
        "of a": office.step(top, "A"),
        "of b": office.step(top, "B"),
    }


# login → (letters, letters as a citation only, steps)
SEEN = {
    # R4: the issuer sees the whole cascade below, drafts never.
    "p.staff": ({"top", "a", "b"}, set(), {"of a", "of b", "a1", "a2", "b1"}),
    "p.sec": ({"top", "a", "b"}, set(), {"of a", "of b", "a1", "a2", "b1"}),
    # R2: the addressee sees what it received and its own step. R5: nothing of its sibling.
    "a.staff": ({"top", "a", "draft"}, set(), {"of a", "a1", "a2"}),
    "a.sec": ({"top", "a", "draft"}, set(), {"of a", "a1", "a2"}),
    "b.head": ({"top", "b"}, set(), {"of b", "b1"}),
    # R3: up the chain no more than that there is such a letter.
    "a1.staff": ({"a"}, {"top"}, {"a1"}),
    "b1.head": ({"b"}, {"top"}, {"b1"}),
    # R5: whoever coordinates sees the step and who leads it.
    "s2.staff": ({"a"}, {"top"}, {"a1"}),
    # Not concerned.
    "s.head": (set(), set(), set()),
    "c.sec": (set(), set(), set()),
    "aw.staff": (set(), set(), set()),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("login", SEEN)
def test_each_sees_what_the_rules_give(
    office: Office, chain: dict[str, int], login: str, kind: str
) -> None:
    letters, cited, steps = SEEN[login]
    with reading(office, login, kind) as conn:
        assert ids(conn, "letter") == {chain[name] for name in letters}
        assert ids(conn, "letter_named") == {chain[name] for name in letters | cited}
        assert ids(conn, "step") == {chain[name] for name in steps}


@pytest.mark.parametrize("kind", KINDS)
def test_a_cited_letter_shows_its_identity_alone(
    office: Office, chain: dict[str, int], kind: str
) -> None:
    with reading(office, "a1.staff", kind) as conn:
        row = conn.execute(
            text(
                "SELECT number, dated, issuer_name, subject, state, text FROM letter_named"
                " WHERE id = :id"
            ),
            {"id": chain["top"]},
        ).one()
    assert row.issuer_name == "Body P"
    assert None not in (row.number, row.dated)
    assert (row.subject, row.state, row.text) == ("", "cited", None)


@pytest.mark.parametrize("kind", KINDS)
def test_counts_are_of_what_is_seen(office: Office, chain: dict[str, int], kind: str) -> None:
    asked = text("SELECT open_steps FROM letter WHERE id = :id")
    for login, count in {"p.sec": 2, "a.sec": 1, "b.staff": 1}.items():
        with reading(office, login, kind) as conn:
            assert conn.execute(asked, {"id": chain["top"]}).scalar() == count, login


@pytest.mark.parametrize("kind", KINDS)
def test_who_only_coordinates_sees_neither_evidence_nor_history_of_the_step(
    office: Office, chain: dict[str, int], kind: str
) -> None:
    shown = {}
    for login in ("p.sec", "a.sec", "a1.staff", "s2.staff", "b.sec"):
        with reading(office, login, kind) as conn:
            shown[login] = (
                len(ids(conn, "evidence")),
                conn.execute(
                    text("SELECT count(*) FROM event WHERE step_id = :id"), {"id": chain["a1"]}
                ).scalar(),
            )
    assert shown["p.sec"] == shown["a.sec"] == shown["a1.staff"] == (1, 2)
    assert shown["s2.staff"] == shown["b.sec"] == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_shown_as_evidence_is_read_by_whoever_sees_the_report(
    office: Office, chain: dict[str, int], kind: str
) -> None:
    shown, draft = office.letter("C", tasks=[("1", "C")]), office.draft("C")
    office.fire(chain["b1"], "report", "b1.staff", evidence_letters=(shown, draft))
    seen = {}
    for login in ("p.sec", "b.head", "b1.staff", "a.sec", "s2.staff", "a1.staff"):
        with reading(office, login, kind) as conn:
            seen[login] = ids(conn, "letter") & {shown, draft}
    assert seen["p.sec"] == seen["b.head"] == seen["b1.staff"] == {shown}
    assert seen["a.sec"] == seen["s2.staff"] == seen["a1.staff"] == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_post_sees_its_unit_alone_or_all_below(office: Office, kind: str) -> None:
    post(office, "over.a", "A", Role.STAFF, "unit")
    post(office, "all.of.a", "A", Role.STAFF, "subtree")
    lone = office.letter("AW", tasks=[("1", "AW1")])
    for login, sees in {"over.a": False, "all.of.a": True, "a.staff": False, "a.sec": True}.items():
        with reading(office, login, kind) as conn:
            assert (lone in ids(conn, "letter")) is sees, login


@pytest.mark.parametrize("kind", KINDS)
def test_no_post_no_sight(office: Office, chain: dict[str, int], kind: str) -> None:
    assert chain
    post(office, "the.auditor", "P", Role.AUDITOR)
    post(office, "the.admin", "P", Role.ADMINISTRATOR)
    users = {
        login: office.who(login).id for login in ("the.auditor", "the.admin", "p.head", "p.reg")
    }
    ended = TODAY - timedelta(1)
    with office.db.write() as conn:
        conn.execute(text("UPDATE user_account SET is_active = false WHERE login = 'p.head'"))
        conn.execute(
            text("UPDATE appointment SET valid_to = :ended WHERE user_id = :user"),
            {"ended": str(ended) if office.db.is_sqlite else ended, "user": users["p.reg"]},
        )
    found = {}
    for login, user in users.items():
        with reading(office, user, kind) as conn:
            found[login] = len(ids(conn, "letter"))
    assert found == {"the.auditor": 3, "the.admin": 0, "p.head": 0, "p.reg": 0}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_seen_before_a_connection_is_opened_to_somebody(
    office: Office, chain: dict[str, int], kind: str
) -> None:
    assert chain
    with reading(office, "p.sec", kind) as conn:
        assert ids(conn, "letter")
    with office.db.read(kind) as conn:  # very likely the connection of p.sec
        assert not ids(conn, "letter") | ids(conn, "step") | ids(conn, "evidence")
    with reading(office, "s.head", kind) as conn:  # very likely the connection of p.sec
        for view in VIEWS:
            rows = conn.execute(text(f"SELECT * FROM {view}")).all()
            assert not rows or view == "term", view


def scramble(office: Office, seed: int) -> None:
    """Letters, answers, drafts, helpers, splits, moves of units and posts, at random."""
    some = random.Random(seed)
    bodies = ["P", "A", "B", "C", "AW", "Q", "QA"]
    below = {
        "P": ["A", "B", "C", "S", "S2"],
        "A": ["A1", "A2", "AW"],
        "B": ["B1"],
        "C": [],
        "AW": ["AW1"],
        "Q": ["QA", "S"],
        "QA": ["QA1"],
    }
    letters: dict[str, list[int]] = {body: [] for body in bodies}
    for number in range(14):
        body = some.choice(bodies)
        units = some.sample(below[body], some.randint(0, len(below[body])))
        tasks = [(str(at), unit) for at, unit in enumerate(units)]
        others = [one for name in bodies if name != body for one in letters[name]]
        given = {
            "tasks": tasks,
            "with_units": {no: [some.choice(sorted(office.units))] for no, _ in tasks},
            "implements": some.sample(others, min(len(others), some.randint(0, 2))),
            "cites": [("C", f"9{number}")] if some.random() < 0.3 else [],
        }
        try:
            letter = office.draft(body, **given)  # type: ignore[arg-type]
            if some.random() < 0.8:
                office.issue(letter)
                letters[body].append(letter)
        except CascadeError:  # a circle, say: then there is no such letter
            continue
    with office.db.read() as conn:
        owed = conn.execute(text("SELECT id, unit_id FROM step WHERE kind = 'task' ORDER BY id"))
        laid = [(row.id, row.unit_id) for row in owed]
        every = list(conn.execute(text("SELECT id FROM letter ORDER BY id")).scalars())
    codes = {unit: code for code, unit in office.units.items()}
    for step, unit in laid:
        if some.random() < 0.4:
            shown = {"evidence_letters": (some.choice(every),)}
            office.fire(step, "report", f"{codes[unit].lower()}.staff", **shown)
    with office.db.write() as conn:
        conn.execute(
            text("UPDATE unit_period SET parent_id = :up WHERE unit_id = :unit"),
            {"up": office.units[some.choice(["P", "Q", "B"])], "unit": office.units["C"]},
        )
        conn.execute(text("UPDATE appointment SET scope = 'unit' WHERE id % 7 = 3"))


# Ten seconds a world on PostgreSQL: ./run faults has the others.
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]


@pytest.mark.parametrize("seed", SEEDS)
def test_in_random_worlds_both_sets_of_views_say_what_the_oracle_says(
    office: Office, seed: int
) -> None:
    scramble(office, seed)
    with office.db.read() as conn:
        people = conn.execute(text("SELECT id, login FROM user_account ORDER BY id")).all()
        expected = {one.login: sight(conn, one.id, TODAY, office.moment.at) for one in people}
    seen = 0
    for login, wanted in expected.items():
        told: dict[str, dict[str, set[tuple[object, ...]]]] = {}
        for kind in KINDS:
            with reading(office, login, kind) as conn:
                assert ids(conn, "letter") == wanted.letters, (login, kind)
                assert ids(conn, "letter_named") == wanted.letters | wanted.cited, (login, kind)
                assert ids(conn, "step") == wanted.steps, (login, kind)
                assert ids(conn, "whole_step") == wanted.whole, (login, kind)
                told[kind] = {
                    view: {tuple(row) for row in conn.execute(text(f"SELECT {what} FROM {view}"))}
                    for view, what in VIEWS.items()
                }
        assert told[lens.LISTED] == told[lens.TESTED], login
        seen += len(wanted.letters)
    assert seen > 20  # else the world was empty


@pytest.mark.parametrize("seed", range(3))
def test_who_reads_for_every_unit_sees_the_same_without_being_tested(
    office: Office, seed: int
) -> None:
    scramble(office, seed)
    for unit in ("P", "Q"):
        post(office, "of.all", unit, Role.AUDITOR)
    user = office.who("of.all").id
    with office.db.read() as conn:
        wanted = sight(conn, user, TODAY, office.moment.at)
        drafts = set(conn.execute(text("SELECT id FROM letter WHERE state = 'draft'")).scalars())
    with scope.read_as(office.db, Reader(user, TODAY, office.moment.at)) as conn:
        assert conn.info["lens"] == lens.WHOLE
        assert ids(conn, "letter") == wanted.letters
        assert ids(conn, "letter_named") == wanted.letters | wanted.cited
        assert ids(conn, "step") == ids(conn, "whole_step") == wanted.steps
        assert drafts
        assert not drafts & ids(conn, "letter")


def test_who_reads_for_every_unit_leaves_nothing_open_behind(office: Office) -> None:
    scramble(office, 1)
    for unit in ("P", "Q"):
        post(office, "of.all", unit, Role.AUDITOR)
    reader = Reader(office.who("of.all").id, TODAY, office.moment.at)
    with scope.read_as(office.db, reader) as conn:
        assert ids(conn, "letter")
    with office.db.read(lens.WHOLE) as conn:
        assert not ids(conn, "letter") | ids(conn, "step") | ids(conn, "evidence")
