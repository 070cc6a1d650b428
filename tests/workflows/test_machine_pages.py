"""The pages of the machines in docs/workflows are made from the machines and kept so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workflows.diagrams import MACHINES, mermaid, page
from workflows.machine import StateMachine

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "workflows"
every_machine = pytest.mark.parametrize("machine", MACHINES, ids=[m.name for m in MACHINES])


@every_machine
def test_the_page_on_file_is_the_page_of_the_machine(machine: StateMachine[Any]) -> None:
    assert (DOCS / f"{machine.name}.md").read_text("utf-8") == page(machine), (
        "made anew by: python -m workflows"
    )


@every_machine
def test_the_diagram_begins_at_the_initial_states(machine: StateMachine[Any]) -> None:
    lines = mermaid(machine).splitlines()
    begun = [f"    [*] --> {state}" for state in machine.initial]
    assert lines[: len(begun) + 1] == ["stateDiagram-v2", *begun]


def test_the_command_writes_one_page_a_machine(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "workflows", str(tmp_path)], cwd=ROOT, check=True)
    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert written == {f"{machine.name}.md": page(machine) for machine in MACHINES}
