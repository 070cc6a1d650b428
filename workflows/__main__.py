"""`python -m workflows FOLDER` writes the pages of the machines into FOLDER (docs/workflows)."""

from __future__ import annotations

import sys
from pathlib import Path

from workflows.diagrams import MACHINES, page

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/workflows")
    folder.mkdir(parents=True, exist_ok=True)
    for machine in MACHINES:
        (folder / f"{machine.name}.md").write_text(page(machine), encoding="utf-8")
