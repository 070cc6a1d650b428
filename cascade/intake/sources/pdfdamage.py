"""Damage in a PDF that readers pass over in silence: pages of which text is missing."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

# Inflated at most while looking for damage; a letter's text and fonts are far less.
INFLATED = 64 * 2**20
_CHUNK = 2**16
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary begins
_DEPTH = 3  # drawings within drawings
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_INFLATES = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b")
_LOOKS_ELSEWHERE = re.compile(rb"/Subtype\s*/(?:Image|XML)|/FontFile|/ICCBased|/Type\s*/XRef")


def suspected(content: bytes) -> bool:
    """Whether a page's text may be cut short: a packed stream does not unpack to its end."""
    if b"/Encrypt" in content:
        return True  # only the pages themselves can tell
    left = INFLATED
    for match in _STREAM.finditer(content):
        before = content[max(0, match.start() - _DICTIONARY) : match.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        if not _INFLATES.search(dictionary) or _LOOKS_ELSEWHERE.search(dictionary):
            continue
        whole, size = _inflates(content, match.end(), left)
        if not whole:
            return True
        left -= size
        if left <= 0:
            return False
    return False


def damaged_pages(content: bytes, most: int) -> list[int] | None:
    """The pages, counted from 0, of which text cannot be unpacked; None when nothing can tell."""
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        count = min(len(reader.pages), most)
        return [index for index in range(count) if not _is_whole(reader.pages[index])]
    except MemoryError:
        raise
    except Exception:
        # Whatever pypdf stumbles over is damage that it cannot place.
        return None


def _is_whole(page: Any) -> bool:
    streams = page.get("/Contents")
    parts = _resolved(streams)
    parts = [_resolved(part) for part in parts] if isinstance(parts, list) else [parts]
    if streams is not None and any(part is None for part in parts):
        return False
    inner = _streams_of(_resolved(page.get("/Resources")), _DEPTH)
    return all(_unpacks(part) for part in (*parts, *inner) if part is not None)


def _streams_of(resources: Any, depth: int) -> Iterator[Any]:
    """What a page draws text with: forms, and the tables that turn a font's codes into letters."""
    for font in _values(resources, "/Font"):
        yield _resolved(font.get("/ToUnicode")) if isinstance(font, dict) else None
    for drawn in _values(resources, "/XObject") if depth else ():
        if isinstance(drawn, dict) and drawn.get("/Subtype") == "/Form":
            yield drawn
            yield from _streams_of(_resolved(drawn.get("/Resources")), depth - 1)


def _values(resources: Any, name: str) -> Iterable[Any]:
    found = _resolved(resources.get(name)) if isinstance(resources, dict) else None
    return [_resolved(value) for value in found.values()] if isinstance(found, dict) else []


def _resolved(value: Any) -> Any:
    """The object a reference means; None where the file lacks it."""
    from pypdf.generic import NullObject

    found = value.get_object() if value is not None else None
    return None if isinstance(found, NullObject) else found


def _unpacks(stream: Any) -> bool:
    data, filters = getattr(stream, "_data", None), stream.get("/Filter")
    first = filters[0] if isinstance(filters, list) and filters else filters
    if not isinstance(data, bytes) or first not in ("/FlateDecode", "/Fl"):
        return True
    return _inflates(data, 0, INFLATED)[0]


def _inflates(content: bytes, start: int, most: int) -> tuple[bool, int]:
    """Whether packed data unpacks to its end (as far as looked at), and to how many bytes."""
    unpack = zlib.decompressobj()
    size, at = 0, start
    try:
        while not unpack.eof and size < most:
            packed = unpack.unconsumed_tail
            if not packed:
                packed = content[at : at + _CHUNK]
                at += len(packed)
            if not packed:
                return False, size
            size += len(unpack.decompress(packed, 2**20))
    except zlib.error:
        return False, size
    return True, size
