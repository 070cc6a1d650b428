"""Opens a zipped document with care: few parts, small parts, no trick in its directory."""

from __future__ import annotations

import io
import struct
import zipfile

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.limits import PART_BYTES, ZIP_DIRECTORY_BYTES, ZIP_PARTS

BOMB = "Ask whoever sent it for the letter itself; do not open this file."
_END = b"PK\x05\x06"
_END_SIZE = 22
_ENCRYPTED = 1


class Archive:
    """The parts of a zipped document; each is read whole, up to a limit, and only when asked."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        self._check_directory(content)
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = frozenset(self._zip.namelist())
        self._left = 2 * PART_BYTES
        if len(self.names) != len(self._zip.namelist()):
            # Two parts of one name: what we read might not be what another program shows.
            raise self._refusal("two of its parts have the same name")

    def read(self, part: str) -> bytes | None:
        """A part's bytes, or None when there is no such part."""
        if part not in self.names:
            return None
        info = self._zip.getinfo(part)
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableLetterError(
                "the file is protected by a password",
                where=self.name,
                remedy="Open it with its password, save a copy without one, and import that copy.",
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._refusal("it is packed in a way that documents are not")
        limit = min(PART_BYTES, self._left)
        if info.file_size > limit:
            raise self._too_large()
        with self._zip.open(info) as stream:
            # The declared size may lie, so the real one is counted too.
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise self._too_large()
        self._left -= len(data)
        return data

    def _check_directory(self, content: bytes) -> None:
        at = content.rfind(_END, max(0, len(content) - 65_557))
        if at < 0 or at + _END_SIZE > len(content):
            raise UnreadableLetterError("the file is broken: its end is missing", where=self.name)
        parts, size = struct.unpack_from("<HI", content, at + 10)
        if parts > ZIP_PARTS or size > ZIP_DIRECTORY_BYTES:
            raise self._refusal(f"it has more than {ZIP_PARTS} parts")

    def _too_large(self) -> UnreadableLetterError:
        return self._refusal(
            f"it is too large: unpacked, it exceeds {PART_BYTES // 2**20} MB of text"
        )

    def _refusal(self, what: str) -> UnreadableLetterError:
        return UnreadableLetterError(
            f"this is no ordinary letter: {what}", where=self.name, remedy=BOMB
        )
