"""Letters' files on disk: those named, those in folders, and what they are known by."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from cascade.errors import UnreadableFileError
from cascade.store import LARGEST


def gather(paths: Iterable[Path]) -> list[Path]:
    """Every file named or lying in a folder named, each once, by name; hidden ones stay out."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = (Path(at) / name for at, _, names in os.walk(path) for name in names)
            shown = (p for p in below if not _is_hidden(p.relative_to(path)))
            found |= dict.fromkeys(sorted(shown))
        elif path.exists():
            found[path] = None
        else:
            raise UnreadableFileError("there is no such file or folder", where=str(path))
    return list(found)


def there(path: Path) -> Path:
    """The path of a file that is there; UnreadableFileError when it is none."""
    if path.is_file():
        return path
    what = "this is a folder" if path.is_dir() else "there is no such file"
    raise UnreadableFileError(what, where=str(path))


def sha256(path: Path) -> str:
    """A file's hash; empty when it is none that could be a letter."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""  # nobody waits for a pipe, and the loader says what is wrong with it
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)
