"""A letter as a person has set it right so far: its plan, and everything that is still open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import again, attaching, known, laying_out, register
from cascade import plan as planning
from cascade.attaching import Waiting
from cascade.corrections import read_day
from cascade.errors import DuplicateLetterError, UnknownUnitError
from cascade.fingerprint import alike
from cascade.intake.reading import Found, Reading
from cascade.known import MaybeTheSameError, Near
from cascade.laying_out import DutyTyped, find_unit
from cascade.matching import PlannedCitation, key
from cascade.naming import Directory, Named
from cascade.plan import CORRECTABLE, Choices, MissingFieldsError, Plan, UnknownIssuerError
from cascade.problems import Problem
from cascade.provenance import HEAD
from models.queries import acting, recognising
from models.queries.register import OnFile

LEFT = "left"  # said of a name: nobody we know, it gets no duty
NONE = "none"  # said of a citation: none of those on file
NEEDED = ("kind", "number", "symbol", "date", "subject", "issuer")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a person has said so far; nothing where nothing was said."""

    fields: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)  # printed name → code, or LEFT
    cites: Mapping[str, str] = field(default_factory=dict)  # matching.key → letter, or NONE
    stubs: Mapping[int, bool] = field(default_factory=dict)
    duties: tuple[DutyTyped, ...] = ()
    lines: str | None = None  # the duties as lines, where they are too many for rows
    is_another: bool = False  # than the letter it is much like
    again: frozenset[int] = frozenset()  # points that are to come again


class Asked(NamedTuple):
    """Who asks, about which text: what a proposal depends on besides what was typed."""

    text: str
    has_file: bool
    near: Sequence[int]
    mine: Collection[int]  # units whose letters the person may register
    today: date


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What registering would do now, and what stands against it."""

    reading: Reading
    plan: Plan
    directory: Directory
    problems: tuple[Problem, ...]
    guessed: frozenset[str]  # fields that only stand in, so that the rest can be shown
    issuer: Named | None  # the body that issued it, where it is no unit on file
    names: tuple[Named, ...]  # printed names that are no unit on file
    citations: tuple[PlannedCitation, ...]  # as they would be matched by themselves
    doubtful: tuple[OnFile, ...]  # cited letters that this one may be
    same: Near | None  # a letter on file that this may be another scan of
    waiting: Waiting | None  # a letter on file that lacks this file
    on_file: int | None  # the letter on file that this is

    @property
    def is_ready(self) -> bool:
        """Whether nothing is open any more."""
        return not self.problems


def propose(conn: Connection, reading: Reading, typed: Typed, asked: Asked) -> Proposal:
    """Match a reading as corrected to the register; nothing is saved."""
    draft = _Draft(conn, reading, typed, asked)
    base = draft.base()
    plan = draft.chosen(base)
    plan, faults = laying_out.lay_out(plan, draft.directory, typed.duties, typed.lines)
    plan = again.confirmed(plan, typed.again)
    same, waiting, on_file = draft.seen_before(plan)
    # Where only the file is added, no open question of units or citations matters.
    problems = draft.problems if waiting else [*draft.problems, *draft.questions, *faults]
    return Proposal(
        reading=reading,
        plan=plan,
        directory=draft.directory,
        problems=tuple(problems),
        guessed=frozenset(draft.guessed),
        issuer=draft.issuer,
        names=tuple({name.printed: name for name in base.unknown}.values()),
        citations=base.citations,
        doubtful=base.doubtful,
        same=same,
        waiting=waiting,
        on_file=on_file,
    )


class _Draft:
    """One pass over a letter, gathering what is open on the way."""

    def __init__(self, conn: Connection, reading: Reading, typed: Typed, asked: Asked) -> None:
        self.conn = conn
        self.reading = reading
        self.typed = typed
        self.asked = asked
        self.problems: list[Problem] = []
        self.questions: list[Problem] = []
        self.guessed: dict[str, str] = {}
        self.issuer: Named | None = None
        self._directories: dict[date, Directory] = {}
        self.directory: Directory
        self._fields = self._changed()

    def base(self) -> Plan:
        """The plan by what was read and corrected, before any choice between units or letters."""
        plan = self._planned()
        named = self.typed.fields.get("issuer", "").strip()
        if "issuer" not in self.typed.fields:
            return self._mine(plan)
        if not named:
            self._open("issuer", "missing")
            return plan
        unit_id = find_unit(self.directory, named)
        if unit_id is None:
            self._open("issuer", "no_unit", typed=named)
        elif unit_id != plan.issuer_id or "issuer" in self.guessed:
            self.guessed.pop("issuer", None)
            self.problems = [one for one in self.problems if one.field != "issuer"]
            self._fields["issuer"] = self.directory.units[unit_id].code
            return self._mine(self._planned())
        return self._mine(plan)

    def chosen(self, base: Plan) -> Plan:
        """The plan with units and letters as chosen."""
        units = self._units(base)
        cites = self._cites(base)
        said = {stub.id: self.typed.stubs.get(stub.id) for stub in base.doubtful}
        for stub_id, is_it in said.items():
            if is_it is None:
                self.questions.append(Problem(f"stub-{stub_id}", "choose"))
        settled = bool(said) and None not in said.values()
        stubs = frozenset(i for i, is_it in said.items() if is_it) if settled else None
        if not units and not cites and stubs is None:
            return base
        fields = {**self._fields, **self.guessed}
        if units:
            self._directories = {base.dated: Directory(self.conn, base.dated, units)}
        choices = Choices(units, cites, stubs)
        plan = planning.plan(self.conn, self.reading, fields, "", choices, self._on)
        return replace(plan, fixed=dict(self._fields))

    def seen_before(self, plan: Plan) -> tuple[Near | None, Waiting | None, int | None]:
        """(much like it, waiting for its file, the same) among the letters on file."""
        near = _nears(self.conn, self.asked.near, self.asked.text)
        if {"number", "symbol", "date", "issuer"} & set(self.guessed):
            # What cannot be read is a doubt; what was only mistyped will be told by its field.
            unread = [n for n in self.guessed if getattr(self.reading, HEAD[n]) is None]
            return self._doubted(near[0] if near and unread else None), None, None
        try:
            if self.asked.has_file:
                waiting = attaching.waiting(self.conn, plan, self.asked.text, "")
            else:
                waiting = None
                register.stubs_for(self.conn, plan, "")
        except DuplicateLetterError as duplicate:
            self._open("number", "on_file", letter=duplicate.letter_id)
            return None, None, duplicate.letter_id
        try:
            known.refuse_doubtful(near, plan, self.asked.text, "")
        except MaybeTheSameError as same:
            found = next(one for one in near if one.letter.id == same.letter_id)
            return self._doubted(found), waiting, None
        return None, waiting, None

    def _doubted(self, near: Near | None) -> Near | None:
        if near is not None and not self.typed.is_another:
            self._open("is_another", "maybe_same", letter=near.letter.id)
        return near

    def _changed(self) -> dict[str, str]:
        """The fields that a person has set otherwise than they were read."""
        changed: dict[str, str] = {}
        for name in CORRECTABLE:
            if name == "issuer" or name not in self.typed.fields:
                continue
            value = _flat(self.typed.fields[name])
            found: Found | None = getattr(self.reading, HEAD[name])
            if name == "date" and value:
                day = read_day(value)
                if day is None:
                    self._open("date", "no_day", typed=value)
                    self.guessed["date"] = found.value if found else self.asked.today.isoformat()
                    continue
                value = day.isoformat()
            if value != (_flat(found.value) if found else ""):
                changed[name] = value
        return changed

    def _planned(self) -> Plan:
        """A plan in any case; what is missing is told, and something stands in for it."""
        while True:
            fields = {**self._fields, **self.guessed}
            try:
                plan = planning.plan(self.conn, self.reading, fields, "", None, self._on)
            except MissingFieldsError as missing:
                for name in missing.fields:
                    self._guess(name, "missing")
            except UnknownIssuerError as unknown:
                self.issuer = unknown.named
                self._guess("issuer", "unknown_issuer", printed=unknown.named.printed)
            except UnknownUnitError:
                # The unit is none on the letter's date, as typed just now.
                if self._fields.pop("issuer", None) is None:
                    raise
                self._open("issuer", "no_unit", typed=self.typed.fields.get("issuer", ""))
            else:
                self.directory = self._on(self.conn, plan.dated)
                return replace(plan, fixed=dict(self._fields))

    def _guess(self, name: str, code: str, **data: object) -> None:
        self._open(name, code, **data)
        self._fields.pop(name, None)
        stand_in = {"kind": "văn bản", "number": "?", "symbol": "?", "subject": "?"}
        stand_in["date"] = self.asked.today.isoformat()
        if name == "issuer":
            units = self._directory_then().units
            mine = [unit for unit in units if unit in self.asked.mine] or list(units)
            if not mine:
                raise UnknownUnitError("there are no units yet", remedy="Import the units first.")
            stand_in["issuer"] = units[mine[0]].code
        self.guessed[name] = stand_in[name]

    def _directory_then(self) -> Directory:
        """The organisation on the letter's day, as far as the day is known."""
        read = self.reading.dated.value if self.reading.dated else None
        day = self._fields.get("date") or self.guessed.get("date") or read
        return self._on(self.conn, date.fromisoformat(day) if day else self.asked.today)

    def _mine(self, plan: Plan) -> Plan:
        if plan.issuer_id not in self.asked.mine and "issuer" not in self.guessed:
            self._open("issuer", "not_yours", unit=plan.names[plan.issuer_id])
        return plan

    def _units(self, base: Plan) -> dict[str, int]:
        picked: dict[str, int] = {}
        for place, printed in enumerate(dict.fromkeys(name.printed for name in base.unknown)):
            said = self.typed.units.get(printed, "").strip()
            unit_id = find_unit(self.directory, said) if said and said != LEFT else None
            if unit_id is not None:
                picked[printed] = unit_id
            elif said != LEFT:
                code = "no_unit" if said else "choose"
                self.questions.append(Problem(f"unit-{place}", code, {"typed": said}))
        return picked

    def _cites(self, base: Plan) -> dict[str, int | None]:
        picked: dict[str, int | None] = {}
        for place, citation in enumerate(base.citations):
            at = key(citation.found.number_symbol)
            said = self.typed.cites.get(at, "")
            may_be = [fit.letter.id for fit in citation.candidates]
            if said == NONE and (may_be or citation.on_file):
                picked[at] = None
            elif said.isdecimal() and int(said) in may_be:
                picked[at] = int(said)
            elif may_be:
                self.questions.append(Problem(f"cite-{place}", "choose"))
        return picked

    def _on(self, conn: Connection, day: date) -> Directory:
        if day not in self._directories:
            self._directories[day] = Directory(conn, day)
        return self._directories[day]

    def _open(self, field: str, code: str, **data: object) -> None:
        if not any(one.field == field for one in self.problems):
            self.problems.append(Problem(field, code, data))


def _nears(conn: Connection, letter_ids: Sequence[int], text: str) -> list[Near]:
    """The letters on file that were found to be much like a text, compared anew."""
    if not letter_ids:
        return []
    texts = recognising.texts(conn, letter_ids)
    letters = {row.id: row for row in acting.letters(conn, list(texts))}
    found = [Near(letters[i], alike(text, other), other) for i, other in texts.items()]
    return sorted(found, key=lambda near: -near.likeness)


def _flat(text: str) -> str:
    return " ".join(text.split())
