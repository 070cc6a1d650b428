"""What Word shows and does not show: numbers, boxes, notes, tracked changes, tables."""

from __future__ import annotations

import io
import warnings
import zipfile
from time import process_time

import docx
import pytest

from cascade.errors import SecrecyMarkError, UnreadableLetterError
from cascade.intake import read_text
from cascade.intake.sources import load_bytes
from cascade.intake.sources.docxnumbers import written
from cascade.intake.sources.formats import read
from cascade.intake.sources.limits import PART_BYTES, ZIP_PARTS
from tests.cascade.intake.sources.hostilefiles import DOCTYPES, W, body, line, word, zipped
from tests.cascade.intake.sources.letterfiles import LETTERS, as_docx, columns, fill, saved


def text_of(content: bytes) -> str:
    return load_bytes(content, "a.docx").text


def item(level: int, number: int, text: str) -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        f"</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )


LEVELS = (
    ("upperRoman", "%1."),
    ("decimal", "%2."),
    ("decimal", "%2.%3."),
    ("lowerLetter", "%4)"),
    ("lowerRoman", "(%5)"),
    ("bullet", "\uf0b7"),
    ("bullet", "+"),
    ("decimalZero", "%8/"),
    ("none", ""),
)
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="4">'
    + "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for i, (form, pattern) in enumerate(LEVELS)
    )
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="1">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
)


def test_list_numbers_are_rebuilt() -> None:
    told = [
        (0, 1, "I."),
        (1, 1, "1."),
        (2, 1, "1.1."),
        (2, 1, "1.2."),
        (3, 1, "a)"),
        (3, 1, "b)"),
        (4, 1, "(i)"),
        (5, 1, "-"),
        (6, 1, "+"),
        (7, 1, "01/"),
        (8, 1, ""),
        (1, 1, "2."),
        (2, 1, "2.1."),
        (0, 1, "II."),
        (1, 1, "1."),
        (1, 2, "5."),
        (1, 2, "6."),
        (1, 1, "7."),
        (1, 0, ""),
        (1, 9, ""),
    ]
    document = body("".join(item(level, number, "x") for level, number, _ in told))
    lines = text_of(word(document, numbering=NUMBERING)).split("\n")
    assert lines == [f"{mark} x".strip() for _, _, mark in told]


def test_a_number_may_come_from_the_style() -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    point = '<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    found = text_of(word(body(point * 2), numbering=NUMBERING, styles=styles))
    assert found == "1. x\n2. x"


@pytest.mark.parametrize(
    ("number", "form", "told"),
    [
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (26, "lowerLetter", "z"),
        (28, "lowerLetter", "bb"),
        (3, "upperLetter", "C"),
        (7, "decimalZero", "07"),
        (5, "chicago", "5"),
        (0, "lowerLetter", "0"),
        (10**12, "decimal", "9999"),
    ],
)
def test_numbers_are_written_as_their_list_wants(number: int, form: str, told: str) -> None:
    assert written(number, form) == told


def test_tracked_changes_are_taken_as_accepted() -> None:
    document = body(
        "<w:p><w:r><w:t>Trước ngày </w:t></w:r><w:del><w:r><w:delText>20/9</w:delText>"
        "<w:t>20/9</w:t></w:r></w:del><w:ins><w:r><w:t>25/9</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t> cũ</w:t></w:r></w:moveFrom></w:p>"
    )
    source = load_bytes(word(document), "a.docx")
    assert source.text == "Trước ngày 25/9"
    assert source.notes == ("tracked deletions left out",)


def test_what_word_does_not_show_is_left_out() -> None:
    document = body(
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
        "<w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>b</w:t></w:r>"
        '<w:r><w:rPr><w:caps/></w:rPr><w:t>ủy</w:t></w:r><w:r><w:rPr><w:caps w:val="0"/></w:rPr>'
        "<w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r><w:r><w:object>"
        "<w:t>o</w:t></w:object></w:r></w:p>"
    )
    source = load_bytes(word(document), "a.docx")
    assert source.text == "abỦY\tc-d"
    assert set(source.notes) == {"hidden text left out", "embedded objects left out"}


def test_text_boxes_and_content_controls_are_read_once() -> None:
    box = f"<w:txbxContent>{line('HỎA TỐC')}</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    document = body(
        f"<w:p><w:r><w:t>một</w:t><mc:AlternateContent {mc}><mc:Choice><w:drawing>{box}</w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        f"</w:p><w:sdt><w:sdtContent>{line('hai')}</w:sdtContent></w:sdt>"
    )
    assert text_of(word(document)).split() == ["một", "HỎA", "TỐC", "hai"]


def test_footnotes_stand_at_the_end() -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator">{line("---")}</w:footnote>'
        f'<w:footnote w:id="1">{line("Công văn số 12/UBND-NN.")}</w:footnote></w:footnotes>'
    )
    found = text_of(word(body(line("Thân bài.")), footnotes=notes))
    assert found == "Thân bài.\n\n\n[1] Công văn số 12/UBND-NN."


def test_headers_are_left_out_but_not_a_secrecy_mark() -> None:
    letter = LETTERS[0].read_text("utf-8")
    for text, secret in [("Trang 1", False), ("MẬT", True), ("Độ mật: TỐI MẬT", False)]:
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = text
        for paragraph in letter.split("\n"):
            document.add_paragraph(paragraph)
        source = load_bytes(saved(document), "a.docx")
        assert "headers and footers left out" in source.notes
        assert "Trang 1" not in source.text
        if secret:
            with pytest.raises(SecrecyMarkError):
                read_text(source.text)


def test_data_tables_are_read_across_and_heads_down() -> None:
    document = docx.Document()
    columns(document, ["ỦY BAN NHÂN DÂN", "TỈNH LAM GIANG"], ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
    table = document.add_table(rows=0, cols=3)
    for row in (["STT", "Nhiệm vụ", "Đơn vị"], ["1", "Rà soát\nhồ đập", "Sở\tNông nghiệp"]):
        cells = table.add_row().cells
        for cell, content in zip(cells, row, strict=True):
            fill(cell, content.split("\n"))
    inner = table.rows[1].cells[2].add_table(rows=1, cols=1)
    inner.rows[0].cells[0].text = "(bên trong)"
    assert text_of(saved(document)).strip().split("\n") == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH LAM GIANG",
        "",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "",
        "",
        "STT\tNhiệm vụ\tĐơn vị",
        "1\tRà soát hồ đập\tSở Nông nghiệp (bên trong)",
    ]


def test_space_between_paragraphs_is_an_empty_line() -> None:
    styles = (
        f'<w:styles {W}><w:docDefaults><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults></w:styles>"
    )
    tight = '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:t>y</w:t></w:r></w:p>'
    assert text_of(word(body(line("x") * 2 + tight * 2), styles=styles)) == "x\n\nx\n\ny\ny"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("xl/workbook.xml", "Excel"),
        ("ppt/presentation.xml", "slide show"),
        ("mimetype", "OpenDocument"),
        ("a.txt", "archive"),
    ],
)
def test_other_zipped_files_are_named(part: str, told: str) -> None:
    with pytest.raises(UnreadableLetterError, match=told) as refused:
        load_bytes(zipped({part: "x"}), "a")
    assert refused.value.where == "a"
    assert refused.value.remedy


@pytest.mark.parametrize("kind", DOCTYPES)
def test_a_document_type_is_refused_before_anything_is_expanded(kind: str) -> None:
    attack = DOCTYPES[kind] + body(line("&x;"))
    for document in (attack, attack.encode("utf-16")):
        with pytest.raises(UnreadableLetterError, match="declares a document type"):
            load_bytes(word(document), "a.docx")


def test_a_bomb_is_refused_by_its_size() -> None:
    bomb = word(body(line("x") + " " * (PART_BYTES + 1)))
    with pytest.raises(UnreadableLetterError, match="too large"):
        load_bytes(bomb, "a.docx")
    parts: dict[str, str | bytes] = {f"p{i}": "" for i in range(ZIP_PARTS + 1)}
    with pytest.raises(UnreadableLetterError, match="parts"):
        load_bytes(zipped(parts), "a.docx")


def test_two_parts_of_one_name_are_refused() -> None:
    stream = io.BytesIO(word(body(line("x"))))
    with zipfile.ZipFile(stream, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", body(line("y")))
    with pytest.raises(UnreadableLetterError, match="same name"):
        load_bytes(stream.getvalue(), "a.docx")


def test_five_megabytes_are_read_in_two_seconds() -> None:
    content = word(body(line("Ủy ban nhân dân các xã tổ chức trực ban. " * 20) * 6_500))
    start = process_time()
    assert len(read(content, "a.docx").text.encode()) > 5_000_000
    assert process_time() - start < 2


def test_numbered_points_are_the_points_of_the_text() -> None:
    text = LETTERS[0].read_text("utf-8")
    source = load_bytes(as_docx(text, numbered=True), "a.docx")
    assert [point.no for point in read_text(source.text).points] == [
        point.no for point in read_text(text).points
    ]
