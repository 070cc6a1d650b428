"""Checkpoints as signed notes, in the formats of C2SP: tlog-checkpoint and signed-note, Ed25519.

    cascade/5f0c1d2e3a4b5c6d                        the origin: which history this is
    1234                                            how many seals it has
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=    the root of the tree over their hashes

    — cascade/5f0c1d2e3a4b5c6d Az3grlgtzPICa5OS8npV…

(From C2SP.org: what is signed is the text up to the empty line.)
"""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from typing import NamedTuple

_ED25519 = b"\x01"
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<value>[A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9]\d{0,17}")


class NoteError(ValueError):
    """The text is no checkpoint."""


class Checkpoint(NamedTuple):
    """What a history was when it was signed."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signed(NamedTuple):
    """A checkpoint with its signatures: name → key id and signature."""

    checkpoint: Checkpoint
    signatures: tuple[tuple[str, bytes], ...]
    text: str  # what was signed, extension lines included


class VerifierKey(NamedTuple):
    """A public key with the name it signs under."""

    name: str
    public: bytes  # 32 bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


def name_for(public: bytes) -> str:
    """The origin of a history, and the name its key signs under: from the key itself."""
    return f"cascade/{sha256(public).hexdigest()[:16]}"


def write(checkpoint: Checkpoint, key: VerifierKey, signature: bytes) -> str:
    """A signed note."""
    value = base64.b64encode(key.id + signature).decode()
    return f"{checkpoint.text}\n— {key.name} {value}\n"


def read(note: str) -> Signed:
    """A checkpoint with its signatures, none of them checked; NoteError says what is wrong."""
    text, parted, signed = note.rpartition("\n\n")
    lines = text.split("\n")
    if not parted or len(lines) < 3 or not lines[0] or "" in lines:
        raise NoteError("it has not the three lines of a checkpoint and an empty one")
    if not _SIZE.fullmatch(lines[1]):
        raise NoteError(f"{lines[1]!r} is no size")
    root = _bytes(lines[2])
    if len(root) != 32:
        raise NoteError("the third line is no root")
    found = [_SIGNATURE.fullmatch(line) for line in signed.removesuffix("\n").split("\n")]
    if not signed.endswith("\n") or None in found:
        raise NoteError("a line after the empty one is no signature")
    signatures = tuple((m["name"], _bytes(m["value"])) for m in found if m)
    return Signed(Checkpoint(lines[0], int(lines[1]), root), signatures, text + "\n")


def _bytes(value: str) -> bytes:
    try:
        found = base64.b64decode(value, validate=True)
    except ValueError:
        raise NoteError(f"{value!r} is no base64") from None
    if base64.b64encode(found).decode() != value:
        raise NoteError(f"{value!r} is no canonical base64")
    return found
