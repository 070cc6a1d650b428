"""The Merkle tree of RFC 6962, grown leaf by leaf: its root binds everything up to a size."""

from __future__ import annotations

from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


class Tree:
    """A tree of which only the roots of its full parts are kept: twenty for a million leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf at the end."""
        node, size = sha256(_LEAF + leaf).digest(), self.size
        while size & 1:  # two full parts of one size become one
            node = sha256(_NODE + self._parts.pop() + node).digest()
            size >>= 1
        self._parts.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._parts:
            return sha256(b"").digest()
        node = self._parts[-1]
        for part in reversed(self._parts[:-1]):
            node = sha256(_NODE + part + node).digest()
        return node
