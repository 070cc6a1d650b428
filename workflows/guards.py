"""The guards: predicates named for what must hold; each answers None, or the Refusal."""

from __future__ import annotations

from workflows.facts import Facts, Fate, LetterFacts, StepFacts, post_for
from workflows.refusals import Refusal
from workflows.roles import ISSUER

# -- any letter or step --------------------------------------------------------------------


def reason_stated(facts: Facts) -> Refusal | None:
    """A move against the main way says why."""
    return None if facts.note.strip() else Refusal("reason_missing")


def reason_stated_while_open(facts: Facts) -> Refusal | None:
    """Closing above an open step needs a stated reason."""
    if facts.open_children == 0 or facts.note.strip():
        return None
    return Refusal("reason_missing_while_open", {"count": facts.open_children})


def children_have_a_fate(facts: Facts) -> Refusal | None:
    """Nothing below is cancelled, kept or carried over silently."""
    if facts.open_children == 0 or facts.fate is not None:
        return None
    return Refusal("fate_missing", {"count": facts.open_children})


def fate_fits(facts: Facts) -> Refusal | None:
    """Open children are carried over only into a replacing letter."""
    if facts.fate is Fate.CARRY and not facts.has_replacement:
        return Refusal("fate_carry_needs_replacement")
    return None


def replacement_named(facts: Facts) -> Refusal | None:
    """What is superseded is superseded by something."""
    return None if facts.has_replacement else Refusal("replacement_missing")


def children_ended(facts: Facts) -> Refusal | None:
    """No parent ends before a required child."""
    if facts.open_children == 0:
        return None
    return Refusal("children_open", {"count": facts.open_children})


# -- steps ---------------------------------------------------------------------------------


def evidence_attached(facts: StepFacts) -> Refusal | None:
    """A report shows something: a file or a letter."""
    return None if facts.evidence > 0 else Refusal("evidence_missing")


def done_day_has_come(facts: StepFacts) -> Refusal | None:
    """Nothing is reported as done on a day to come."""
    if facts.done_on is None or facts.done_on <= facts.today:
        return None
    return Refusal("done_in_future", {"done_on": facts.done_on, "today": facts.today})


def done_after_laid(facts: StepFacts) -> Refusal | None:
    """Nothing was done before it was laid."""
    if facts.done_on is None or facts.laid_on is None or facts.done_on >= facts.laid_on:
        return None
    return Refusal("done_before_laid", {"done_on": facts.done_on, "laid_on": facts.laid_on})


def reporter_is_not_accepter(facts: StepFacts) -> Refusal | None:
    """The doer reports, another accepts: another person, and in nobody's name who reported."""
    if facts.reporter_id == facts.actor_id:
        return Refusal("same_person")
    used = post_for(ISSUER, "accept", facts)
    reported = {facts.reporter_id, facts.reporter_for_id}
    accepts = {facts.actor_id, used.giver_id if used else None} - {None}
    return Refusal("same_principal") if accepts & reported else None


def comes_again(facts: StepFacts) -> Refusal | None:
    """Only a report that comes again may say that this time there is nothing to report."""
    return None if facts.is_occurrence else Refusal("comes_once")


def answer_named(facts: StepFacts) -> Refusal | None:
    """An obligation is answered by an issued letter of the lead unit."""
    return None if facts.has_answer else Refusal("answer_missing")


def target_named(facts: StepFacts) -> Refusal | None:
    """A duty is transferred or split to named units."""
    return None if facts.has_target else Refusal("target_missing")


def later_date_named(facts: StepFacts) -> Refusal | None:
    """An extension names a day after the present due date."""
    if facts.until is None:
        return Refusal("until_missing")
    if facts.due is not None and facts.until <= facts.due:
        return Refusal("until_not_later", {"until": facts.until, "due": facts.due})
    return None


def no_extension_asked(facts: StepFacts) -> Refusal | None:
    """One extension at a time."""
    return Refusal("extension_already_asked") if facts.extension_asked else None


def extension_asked(facts: StepFacts) -> Refusal | None:
    """Only what was asked for is granted or refused."""
    return None if facts.extension_asked else Refusal("extension_not_asked")


def above_not_accepted(facts: StepFacts) -> Refusal | None:
    """What the level above has accepted is not reopened beneath it."""
    return Refusal("sealed_above") if facts.is_sealed else None


def above_goes_on(facts: Facts) -> Refusal | None:
    """Nothing is opened again for what the level above has ended."""
    return Refusal("ended_above") if facts.ended_above else None


# -- letters -------------------------------------------------------------------------------


def identity_complete(facts: LetterFacts) -> Refusal | None:
    """An issued letter has an issuer, a number, a symbol and a date."""
    parts = {
        "issuer": facts.has_issuer,
        "number": facts.number,
        "symbol": facts.symbol,
        "date": facts.dated,
    }
    absent = [name for name, value in parts.items() if not value]
    return Refusal("identity_incomplete", {"missing": absent}) if absent else None


def date_has_come(facts: LetterFacts) -> Refusal | None:
    """A letter is not issued before the date it bears."""
    if facts.dated is None or facts.dated <= facts.today:
        return None
    return Refusal("date_in_future", {"dated": facts.dated, "today": facts.today})


def dues_after_issue(facts: LetterFacts) -> Refusal | None:
    """No duty falls due before the letter that lays it."""
    if facts.dated is None:
        return None
    early = {where: due for where, due in facts.dues.items() if due < facts.dated}
    return Refusal("due_before_issue", {"dated": facts.dated, "early": early}) if early else None


def cites_no_cycle(facts: LetterFacts) -> Refusal | None:
    """A letter does not implement its own descendant."""
    return Refusal("cycle", {"path": facts.cycle}) if facts.cycle else None


def letter_not_accepted_above(facts: LetterFacts) -> Refusal | None:
    """What the level above has accepted is not reopened beneath it."""
    return Refusal("sealed_above") if facts.is_sealed else None


def has_reached_all(facts: LetterFacts) -> Refusal | None:
    """Nothing is decided about a letter that some of its units do not have yet."""
    return Refusal("on_its_way", {"count": facts.on_its_way}) if facts.on_its_way else None


def new_date_named(facts: LetterFacts) -> Refusal | None:
    """Extending a letter names the new day."""
    return None if facts.until is not None else Refusal("until_missing")


def dues_in_stages(facts: LetterFacts) -> Refusal | None:
    """What serves a duty is due before it, or whoever issues says why not."""
    if not facts.unstaged or facts.note.strip():
        return None
    return Refusal("not_in_stages", {"latest": facts.latest, "late": facts.unstaged})


def something_comes_again(facts: LetterFacts) -> Refusal | None:
    """A series is ended or called upon only while it goes on."""
    return None if facts.series_running else Refusal("nothing_comes_again")


def series_named(facts: LetterFacts) -> Refusal | None:
    """Whoever ends a series, or calls for an occurrence, says of which duty."""
    return None if facts.series_named else Refusal("series_missing")


def made_ahead_has_a_fate(facts: LetterFacts) -> Refusal | None:
    """What was laid ahead and not begun is not cancelled or kept silently."""
    if facts.made_ahead == 0 or facts.fate is not None:
        return None
    return Refusal("fate_missing", {"count": facts.made_ahead})
