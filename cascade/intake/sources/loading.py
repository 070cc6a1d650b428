"""Files to Sources: one, or many by one child process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cascade.errors import CascadeError, UnreadableLetterError
from cascade.intake.sources.limits import INPUT_BYTES, NAME_CHARS
from cascade.intake.sources.plaintext import checked, read_plain
from cascade.intake.sources.recognise import recognise
from cascade.intake.sources.source import Source
from cascade.intake.sources.worker import Worker

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def load(path: Path) -> Source:
    """Read a letter's file (TXT, DOCX, PDF, EML); UnreadableLetterError says why it cannot be."""
    with Worker() as worker:
        return _read(_bytes(path), path.name, worker)


def load_bytes(content: bytes, name: str) -> Source:
    """Read a letter's file from memory; `name` only serves messages."""
    with Worker() as worker:
        return _read(content, name, worker)


def load_many(paths: Iterable[Path]) -> Iterator[tuple[Path, Source | CascadeError]]:
    """Read many files in turn, each to its Source or its refusal; no file stops the others."""
    with Worker() as worker:
        for path in paths:
            try:
                yield path, _read(_bytes(path), path.name, worker)
            except CascadeError as refused:
                yield path, refused


def pasted(text: str) -> Source:
    """A letter's text as somebody pasted it; UnreadableLetterError when it is no letter's text."""
    return Source(checked(text, "the pasted text"), "pasted")


def _read(content: bytes, name: str, worker: Worker) -> Source:
    name = _CONTROL.sub("?", name)[:NAME_CHARS]
    if len(content) > INPUT_BYTES:
        raise UnreadableLetterError(
            f"the file is too large: more than {INPUT_BYTES // 2**20} MB",
            where=name,
            remedy="Import the letter without its large annexes; attach those as evidence.",
        )
    if recognise(content, name) == "txt":
        return read_plain(content, name)
    return worker.read(content, name)


def _bytes(path: Path) -> bytes:
    """A file's bytes, one more than allowed at most; a pipe or device is never waited for."""
    try:
        if not path.is_file():
            what = "this is a folder" if path.is_dir() else "there is no such file"
            raise UnreadableLetterError(what, where=path.name, remedy="Give a letter's file.")
        with path.open("rb") as stream:
            return stream.read(INPUT_BYTES + 1)
    except (OSError, ValueError) as wrong:
        why = (isinstance(wrong, OSError) and wrong.strerror) or "its name cannot be used"
        raise UnreadableLetterError(
            f"the file cannot be opened: {why}",
            where=_CONTROL.sub("?", path.name),
            remedy="Check its name and that you may read it.",
        ) from wrong
