"""The built style sheet fits its sources; what the pages load is light and ours."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"


def test_the_style_sheet_was_built_from_its_sources() -> None:
    sources = sorted((WEB / "styles").glob("_*.scss"))
    whole = (WEB / "styles" / "cascade.scss").read_bytes()
    whole += b"".join(path.read_bytes() for path in sources)
    head = (WEB / "static" / "cascade.css").read_text(encoding="utf-8")[:200]
    assert hashlib.sha256(whole).hexdigest() in head, "run scripts/styles.sh"


def test_nothing_is_loaded_from_elsewhere() -> None:
    sheet = (WEB / "static" / "cascade.css").read_text(encoding="utf-8")
    places = re.findall(r"url\(([^)]*)\)", sheet)
    assert places
    assert [
        place for place in places if not place.strip("\"'").startswith(("fonts/", "data:"))
    ] == []


def test_neither_the_crown_nor_the_font_of_another_government_is_used() -> None:
    sheet = (WEB / "static" / "cascade.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in sheet
    assert "crown" not in sheet


def test_all_scripts_together_stay_within_fifty_kilobytes() -> None:
    scripts = list((WEB / "static").glob("*.js"))
    assert scripts
    assert sum(path.stat().st_size for path in scripts) <= 50 * 1024
