"""PNG and PDF bear Vietnamese letters, without any font of the machine."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest

from cascade.drawing import typeset
from cascade.drawing.picture import Picture
from cascade.drawing.render import render

MakeTree = Callable[..., Picture]


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Give width, height and the filtered rows, enough to compare drawings."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return width, height, zlib.decompress(data)


def titled(title: str) -> Picture:
    return Picture(title, (), (), "vi", "")


def test_only_the_bundled_fonts_are_used() -> None:
    families = typeset._fonts().families()
    assert "Be Vietnam Pro" in families
    assert {font.weight for font in typeset._fonts().fonts() if font.path} == {400, 600}


def test_letters_that_differ_by_a_mark_are_drawn_differently() -> None:
    # Were a glyph missing, each would be the same empty box.
    bold = {render(titled(letter), "png") for letter in "ễỗậệửựđỵỦẶ"}
    regular = {render(Picture("", (), (), "vi", letter), "png") for letter in "ễỗậệửựđỵỦẶ"}
    assert len(bold | regular) == 20


def test_a_png_is_not_blank_and_two_pixels_to_a_px(storm: Picture) -> None:
    width, height, rows = pixels(render(storm, "png"))
    assert len(set(rows)) > 50
    svg = render(storm, "svg").split(b"viewBox", 1)[0]
    assert f'width="{width / 2:.0f}'.encode()[:9] in svg
    assert width > 900
    assert height > 300


def test_two_names_give_two_pngs(storm: Picture) -> None:
    other = replace(storm, title="Ứng phó bão số 13")
    assert pixels(render(storm, "png")) != pixels(render(other, "png"))


@pytest.mark.parametrize("limit", [300, 0], ids=["graphviz", "linear"])
def test_the_words_of_a_pdf_can_be_found(storm: Picture, limit: int) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(storm, "pdf", limit=limit)))
    (page,) = reader.pages
    text = page.extract_text()
    words = ["Ứng phó bão số 12", "Ủy ban nhân dân huyện Thạch An", "quá hạn 4 ngày", "Quảng Hòa"]
    assert [word for word in words if word not in text] == []
    resources = page["/Resources"].get_object()
    assert isinstance(resources, pypdf.generic.DictionaryObject)
    fonts = str([font.get_object()["/BaseFont"] for font in resources["/Font"].values()])  # type: ignore[attr-defined]
    assert "BeVietnamPro-Regular" in fonts
    assert "BeVietnamPro-SemiBold" in fonts
    assert reader.metadata is not None
    assert reader.metadata.title == "Ứng phó bão số 12"
    assert reader.trailer["/Root"]["/Lang"] == "vi"  # type: ignore[index]


def test_a_pdf_is_as_large_as_its_drawing(storm: Picture) -> None:
    page = pypdf.PdfReader(io.BytesIO(render(storm, "pdf"))).pages[0]
    assert f'width="{float(page.mediabox.width):.1f}'.removesuffix(".0").encode() in render(
        storm, "svg"
    )


def test_hostile_text_reaches_neither_markup_nor_a_crash(hostile: Picture) -> None:
    markup = '#let x = 1 #panic() $x$ *b* @a <b> "] #sys.inputs \\'
    nodes = (replace(hostile.nodes[0], lines=(markup, "漢 😀")),)
    picture = Picture(markup, nodes, (), '#"', markup)
    page = pypdf.PdfReader(io.BytesIO(render(picture, "pdf"))).pages[0]
    assert page.extract_text().count("#let x = 1 #panic() $x$ *b* @a <b>") == 3
    assert "/Annots" not in page
    assert render(hostile, "png", timeout=20).startswith(b"\x89PNG")
    assert render(hostile, "pdf", timeout=20).startswith(b"%PDF-")


def test_a_huge_drawing_shrinks_to_what_programs_open(
    make_tree: MakeTree, caplog: pytest.LogCaptureFixture
) -> None:
    picture = make_tree(1_500, 30)
    with caplog.at_level(logging.WARNING):
        width, height, _ = pixels(render(picture, "png"))
    assert height <= typeset.LONGEST_ROW + 1
    assert width * height <= typeset.MOST_PIXELS * 1.01
    page = pypdf.PdfReader(io.BytesIO(render(picture, "pdf"))).pages[0]
    assert float(page.mediabox.height) <= typeset.LONGEST_PAGE + 1
