"""Whatever the rules can say is said in both languages, and nothing is kept that is never said."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

import workflows
from workflows import labels
from workflows.diagrams import MACHINES
from workflows.kinds import StepKind
from workflows.labels import Lang, Words, explain
from workflows.lateness import Lateness
from workflows.refusals import Refusal
from workflows.roles import Role, Side, Turn

SOURCES = sorted(Path(workflows.__file__).parent.glob("*.py"))
# Moves the journal writes when something comes into being; no machine has them.
BIRTHS = {"lay", "cite", "register"}


def _codes() -> set[str]:
    """Every code that a Refusal is made with anywhere in the rules."""
    calls = (
        node
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Call)
    )
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Refusal"
    }


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (labels.STATES, {state for machine in MACHINES for state in machine.states}),
        (labels.TRIGGERS, {m.trigger for machine in MACHINES for m in machine.moves} | BIRTHS),
        (labels.REFUSALS, _codes()),
        (labels.ROLES, set(Role)),
        (labels.SIDES, set(Side)),
        (labels.TURNS, set(Turn)),
        (labels.LATENESS, set(Lateness)),
        (labels.KINDS, {"letter", *StepKind}),
        (labels.IDENTITY, {"issuer", "number", "symbol", "date"}),
    ],
    ids=["states", "moves", "refusals", "roles", "sides", "turns", "lateness", "kinds", "identity"],
)
def test_a_table_of_words_holds_just_what_the_rules_can_say(
    table: dict[str, Words], wanted: Iterable[str]
) -> None:
    assert set(table) == set(wanted)
    assert [code for code, words in table.items() if not (words.vi.strip() and words.en)] == []


FIRST, SECOND = date(2026, 9, 2), date(2026, 9, 30)
# Each refusal with data as the guards give it, and what must stand in the sentence.
SAID = [
    (
        Refusal("unknown_trigger", {"trigger": "publish", "known": ("report", "accept")}),
        "“publish”; các thao tác: báo cáo hoàn thành, nghiệm thu",
        "no move publish; the moves are: report, accept",
    ),
    (
        Refusal(
            "not_from_here", {"trigger": "accept", "state": "open", "possible": ("return_nil",)}
        ),
        "không thể nghiệm thu khi đang ở trạng thái chưa thực hiện; "
        "lúc này có thể: báo cáo không phát sinh",
        "accept is not possible while open; possible now: return_nil",
    ),
    (
        Refusal("not_from_here", {"trigger": "accept", "state": "cancelled", "possible": ()}),
        "lúc này có thể: –",
        "possible now: –",
    ),
    (Refusal("only_by_itself"), "tự diễn ra", "follows by itself"),
    (
        Refusal("wrong_role", {"side": Side.ISSUER, "roles": ("head", "secretariat")}),
        "chỉ thủ trưởng, văn phòng của cơ quan ban hành",
        "only head, secretariat of the issuing unit",
    ),
    (Refusal("reason_missing"), "lý do", "a reason"),
    (Refusal("reason_missing_while_open", {"count": 3}), "còn 3 việc", "3 steps are still open"),
    (Refusal("fate_missing", {"count": 3}), "còn 3 việc", "3 open below"),
    (Refusal("fate_carry_needs_replacement"), "văn bản thay thế", "a replacing letter"),
    (Refusal("replacement_missing"), "văn bản thay thế", "that replaces it"),
    (Refusal("children_open", {"count": 3}), "còn 3 việc", "3 below are still open"),
    (Refusal("evidence_missing"), "minh chứng", "evidence"),
    (
        Refusal("done_in_future", {"done_on": SECOND, "today": FIRST}),
        "30/09/2026 sau ngày hôm nay 02/09/2026",
        "2026-09-30 lies after today, 2026-09-02",
    ),
    (
        Refusal("done_before_laid", {"done_on": FIRST, "laid_on": SECOND}),
        "02/09/2026 trước ngày giao việc 30/09/2026",
        "2026-09-02 lies before 2026-09-30",
    ),
    (Refusal("same_person"), "tự nghiệm thu", "may not accept it"),
    (Refusal("same_principal"), "nhân danh một người", "in the name of the same person"),
    (Refusal("answer_missing"), "văn bản triển khai", "an issued letter"),
    (Refusal("target_missing"), "đơn vị nhận", "the receiving unit"),
    (Refusal("until_missing"), "thời hạn mới", "the new due date"),
    (
        Refusal("until_not_later", {"until": FIRST, "due": SECOND}),
        "02/09/2026 không sau thời hạn hiện tại 30/09/2026",
        "2026-09-02 is not later than the present due date 2026-09-30",
    ),
    (Refusal("extension_already_asked"), "đang chờ", "undecided"),
    (Refusal("extension_not_asked"), "chưa có đề nghị", "no extension is asked for"),
    (Refusal("ended_above"), "việc cấp trên giao đã kết thúc", "has ended above"),
    (Refusal("sealed_above"), "cấp trên đã nghiệm thu", "the level above"),
    (
        Refusal("identity_incomplete", {"missing": ["issuer", "number", "symbol", "date"]}),
        "còn thiếu: cơ quan ban hành, số, ký hiệu, ngày",
        "lacks: issuer, number, symbol, date",
    ),
    (
        Refusal("date_in_future", {"dated": SECOND, "today": FIRST}),
        "30/09/2026 sau ngày hôm nay 02/09/2026",
        "2026-09-30 lies after today, 2026-09-02",
    ),
    (
        Refusal("due_before_issue", {"dated": SECOND, "early": {"1.a": FIRST}}),
        "30/09/2026: điểm 1.a (02/09/2026)",
        "2026-09-30: point 1.a (2026-09-02)",
    ),
    (Refusal("on_its_way", {"count": 1900}), "1900 đơn vị chưa nhận", "1900 units do not have it"),
    (
        Refusal("not_in_stages", {"latest": FIRST, "late": {"2": SECOND}}),
        "sau ngày 02/09/2026 là muộn so với thời hạn cấp trên giao: điểm 2 (30/09/2026)",
        "due after 2026-09-02, which is too late for what the level above has laid: "
        "point 2 (2026-09-30)",
    ),
    (Refusal("nothing_comes_again"), "không còn việc định kỳ", "no duty of this letter"),
    (Refusal("series_missing"), "việc định kỳ nào", "which recurring duty"),
    (Refusal("comes_once"), "báo cáo không phát sinh", "may be a nil return"),
    (Refusal("cycle", {"path": ("1/A", "2/B", "1/A")}), "1/A → 2/B → 1/A", "1/A → 2/B → 1/A"),
]


@pytest.mark.parametrize(
    ("refusal", "lang", "part"),
    [(r, lang, part) for r, vi, en in SAID for lang, part in (("vi", vi), ("en", en))],
    ids=[f"{r.code} in {lang} {i}" for i, (r, _, _) in enumerate(SAID) for lang in ("vi", "en")],
)
def test_a_refusal_is_explained_with_its_data(refusal: Refusal, lang: Lang, part: str) -> None:
    said = explain(refusal, lang)
    assert part in said
    assert not set("{}[]") & set(said)


def test_every_refusal_is_explained_here() -> None:
    assert {refusal.code for refusal, _, _ in SAID} == set(labels.REFUSALS)


def test_what_a_person_typed_is_never_taken_for_a_placeholder() -> None:
    refusal = Refusal("unknown_trigger", {"trigger": "{known} {0}", "known": ()})
    assert "{known} {0}" in explain(refusal)
