"""Verify an exported history: run `python verify.py` in its folder. Python 3.11 and nothing else.

    python verify.py [--key KEY] [--checkpoint FILE] [FOLDER]

KEY is the register's key as you had it before, FILE a checkpoint you kept yourself: the package
cannot prove by itself whose it is. Exit code 0: everything is as it was sealed; 1: it is not.
This file is written apart from the program that made the package, and shares nothing with it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


# -- Ed25519, RFC 8032 ---------------------------------------------------------------------


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar: int, p: Point) -> Point:
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = add(found, p)
        p = add(p, p)
        scalar >>= 1
    return found


def decompress(value: bytes) -> Point | None:
    y = int.from_bytes(value, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if len(value) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


_Y = 4 * pow(5, -1, P) % P
BASE = decompress(_Y.to_bytes(32, "little"))


def is_signature(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether this is the key's Ed25519 signature of the text."""
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or BASE is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + text).digest()
    left = multiply(s, BASE)
    right = add(r, multiply(int.from_bytes(digest, "little") % ORDER, a))
    crossed = (left[0] * right[2] - right[0] * left[2], left[1] * right[2] - right[1] * left[2])
    return crossed[0] % P == 0 and crossed[1] % P == 0


# -- The package ---------------------------------------------------------------------------


def bag_faults(folder: Path) -> Iterator[str]:
    """Whether all files are those of the manifests (BagIt 1.0, RFC 8493)."""
    if "BagIt-Version: 1.0\n" not in (folder / "bagit.txt").read_text("utf-8"):
        yield "bagit.txt: this is no BagIt 1.0 package"
    for manifest, inside in (("tagmanifest-sha256.txt", False), ("manifest-sha256.txt", True)):
        listed = {}
        for line in (folder / manifest).read_text("utf-8").splitlines():
            digest, _, name = line.partition("  ")
            listed[name] = digest
        there = {
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and (path.relative_to(folder).parts[0] == "data") == inside
        } - {"tagmanifest-sha256.txt"}
        yield from (f"{name} is not in the package" for name in sorted(listed.keys() - there))
        yield from (f"{name} is not in {manifest}" for name in sorted(there - listed.keys()))
        for name in sorted(there & listed.keys()):
            if file_digest(folder / name) != listed[name]:
                yield f"{name} is not as {manifest} says"


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


# -- What was sealed -----------------------------------------------------------------------


def composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {composed(key): composed(item) for key, item in value.items()}
    return [composed(item) for item in value] if isinstance(value, list) else value


def canonical(value: Any) -> bytes:
    """The JSON that was committed to: sorted keys, no spaces, NFC, UTF-8."""
    made = json.dumps(composed(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return made.encode()


def event_faults(line: dict[str, Any], head: bytes, body: bytes) -> Iterator[str]:
    """Whether an event is what its seal is bound to."""
    named = f"the event of seal {line['seal']}"
    salt = bytes.fromhex(line["head_salt"])
    if sha256(b"cascade head 1\n", salt, canonical(line["head"])) != head:
        yield f"{named} is not as it was sealed"
    if line["body_salt"] is None:
        if line["body"] is not None:
            yield f"{named} was erased, but says something"
    elif sha256(b"cascade body 1\n", bytes.fromhex(line["body_salt"]), canonical(line["body"])) != (
        body
    ):
        yield f"the words of {named} are not as they were sealed"


class Tree:
    """The Merkle tree of RFC 6962 over the hashes of the seals."""

    def __init__(self) -> None:
        self.size, self.parts = 0, list[bytes]()

    def add(self, leaf: bytes) -> None:
        node, size = sha256(b"\x00", leaf), self.size
        while size & 1:
            node, size = sha256(b"\x01", self.parts.pop(), node), size >> 1
        self.parts.append(node)
        self.size += 1

    def root(self) -> bytes:
        node = self.parts[-1] if self.parts else sha256(b"")
        for part in reversed(self.parts[:-1]):
            node = sha256(b"\x01", part, node)
        return node


def read_checkpoint(path: Path, key: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint signed by the key; ValueError says what is wrong."""
    name, key_id, value = key.split("+", 2)
    public = base64.b64decode(value)[1:]
    text, _, signed = path.read_bytes().decode().rpartition("\n\n")
    origin, size, root = (text + "\n").split("\n")[:3]
    for line in signed.splitlines():
        if line.startswith(f"— {name} ") and origin == name:
            mark = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)
            if mark[:4].hex() == key_id and is_signature(public, f"{text}\n".encode(), mark[4:]):
                return int(size), base64.b64decode(root, validate=True)
    raise ValueError("it is not signed by this key")


def history_faults(folder: Path, key: str, outside: list[Path]) -> Iterator[str]:
    """Whether seals, events, checkpoints and files belong together."""
    data, roots = folder / "data", dict[int, list[tuple[str, bytes]]]()
    for path in [*sorted((data / "checkpoints").glob("*")), *outside]:
        try:
            size, root = read_checkpoint(path, key)
            roots.setdefault(size, []).append((path.name, root))
        except ValueError as error:
            yield f"the checkpoint {path.name} is not good: {error}"
    is_whole = "\nCascade-Scope: whole\n" in (folder / "bag-info.txt").read_text("utf-8")
    events, tree, before = rows(data / "events.jsonl"), Tree(), bytes(32)
    event, erased, said_erased = next(events, None), set[int](), set[int]()
    signed = set(roots)
    for name, root in roots.pop(0, ()):
        if root != tree.root():
            yield f"the checkpoint {name} says something of no seal at all"
    for seal in rows(data / "seals.jsonl"):
        head, body, linked = (bytes.fromhex(seal[name]) for name in ("head", "body", "hash"))
        seq = tree.size + 1
        if seal["seq"] != seq:
            yield f"seals are missing: after {seq - 1} comes {seal['seq']}"
            return
        if sha256(b"cascade seal 1\n", before, seq.to_bytes(8, "big"), head, body) != linked:
            yield f"seal {seq} does not follow from the one before it"
        before = linked
        tree.add(linked)
        for name, root in roots.pop(seq, ()):
            if root != tree.root():
                yield f"the first {seq} seals are not those of the checkpoint {name}"
        if event and event["seal"] == seq:
            yield from event_faults(event, head, body)
            if event["body_salt"] is None:
                erased.add(seq)
            elif (event["head"] or {}).get("act") == "erase_event":
                said_erased.add(event["body"]["data"]["seal"])
            event = next(events, None)
        elif is_whole:
            yield f"the event of seal {seq} is not in the package"
    if event:
        yield f"the event of seal {event['seal']} stands where it does not belong"
    yield from (f"nothing says that seal {seq} was erased" for seq in sorted(erased - said_erased))
    for size, name in ((size, name) for size, found in roots.items() for name, _ in found):
        yield f"the history ends at seal {tree.size}, but {name} is of {size} seals"
    if tree.size not in signed:
        yield "no checkpoint is of all seals"
    for row in rows(data / "files.jsonl"):
        path = data / "files" / row["sha256"]
        if not path.is_file() or file_digest(path) != row["sha256"]:
            yield f"the file {row['name']} of {row['of']} is missing or changed"


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an exported history.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", help="the register's key, as you had it before")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    asked = parser.parse_args()
    try:
        key = (asked.folder / "data" / "verifier.key").read_text("utf-8").strip()
        found = list(bag_faults(asked.folder))
        if asked.key and asked.key.strip() != key:
            found.append("the package is signed with another key than yours")
        found += history_faults(asked.folder, asked.key or key, asked.checkpoint)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = [f"the package cannot be read: {error!r}"]
    for fault in found:
        print(fault)
    print("NOT OK" if found else f"OK: everything is as it was sealed under {key}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
