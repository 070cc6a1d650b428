"""Checkpoints: a tree, a signed note and a key, each held against vectors that others published."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cascade import history, history_keys
from cascade import history_note as notes
from cascade.audit import standalone
from cascade.errors import BadInputError, UnreadableFileError
from cascade.history import ContradictedError, newest_code, read_code
from cascade.history_check import HistoryCheck
from cascade.history_keys import HistoryKeyError, Key
from cascade.history_note import NoteError, VerifierKey
from cascade.history_tree import Tree
from tests.worlds import Office

# The leaves and roots that implementations of RFC 6962 test themselves with.
LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("made", [Tree, standalone.Tree])
def test_the_tree_has_the_roots_of_rfc_6962(made: type[Tree]) -> None:
    tree = made()
    for leaf, root in zip((None, *LEAVES), ROOTS, strict=True):
        if leaf is not None:
            tree.add(bytes.fromhex(leaf))
        assert tree.root().hex() == root


# RFC 8032, 7.1: public key, message, signature.
SIGNED = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
        "f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098"
        "4dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize("vector", SIGNED)
def test_the_verifier_of_exports_knows_the_signatures_of_rfc_8032(
    vector: tuple[str, str, str],
) -> None:
    public, message, signature = map(bytes.fromhex, vector)
    assert standalone.is_signature(public, message, signature)
    for at in range(0, 64, 7):
        changed = signature[:at] + bytes([signature[at] ^ 8]) + signature[at + 1 :]
        assert not standalone.is_signature(public, message, changed)
    s = int.from_bytes(signature[32:], "little") + standalone.ORDER
    again = signature[:32] + s.to_bytes(32, "little")
    assert not standalone.is_signature(public, message, again), "the same under another number"
    assert not standalone.is_signature(public, message + b".", signature)
    assert not standalone.is_signature(public[:-1], message, signature)
    assert not standalone.is_signature(b"\xff" * 32, message, signature)
    assert not standalone.is_signature(public, message, signature[:-1])


def test_both_verifiers_agree_on_keys_of_all_kinds() -> None:
    for number in range(12):
        private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public, text = private.public_key().public_bytes_raw(), bytes([number]) * number
        signature = private.sign(text)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
        assert standalone.is_signature(public, text, signature)


def test_a_note_signed_elsewhere_is_known() -> None:
    """The example of golang.org/x/mod/sumdb/note."""
    name, key_id, value = [
        "PeterNeumann",
        "c74f20a3",
        "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ]
    key = VerifierKey(name, base64.b64decode(value)[1:])
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert str(key) == f"{name}+{key_id}+{value}"
    assert signature[:4] == key.id
    assert standalone.is_signature(key.public, text.encode(), signature[4:])


ROOT = base64.b64encode(bytes(32)).decode()
MARK = f"— a {base64.b64encode(bytes(68)).decode()}\n"
GOOD = f"a\n5\n{ROOT}\n\n{MARK}"
NO_NOTES = {
    "nothing": "",
    "no empty line": f"a\n5\n{ROOT}\n{MARK}",
    "two lines": f"a\n5\n\n{MARK}",
    "no origin": f"\n5\n{ROOT}\n\n{MARK}",
    "no size": f"a\nfive\n{ROOT}\n\n{MARK}",
    "a size with a zero before": f"a\n05\n{ROOT}\n\n{MARK}",
    "no root": f"a\n5\nAAAA\n\n{MARK}",
    "no base64": f"a\n5\n{ROOT[:-2]}!=\n\n{MARK}",
    "another way to write the root": f"a\n5\n{ROOT[:-2]}B=\n\n{MARK}",
    "no signature": f"a\n5\n{ROOT}\n\n",
    "a hyphen for the dash": GOOD.replace("—", "-"),
    "no end": GOOD[:-1],
}


@pytest.mark.parametrize("note", NO_NOTES.values(), ids=NO_NOTES)
def test_what_is_no_checkpoint_is_told(note: str) -> None:
    with pytest.raises(NoteError):
        notes.read(note)


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    read = notes.read(GOOD)
    assert read.checkpoint == ("a", 5, bytes(32))
    assert read.signatures == (("a", bytes(68)),)
    more = notes.read(GOOD.replace("\n\n", "\nan extension\n\n"))
    assert more.text == f"a\n5\n{ROOT}\nan extension\n"


# -- the key -------------------------------------------------------------------------------


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert history_keys.load(home) is None
    first, again = history_keys.load_or_make(home), history_keys.load_or_make(home)
    assert first.verifier == again.verifier
    assert stat.S_IMODE((home / "history.key").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["history.key"]


@pytest.mark.parametrize("content", ["", "no key", "-----BEGIN PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_told_and_left(tmp_path: Path, content: str) -> None:
    path = tmp_path / "history.key"
    path.write_text(content, "utf-8")
    with pytest.raises(HistoryKeyError, match="Bring the file back"):
        history_keys.load_or_make(tmp_path)
    assert path.read_text("utf-8") == content


# -- checkpoints of a register -------------------------------------------------------------


def taken(office: Office, key: Key, folder: Path) -> Path:
    """A checkpoint of the office, held against those in the folder."""
    with office.db.read() as conn:
        note = history.take(conn, key, history.kept([folder]))
    return history.keep(note, folder, key)


def faults(office: Office, key: Key, *paths: Path, codes: tuple[str, ...] = ()) -> list[str]:
    """What is found against these."""
    wanted = [read_code(code) for code in codes]
    with office.db.read() as conn:
        return list(HistoryCheck(history.kept(paths), key.verifier, wanted).faults(conn))


def test_every_checkpoint_ever_given_still_holds(office: Office, tmp_path: Path) -> None:
    key, folder, codes = history_keys.load_or_make(tmp_path), tmp_path / "kept", []
    for _ in range(3):
        office.letter("P", owe=["A"])
        path = taken(office, key, folder)
        assert taken(office, key, folder) == path
        codes.append(newest_code(folder))
    assert len(history.kept([folder])) == 3
    assert newest_code(folder).split()[0] == str(office.count("event_seal"))
    assert faults(office, key, folder, codes=tuple(codes)) == []
    assert (folder / "verifier.key").read_text("utf-8").strip() == str(key.verifier)


def test_an_empty_history_has_a_checkpoint_too(office: Office, tmp_path: Path) -> None:
    key = history_keys.load_or_make(tmp_path)
    path = taken(office, key, tmp_path)
    office.letter("P", owe=["A"])
    assert faults(office, key, path) == []
    assert newest_code(tmp_path) == "0 4OYM-IQUY-7QOB"


def test_a_code_from_another_history_is_found(office: Office, tmp_path: Path) -> None:
    key = history_keys.load_or_make(tmp_path)
    office.letter("P", owe=["A"])
    taken(office, key, tmp_path)
    size, letters = newest_code(tmp_path).split()
    wrong = f"{size} {letters[:-1]}{'A' if letters[-1] != 'A' else 'B'}"
    assert faults(office, key, codes=(newest_code(tmp_path).lower().replace("-", ""),)) == []
    (told,) = faults(office, key, codes=(wrong,))
    assert told == f"the first {size} seals are not those of the code {wrong.split()[1]}"
    (told,) = faults(office, key, codes=(f"99 {letters}",))
    assert told == f"the history ends at seal {size}, but the code {letters} is of 99 seals"


@pytest.mark.parametrize("said", ["", "12", "x ABCD-EFGH-IJKL", "12 ABCD-EFGH"])
def test_a_code_that_is_none_is_told(said: str) -> None:
    with pytest.raises(BadInputError, match="is no code of a checkpoint"):
        read_code(said)


def test_a_stranger_s_checkpoint_is_told(office: Office, tmp_path: Path) -> None:
    office.letter("P", owe=["A"])
    key, other = (history_keys.load_or_make(tmp_path / name) for name in ("mine", "other"))
    path = taken(office, other, tmp_path / "kept")
    (told,) = faults(office, key, path)
    assert told == f"{path.name} is of {other.verifier.name}, not of this register"
    path.write_text(path.read_text("utf-8").replace(other.verifier.name, key.verifier.name))
    (told,) = faults(office, key, path)
    assert told == f"{path.name} is not signed by this register's key"
    path.write_text("5", "utf-8")
    (told,) = faults(office, key, path)
    assert told.startswith(f"{path.name} is no checkpoint: ")


def test_without_the_key_no_checkpoint_can_be_checked(office: Office, tmp_path: Path) -> None:
    path = taken(office, history_keys.load_or_make(tmp_path), tmp_path)
    with office.db.read() as conn:
        (told,) = HistoryCheck(history.kept([path])).faults(conn)
    assert told == f"{path.name} cannot be checked: the register has no key of its own"


def test_a_file_that_is_not_there_is_told_and_a_folder_is_none_yet(tmp_path: Path) -> None:
    assert history.kept([tmp_path / "folder"]) == []
    assert newest_code(tmp_path / "folder") == ""
    with pytest.raises(UnreadableFileError):
        history.kept([tmp_path / "lost.checkpoint"])


def test_what_contradicts_an_earlier_checkpoint_is_not_signed(
    office: Office, tmp_path: Path
) -> None:
    key, more = history_keys.load_or_make(tmp_path), tmp_path / "more"
    office.letter("P", owe=["A"])
    taken(office, key, tmp_path)
    (before,) = history.kept([tmp_path])
    assert before.signed
    size = before.signed.checkpoint.size
    for signed in (key.sign(size, bytes(32)), key.sign(size + 1, before.signed.checkpoint.root)):
        history.keep(signed, more, key)
        with pytest.raises(ContradictedError, match="run: cascade verify"):
            taken(office, key, more)
        for path in more.iterdir():
            path.unlink()
