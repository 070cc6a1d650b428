"""What is on file already: files by their hash, texts by their fingerprint, scans by likeness."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from cascade.errors import BadInputError
from cascade.fingerprint import (
    ALIKE,
    NEAR_BITS,
    Print,
    alike,
    differs_by_slips,
    distance,
    fingerprint,
    is_one_slip,
)
from cascade.intake.reading import Found, Reading
from cascade.plan import Plan
from cascade.provenance import HEAD
from models import filing
from models.database import Database
from models.queries import acting, recognising
from models.queries.acting import LetterRow
from workflows.reference import identity

# Below this a value that makes a letter this letter is shown to a person.
LEGIBLE = 0.7
_IDENTIFYING = ("number", "symbol", "date", "issuer")
_COMPARED = 5  # letters, the nearest by fingerprint
_BATCH = 500


class Near(NamedTuple):
    """A letter on file whose text is much like another."""

    letter: LetterRow
    likeness: float
    text: str


class MaybeTheSameError(BadInputError):
    """The letter may be on file already, as another scan of the same paper."""

    def __init__(self, near: Near, why: str, where: str = "") -> None:
        self.letter_id = near.letter.id
        row = near.letter
        name = identity(row.kind, row.number, row.symbol, row.dated)
        super().__init__(
            f"its text is {near.likeness:.0%} that of L{row.id}, {name}, but {why}",
            where=where,
            remedy=f"Compare it with: cascade letter show L{row.id}. If it is another letter, say "
            "its number: --set number=…",
        )


class Known:
    """Everything on file that a file may turn out to be, read once and kept up with."""

    def __init__(self, db: Database) -> None:
        _print_old_letters(db)
        with db.read() as conn:
            self._files = recognising.files(conn)
            rows = recognising.prints(conn)
        self._texts = {row.text_sha256: row.letter_id for row in rows}
        self._with_file = set(self._files.values())
        # A letter that has no file itself still waits for one, whatever was seen of it.
        self._files |= {
            row.file_sha256: row.letter_id
            for row in rows
            if row.file_sha256 and row.letter_id in self._with_file
        }
        self._prints = [(row.letter_id, row.simhash) for row in rows]

    def file(self, sha256: str) -> int | None:
        """The letter whose file this is, bit for bit."""
        return self._files.get(sha256)

    def text(self, made: Print) -> int | None:
        """The letter whose text this is, but for spaces, marks and capitals."""
        return self._texts.get(made.sha256)

    def has_file(self, letter_id: int) -> bool:
        """Whether a letter has a file of its own; one from a spreadsheet waits for it."""
        return letter_id in self._with_file

    def add(self, letter_id: int, sha256: str, made: Print) -> None:
        """Know a letter's file and text from now on."""
        self._files[sha256] = letter_id
        self._with_file.add(letter_id)
        self._texts.setdefault(made.sha256, letter_id)
        self._prints.append((letter_id, made.simhash))

    def near(self, conn: Connection, text: str, made: Print) -> list[Near]:
        """The letters whose texts are much like this one, the likest first."""
        by_bits = sorted(
            (bits, letter_id)
            for letter_id, simhash in self._prints
            if (bits := distance(made.simhash, simhash)) <= NEAR_BITS
        )
        ids = list(dict.fromkeys(letter_id for _, letter_id in by_bits))[:_COMPARED]
        if not ids:
            return []
        texts = recognising.texts(conn, ids)
        letters = {row.id: row for row in acting.letters(conn, list(texts))}
        found = [Near(letters[i], alike(text, other), other) for i, other in texts.items()]
        return sorted((one for one in found if one.likeness >= ALIKE), key=lambda n: -n.likeness)


def refuse_doubtful(near: list[Near], plan: Plan, text: str, where: str) -> None:
    """Raise MaybeTheSameError where a letter like this one may be it, misread.

    Letters made from one template differ legibly in number or date, and are two.
    """
    for one in near:
        differing = _differing(one.letter, plan)
        if not differing or "number" in plan.fixed:
            continue  # the same identity is told as a duplicate; a person's number is its own
        if unsure := illegible(plan.reading, plan):
            raise MaybeTheSameError(one, f"its {' and '.join(unsure)} cannot be read surely", where)
        name, here, there = differing[0]
        slipped = len(differing) == 1 and is_one_slip(here, there)
        if slipped and differs_by_slips(text, one.text, (here, there)):
            why = f"its {name} reads {here}, not {there}: one of them may be misread"
            raise MaybeTheSameError(one, why, where)


def illegible(reading: Reading, plan: Plan | None = None) -> list[str]:
    """What makes the letter this letter and was not read, or not surely."""
    fixed = plan.fixed if plan else {}
    return [name for name in _IDENTIFYING if name not in fixed and not _is_legible(reading, name)]


def _is_legible(reading: Reading, name: str) -> bool:
    found: Found | None = getattr(reading, HEAD[name])
    return found is not None and found.confidence >= LEGIBLE


def _differing(letter: LetterRow, plan: Plan) -> list[tuple[str, str, str]]:
    """(what, here, there) of every part of the identity that is not the same."""
    pairs = (
        ("number", plan.number.lstrip("0"), (letter.number or "").lstrip("0")),
        ("symbol", plan.symbol, letter.symbol or ""),
        ("date", plan.dated.isoformat(), letter.dated.isoformat() if letter.dated else ""),
        ("issuer", str(plan.issuer_id), str(letter.issuer_id)),
    )
    found = [(name, here, there) for name, here, there in pairs if here != there]
    # Another body's letter is another letter, however near its id.
    return [*found, *found] if any(name == "issuer" for name, *_ in found) else found


def _print_old_letters(db: Database) -> None:
    """Give fingerprints to letters registered before there were any."""
    while True:
        with db.write() as conn:
            rows = recognising.unprinted(conn, _BATCH)
            for letter_id, text, file_sha256 in rows:
                made = fingerprint(text)
                values = {"text_sha256": made.sha256, "simhash": made.simhash}
                filing.fingerprint(conn, letter_id, {"file_sha256": file_sha256, **values})
        if len(rows) < _BATCH:
            return
