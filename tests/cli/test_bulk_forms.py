"""A folder of letters as offices keep them: Word, PDF, mail and text beside one another."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.cascade.intake.composing import Composed, letters
from tests.cascade.intake.sources.letterfiles import as_docx, as_pdf
from tests.cli.console import Console
from tests.cli.letters import letter as plain
from tests.cli.test_bad_input import BAD_INPUT, REFUSED, refuses
from tests.cli.test_bulk_commands import at_terminal

HEAD = ("kind", "number", "symbol", "dated", "place", "subject", "signer", "signer_capacity")
EACH = 4  # letters of each form


def composed(count: int) -> list[Composed]:
    """Composed letters, no two of one identity, long enough to be told apart by their text."""
    found: dict[tuple[str, ...], Composed] = {}

    @settings(
        max_examples=8 * count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(letters())
    def collect(letter: Composed) -> None:
        head = letter.head
        text = re.sub(r"\n{3,}", "\n\n", letter.text)  # the blocks a Word file is set from
        identity = head["issuer"], head["number"], head["symbol"], head["dated"]
        found[identity] = replace(letter, text=text)

    collect()
    return [letter for letter in found.values() if len(letter.text) > 900][-count:]


def word(text: str, *, numbered: bool = False) -> bytes:
    """A Word file in which the lines of a title stay together."""
    return as_docx(text, numbered=numbered, spaced=False)


def mailed(name: str, content: bytes) -> bytes:
    """A mail with a letter attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "vt@xa.vn", "vt@tinh.vn", "Công văn"
    mail.set_content("Gửi kèm công văn.")
    mail.add_attachment(content, maintype="application", subtype="x", filename=name)
    return mail.as_bytes()


def mail_text(text: str) -> bytes:
    """A mail that is the letter itself."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "vt@xa.vn", "vt@tinh.vn", "Công văn"
    mail.set_content(text)
    return mail.as_bytes()


FORMS: dict[str, Callable[[str], bytes]] = {
    "txt": lambda text: text.encode(),
    "docx": lambda text: word(text),
    "numbered.docx": lambda text: word(text, numbered=True),
    "pdf": as_pdf,
    "attached-docx.eml": lambda text: mailed("cong-van.docx", word(text)),
    "attached-pdf.eml": lambda text: mailed("cong-van.pdf", as_pdf(text)),
    "body.eml": mail_text,
}


def office(console: Console, issuers: set[str]) -> None:
    """A register in which one desk registers for every body that issues a composed letter."""
    lists = {
        "levels.csv": ["code,name_vi,name_en,rank,duty", "commune,Xã,Commune,1,obligation"],
        "units.csv": ["code,name,short_name,name_en,parent,level,valid_from,valid_to,aliases"],
        "people.csv": ["login,name,unit,role,valid_from,valid_to"],
    }
    for at, name in enumerate(sorted(issuers)):
        lists["units.csv"].append(f"U{at},{name},{name},,,commune,2016-07-01,,")
        lists["people.csv"].append(f"desk,Desk,U{at},registrar,2016-07-01,")
    console.ok("init")
    paths = [console.write(name, "\n".join(lines) + "\n") for name, lines in lists.items()]
    console.ok("units", "import", *paths)


def spoilt(content: bytes) -> bytes:
    """A PDF of which the second half of the last page's packed content is overwritten."""
    page: Any = pypdf.PdfReader(io.BytesIO(content)).pages[-1]
    data = page["/Contents"].get_object()._data
    half = len(data) // 2
    return content.replace(data, data[:half] + b"\xa5" * (len(data) - half))


def test_a_folder_of_word_pdf_mail_and_text_is_registered(bare: Console) -> None:
    *letters, last = composed(EACH * len(FORMS) + 1)
    office(bare, {letter.head["issuer"] for letter in (*letters, last)})
    inbox = bare.home.parent / "inbox"
    inbox.mkdir()
    named: dict[str, Composed] = {}
    for at, letter in enumerate(letters):
        form = list(FORMS)[at % len(FORMS)]
        name = f"{at:02}.{form}"
        (inbox / name).write_bytes(FORMS[form](letter.text))
        named[name] = letter
    (inbox / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (inbox / "damaged.pdf").write_bytes(spoilt(as_pdf(last.text)))

    args = ["letter", "import", inbox, "--yes", "--leave-unknown", "--report", "r.csv"]
    ran = bare(*args, CASCADE_USER="desk")
    assert ran.code == REFUSED, ran
    with (bare.home.parent / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {Path(row["file"]).name: row for row in csv.DictReader(file)}
    whys = {name: row["why"] for name, row in rows.items() if row["why"]}
    assert set(whys) == {"picture.png", "damaged.pdf"}, whys
    assert "text is missing" in whys["damaged.pdf"]
    assert Counter(row["result"] for row in rows.values()) == {
        "registered": len(letters),
        "needs a person": 2,
    }
    for name, letter in named.items():
        shown = bare.ok("letter", "show", rows[name]["letter"], "--json").json
        assert shown["file_name"] == name
        assert {key: shown[key] for key in HEAD} == {key: letter.head[key] for key in HEAD}, name
        assert len(shown["points"]) >= len(letter.points)
        assert len(shown["cites"]) == len(letter.citations)
    bare.ok("verify")

    again = bare(*args, CASCADE_USER="desk")
    assert f"Registered 0; on file already {len(letters)}; need a person 2." in again.out


@pytest.fixture
def damaged(console: Console) -> Path:
    """A letter whose last page is damaged, in Word's stead as PDF."""
    said = "Ủy ban nhân dân xã yêu cầu kiểm tra đê, kè, cống trước mùa mưa bão, báo cáo kết quả. "
    text = plain("8", body="XÃ KHÔNG CÓ TRONG SỔ", text=20 * said)
    path = console.home.parent / "damaged.pdf"
    path.write_bytes(spoilt(as_pdf(text)))
    return path


def test_a_letter_with_text_missing_is_not_registered_unseen(
    console: Console, damaged: Path
) -> None:
    args = ["letter", "import", damaged, "--yes"]
    refuses(console, args, BAD_INPUT, "of 1 could be read only in part; text is missing", "paper")
    told = console.ok("letter", "read", damaged).out
    assert "Note: page 1 of 1 could be read only in part; text is missing" in told
    read = console.ok("letter", "read", damaged, "--json").json
    assert "page 1 of 1 could be read only in part; text is missing" in read["missing"]
    assert "page 1 of 1 could be read only in part; text is missing" in read["notes"]


def test_somebody_who_confirms_it_is_told_what_is_missing(console: Console, damaged: Path) -> None:
    answers = ["0"]  # its issuer is none of the units proposed, so nothing is registered
    said = at_terminal(console, answers, "letter", "import", damaged)
    assert "page 1 of 1 could be read only in part; text is missing" in said
