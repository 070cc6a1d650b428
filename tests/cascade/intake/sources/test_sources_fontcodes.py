"""Letters typed with the fonts of the nineties come out in Unicode, every letter of them."""

from __future__ import annotations

import unicodedata

import docx
import pytest
from docx.oxml.ns import qn

from cascade.errors import UnreadableLetterError
from cascade.intake import as_labels, read_text
from cascade.intake.sources import load_bytes
from cascade.intake.sources.fontcodes import FontCode, font_code, from_code, from_font
from tests.cascade.intake.sources.letterfiles import LETTERS, as_docx, parts_of, saved

SMALL = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
# The charts as published, in the order of SMALL.
CHART_TCVN3 = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ®"
_VNI_TYPED = (
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä eø eû eõ eù eï eâ eà eå eã eá eä"
    " ì æ ó í ò oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï"
    " uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î ñ"
)
CHART_VNI = _VNI_TYPED.split()
MOTTO = "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc"
MOTTO_IN: dict[FontCode, str] = {
    "TCVN3": "Céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc",
    "VNI": "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc",
}
CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))
TCVN3 = dict(zip(SMALL, CHART_TCVN3, strict=True)) | CAPITALS
VNI = dict(zip(SMALL, CHART_VNI, strict=True))
VNI |= {small.upper(): typed.upper() for small, typed in VNI.items()}


def typed(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)


@pytest.mark.parametrize("char", SMALL)
def test_every_letter_in_both_cases(char: str) -> None:
    assert from_font(TCVN3[char], ".VnTime") == char
    assert from_font(TCVN3[char], ".VnTimeH") == char.upper()
    assert from_font(VNI[char], "VNI-Times") == char
    assert from_font(VNI[char.upper()], "VNI-Times") == char.upper()
    # A capital may be typed with the small sign.
    if len(VNI[char]) == 2:
        assert from_font(VNI[char][0].upper() + VNI[char][1], "VNI-Times") == char.upper()


@pytest.mark.parametrize("char", CAPITALS)
def test_the_capitals_tcvn3_has(char: str) -> None:
    assert from_font(CAPITALS[char], ".VnArial") == char


@pytest.mark.parametrize("code", MOTTO_IN)
def test_text_from_life(code: FontCode) -> None:
    assert from_code(MOTTO_IN[code], code) == MOTTO
    private = "".join(chr(0xF000 + ord(c)) if ord(c) > 160 else c for c in MOTTO_IN[code])
    assert from_code(private, code) == MOTTO


@pytest.mark.parametrize(
    ("font", "code"),
    [
        (".VnTime", "TCVN3"),
        (".VnArial NarrowH", "TCVN3"),
        (".Vn3DH", "TCVN3"),
        ("VnTime", "TCVN3"),
        ("ABCDEF+.VnTimeH,Bold", "TCVN3"),
        ("VNI-Times", "VNI"),
        ("VNI Helve", "VNI"),
        ("Times New Roman", None),
        ("Vnesa", None),
        ("", None),
        (None, None),
    ],
)
def test_fonts_tell_the_code(font: str | None, code: str | None) -> None:
    assert font_code(font) == code


def test_a_tcvn3_letter_set_in_two_fonts_reads_like_the_original() -> None:
    text = LETTERS[0].read_text("utf-8")
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name = ".VnTime"
    normal.paragraph_format.space_after = 0
    parts = parts_of(text)
    for block in (
        parts.head_left,
        parts.head_right,
        *parts.body,
        parts.foot_left,
        parts.foot_right,
    ):
        for line in block:
            capitals = line.isupper()
            run = document.add_paragraph().add_run(typed(line.lower() if capitals else line, TCVN3))
            if capitals:
                run.font.name = ".VnTimeH"
        document.add_paragraph()
    source = load_bytes(saved(document), "cu.docx")
    assert source.notes == ("converted from TCVN3",)
    found, wanted = as_labels(read_text(source.text)), as_labels(read_text(text))
    assert {**found, "spans": 0} == {**wanted, "spans": 0}


def test_a_vni_letter_reads_like_the_original() -> None:
    text = LETTERS[0].read_text("utf-8")
    source = load_bytes(as_docx(typed_vni(text), font="VNI-Times"), "cu.docx")
    assert source.notes == ("converted from VNI",)
    found, wanted = as_labels(read_text(source.text)), as_labels(read_text(text))
    assert {**found, "spans": 0} == {**wanted, "spans": 0}


def typed_vni(text: str) -> str:
    # The helper that sets letters looks for these words; digits and Latin letters stay as typed.
    keep = ("ngày", "tháng", "Nơi nhận")
    for at, word in enumerate(keep):
        text = text.replace(word, f"\ue000{at}")
    text = typed(text, VNI)
    for at, word in enumerate(keep):
        text = text.replace(f"\ue000{at}", word)
    return text


def test_runs_of_one_paragraph_may_mix_fonts_and_split_a_letter() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text, font in [
        ("Ñ", "VNI-Times"),
        ("o", "VNI-Times"),
        ("äc laäp ", "VNI-Times"),
        ("- Tự do - ", "Times New Roman"),
        ("h¹nh phóc", ".VnTimeH"),
    ]:
        paragraph.add_run(text).font.name = font
    soft = document.add_paragraph().add_run("th")
    soft.font.name = ".VnTime"
    soft._r.append(soft._r.makeelement(qn("w:softHyphen"), {}))
    source = load_bytes(saved(document), "a.docx")
    assert source.text.split() == ["Độc", "lập", "-", "Tự", "do", "-", "HẠNH", "PHÚC", "thư"]


@pytest.mark.parametrize(
    ("encoded", "told"),
    [
        (LETTERS[0].read_text("utf-8").encode("cp1258", "replace"), None),
        (typed(LETTERS[0].read_text("utf-8").lower(), TCVN3).encode("latin-1"), "TCVN3"),
        (typed(LETTERS[0].read_text("utf-8").lower(), TCVN3).encode("utf-8"), "TCVN3"),
        (typed(LETTERS[0].read_text("utf-8"), VNI).encode("latin-1"), "VNI"),
    ],
)
def test_plain_text_in_an_old_code_is_converted_only_when_certain(
    encoded: bytes, told: str | None
) -> None:
    if told is None:
        # Letters that the code lacks are gone: that is not certain.
        with pytest.raises(UnreadableLetterError, match="not UTF-8"):
            load_bytes(encoded, "a.txt")
        return
    source = load_bytes(encoded, "a.txt")
    assert source.notes[0].startswith(f"converted from {told}")
    assert "thực hiện" in source.text.lower()


def test_windows_1258_is_converted() -> None:
    text = LETTERS[0].read_text("utf-8")
    source = load_bytes(in_1258(text), "a.txt")
    assert source.notes == ("converted from Windows-1258",)
    assert source.text == text


def in_1258(text: str) -> bytes:
    """Windows-1258 keeps the letter and sets the tone behind it."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", char)
            tone = next(c for c in apart if c in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", apart.replace(tone, ""))
            out += (base + tone).encode("cp1258")
    return out


@pytest.mark.parametrize(
    "content",
    [
        "Đây là công văn".encode("cp1258", "replace"),
        "Les élèves de l'école déjà fêtée à Noël où brûle la forêt. ".encode("latin-1") * 20,
        "Straße, Größe, Übung, Bär, Müll, können, dürfen, größer. ".encode("latin-1") * 20,
    ],
)
def test_what_is_not_surely_vietnamese_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableLetterError) as refused:
        load_bytes(content, "a.txt")
    assert refused.value.remedy
