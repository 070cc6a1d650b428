"""What goes through the pipes between parent and child: lengths first, so each knows its end."""

from __future__ import annotations

import json
import struct
from typing import IO, NamedTuple

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.limits import INPUT_BYTES, TEXT_CHARS
from cascade.intake.sources.source import Attachment, Source

_FRAME = struct.Struct(">?IQ")
# JSON without escapes: four bytes a character at most, escaped quotes and line ends beside.
LONGEST_ANSWER = 4 * TEXT_CHARS
_CHUNK = 2**20


class Frame(NamedTuple):
    """One message: a head (JSON or a name), a body, and whether its sender now ends."""

    head: bytes
    body: bytes = b""
    last: bool = False


class BrokenPipeLineError(Exception):
    """The other side ended or said what it may not."""


def send(stream: IO[bytes], frame: Frame) -> None:
    """Send a frame."""
    stream.write(_FRAME.pack(frame.last, len(frame.head), len(frame.body)))
    stream.write(frame.head)
    stream.write(frame.body)
    stream.flush()


def receive(stream: IO[bytes], longest_head: int, longest_body: int) -> Frame:
    """Receive a frame; BrokenPipeLineError when it ends early or is too long."""
    last, head, body = _FRAME.unpack(_exactly(stream, _FRAME.size))
    if head > longest_head or body > longest_body:
        raise BrokenPipeLineError("too long")
    return Frame(_exactly(stream, head), _exactly(stream, body), last)


def pack(source: Source) -> Frame:
    """A Source as JSON, with the bytes of its attachments one behind the other."""
    head = {
        "text": source.text,
        "media": source.media,
        "notes": source.notes,
        "pages": source.pages,
        "missing": source.missing,
        "attachments": [[file.name, len(file.content)] for file in source.attachments],
    }
    body = b"".join(file.content for file in source.attachments)
    return Frame(json.dumps(head, ensure_ascii=False).encode(), body)


def pack_refusal(refused: UnreadableLetterError, *, last: bool = False) -> Frame:
    """A refusal as JSON."""
    told = {"what": refused.what, "remedy": refused.remedy}
    return Frame(json.dumps(told).encode("ascii"), last=last)


def unpack(frame: Frame, name: str) -> Source:
    """The Source the child sent; its refusal is raised anew."""
    answer = json.loads(frame.head)
    if "what" in answer:
        raise UnreadableLetterError(answer["what"], where=name, remedy=answer["remedy"])
    files: list[Attachment] = []
    at = 0
    for file, size in answer["attachments"]:
        files.append(Attachment(file, frame.body[at : at + size]))
        at += size
    return Source(
        answer["text"],
        answer["media"],
        tuple(files),
        tuple(answer["notes"]),
        tuple(answer["pages"]),
        tuple(answer["missing"]),
    )


def longest_body() -> int:
    """How many bytes of attachments an answer may hold: mails in mails repeat theirs."""
    return 2 * INPUT_BYTES


def _exactly(stream: IO[bytes], size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = stream.read(min(size, _CHUNK))
        if not part:
            raise BrokenPipeLineError("it ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
