"""Every value inside a citation or a duty says where in the letter it stands and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cascade.intake import as_labels, load_text, read_text
from cascade.intake.text import fold
from tests.cascade.intake.composing import Composed, letters
from workflows.phrases.days import find_day

HERE = Path(__file__).parent
SAMPLES = sorted(
    [
        *(HERE.parents[2] / "cascade" / "sample").glob("*/letters/*.txt"),
        *(HERE / "samples").rglob("*.txt"),
    ]
)
OF_A_CITATION = {"number_symbol", "date", "issuer", "verb"}
OF_A_TASK = {"no", "text_start", "lead", "coordinating", "due", "due_text", "recurring"}
INSIDE = (("citations", OF_A_CITATION), ("tasks", OF_A_TASK))


def values(labels: dict[str, Any]) -> Iterator[tuple[str, str, list[float] | None, list[float]]]:
    """Each value read inside a citation or task: its name, its span, the span of the whole."""
    for kind, names in INSIDE:
        spans = labels["spans"]
        each = zip(labels[kind], spans[f"{kind[:-1]}_values"], spans[kind], strict=True)
        for item, places, whole in each:
            assert set(places) == names
            for name in names:
                assert bool(item[name]) or not places[name]
                one = item[name] if isinstance(item[name], list) else [item[name]]
                at = places[name] if isinstance(item[name], list) else [places[name]]
                yield from (
                    (name, value, span, whole) for value, span in zip(one, at, strict=True) if value
                )


def check(text: str, labels: dict[str, Any]) -> None:
    """Every span lies in the text and shows its value; each value has one."""
    for name, value, span, whole in values(labels):
        assert span is not None, (name, value)
        start, end, sure = span
        assert 0 <= start < end <= len(text)
        assert 0 < sure <= whole[2] <= 1
        shown = " ".join(fold(text[int(start) : int(end)]).split())
        if name == "date":
            assert str(find_day(shown)) == value
        elif name == "no":
            assert value.rpartition(".")[2] == shown
        elif name != "due":  # its day may be reckoned: "trong quý III", "trước ngày 20/8"
            assert shown == " ".join(fold(value).split()), name


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_value_of_a_sample_is_shown_where_it_stands(path: Path) -> None:
    text = load_text(path)
    check(text, as_labels(read_text(text)))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(letters())
def test_every_value_of_a_composed_letter_is_shown_where_it_stands(letter: Composed) -> None:
    check(letter.text, as_labels(read_text(letter.text)))


def test_a_unit_named_by_the_heading_is_shown_there_and_is_less_sure(state_letter: str) -> None:
    labels = as_labels(read_text(state_letter))
    places, whole = labels["spans"]["task_values"][1], labels["spans"]["tasks"][1]
    ((start, end, sure),) = places["lead"]
    assert labels["tasks"][1]["no"] == "2.a"
    assert end < whole[0]
    assert state_letter[start:end] == "UBND các xã, thị trấn"
    assert state_letter[slice(*places["due"][:2])] == "chậm nhất ngày 30/8/2026"
    assert sure < whole[2]


def test_what_is_not_printed_so_has_no_place(state_letter: str) -> None:
    text = state_letter.replace("ngày 28/7/2026 của Ủy ban nhân dân tỉnh về việc", "về việc")
    labels = as_labels(read_text(text))
    places = labels["spans"]["citation_values"][0]
    assert labels["citations"][0]["date"] is None
    assert places["date"] is None
    assert text[slice(*places["number_symbol"][:2])] == "2210/UBND-VX"
    assert text[slice(*places["verb"][:2])] == "Thực hiện"
