"""The sample letters are read as a careful clerk reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cascade.intake import as_labels, read_file

HERE = Path(__file__).parent
LETTERS = HERE.parents[2] / "cascade" / "sample"
LABELS = sorted((HERE / "samples").glob("*.json"))
HEAD = (
    *("kind", "number", "symbol", "date", "place", "issuer", "parent_body", "subject"),
    *("addressees", "distribution", "signer", "signer_capacity", "urgency"),
)
CITED = ("number_symbol", "date", "issuer", "role")
EXACT = ("no", "lead", "coordinating", "due", "recurring")


def letter_of(label: Path) -> Path:
    """`world.stem.json`, or `stem.json` where one world only has that letter."""
    world, _, stem = label.stem.rpartition(".")
    return next(LETTERS.glob(f"{world or '*'}/letters/{stem}.txt"))


def read(label: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    return json.loads(label.read_text("utf-8")), as_labels(read_file(letter_of(label)))


def trimmed(text: str | None) -> str:
    return " ".join((text or "").lower().split()).strip(" .,;:")


@pytest.mark.parametrize("label", LABELS, ids=lambda path: path.stem)
def test_the_head_and_the_foot(label: Path) -> None:
    wanted, found = read(label)
    assert {name: found[name] for name in HEAD} == {name: wanted[name] for name in HEAD}
    assert found["missing"] == []


@pytest.mark.parametrize("label", LABELS, ids=lambda path: path.stem)
def test_the_citations(label: Path) -> None:
    wanted, found = read(label)
    assert [[c[name] for name in CITED] for c in found["citations"]] == [
        [c[name] for name in CITED] for c in wanted["citations"]
    ]


@pytest.mark.parametrize("label", LABELS, ids=lambda path: path.stem)
def test_the_tasks(label: Path) -> None:
    wanted, found = read(label)
    assert [task_of(task) for task in found["tasks"]] == [task_of(t) for t in wanted["tasks"]]


def task_of(task: dict[str, Any]) -> list[Any]:
    start = " ".join(task["text_start"].split()[:8])
    return [*(task[name] or None for name in EXACT), trimmed(task["due_text"]), start]
