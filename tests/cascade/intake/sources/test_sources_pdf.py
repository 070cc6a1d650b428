"""PDFs: columns, paragraphs, pages, turned sheets, scans, passwords, damage."""

from __future__ import annotations

import io
from time import process_time
from typing import Any

import pypdf
import pytest

from cascade.errors import UnreadableLetterError
from cascade.intake import as_labels, read_text
from cascade.intake.sources import load_bytes
from cascade.intake.sources.formats import read
from cascade.intake.sources.limits import PDF_PAGES
from cascade.intake.sources.pdf import _by_pypdf
from tests.cascade.intake.sources.hostilefiles import one_page, stream
from tests.cascade.intake.sources.letterfiles import LETTERS, as_pdf, set_type

LETTER = LETTERS[0].read_text("utf-8")
LONG = (
    '#set page(paper: "a4")\n#set text(font: "Be Vietnam Pro", size: 11pt)\n'
    "#for i in range(int(sys.inputs.pages)) [#par(justify: true, sys.inputs.text) #pagebreak()]"
)


def show(*placed: tuple[int, int, str]) -> bytes:
    lines = (f"BT /F 12 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in placed)
    return stream("".join(lines).encode())


def locked(content: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        writer.add_page(page)
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_columns_stay_apart_and_paragraphs_too() -> None:
    content = one_page(
        show(
            (50, 780, "SO Y TE"),
            (300, 780, "CONG HOA XA HOI"),
            (50, 740, "The first line of a paragraph that is long"),
            (50, 726, "and its second line."),
            (50, 704, "Another paragraph."),
            (290, 20, "7"),
        )
    )
    source = load_bytes(content, "a.pdf")
    assert source.text.split("\n") == [
        "SO Y TE    CONG HOA XA HOI",
        "",
        "The first line of a paragraph that is long",
        "and its second line.",
        "",
        "Another paragraph.",
    ]
    assert source.notes == ("page numbers left out",)


def test_the_foot_is_read_down_its_columns() -> None:
    content = one_page(
        show(
            (50, 780, "Kinh gui: cac xa va phuong trong huyen"),
            (320, 205, "KT. CHU TICH"),
            (50, 200, "Noi nhan:"),
            (320, 191, "PHO CHU TICH"),
            (50, 188, "- Nhu tren,"),
            (50, 176, "- Luu VT."),
            (320, 120, "Le Van An"),
        )
    )
    found = [line for line in load_bytes(content, "a.pdf").text.split("\n") if line]
    assert found[1:] == [
        "Noi nhan:",
        "- Nhu tren,",
        "- Luu VT.",
        "KT. CHU TICH",
        "PHO CHU TICH",
        "Le Van An",
    ]


def test_bold_by_printing_twice_is_read_once() -> None:
    twice = [(50, 700, "UBND huyen yeu cau"), (50, 700, "UBND huyen yeu cau")]
    content = one_page(show(*twice, (50, 680, "Phong Giao duc bao cao")))
    assert "yeu yeu" not in load_bytes(content, "a.pdf").text


@pytest.mark.parametrize("shown", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_may_lie_on_any_side(turn: int, shown: int) -> None:
    writer = pypdf.PdfWriter()
    page = writer.add_page(pypdf.PdfReader(io.BytesIO(as_pdf(LETTER))).pages[0])
    page.add_transformation(pypdf.Transformation().rotate(turn))
    page.mediabox = pypdf.generic.RectangleObject((-850, -850, 850, 850))
    page.cropbox = page.mediabox
    page.rotate(shown)
    out = io.BytesIO()
    writer.write(out)
    upright = load_bytes(as_pdf(LETTER), "a.pdf")
    assert load_bytes(out.getvalue(), "a.pdf").text == upright.text[: upright.pages[1] - 1]


def test_pages_say_where_they_begin() -> None:
    source = load_bytes(set_type(LONG, pages="3", text="Trang có chữ. " * 40), "a.pdf")
    assert len(source.pages) == 4  # the last one is empty
    assert source.pages[0] == 0
    for at in source.pages[1:3]:
        assert source.text[at - 1] == "\n"
        assert source.text[at:].startswith("Trang có chữ.")


def test_long_pdfs_are_cut_with_a_note_and_read_fast() -> None:
    text = " ".join(part for part in LETTER.split("\n\n") if len(part) > 200) * 3
    content = set_type(LONG, pages="200", text=text)
    start = process_time()
    found = read(content, "a.pdf")
    assert (len(found.pages), len(found.text) > 200 * 1_500) == (201, True)
    assert process_time() - start < 2
    long = one_page(show((50, 700, "Mot trang")))
    kids = long.replace(b"[3 0 R]/Count 1", b"[%s]/Count 700" % (b"3 0 R " * 700))
    source = load_bytes(kids, "a.pdf")
    assert len(source.pages) == PDF_PAGES
    assert f"only the first {PDF_PAGES} of 700 pages were read" in source.notes


def test_passwords_are_named() -> None:
    with pytest.raises(UnreadableLetterError, match="password") as refused:
        load_bytes(locked(as_pdf(LETTER), "mật khẩu"), "a.pdf")
    assert "without one" in refused.value.remedy


def test_a_pdf_anybody_may_open_is_read() -> None:
    assert "3158/UBND-NN" in load_bytes(locked(as_pdf(LETTER), ""), "a.pdf").text


IMAGE = stream(
    b"\xff" * 4,
    "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
)


@pytest.mark.parametrize(
    "drawn",
    [
        b"q 595 0 0 842 0 0 cm /X Do Q",
        b"q 595 0 0 842 0 0 cm /X Do Q BT /F 9 Tf 400 800 Td (Ky boi: Van phong UBND tinh,"
        b" ngay 12.09.2024 08:15:00 +07:00) Tj ET",
        b"",
    ],
    ids=["picture", "picture with a stamp", "empty page"],
)
def test_a_scan_asks_for_text_recognition(drawn: bytes) -> None:
    with pytest.raises(UnreadableLetterError, match="OCR") as refused:
        load_bytes(one_page(stream(drawn), o6=IMAGE), "scan.pdf")
    assert "OCR" in refused.value.remedy


def test_the_fallback_keeps_the_columns_of_a_head() -> None:
    notes: list[str] = []
    pages = _by_pypdf(as_pdf(LETTER), "a.pdf", notes, set())
    found = as_labels(read_text("\n".join(pages)))
    wanted = as_labels(read_text(LETTER))
    for name in ("number", "symbol", "date", "issuer", "kind"):
        assert found[name] == wanted[name]
    assert notes == ["the PDF is damaged; check the text against it"]


# -- damage --------------------------------------------------------------------------------

TWO_PAGES = as_pdf(LETTER)


def packed(content: bytes, page: int, name: str = "/Contents") -> tuple[int, int]:
    """Where a page's packed content (or its first font's table of letters) begins and ends."""
    found: Any = pypdf.PdfReader(io.BytesIO(content)).pages[page]
    stream = found["/Contents"]
    if name == "/ToUnicode":
        fonts = found["/Resources"]["/Font"]
        stream = next(iter(fonts.values())).get_object()[name]
    data = stream.get_object()._data
    at = content.index(data)
    return at, at + len(data)


def spoilt(content: bytes, page: int, share: float = 0.5, name: str = "/Contents") -> bytes:
    """A PDF of which one stream is overwritten from a share of it on."""
    start, end = packed(content, page, name)
    middle = start + int((end - start) * share)
    return content[:middle] + b"\xa5" * (end - middle) + content[end:]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (spoilt(TWO_PAGES, 1), "page 2 of 2 could be read only in part; text is missing"),
        (spoilt(TWO_PAGES, 0), "page 1 of 2 could be read only in part; text is missing"),
        (spoilt(TWO_PAGES, 1, 0), "page 2 of 2 could not be read; text is missing"),
        (
            spoilt(TWO_PAGES, 0, 0.3, "/ToUnicode"),
            "pages 1, 2 of 2 could be read only in part; text is missing",
        ),
    ],
    ids=["the end", "the beginning", "a page", "a font"],
)
def test_a_page_whose_content_is_damaged_is_told(content: bytes, told: str) -> None:
    source = load_bytes(content, "a.pdf")
    assert source.missing
    assert any(told in one for one in source.missing), source.missing
    assert set(source.missing) <= set(source.notes)


def test_a_page_whose_content_is_not_there_is_told() -> None:
    content = set_type(LONG, pages="3", text="Trang có chữ. " * 40)
    reader = pypdf.PdfReader(io.BytesIO(content))
    lost = reader.pages[1].raw_get("/Contents").idnum
    broken = content.replace(b"\n%d 0 obj" % lost, b"\n%d 0 obj" % 9999)
    source = load_bytes(broken, "a.pdf")
    assert source.missing == ("page 2 of 4 could not be read; text is missing",)
    assert "Trang có chữ." in source.text


def test_damage_that_costs_no_text_is_not_told() -> None:
    for content in (
        TWO_PAGES,
        locked(TWO_PAGES, ""),
        set_type(LONG, pages="3", text="Có chữ ở đây. " * 9),
    ):
        assert load_bytes(content, "a.pdf").missing == ()


def test_a_pdf_of_which_nothing_is_left_is_refused_as_damaged_and_not_as_a_scan() -> None:
    with pytest.raises(UnreadableLetterError, match="nothing readable is left") as refused:
        load_bytes(spoilt(spoilt(TWO_PAGES, 0, 0), 1, 0), "a.pdf")
    assert "print it to a new PDF" in refused.value.remedy


def test_a_pdf_cut_off_within_its_pages_is_refused() -> None:
    with pytest.raises(UnreadableLetterError, match="the PDF is broken"):
        load_bytes(TWO_PAGES[: packed(TWO_PAGES, 1)[1] - 200], "a.pdf")
