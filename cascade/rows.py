"""Rows of a spreadsheet register as letters: each is registered whole, or told with why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import plan as planning
from cascade import register
from cascade.bulk import Result, Terms
from cascade.clock import Moment
from cascade.corrections import read_day
from cascade.errors import BadInputError, CascadeError, DuplicateLetterError, StorageError
from cascade.intake import reference
from cascade.intake.dues import find_due
from cascade.intake.kinds import BY_CODE, by_folded_name, of_symbol
from cascade.intake.reading import CitationFound, Found, PointFound, Reading
from cascade.intake.text import fold
from cascade.matching import AmbiguousCitationError
from cascade.naming import unknown
from cascade.plan import Plan
from cascade.provenance import SHEET
from cascade.spreadsheet import Table
from cascade.stubs import DoubtfulStubError
from cascade.workbook import Cell
from models.database import Database
from models.queries.acting import ActorRow
from workflows.phrases import Said
from workflows.phrases.days import DAY, find_day

_ROLES = {"implements": "implements", "basis": "basis", "related": "mentions"}
_PARTS = re.compile(r"[;\n]+")
_BY = re.compile(r"\bcủa\s+(?P<body>[^;\n]+?)(?=\s+(?:về|v/v)\b|[;,.\n]|$)", re.IGNORECASE)


class RowOutcome(NamedTuple):
    """A row of the file, what became of it, the letter it is, and why it needs a person."""

    row: int
    result: Result
    letter: int | None = None
    why: str = ""


def enter(
    db: Database,
    table: Table,
    columns: Mapping[str, str],
    actor: ActorRow,
    moment: Moment,
    terms: Terms,
    issuer: str | None = None,
) -> Iterator[RowOutcome]:
    """Register each row as a draft letter; `issuer` is the body's code where no column says it."""
    places = {name: table.headings.index(heading) for name, heading in columns.items()}
    for number, cells in table.rows:
        row = {name: cells[at] if at < len(cells) else None for name, at in places.items()}
        try:
            letter_id = _enter(db, row, actor, moment, terms, issuer, f"row {number}")
        except DuplicateLetterError as known:
            yield RowOutcome(number, Result.ON_FILE, known.letter_id)
        except StorageError:
            raise
        except CascadeError as error:
            yield RowOutcome(number, Result.PERSON, why=error.what)
        else:
            yield RowOutcome(number, Result.REGISTERED, letter_id)


def _enter(
    db: Database,
    row: Mapping[str, Cell],
    actor: ActorRow,
    moment: Moment,
    terms: Terms,
    issuer: str | None,
    where: str,
) -> int:
    with db.read() as conn:
        plan = _plan(conn, row, terms, issuer, where)
    return register.enter(db, plan, actor, moment, text="", where=where)


def _plan(
    conn: Connection, row: Mapping[str, Cell], terms: Terms, issuer: str | None, where: str
) -> Plan:
    """The plan of a row; raises everything that speaks against it at once."""
    faults: list[str] = []
    head = _head(row, faults)
    fixed = {"issuer": issuer} if issuer and "issuer" not in head else {}
    if faults or "date" not in head:
        if not any(row.get(name) for name in ("reference", "number")):
            faults.append("no number")
        if row.get("date") is None:
            faults.append("no date")
        _due(row.get("due"), date.min, faults)
        raise BadInputError("; ".join(faults), where=where)
    dated = date.fromisoformat(head["date"])
    directory = terms.directory(conn, dated)

    near = directory.coded(issuer) if issuer else None
    if "issuer" in head:
        near = next(iter(directory.find(head["issuer"]).unit_ids), None)

    def is_known(name: str) -> bool:
        found = directory.find_all(name, near)
        return bool(found.unit_ids) or found.is_ambiguous

    reading = _reading(head, row, dated, is_known, faults)
    plan = planning.plan(conn, reading, fixed, where, directory_on=terms.directory)
    if row.get("due") is None:
        plan = replace(plan, duties=(), proposed=())
    if plan.unknown and not terms.leave_unknown:
        faults.append("these are no units on file:" + unknown(plan.unknown))
    if plan.ambiguous:
        faults.append(AmbiguousCitationError(plan.ambiguous).what)
    if plan.doubtful:
        faults.append(DoubtfulStubError(plan.doubtful).what)
    if faults:
        raise BadInputError("; ".join(faults), where=where)
    return plan


def _head(row: Mapping[str, Cell], faults: list[str]) -> dict[str, str]:
    """What makes the letter this letter, as text; what cannot be read goes to the faults."""
    texts = {name: str(cell).strip() for name, cell in row.items() if isinstance(cell, str)}
    head = {n: texts[n] for n in ("subject", "issuer", "signer", "urgency") if texts.get(n)}
    printed = texts.get("reference") or texts.get("number", "")
    match = reference.ANYWHERE.search(printed)
    found = reference.read(match) if match else None
    if found is not None:
        head |= {"number": found.number, "symbol": found.symbol}
    elif "symbol" in texts and re.fullmatch(r"\d+[a-z]?", texts.get("number", "")):
        head |= {"number": texts["number"], "symbol": texts["symbol"].lstrip("/- ")}
    elif printed:
        faults.append(f"{printed!r} is no number with a symbol, such as 12/KH-UBND")
    cell = row.get("date")
    dated = cell if isinstance(cell, date) else read_day(texts.get("date", ""))
    if dated is None and "date" in texts:
        faults.append(f"{texts['date']!r} is not a date")
    if dated is None and found is not None:
        dated = find_day(fold(printed))
    if dated is not None:
        head["date"] = dated.isoformat()
    if kind := _kind(texts.get("kind", ""), head.get("symbol", "")):
        head["kind"] = kind
    return head


def _kind(printed: str, symbol: str) -> str:
    """The kind a column says, else that of the symbol; a letter without either is a công văn."""
    if found := by_folded_name(fold(printed)) or BY_CODE.get(printed):
        return found.name
    kind = of_symbol(symbol)
    return printed.lower() or (kind.name if kind else "công văn")


def _reading(
    head: Mapping[str, str],
    row: Mapping[str, Cell],
    dated: date,
    is_known: Callable[[str], bool],
    faults: list[str],
) -> Reading:
    said = {name: Found(value, 0, 0, 1.0) for name, value in head.items()}
    names = _names(row.get("units"), is_known)
    due, phrase, told = _due(row.get("due"), dated, faults)
    points: tuple[PointFound, ...] = ()
    if names and phrase:
        said_so = (due, phrase, None, True, 1.0)
        points = (PointFound("", head.get("subject", ""), 0, 0, names, (), *said_so, said=told),)
    return Reading(
        form=SHEET,
        kind=said.get("kind"),
        number=said.get("number"),
        symbol=said.get("symbol"),
        dated=said.get("date"),
        issuer=said.get("issuer"),
        subject=said.get("subject"),
        urgency=said.get("urgency"),
        signer=said.get("signer"),
        addressees=tuple(Found(name, 0, 0, 1.0) for name in names),
        citations=tuple(_citations(row)),
        points=points,
    )


def _names(cell: Cell, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The units a cell names; a comma parts them only where the whole is no unit's name."""
    names: list[str] = []
    for part in _PARTS.split(str(cell or "")):
        whole = part.strip(" -+•.,\t")
        if not whole:
            continue
        pieces = [piece.strip() for piece in whole.split(",")]
        names += [whole] if len(pieces) == 1 or is_known(whole) else filter(None, pieces)
    return tuple(dict.fromkeys(names))


def _due(cell: Cell, dated: date, faults: list[str]) -> tuple[date | None, str | None, Said | None]:
    """The day a cell names, the phrase, and what it says; a phrase without a day stays a phrase."""
    if cell is None:
        return None, None, None
    if isinstance(cell, date):
        return cell, cell.strftime("%d/%m/%Y"), None
    day = read_day(cell)
    if day is None and (found := find_due(cell, dated)):
        return found.day, cell, found.said
    if day is None:
        faults.append(f"the due date {cell!r} cannot be read")
    return day, cell, None


def _citations(row: Mapping[str, Cell]) -> Iterator[CitationFound]:
    for field, role in _ROLES.items():
        cell = str(row.get(field) or "")
        matches = list(reference.ANYWHERE.finditer(cell))
        for at, match in enumerate(matches):
            found = reference.read(match)
            if found is None:
                continue
            behind = cell[found.end : matches[at + 1].start() if at + 1 < len(matches) else None]
            by, day = _BY.search(behind), re.search(DAY, fold(behind))
            kind = of_symbol(found.symbol)
            yield CitationFound(
                text=match[0],
                number=found.number,
                symbol=found.symbol,
                kind=kind.name if kind else None,
                dated=find_day(fold(behind)) if day else None,
                issuer=by["body"].strip() if by else None,
                subject=None,
                verb=None,
                role=role,
                start=0,
                end=0,
                confidence=1.0,
            )
