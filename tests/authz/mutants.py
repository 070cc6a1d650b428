"""Every clause of what decides who sees and who may: each is left out once, and must be missed."""

from __future__ import annotations

from tests.authz.mutant import Mutant, without
from tests.authz.mutants_sight import LENS, SCOPE

_DOOR = ("steps.ask",)
POSTS = [
    *without(
        "models/queries/authority.py",
        ("return (post.c.valid_from <= DAY) & (post.c.valid_to >= DAY)",
         "return post.c.valid_to >= DAY"),
        ("return (post.c.valid_from <= DAY) & (post.c.valid_to >= DAY)",
         "return post.c.valid_from <= DAY"),
        ("    held(_delegation)\n    & ", "    "),
        ("    & held(_appointment)\n", ""),
        ("    & _delegation.c.ended_at.is_(None)\n", ""),
        ("    & _giver.c.is_active\n", ""),
        ("    & _user.c.is_active\n)", ")"),
        ("        (_appointment.c.user_id == _delegation.c.giver_id)\n        & ", "        "),
        ("        & (_appointment.c.unit_id == _delegation.c.unit_id)\n", ""),
        ("        & (_appointment.c.role == _delegation.c.role),\n", ",\n"),
        (".where(_appointment.c.user_id == _USER, _user", ".where(_user"),
        ("_USER, _user.c.is_active, held(_appointment))", "_USER, held(_appointment))"),
        ("_user.c.is_active, held(_appointment))", "_user.c.is_active)"),
        (".where(_delegation.c.deputy_id == _USER, IN_FORCE)", ".where(IN_FORCE)"),
        (".where(_delegation.c.deputy_id == _USER, IN_FORCE)",
         ".where(_delegation.c.deputy_id == _USER)"),
        ("        _glass.c.user_id == _USER,\n", ""),
        ("        _glass.c.opened_at <= _AT,\n", ""),
        ("        _glass.c.until > _AT,\n", ""),
        ("        _glass.c.ended_at.is_(None),\n", ""),
        ("        _glass.c.ended_at.is_(None),\n        _user.c.is_active,\n",
         "        _glass.c.ended_at.is_(None),\n"),
        ("            _appointment.c.user_id == _glass.c.user_id,\n", ""),
        ("            _appointment.c.role == Role.ADMINISTRATOR,\n", ""),
        ("            held(_appointment),\n", ""),
    ),
    *without(
        "models/queries/authority.py",
        ("    ).where(_appointment.c.unit_id.in_(_IDS)),\n    _GIVEN", "    ),\n    _GIVEN"),
        ("        _delegation.c.triggers,\n    ).where(_appointment.c.unit_id.in_(_IDS)),",
         "        _delegation.c.triggers,\n    ),"),
        by=("tests/authz/test_posts_in.py",),
    ),
    Mutant("cascade/facts.py", " if unit == post.unit_id)", ")", _DOOR),
    *without(
        "workflows/facts.py",
        ("fits = post.side is by.side and ", "fits = "),
        (" and post.role in by.roles\n", "\n"),
        ("if fits and (post.triggers is None or trigger in post.triggers):", "if fits:"),
        ("if (by.side, role) in facts.posts:", "if any(one == role for _, one in facts.posts):"),
        by=_DOOR,
    ),
    *without(
        "workflows/roles.py",
        ("DOER = By(Side.LEAD, WRITING)", "DOER = By(Side.LEAD, READING)"),
        ("DOER = By(Side.LEAD, WRITING)", "DOER = By(Side.ISSUER, WRITING)"),
        ("ISSUER = By(Side.ISSUER, frozenset({Role.HEAD", "ISSUER = By(Side.ISSUER, "
         "frozenset({Role.REGISTRAR, Role.HEAD"),
        ("ISSUER = By(Side.ISSUER, frozenset({Role.HEAD", "ISSUER = By(Side.LEAD, "
         "frozenset({Role.HEAD"),
        ("REGISTRY = By(Side.ISSUER, frozenset({", "REGISTRY = By(Side.ISSUER, "
         "frozenset({Role.STAFF, "),
        by=("steps.ask", "letters.ask"),
    ),
    Mutant(
        "workflows/machine.py",
        "if facts.itself or post_for(by, trigger, facts) is not None:",
        "if True:",
        _DOOR,
    ),
]  # fmt: skip
APART = [
    *without(
        "workflows/guards.py",
        ('    if facts.reporter_id == facts.actor_id:\n        return Refusal("same_person")\n', "",
         "tests/workflows/test_guard_table.py"),
        ("reported = {facts.reporter_id, facts.reporter_for_id}",
         "reported = {facts.reporter_id}", "steps.ask"),
        ("reported = {facts.reporter_id, facts.reporter_for_id}",
         "reported = {facts.reporter_for_id}", "steps.ask"),
        ("{facts.actor_id, used.giver_id if used else None}", "{facts.actor_id}", "steps.ask"),
        ("{facts.actor_id, used.giver_id if used else None}",
         "{used.giver_id if used else None}", "steps.ask"),
    ),
    Mutant("workflows/task.py", "g.children_ended, g.reporter_is_not", "g.children_ended) and (",
           ("steps.ask",)),
    Mutant("workflows/obligation.py", "(g.children_ended, g.reporter_is_not_accepter)",
           "(g.children_ended,)", ("steps.ask",)),
    Mutant("cascade/facts.py", "key=lambda post: post.giver_id in givers", "key=lambda post: 0",
           ("tests/cascade/test_acting_for_others.py",)),
    *without(
        "workflows/machine.py",
        ('return None if facts.itself else Refusal("only_by_itself")', "return None"),
        by=("tests/cascade/test_act.py",),
    ),
]  # fmt: skip
_LENDING = ("tests/cascade/test_authority_door.py", "tests/web/test_deputies.py")
_GLASS = ("tests/cascade/test_authority_door.py", "tests/web/test_break_glass.py")
LENT = [
    *without(
        "cascade/authority.py",
        ("    if wanted.deputy_id == giver_id:\n        raise OneselfError()\n", ""),
        ("        if not deputy.is_active:\n            raise InactiveUserError()\n", ""),
        ("            raise NotOwnPostError()\n", "            pass\n"),
        ("            raise StandsInError()\n", "            pass\n"),
        ("    if not wanted.reason.strip():", "    if False:"),
        ("    if wanted.valid_from < today:", "    if False:"),
        ("    if wanted.triggers is not None and not wanted.triggers:", "    if False:"),
        by=_LENDING,
    ),
    Mutant("cascade/authority.py", " or found.giver_id != _person(by)", "", ("deputies.end",)),
    *without(
        "cascade/authority.py",
        ("    if not reason.strip():", "    if False:"),
        ("    if not 1 <= hours <= LONGEST_HOURS:", "    if False:"),
        ("            raise StillOpenError(open_until)\n", "            pass\n"),
        ("        raise NotAdministratorError()\n", "        pass\n"),
        ("LONGEST_HOURS = 4", "LONGEST_HOURS = 5"),
        by=_GLASS,
    ),
    *without(
        "cascade/administration.py",
        ("        raise OwnPostError()\n", "        pass\n", *_LENDING),
        ("        raise OwnAccountError()\n", "        pass\n"),
        ("        raise LastAdministratorError()\n", "        pass\n"),
        by=("tests/web/test_admin.py",),
    ),
]  # fmt: skip
SESSIONS = [
    *without(
        "models/queries/accounts.py",
        ("        _session.c.ended_at.is_(None),\n        _user.c.is_active,\n    )",
         "        _session.c.ended_at.is_(None),\n    )", "home.show"),
        ("        _session.c.ended_at.is_(None),\n        _user.c.is_active,\n    )",
         "        _user.c.is_active,\n    )", "tests/web/test_sign_in.py"),
        ('_user.c.login == bindparam("login"), _user.c.is_active)',
         '_user.c.login == bindparam("login"))', "tests/web/test_admin.py"),
    ),
    *without(
        "models/queries/tokens.py",
        ("    _token.c.ended_at.is_(None)\n    & ", "    ", "tests/web/api"),
        ("    & (_token.c.expires_at > _AT)\n", "", "tests/cascade/test_tokens.py"),
        ("    & or_(_password.c.set_at.is_(None), _password.c.set_at <= _token.c.made_at)\n", "",
         "tests/cascade/test_tokens.py"),
        ("_user.c.is_active, _IS_GOOD)", "_IS_GOOD)", "api_letters.listed"),
    ),
    Mutant("cascade/jobs/exporting.py", ' or row.args["user"] != user_id', "", ("exports.file",)),
    Mutant("cascade/jobs/exporting.py", 'path if row.args["sight"] == sight and ', "path if ",
           ("exports.file",)),
    Mutant("cascade/uploads.py", "found.owner_id != owner_id or ", "", ("imports.confirm",)),
    Mutant("models/queries/showing.py", "    _evidence.c.step_id == _ID,\n    _evidence.c.id ==",
           "    _evidence.c.id ==", ("steps.evidence",)),
    *without(
        "models/queries/steps.py",
        ("        _seen(_step.c.parent_id),", "        _step.c.parent_id,", "steps.show"),
        ("        _seen(_step.c.previous_id),", "        _step.c.previous_id,", "steps.show"),
    ),
]  # fmt: skip
PAGES = [
    *without(
        "web/visitor.py",
        ("    if not current_user.is_authenticated:\n        came_for", "    if False:\n        "
         "came_for", "home.show"),
        ("    if wanted in _DEMANDS and not asking()", "    if None and asking()", "admin.show"),
        ("Policy.REGISTERS: REGISTRY.roles,", "Policy.REGISTERS: frozenset(Role),", "imports.new"),
        ("Policy.ADMINISTERS: frozenset({Role.ADMINISTRATOR}),",
         "Policy.ADMINISTERS: frozenset(Role),", "admin.show"),
    ),
    Mutant("web/bearer.py", "    if scope is None or scope not in caller.scopes:", "    if False:",
           ("tests/web/api",)),
    Mutant("web/refusals.py", 'one.code == "wrong_role"] or found', "False] or found",
           ("tests/web/test_letters.py",)),
]  # fmt: skip
MUTANTS = [*LENS, *SCOPE, *POSTS, *APART, *LENT, *SESSIONS, *PAGES]
