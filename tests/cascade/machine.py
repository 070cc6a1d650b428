"""Random cascades: letters, answers, splits and every other move by anybody, checked each time.

The rules of this machine draw acts, most of them apt, some of them nonsense. Whatever is drawn,
what is said in `_true` holds afterwards, and what was refused has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text

from cascade import recurring
from cascade.acts import Act
from cascade.errors import CascadeError
from cascade.verify import verify
from models import occurrences
from models.queries import acting, series
from models.tables import metadata
from tests.worlds import EVIDENCE, UNITS, Office, found_office
from workflows.facts import Fate
from workflows.kinds import MACHINES
from workflows.letter import LETTER
from workflows.phrases import Every
from workflows.roles import ITSELF, Side
from workflows.series import Rule

ISSUERS = ("P", "A", "B", "AW")
OWING = ("A", "B", "AW", "C")
DOING = ("S", "A", "A1", "A2", "AW1", "B1")
PEOPLE = (
    *(f"{unit.lower()}.{post}" for unit in ISSUERS for post in ("sec", "head", "staff")),
    "a1.staff",
    "s.head",
    "q.sec",
)
PICK = st.integers(0, 999)
SOME = st.lists(PICK, max_size=2)
FATES = st.sampled_from([None, *Fate])
NOTES = st.sampled_from(["", "Because."])
COUNTS = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table}" for table in sorted(metadata.tables)
)
# An open step or letter whose parent has ended, with the event that ended the parent.
ORPHANS = """
SELECT 'step', part.id, CAST(NULL AS INTEGER), (SELECT max(seq) FROM event WHERE step_id = whole.id
       AND source <> target)
FROM step part JOIN step whole ON whole.id = part.parent_id
WHERE part.turn <> 'nobody' AND whole.turn = 'nobody'
UNION ALL
SELECT 'step', step.id, CAST(NULL AS INTEGER), (SELECT max(seq) FROM event
       WHERE letter_id = letter.id AND step_id IS NULL AND source <> target)
FROM step JOIN letter ON letter.id = step.letter_id
WHERE step.turn <> 'nobody' AND step.parent_id IS NULL AND letter.state <> 'issued'
UNION ALL
SELECT 'letter', letter.id, step.id, (SELECT max(seq) FROM event WHERE step_id = step.id
       AND source <> target)
FROM answer JOIN letter ON letter.id = answer.letter_id JOIN step ON step.id = answer.step_id
WHERE letter.state = 'issued' AND letter.open_steps > 0 AND step.turn = 'nobody'
"""


class CascadeMachine(RuleBasedStateMachine):
    """Anybody does anything, and the register stays true."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.drafts: list[int] = []
        self.letters: list[int] = []
        self.promised: list[tuple[str, str]] = []  # letters cited before they came
        self.events = 0
        self.done = 0
        self.refused = 0

    @rule(issuer=PICK, owe=SOME, tasks=SOME, implements=SOME, unknown=PICK, due=PICK)
    def letter(
        self,
        issuer: int,
        owe: list[int],
        tasks: list[int],
        implements: list[int],
        unknown: int,
        due: int,
    ) -> None:
        """A draft: some owe an answer, some a task; it may cite letters nobody has seen yet."""
        body = ISSUERS[issuer % len(ISSUERS)]
        cites: tuple[tuple[str, str], ...] = ()
        if unknown % 5 == 0:
            cites = ((ISSUERS[unknown % len(ISSUERS)], f"promised-{unknown % 3}"),)
        number = None
        mine = [number for by, number in self.promised if by == body]
        if mine and unknown % 2:
            number = mine[0]
        with self._whole():
            self.drafts.append(
                self.office.draft(
                    body,
                    owe=sorted({OWING[n % len(OWING)] for n in owe} - {body}),
                    tasks=[(str(n), DOING[n % len(DOING)]) for n in sorted(set(tasks))],
                    implements=sorted(
                        {self.letters[n % len(self.letters)] for n in implements if self.letters}
                    ),
                    due=self.office.today + timedelta(days=due % 20),
                    cites=cites,
                    number=number,
                )
            )
            self.promised += cites
            if number is not None:
                self.promised.remove((body, number))
            if due % 3 == 0:
                self._comes_again(self.drafts[-1], DOING[due % len(DOING)], due)

    @precondition(lambda self: self.drafts)
    @rule(picks=st.lists(PICK, min_size=1, max_size=2), login=st.sampled_from(PEOPLE), apt=PICK)
    def issue(self, picks: list[int], login: str, apt: int) -> None:
        """Drafts are issued, mostly by those who may."""
        ids = sorted({self.drafts[n % len(self.drafts)] for n in picks})
        with self._whole():
            self.office.issue(*ids, login="" if apt % 4 else login)
            self.letters += ids
            self.drafts = [n for n in self.drafts if n not in ids]

    @rule(depth=st.integers(1, 3))
    def chain(self, depth: int) -> None:
        """A directive of the province, answered down to a village, so that roll-ups have a way."""
        above: list[int] = []
        for body, owe, task in (("P", "A", "S"), ("A", "AW", "A1"), ("AW", "", "AW1"))[:depth]:
            with self._whole():
                made = self.office.letter(
                    body, owe=[owe] if owe else [], tasks=[("1", task)], implements=above
                )
                self.letters.append(made)
                above = [made]

    @precondition(lambda self: self.letters)
    @rule(step=PICK, accept=st.booleans())
    def finish(self, step: int, accept: bool) -> None:
        """A step that is open goes its usual way: reported by its unit, accepted by its issuer."""
        with self.office.db.read() as conn:
            query = "SELECT id FROM step WHERE turn <> 'nobody' ORDER BY id"
            ids = conn.execute(text(query)).scalars().all()
            row = acting.step(conn, ids[step % len(ids)]) if ids else None
        if row is None:
            return
        codes = {unit_id: code.lower() for code, unit_id in self.office.units.items()}
        lead, issuer = codes[row.unit_id], codes[row.issuer_id]
        if row.kind == "task":
            self._fire("step", row.id, f"{lead}.staff", Act(trigger="report", files=(EVIDENCE,)))
        else:
            self._fire("step", row.id, f"{lead}.staff", Act(trigger="return_nil", note="None."))
        if accept:
            self._fire("step", row.id, f"{issuer}.head", Act(trigger="accept"))

    @precondition(lambda self: self.letters)
    @rule(step=PICK, trigger=st.sampled_from(["accept", "reopen", "return", "withdraw", "close"]))
    def look_again(self, step: int, trigger: str) -> None:
        """What has ended is accepted by the issuer, or opened again, or its letter is moved."""
        with self.office.db.read() as conn:
            query = "SELECT id FROM step WHERE turn = 'nobody' ORDER BY id"
            ids = conn.execute(text(query)).scalars().all()
            row = acting.step(conn, ids[step % len(ids)]) if ids else None
        if row is None:
            return
        codes = {unit_id: code.lower() for code, unit_id in self.office.units.items()}
        act = Act(trigger=trigger, note="Because.")
        if trigger in ("withdraw", "close"):
            self._fire("letter", row.letter_id, f"{codes[row.issuer_id]}.head", act)
        else:
            self._fire("step", row.id, f"{codes[row.issuer_id]}.head", act)

    @precondition(lambda self: self.letters)
    @rule(step=PICK, trigger=PICK, until=PICK, unit=PICK, letter=PICK, fate=FATES)
    def apt_move(
        self, step: int, trigger: int, until: int, unit: int, letter: int, fate: Fate | None
    ) -> None:
        """A move the state allows, by somebody of the right side, with all it may need."""
        with self.office.db.read() as conn:
            ids = conn.execute(text("SELECT id FROM step ORDER BY id")).scalars().all()
            row = acting.step(conn, ids[step % len(ids)]) if ids else None
        if row is None:
            return
        machine = MACHINES[row.kind]
        moves = [m for m in machine.moves if row.state in m.froms() and m.by is not ITSELF]
        if not moves:
            return
        move = moves[trigger % len(moves)]
        side = row.unit_id if move.by.side is Side.LEAD else row.issuer_id
        code = next(code for code, unit_id in self.office.units.items() if unit_id == side)
        units = {code: parent for code, (parent, _) in UNITS.items()}
        lead = next(code for code, unit_id in self.office.units.items() if unit_id == row.unit_id)
        parts = [c for c, parent in units.items() if parent == lead] or ["S2"]
        if move.trigger == "transfer":
            parts = ["A2", "B", "C", "S2"]
        self._fire(
            "step",
            row.id,
            f"{code.lower()}.{'head' if trigger % 2 else 'staff'}"
            if move.by.side is Side.LEAD
            else f"{code.lower()}.head",
            Act(
                trigger=move.trigger,
                note="Because.",
                files=(EVIDENCE,) if move.trigger == "report" and trigger % 5 else (),
                answer=self._of(row.unit_id, letter) if move.trigger == "answer" else None,
                until=(row.due or self.office.today) + timedelta(days=until % 9)
                if move.trigger == "ask_extension"
                else None,
                done_on=self.office.today - timedelta(days=until % 4 - 1) if until % 3 else None,
                units=(self.office.units[parts[unit % len(parts)]],)
                if move.trigger in ("split", "transfer")
                else (),
                fate=fate,
            ),
        )

    @precondition(lambda self: self.letters)
    @rule(letter=PICK, trigger=PICK, other=PICK, until=PICK, fate=FATES, note=NOTES)
    def apt_letter_move(
        self, letter: int, trigger: int, other: int, until: int, fate: Fate | None, note: str
    ) -> None:
        """A letter moved by the head of its issuer."""
        letter_id = self.letters[letter % len(self.letters)]
        with self.office.db.read() as conn:
            (row,) = acting.letters(conn, [letter_id])
            running = series.running(conn, letter_id)
        moves = [m for m in LETTER.moves if row.state in m.froms() and m.by is not ITSELF]
        if not moves:
            return
        move = moves[trigger % len(moves)]
        code = next(c for c, unit_id in self.office.units.items() if unit_id == row.issuer_id)
        self._fire(
            "letter",
            letter_id,
            f"{code.lower()}.head",
            Act(
                trigger=move.trigger,
                note=note or "Because.",
                replacement=self.letters[other % len(self.letters)]
                if move.trigger == "supersede"
                else None,
                until=self.office.today + timedelta(days=until % 40)
                if move.trigger in ("extend", "call_up")
                else None,
                series=tuple(running[: 1 + other % 2]),
                fate=fate,
            ),
        )

    @precondition(lambda self: self.letters)
    @rule(
        kind=st.sampled_from(["step", "letter"]),
        which=PICK,
        trigger=PICK,
        login=st.sampled_from(PEOPLE),
        note=NOTES,
        fate=FATES,
        letter=PICK,
        days=st.integers(-3, 30),
        unit=st.sampled_from(sorted(UNITS)),
        given=st.sets(st.sampled_from(["file", "answer", "until", "unit", "replacement"])),
    )
    def any_move(
        self,
        kind: str,
        which: int,
        trigger: int,
        login: str,
        note: str,
        fate: Fate | None,
        letter: int,
        days: int,
        unit: str,
        given: set[str],
    ) -> None:
        """Any trigger, by anybody, on anything, with anything."""
        known = [m.trigger for one in MACHINES.values() for m in one.moves]
        known += [m.trigger for m in LETTER.moves]
        other = self.letters[letter % len(self.letters)]
        self._fire(
            kind,
            which % 40 + 1,
            login,
            Act(
                trigger=known[trigger % len(known)],
                note=note,
                files=(EVIDENCE,) if "file" in given else (),
                answer=other if "answer" in given else None,
                replacement=other if "replacement" in given else None,
                until=self.office.today + timedelta(days=days) if "until" in given else None,
                units=(self.office.units[unit],) if "unit" in given else (),
                fate=fate,
            ),
        )

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        """Days pass, and what comes again is laid."""
        self.office.today += timedelta(days=days)
        recurring.make_ahead(self.office.db, self.office.moment)

    @invariant()
    def true(self) -> None:
        """What holds after every act."""
        with self.office.db.read() as conn:
            assert verify(conn) == []
            counts = conn.execute(
                text("SELECT count(*), count(actor_id), count(NULLIF(role, '')) FROM event")
            ).one()
            orphans = conn.execute(text(ORPHANS)).all()
            for kind, node, parent, ended in orphans:
                assert self._kept(conn, kind, node, ended), (kind, node, parent, ended)
            wrong = conn.execute(
                text(
                    "SELECT id FROM letter WHERE open_steps <> (SELECT count(*) FROM step "
                    "WHERE step.letter_id = letter.id AND parent_id IS NULL AND turn <> 'nobody')"
                )
            ).all()
        assert wrong == []
        assert counts[0] == counts[1] == counts[2], "an event without actor or role"
        assert counts[0] >= self.events, "events are never fewer"
        self.events = counts[0]

    def _comes_again(self, draft: int, unit: str, every: int) -> None:
        """A duty of a draft that comes again: every week, every month, or when it is called for."""
        rule = (Every(days=7), Every(months=1, day=20), Every())[every // 3 % 3]
        row = {"unit_id": self.office.units[unit], "phrase": "", "until": None}
        if every % 2:
            row["until"] = self.office.today + timedelta(days=every % 40)
        with self.office.db.write() as conn:
            occurrences.file(conn, draft, [row | recurring.kept(Rule(rule))._asdict()])

    def _fire(self, kind: str, target: int, login: str, act: Act) -> None:
        given = {name: value for name, value in vars(act).items() if name != "trigger"}
        with self._whole():
            fire = self.office.fire if kind == "step" else self.office.fire_letter
            fire(target, act.trigger, login, **given)

    @contextmanager
    def _whole(self) -> Any:
        """What is refused has changed nothing at all."""
        before = self._everything()
        try:
            yield
        except CascadeError:
            self.refused += 1
            assert self._everything() == before
        else:
            self.done += 1

    def _everything(self) -> tuple[object, ...]:
        with self.office.db.read() as conn:
            return (
                sorted(tuple(row) for row in conn.execute(text(COUNTS))),
                sorted(tuple(row) for row in conn.execute(text("SELECT * FROM step"))),
                sorted(
                    tuple(row)
                    for row in conn.execute(
                        text("SELECT id, state, version, open_steps FROM letter")
                    )
                ),
            )

    def _of(self, unit_id: int, letter: int) -> int:
        """A letter of this unit if there is one, else any."""
        with self.office.db.read() as conn:
            rows = acting.letters(conn, self.letters)
        own = [row.id for row in rows if row.issuer_id == unit_id] or self.letters
        return own[letter % len(own)]

    def _kept(self, conn: Any, kind: str, node: int, seq: int) -> bool:
        """Whether somebody said that what is still open here goes on by itself."""
        if _fate(conn, seq) == "keep":
            return True
        if kind == "step":
            return False
        # A letter that answers more than one obligation goes on for the other.
        others = conn.execute(
            text(
                "SELECT step.turn, (SELECT max(seq) FROM event WHERE step_id = step.id AND "
                "source <> target) FROM answer JOIN step ON step.id = answer.step_id "
                "WHERE answer.letter_id = :node"
            ),
            {"node": node},
        ).all()
        return any(turn != "nobody" or _fate(conn, ended) == "keep" for turn, ended in others)


def _fate(conn: Any, seq: int) -> str | None:
    """The fate given with the act that an event goes back to."""
    while True:
        row = conn.execute(
            text("SELECT cause_seq, data FROM event WHERE seq = :seq"), {"seq": seq}
        ).one()
        if row[0] is None:
            return "keep" if row[1] is not None and '"keep"' in _json(row[1]) else None
        seq = row[0]


def _json(value: object) -> str:
    return value if isinstance(value, str) else str(value).replace("'", '"')


def machine(make: Callable[[], Office]) -> Callable[[], CascadeMachine]:
    """A maker of machines, each on an office of its own."""
    return lambda: CascadeMachine(make())


__all__ = ["CascadeMachine", "found_office", "machine"]
