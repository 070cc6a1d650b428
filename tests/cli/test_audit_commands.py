"""The history on the console: signed, verified against what was kept elsewhere, handed over."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.cli.console import Console


def test_a_checkpoint_kept_elsewhere_shows_what_was_done_since(
    console: Console, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    made = console.ok("audit", "checkpoint", "--to", usb).out
    code = made.splitlines()[1].removeprefix("Its code: ")
    (kept,) = usb.glob("*.checkpoint")
    assert made.startswith(str(kept))
    told = console.ok("verify", "--checkpoint", usb, "--code", code).out
    assert f"Its code: {code}" in told
    assert "as in 1 checkpoints" in told

    with sqlite3.connect(console.home / "cascade.db") as conn:
        conn.execute("DROP TRIGGER event_never_updated")
        conn.execute("UPDATE event SET role = 'head' WHERE seq = 2")
    conn.close()
    told = console("verify").err
    assert "event 2 is not as it was sealed" in told

    with sqlite3.connect(console.home / "cascade.db") as conn:
        for name in ("event", "event_seal"):
            conn.execute(f"DROP TRIGGER {name}_never_deleted")
        conn.execute("DELETE FROM event_seal WHERE seq = (SELECT max(seq) FROM event_seal)")
    conn.close()
    told = console("verify", "--checkpoint", kept, "--code", code).err
    assert f"but {kept.name} is of {code.split()[0]} seals" in told
    assert f"but the code {code.split()[1]} is of {code.split()[0]} seals" in told
    refused = console("audit", "checkpoint", "--to", usb)
    assert refused.code == 1
    assert "is not the one that was signed before" in refused.err


def test_checkpoints_lie_where_the_setting_says(console: Console, tmp_path: Path) -> None:
    console.ok("audit", "checkpoint")
    assert len([*(console.home / "checkpoints").glob("*.checkpoint")]) == 1
    away = Console(console.warm, console.home, {"CASCADE_CHECKPOINTS": str(tmp_path / "away")})
    told = away.ok("audit", "checkpoint", "--json").json
    assert Path(told["file"]).parent == tmp_path / "away"
    assert away.ok("verify", "--json").json["history"]["checkpoints"] == 1


def test_a_drawing_says_the_code_of_the_newest_checkpoint(console: Console, tmp_path: Path) -> None:
    drawing = tmp_path / "cascade.dot"
    console.ok("graph", "L1", "-o", drawing)
    assert "History" not in drawing.read_text("utf-8")
    code = console.ok("audit", "checkpoint", "--json").json["code"]
    console.ok("graph", "L1", "--lang", "en", "-o", drawing)
    assert f"History: {code}" in drawing.read_text("utf-8")


def test_the_key_stays_the_same(console: Console) -> None:
    key = console.ok("audit", "key").out
    assert key.startswith("cascade/")
    assert console.ok("audit", "key").out == key
    (console.home / "history.key").write_text("lost", "utf-8")
    told = console("audit", "key")
    assert told.code == 1
    assert "Bring the file back from the backup" in told.err


def test_an_export_is_verified_by_python_alone(console: Console, tmp_path: Path) -> None:
    for arguments in ([], ["--letter", "L1"]):
        folder = tmp_path / f"package{len(arguments)}"
        told = console.ok("audit", "export", folder, *arguments).out
        assert f"python {folder / 'verify.py'}" in told
        command = [sys.executable, "-I", str(folder / "verify.py")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    again = console("audit", "export", tmp_path / "package0")
    assert (again.code, "something is there already" in again.err) == (2, True)
    unknown = console("audit", "export", tmp_path / "none", "--letter", "L99")
    assert (unknown.code, "there is no such letter" in unknown.err) == (2, True)
    assert console("audit", "export", tmp_path / "none", "--letter", "S1").code == 2


def test_what_is_no_checkpoint_or_code_is_told(console: Console, tmp_path: Path) -> None:
    other = tmp_path / "other.checkpoint"
    other.write_text("no checkpoint", "utf-8")
    assert "other.checkpoint is no checkpoint: " in console("verify", "--checkpoint", other).err
    assert console("verify", "--checkpoint", tmp_path / "none").code == 2
    told = console("verify", "--code", "12 AB")
    assert (told.code, "is no code of a checkpoint" in told.err) == (2, True)
