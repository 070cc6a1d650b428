"""Whatever is done to the history by hand is found, at the latest against a checkpoint outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, text

from cascade import history
from cascade.history_check import HistoryCheck
from cascade.history_keys import Key, load_or_make
from cascade.verify import verify
from models import administration
from models.administration import Recorded
from models.sealing_erasure import erase
from tests import tampering
from tests.worlds import Office


class Witnessed:
    """An office in which a good deal has happened, and a checkpoint of it kept elsewhere."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.key: Key = load_or_make(folder)
        _make_busy(office)
        with office.db.read() as conn:
            history.keep(history.take(conn, self.key), folder / "elsewhere", self.key)
        self.kept = history.kept([folder / "elsewhere"])

    def faults(self, conn: Connection, *, outside: bool = True) -> list[str]:
        """What is found, with the checkpoint outside or by the database alone."""
        check = HistoryCheck(self.kept if outside else (), self.key.verifier)
        return list(check.faults(conn))

    @contextmanager
    def tampered(self) -> Iterator[Connection]:
        """The database without its guards; afterwards all is as it was."""
        with self.office.db.engine.connect() as conn, conn.begin() as broken:
            tampering.unguard(conn)
            yield conn
            broken.rollback()


def _make_busy(office: Office) -> None:
    at = office.moment.at
    top = office.letter("P", owe=["A", "B"], tasks=[("1", "S")])
    middle = office.letter("A", owe=["AW"], tasks=[("1", "A1")], implements=[top])
    office.finish(office.step(middle, "A1", "1"), "A1", "A")
    refused = office.fire(office.step(top, "B"), "refuse", "b.head", note="Nguyễn Văn A, not ours.")
    office.fire(office.step(top, "S", "1"), "start", "s.staff", note="Begun.")
    with office.db.write() as conn:
        for number in range(3):
            done = Recorded("rename_user", number + 1, data={"before": "x", "name": "ỹ"})
            administration.record(conn, 1, at, done)
        erase(conn, "event", 2, actor_id=1, at=at, reason="Decision 5")
    with office.db.write() as conn:
        erase(conn, "event", refused.seq, actor_id=1, at=at, reason="Decision 6")


@pytest.fixture
def witnessed(office: Office, tmp_path: Path) -> Witnessed:
    return Witnessed(office, tmp_path)


def test_nothing_is_said_of_a_history_as_it_was_sealed(witnessed: Witnessed) -> None:
    with witnessed.office.db.read() as conn:
        assert witnessed.faults(conn) == []


REWRITTEN = ("the first {all} seals are not those of {checkpoint}",)
ERASED_SALT = "UPDATE event_seal SET body_salt = NULL WHERE seq = 4"
# what is done → (statements, whether the seals are written anew, what is said)
TAMPERING: dict[str, tuple[str, bool, Sequence[str]]] = {
    "another note": (
        "UPDATE event SET note = 'x' WHERE seq = 5",
        False,
        ["the words of event 5 are not as they were sealed"],
    ),
    "another actor": (
        "UPDATE event SET actor_id = 1 WHERE seq = 5",
        False,
        ["event 5 is not as it was sealed"],
    ),
    "another moment": (
        "UPDATE event SET at = '2026-09-15 02:00:01.000000+00' WHERE seq = 5",
        False,
        ["event 5 is not as it was sealed"],
    ),
    "another actor, sealed anew": (
        "UPDATE event SET actor_id = 1 WHERE seq = 5",
        True,
        REWRITTEN,
    ),
    "an actor of an erased event": (
        "UPDATE event SET actor_id = 1 WHERE seq = 2",
        False,
        ["event 2 is not as it was sealed"],
    ),
    "words put into an erased event": (
        "UPDATE event SET note = 'He agreed.' WHERE seq = 2",
        False,
        ["event 2 was erased, but says something again"],
    ),
    "another act of administration": (
        "UPDATE admin_event SET act = 'appoint' WHERE id = 2",
        False,
        ["administration 2 is not as it was sealed"],
    ),
    "data that is none": (
        "UPDATE admin_event SET data = '5' WHERE id = 2",
        False,
        ["the words of administration 2 are not as they were sealed"],
    ),
    "an event gone": (
        "DELETE FROM event WHERE seq = 6",
        False,
        ["event 6 is sealed as 6, but is not there"],
    ),
    "an event and its seal gone": (
        "DELETE FROM event WHERE seq = 6; DELETE FROM event_seal WHERE seq = 6",
        False,
        [
            "seals are missing: after 5 comes 7",
            "seal 7 does not follow from the one before it",
            "the history ends at seal {less}, but {checkpoint} is of {all} seals",
        ],
    ),
    "an event gone, sealed anew": (
        "DELETE FROM event WHERE seq = 14",
        True,
        ["the history ends at seal {less}, but {checkpoint} is of {all} seals"],
    ),
    "the first seal gone": (
        "DELETE FROM event_seal WHERE seq = 1",
        False,
        [
            "seals are missing: after 0 comes 2",
            "seal 2 does not follow from the one before it",
            "the history ends at seal {less}, but {checkpoint} is of {all} seals",
            "event 1 has no seal",
        ],
    ),
    "a salt gone without a word": (
        ERASED_SALT,
        False,
        ["the salt of seal 4 is gone, but no erasure of event 4 is on record"],
    ),
    "a salt gone by another's erasure": (
        f"{ERASED_SALT}; INSERT INTO event_erasure VALUES (4, 4)",
        False,
        ["the salt of seal 4 is gone, but no erasure of event 4 is on record"],
    ),
    "a salt gone by an act that is none": (
        f"{ERASED_SALT}; INSERT INTO event_erasure VALUES (4, 1)",
        False,
        ["the salt of seal 4 is gone, but no erasure of event 4 is on record"],
    ),
    "an erasure said and not done": (
        "INSERT INTO event_erasure VALUES (4, 4)",
        False,
        ["event 4 is said to be erased, but its salt is there"],
    ),
    "an erasure of nothing": (
        "INSERT INTO event_seal SELECT 999, form, 'none', 1, head_salt, body_salt, head, body, "
        "hash FROM event_seal WHERE seq = 1; INSERT INTO event_erasure VALUES (999, 4); "
        "DELETE FROM event_seal WHERE seq = 999",
        False,
        ["seal 999 is said to be erased, but is not there"],
    ),
    "a seal of another form": (
        "UPDATE event_seal SET form = 2 WHERE seq = 4",
        False,
        ["seal 4 is of the unknown form 2"],
    ),
    "a hash": (
        "UPDATE event_seal SET hash = head WHERE seq = 4",
        False,
        [
            "seal 4 does not follow from the one before it",
            "seal 5 does not follow from the one before it",
            *REWRITTEN,
        ],
    ),
    "an event that was never sealed": (
        "INSERT INTO event (at, actor_id, role, letter_id, trigger, target, note) "
        "SELECT at, actor_id, role, letter_id, trigger, target, '' FROM event WHERE seq = 1",
        False,
        ["event {next} has no seal"],
    ),
}


@pytest.mark.parametrize(
    ("statements", "is_sealed_anew", "said"), TAMPERING.values(), ids=TAMPERING
)
def test_what_is_done_to_the_history_is_found_and_named(
    witnessed: Witnessed, statements: str, is_sealed_anew: bool, said: Sequence[str]
) -> None:
    events, all_seals = witnessed.office.count("event"), witnessed.office.count("event_seal")
    with witnessed.tampered() as conn:
        for statement in statements.split("; "):
            if not witnessed.office.db.is_sqlite:
                statement = statement.replace("'5'", "'5'::json")
            conn.execute(text(statement))
        if is_sealed_anew:
            tampering.seal_anew(conn)
        (newest,) = conn.execute(text("SELECT max(seq) FROM event")).one()
        named = {"all": all_seals, "less": all_seals - 1, "next": newest}
        wanted = [line.format(checkpoint=witnessed.kept[0].path.name, **named) for line in said]
        assert witnessed.faults(conn) == wanted
        assert (witnessed.faults(conn, outside=False) == []) == is_sealed_anew
    assert witnessed.office.count("event") == events


BY_HAND: dict[str, str] = {
    "a moment that is none": "UPDATE event SET at = 'yesterday' WHERE seq = 5",
    "data that cannot be read": "UPDATE event SET data = '{', trigger = 'report' WHERE seq = 5",
    "bytes for words": "UPDATE event SET role = X'00' WHERE seq = 5",
    "words for bytes": "UPDATE event_seal SET hash = 'x' WHERE seq = 5",
    "words for a salt": "UPDATE event_seal SET head_salt = 'x' WHERE seq = 5",
    "a number for a commitment": "UPDATE event_seal SET body = 7 WHERE seq = 5",
}


@pytest.mark.parametrize("statement", BY_HAND.values(), ids=BY_HAND)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_cannot_even_be_read_is_told_like_the_rest(
    witnessed: Witnessed, statement: str
) -> None:
    with witnessed.tampered() as conn:
        conn.execute(text(statement))
        found = verify(conn, None, HistoryCheck(witnessed.kept, witnessed.key.verifier))
    assert any("event 5" in line or "seal 5" in line for line in found)


@pytest.mark.parametrize("seed", range(2))
def test_random_tampering_is_found(witnessed: Witnessed, seed: int) -> None:
    check_tampering(witnessed, range(seed * 15, seed * 15 + 15))


def check_tampering(witnessed: Witnessed, seeds: Sequence[int]) -> None:
    """Every one of so many random tamperings is found."""
    for seed in seeds:
        with witnessed.tampered() as conn:
            done = tampering.tamper(conn, Random(seed))
            assert witnessed.faults(conn) != [], f"not found: {done} (seed {seed})"
    with witnessed.office.db.read() as conn:
        assert witnessed.faults(conn) == []


@pytest.mark.parametrize("way", tampering.QUIET)
def test_who_seals_anew_is_found_only_from_outside(
    witnessed: Witnessed, way: Callable[[Connection, Random], str]
) -> None:
    with witnessed.tampered() as conn:
        if way is tampering.truncate:
            conn.execute(text("DELETE FROM event_erasure"))
        way(conn, Random(4))
        tampering.seal_anew(conn)
        assert any("seals" in line for line in witnessed.faults(conn))
        inside = witnessed.faults(conn, outside=False)
        assert [line for line in inside if "erased" not in line and "erasure" not in line] == []


def test_a_history_written_anew_is_told_in_so_many_lines(
    witnessed: Witnessed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cascade.history_check.MOST", 3)
    with witnessed.tampered() as conn:
        conn.execute(text("UPDATE event SET role = 'x'"))
        found = witnessed.faults(conn)
    assert len(found) == 4
    assert found[-1] == "the history has more faults than are told here"
