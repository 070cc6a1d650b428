"""Letters of many forms, composed for the tests, are read as their labels say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cascade.intake import as_labels, read_file

LABELS = sorted((Path(__file__).parent / "samples" / "composed").glob("*.json"))
WORDS = 8  # of a task's text


@pytest.mark.parametrize("label", LABELS, ids=lambda path: path.stem)
def test_a_composed_letter(label: Path) -> None:
    wanted = json.loads(label.read_text("utf-8"))
    found = as_labels(read_file(label.with_suffix(".txt")))
    for name, value in wanted.items():
        if name in ("tasks", "citations"):
            assert [like(f, w) for f, w in zip(found[name], value, strict=True)] == [
                like(w, w) for w in value
            ]
        else:
            assert found[name] == value, name


def like(entry: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The labelled keys of an entry, its text as far as it is compared."""
    kept: dict[str, Any] = {name: entry[name] or None for name in wanted}
    if "text_start" in kept:
        kept["text_start"] = " ".join(kept["text_start"].split()[:WORDS])
    return kept
