"""The key that signs checkpoints: made at first use, beside the database, for its owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from cascade import history_note as notes
from cascade.errors import CascadeError, StorageError
from cascade.history_note import Checkpoint, Signed, VerifierKey

NAME = "history.key"


class HistoryKeyError(CascadeError):
    """The key that signs checkpoints cannot be used."""

    remedy = (
        "Bring the file back from the backup. Without it no checkpoint can be signed or checked; "
        "only if it is lost for good, move it away: the next checkpoint makes a new one."
    )


class Key:
    """A private key and the name it signs under."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.verifier = VerifierKey(notes.name_for(public), public)

    def sign(self, size: int, root: bytes) -> str:
        """A signed checkpoint of a history so large, with this root."""
        checkpoint = Checkpoint(self.verifier.name, size, root)
        return notes.write(checkpoint, self.verifier, self._private.sign(checkpoint.text.encode()))


def is_signed_by(signed: Signed, key: VerifierKey) -> bool:
    """Whether this key has signed it, under its name."""
    public = Ed25519PublicKey.from_public_bytes(key.public)
    for name, value in signed.signatures:
        if name == key.name and value[:4] == key.id:
            try:
                public.verify(value[4:], signed.text.encode())
            except InvalidSignature:
                return False
            return True
    return False


def load(home: Path) -> Key | None:
    """The key of the register in this folder; None where none was made yet."""
    path = home / NAME
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise HistoryKeyError(f"the key cannot be read: {error}", where=str(path)) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise HistoryKeyError("this is no Ed25519 key", where=str(path))
    return Key(private)


def load_or_make(home: Path) -> Key:
    """The same; a key is made where there is none, whole or not at all."""
    if found := load(home):
        return found
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=home, prefix=".key-")  # of mode 600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(made, home / NAME)  # unlike a rename, never over another's
        except FileExistsError:
            pass  # somebody was quicker, and that key holds
        finally:
            Path(made).unlink(missing_ok=True)
    except OSError as error:
        what = f"the key could not be kept: {error.strerror}"
        raise StorageError(what, where=str(home / NAME)) from error
    found = load(home)
    assert found is not None
    return found
