"""Files that ask for far more than they are: read at arm's length while the pages stay up."""

from __future__ import annotations

import io
import resource
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.cascade.intake.sources.hostilefiles import (
    DOCTYPES,
    LAUGHS,
    body,
    hostile,
    line,
    one_page,
    pdf,
    stream,
    word,
    zipped,
)
from tests.holes.hall import Hall, look
from tests.holes.table import row
from tests.web.conftest import Browser, token_of
from tests.web.letter_texts import named

LONGEST = 10.0  # seconds for one file
MOST_MEMORY = 512 * 1024  # KiB that any child held
_SHEETS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# By name, of those that tests/cascade/intake/sources holds: the ones that ask for most.
_LETTERS = (
    *("bomb.docx", "bomb-styles.docx", "bomb-lying.docx", "bomb-elements.docx", "bomb-runs.docx"),
    *("many-parts.docx", "zip-in-zip.zip", "zip-as-document.docx", "laughs.docx", "laughs-16.docx"),
    *("quadratic.docx", "xxe-file.docx", "xxe-net.docx", "xml-deep.docx", "xml-deep-closed.docx"),
    *("tables.docx", "style-circle.docx", "xref-self.pdf", "tree-loop.pdf", "tree-deep.pdf"),
    *("bomb.pdf", "bomb-text.pdf", "bomb-twice.pdf", "filters.pdf", "form-loop.pdf", "arrays.pdf"),
)


def letters() -> Iterator[tuple[str, bytes]]:
    """Every letter that is a bomb; pictures of a billion dots are none of the others'."""
    yield from ((name, content) for name, content in hostile() if name in _LETTERS)
    yield "pixels.pdf", pixels()
    yield "quine.zip", zipped({"r/r.gz": zlib.compress(bytes(30_000_000), 9)})


def pixels() -> bytes:
    """A page with a picture said to be 60,000 dots each way."""
    data = zlib.compress(bytes(4_000_000), 9)
    said = "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
    picture = stream(data, f"{said}/ColorSpace/DeviceRGB/Filter/FlateDecode")
    return one_page(stream(b"q 600 0 0 800 0 0 cm /X Do Q"), o6=picture)


def book(sheet: str, strings: str = "") -> bytes:
    """A workbook of one sheet, as XML."""
    made = io.BytesIO()
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/a.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships {_RELATED}><Relationship Id="r1" Type="{_OFFICE}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_SHEETS} xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {_RELATED}><Relationship Id="r1" '
        f'Type="{_OFFICE}/worksheet" Target="a.xml"/></Relationships>',
        "xl/a.xml": sheet,
        "xl/sharedStrings.xml": strings or f"<sst {_SHEETS}/>",
    }
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return made.getvalue()


def books() -> Iterator[tuple[str, bytes]]:
    """Workbooks that are bombs, the quick ones first."""

    def rows(inner: str, before: str = "") -> str:
        return f"{before}<worksheet {_SHEETS}><sheetData>{inner}</sheetData></worksheet>"

    said = '<row><c t="inlineStr"><is><t>&{};</t></is></c></row>'
    far = "".join(f'<row r="{at}"><c r="XFD{at}"><v>1</v></c></row>' for at in range(1, 8_000))
    yield "laughs.xlsx", book(rows(said.format("a11"), f"<!DOCTYPE d [{LAUGHS}]>"))
    yield "xxe.xlsx", book(rows(said.format("x"), DOCTYPES["xxe-file"]))
    yield "far.xlsx", book(rows(far))
    yield "last-row.xlsx", book(rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    yield "cells.xlsx", book(rows("<row>" + "<c/>" * 6_000_000 + "</row>"))
    yield "million.xlsx", book(rows("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"))
    yield "rows.xlsx", book(rows("<row/>" * 6_000_000))
    yield "strings.xlsx", book(rows(""), f"<sst {_SHEETS}>{'<si><t>x</t></si>' * 5_000_000}</sst>")
    yield "spaces.xlsx", book(rows(" " * 60_000_000))
    yield "deep.xlsx", book(rows("<row>" * 200_000))


def drop(hall: Hall, browser: Browser, url: str, field: str, name: str, content: bytes) -> str:
    """Upload a bomb while somebody else asks for a page; what the page then says."""
    token = token_of(look(browser, url).text)
    other, answers, waits = hall.enter("a.sec"), [], []

    def upload() -> None:
        file = FileStorage(BytesIO(content), name, field)
        boundary, sent = encode_multipart({"csrf_token": token, field: file})
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"Accept-Language": "en"}
        answers.append(browser.client.post(url, data=sent, content_type=kind, headers=headers))

    thread = threading.Thread(target=upload)
    began = time.monotonic()
    thread.start()
    while thread.is_alive():
        asked = time.monotonic()
        assert look(other, "/units").status_code == 200
        waits.append(time.monotonic() - asked)
        thread.join(0.2)
    took = time.monotonic() - began
    (answer,) = answers
    assert answer.status_code in (303, 400, 413), (name, answer.text)
    # The child's seconds and what is around it, on a machine that may be busy.
    print(f"{name}: {took:.1f} s, others waited {max(waits, default=0):.2f} s")
    assert took < 2 * LONGEST, (name, took)
    assert waits, name
    assert max(waits) < LONGEST, (name, waits)
    assert "root:" not in answer.text
    if answer.status_code == 303:
        shown = look(browser, answer.headers["Location"]).text
        assert "root:x:0" not in shown, name
    return answer.text


def held(before: int) -> None:
    """Whether the children ended meanwhile held no more than they may."""
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert most <= max(before, MOST_MEMORY), most


@row(
    "a letter's file is a bomb",
    peer="pypdf CVE-2026-27628, python-docx CVE-2016-5851; zip bombs",
    fired="a looped cross-reference, filters without end, a form within itself, entities in "
    "entities, a file of the server's: through the page that imports letters",
    expected="refused in 10 s and 512 MB, in a child; others' pages come meanwhile",
    goes_on="tests/cascade/intake/sources/test_sources_hostile.py::test_hostile_files "
    "tests/faults/test_holes_long.py::test_a_bomb_as_a_letter_leaves_the_pages_up",
)
def a_letter_that_is_a_bomb(hall: Hall) -> None:
    named(hall.office)
    browser = hall.enter("p.reg")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    quick = {
        "xref-self.pdf": pdf({1: "<</Type/Catalog/Pages 1 0 R>>"}, tail="/Prev AT"),
        "laughs.docx": word(DOCTYPES["laughs"] + body(line("&x;"))),
        "xxe-file.docx": word(DOCTYPES["xxe-file"] + body(line("&x;"))),
        "pixels.pdf": pixels(),
    }
    for name, content in quick.items():
        drop(hall, browser, "/letters/import", "file", name, content)
    held(before)


@row(
    "a sheet is a bomb",
    peer="openpyxl CVE-2017-5992; zip bombs",
    fired="entities in entities, a file of the server's, cells in the last column and row: through "
    "the page that imports sheets",
    expected="refused or read in part, in 10 s and 512 MB; others' pages come meanwhile",
    goes_on="tests/faults/test_holes_long.py::test_a_bomb_as_a_sheet_leaves_the_pages_up",
)
def a_sheet_that_is_a_bomb(hall: Hall) -> None:
    browser = hall.admin()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for at, (name, content) in enumerate(books()):
        if at == 4:
            break
        drop(hall, browser, "/admin/import", "sheets", name, content)
    held(before)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - mine
    assert grown < 100 * 1024, f"{grown} KiB in the process of the pages"
