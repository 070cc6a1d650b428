"""The three machines as the secretariat would read them, written out by hand.

A row: trigger, from where, to where (`stays`: the state is left as it is), who, and every obstacle
told to somebody who asks for the move with nothing in hand (see `NOTHING`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from workflows.diagrams import MACHINES
from workflows.facts import Facts, LetterFacts, StepFacts
from workflows.machine import StateMachine
from workflows.roles import Role, Side

TODAY = date(2026, 9, 15)
YESTERDAY, TOMORROW = date(2026, 9, 14), date(2026, 9, 16)

_GOES_ON = "issued closed withdrawn superseded"
LETTER = f"""
register   cited                    draft       registry  wrong_role
issue      draft                    issued      registry  wrong_role identity_incomplete
                                                 + date_in_future due_before_issue
                                                 + not_in_stages cycle
fulfil     issued                   fulfilled   itself    only_by_itself children_open
resume     fulfilled                issued      itself    only_by_itself
close      issued fulfilled         closed      issuer    wrong_role reason_missing_while_open
                                                 + fate_missing
withdraw   draft issued fulfilled   withdrawn   issuer    wrong_role reason_missing fate_missing
                                                 + sealed_above
supersede  issued fulfilled         superseded  issuer    wrong_role replacement_missing
                                                 + fate_missing sealed_above
supersede  cited                    superseded  itself    only_by_itself
reopen     closed                   issued      issuer    wrong_role reason_missing sealed_above
                                                 + ended_above
amend      issued fulfilled         stays       registry  wrong_role reason_missing
extend     issued                   stays       issuer    wrong_role reason_missing until_missing
call_up    {_GOES_ON}               stays       issuer    wrong_role nothing_comes_again
                                                 + series_missing reason_missing until_missing
end_series {_GOES_ON}               stays       issuer    wrong_role nothing_comes_again
                                                 + series_missing reason_missing fate_missing
"""

_OWED = "sent acknowledged drafting returned"
_OPEN = f"{_OWED} answered nil_returned refused"
OBLIGATION = f"""
acknowledge       sent                             acknowledged  doer    wrong_role
draft             acknowledged returned            drafting      doer    wrong_role
answer            {_OWED}                          answered      doer    wrong_role answer_missing
answer            answered                         stays         doer    wrong_role answer_missing
return_nil        {_OWED}                          nil_returned  doer    wrong_role reason_missing
withdraw_report   answered nil_returned            drafting      doer    wrong_role
accept            answered nil_returned fulfilled  accepted      issuer  wrong_role children_open
                                                    + same_person
return            answered nil_returned fulfilled  returned      issuer  wrong_role reason_missing
                                                    + sealed_above ended_above
fulfil            answered                         fulfilled     itself  only_by_itself
                                                    + children_open
resume            fulfilled                        answered      itself  only_by_itself
lose_answer       answered fulfilled               drafting      itself  only_by_itself
refuse            sent acknowledged                refused       doer    wrong_role reason_missing
uphold            refused                          sent          issuer  wrong_role reason_missing
waive             {_OPEN}                          waived        issuer  wrong_role reason_missing
                                                    + fate_missing
cancel            {_OPEN}                          cancelled     issuer  wrong_role reason_missing
                                                    + fate_missing
supersede         {_OPEN}                          superseded    itself  only_by_itself
transfer          {_OWED} refused                  transferred   issuer  wrong_role reason_missing
                                                    + target_missing children_open
reopen            accepted waived cancelled        returned      issuer  wrong_role reason_missing
                                                    + sealed_above ended_above
ask_extension     {_OWED}                          stays         doer    wrong_role reason_missing
                                                    + until_missing
grant_extension   {_OWED}                          stays         issuer  wrong_role
                                                    + extension_not_asked until_missing
refuse_extension  {_OWED}                          stays         issuer  wrong_role
                                                    + extension_not_asked reason_missing
extend            {_OPEN}                          stays         itself  only_by_itself
remind            {_OWED}                          stays         issuer  wrong_role
"""

_OWED = "open in_progress returned"
_SHOWN = "reported nil_returned"
_OPEN = f"{_OWED} {_SHOWN} declined suspended"
TASK = f"""
start             open returned        in_progress  doer    wrong_role
report            {_OWED}              reported     doer    wrong_role evidence_missing
                                        + done_in_future done_before_laid children_open
return_nil        {_OWED}              nil_returned doer    wrong_role comes_once reason_missing
                                        + children_open
withdraw_report   {_SHOWN}             in_progress  doer    wrong_role
accept            {_SHOWN}             accepted     issuer  wrong_role children_open same_person
return            {_SHOWN}             returned     issuer  wrong_role reason_missing
decline           open in_progress     declined     doer    wrong_role reason_missing
uphold            declined             open         issuer  wrong_role reason_missing
split             {_OWED}              in_progress  doer    wrong_role target_missing
suspend           open in_progress     suspended    issuer  wrong_role reason_missing
resume            suspended            in_progress  issuer  wrong_role
cancel            {_OPEN}              cancelled    issuer  wrong_role reason_missing fate_missing
supersede         {_OPEN}              superseded   itself  only_by_itself
transfer          {_OWED} declined     transferred  issuer  wrong_role reason_missing target_missing
                                        + children_open
reopen            accepted cancelled   open         issuer  wrong_role reason_missing sealed_above
                                                    + ended_above
ask_extension     {_OWED}              stays        doer    wrong_role reason_missing until_missing
grant_extension   {_OWED}              stays        issuer  wrong_role extension_not_asked
                                        + until_missing
refuse_extension  {_OWED}              stays        issuer  wrong_role extension_not_asked
                                        + reason_missing
extend            {_OPEN}              stays        itself  only_by_itself
remind            {_OWED}              stays        issuer  wrong_role
"""

# Whose move it is in each state, as inbox and overdue list follow it.
TURNS = {
    "letter": {
        "issuer": "cited draft",
        "lead": "issued",
        "nobody": "fulfilled closed withdrawn superseded",
    },
    "obligation": {
        "lead": "sent acknowledged drafting returned",
        "accepter": "answered nil_returned",
        "issuer": "refused",
        "nobody": "fulfilled accepted waived cancelled superseded transferred",
    },
    "task": {
        "lead": "open in_progress returned",
        "accepter": "reported nil_returned",
        "issuer": "declined",
        "paused": "suspended",
        "nobody": "accepted cancelled superseded transferred",
    },
}

# Who each party is: the side a post must stand on, and the roles that may act from there.
PARTIES = {
    "doer": (Side.LEAD, "drafter registrar staff head secretariat"),
    "issuer": (Side.ISSUER, "head secretariat"),
    "registry": (Side.ISSUER, "registrar head secretariat"),
}


class Row(NamedTuple):
    """One source of one row of a table."""

    machine: StateMachine[Any]
    trigger: str
    source: str
    target: str
    who: str
    told: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The row as the name of a test."""
        to = "stays" if self.target == self.source else f"becomes {self.target}"
        return f"{self.machine.name} {self.source}: {self.trigger} by {self.who}, {to}"


NAMED = {machine.name: machine for machine in MACHINES}
EVERY_ROLE = frozenset((side, role) for side in Side for role in Role)
# Nothing given, nobody's post, everything in the way.
NOTHING: dict[str, Facts] = {
    "letter": LetterFacts(
        state="",
        today=TODAY,
        actor_id=1,
        open_children=2,
        has_issuer=False,
        dated=TOMORROW,
        dues={"point 1": TODAY},
        unstaged={"point 1": TOMORROW},
        latest=TODAY,
        made_ahead=2,
        cycle=("a", "b", "a"),
        is_sealed=True,
        ended_above=True,
    ),
    "step": StepFacts(
        state="",
        today=TODAY,
        actor_id=1,
        open_children=2,
        reporter_id=1,
        due=TODAY,
        laid_on=TOMORROW + timedelta(1),
        done_on=TOMORROW,
        is_sealed=True,
        ended_above=True,
    ),
}
# Everything given, every post held, nothing in the way.
EVERYTHING: dict[str, Facts] = {
    "letter": LetterFacts(
        state="",
        today=TODAY,
        actor_id=1,
        posts=EVERY_ROLE,
        note="why",
        has_replacement=True,
        number="1",
        symbol="UBND",
        dated=TODAY,
        until=TOMORROW,
        dues={"point 1": TODAY},
        unstaged={"point 1": TOMORROW},
        latest=TODAY,
        series_running=2,
        series_named=1,
    ),
    "step": StepFacts(
        state="",
        today=TODAY,
        actor_id=1,
        posts=EVERY_ROLE,
        note="why",
        reporter_id=2,
        evidence=1,
        due=TODAY,
        until=TOMORROW,
        laid_on=TODAY,
        done_on=TODAY,
        has_answer=True,
        has_target=True,
        is_occurrence=True,
    ),
}


def facts(given: dict[str, Facts], row: Row, **changed: Any) -> Any:
    """The facts for one row of a table, with some changed."""
    base = given["letter" if row.machine.name == "letter" else "step"]
    return replace(base, state=row.source, itself=row.who == "itself", **changed)


def ready(row: Row, **changed: Any) -> Any:
    """Facts for which the move of this row is allowed."""
    if row.machine.name != "letter":
        changed.setdefault(
            "extension_asked", row.trigger in ("grant_extension", "refuse_extension")
        )
    return facts(EVERYTHING, row, **changed)


def _rows(name: str, table: str) -> list[Row]:
    machine, rows = NAMED[name], []
    for line in re.sub(r"\n +\+", "", table).splitlines():
        words = line.split()
        if not words:
            continue
        who = next(i for i, word in enumerate(words) if word in (*PARTIES, "itself"))
        trigger, sources, target = words[0], words[1 : who - 1], words[who - 1]
        for source in sources:
            to = source if target == "stays" else target
            rows.append(Row(machine, trigger, source, to, words[who], tuple(words[who + 1 :])))
    return rows


TABLES = {"letter": LETTER, "obligation": OBLIGATION, "task": TASK}
ROWS = [row for name, table in TABLES.items() for row in _rows(name, table)]
