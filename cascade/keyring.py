"""Keys for each purpose, drawn from the installation's one secret key; secrets sealed with them."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cascade.errors import RefusedError


class SealBrokenError(RefusedError):
    """This was sealed under another secret key than the installation has now."""

    remedy = "Bring back the secret.key that belongs to this database, or make the secret anew."


def derived(key: str, purpose: str) -> bytes:
    """32 bytes for one purpose; one purpose's key tells nothing of another's (HKDF)."""
    info = f"cascade {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())


def seal(key: str, purpose: str, secret: str) -> str:
    """A secret as it may lie in the database."""
    return _box(key, purpose).encrypt(secret.encode()).decode()


def unseal(key: str, purpose: str, sealed: str) -> str:
    """The secret again; raises SealBrokenError."""
    try:
        return _box(key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBrokenError() from None


def _box(key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(key, purpose)))
