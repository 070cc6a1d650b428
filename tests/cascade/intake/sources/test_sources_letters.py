"""A letter says the same whether it comes as text, as a Word file, as a PDF or by mail."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from cascade.intake import as_labels, read_text
from cascade.intake.sources import Source, load, load_bytes, load_many, pasted
from tests.cascade.intake.sources.letterfiles import LETTERS, as_docx, as_pdf

FORMS: dict[str, Callable[[str], bytes]] = {
    "docx": lambda text: as_docx(text),
    "numbered.docx": lambda text: as_docx(text, numbered=True),
    "unspaced.docx": lambda text: as_docx(text, spaced=False),
    "pdf": as_pdf,
    "txt": lambda text: text.encode("utf-16"),
}


def read(text: str) -> dict[str, Any]:
    """What a reader makes of a text, without the places."""
    labels = as_labels(read_text(text))
    return {name: value for name, value in labels.items() if name != "spans"}


@pytest.mark.parametrize("form", FORMS)
def test_every_sample_letter_reads_alike_in_every_form(tmp_path: Path, form: str) -> None:
    for letter in LETTERS:
        file = tmp_path / f"{letter.parents[1].name}.{letter.stem}.{form}"
        file.write_bytes(FORMS[form](letter.read_text("utf-8")))
    loaded = dict(load_many(sorted(tmp_path.iterdir())))
    assert len(loaded) == len(LETTERS) == 18
    for letter in LETTERS:
        source = loaded[tmp_path / f"{letter.parents[1].name}.{letter.stem}.{form}"]
        assert isinstance(source, Source), source
        assert source.media == form.rpartition(".")[2]
        assert read(source.text) == read(letter.read_text("utf-8")), letter.name


def test_a_mail_gives_its_first_attachment_that_is_a_letter() -> None:
    text = LETTERS[0].read_text("utf-8")
    letter = as_docx(text)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "vt@tinh.vn", "vt@huyen.vn", "Công văn"
    mail.set_content("Gửi kèm công văn của tỉnh.")
    for name, content in {
        "logo.png": b"\x89PNG\r\n\x1a\n",
        "ghi-chu.txt": "Chỉ là ghi chú.".encode(),
        "../cong-van.docx": letter,
        "phu-luc.pdf": as_pdf(text),
    }.items():
        mail.add_attachment(content, maintype="application", subtype="x", filename=name)
    source = load_bytes(mail.as_bytes(), "thu.eml")
    assert source.media == "eml"
    assert read(source.text) == read(text)
    names = [file.name for file in source.attachments]
    assert names == ["cong-van.docx", "logo.png", "ghi-chu.txt", "phu-luc.pdf"]
    assert source.attachments[0].content == letter
    assert any("logo.png not read" in note for note in source.notes)
    assert "the letter is the attachment cong-van.docx" in source.notes


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_mail_without_a_letter_attached_is_the_letter(subtype: str) -> None:
    text = LETTERS[1].read_text("utf-8")
    mail = EmailMessage()
    mail["From"], mail["To"] = "vt@tinh.vn", "vt@huyen.vn"
    markup = "<style>p{}</style>" + "".join(f"<div>{line}</div>" for line in text.split("\n"))
    mail.set_content(markup if subtype == "html" else text, subtype=subtype, cte="base64")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    source = load_bytes(mail.as_bytes(), "thu.eml")
    assert read(source.text)["symbol"] == "CV/TU"
    assert [file.name for file in source.attachments] == ["a.png"]


def test_a_mail_in_a_mail_gives_the_inner_letter() -> None:
    inner = EmailMessage()
    inner["From"], inner["To"] = "a@b.vn", "c@d.vn"
    inner.set_content("Kèm theo.")
    inner.add_attachment(
        as_docx(LETTERS[0].read_text("utf-8")),
        maintype="application",
        subtype="x",
        filename="cv.docx",
    )
    outer = EmailMessage()
    outer["From"], outer["To"] = "a@b.vn", "c@d.vn"
    outer.set_content("Chuyển tiếp.")
    outer.add_attachment(inner)
    source = load_bytes(outer.as_bytes(), "thu.eml")
    assert read(source.text)["symbol"] == "UBND-NN"
    assert [file.name for file in source.attachments] == ["attachment", "cv.docx"]


def test_pasted_text_is_read_as_it_is(tmp_path: Path) -> None:
    text = LETTERS[0].read_text("utf-8")
    source = pasted(text.replace("\n", "\r\n"))
    assert (source.media, source.text, source.pages) == ("pasted", text, (0,))
    file = tmp_path / "a.txt"
    file.write_text(text, "utf-8")
    assert load(file).text == text


def test_the_name_decides_nothing(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(as_docx(LETTERS[0].read_text("utf-8")))
    assert load(file).media == "docx"
