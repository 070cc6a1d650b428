"""Hostile and broken files, composed in code: what no reader of letters should fall over."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from tests.cascade.intake.sources.letterfiles import LETTERS, as_docx, as_pdf

LETTER = LETTERS[0].read_text("utf-8")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
ROOT_RELS = (
    f'<Relationships {RELS}><Relationship Id="a" Type="{REL}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
PARTS = ("styles", "numbering", "footnotes", "endnotes", "header", "footer")
DOCUMENT_RELS = "".join(
    f'<Relationship Id="{part}" Type="{REL}/{part}" Target="{part}.xml"/>' for part in PARTS
)
DOCUMENT_RELS = f"<Relationships {RELS}>{DOCUMENT_RELS}</Relationships>"
LAUGHS = '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)
)
DOCTYPES = {
    "xxe-file": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "xxe-net": '<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "xxe-parameter": '<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
    "xxe-external": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
    "laughs": f'<!DOCTYPE d [{LAUGHS}<!ENTITY x "&a11;">]>',
    "quadratic": f'<!DOCTYPE d [<!ENTITY x "{"a" * 50_000}">]>',
}


def body(inner: str) -> str:
    """A document part around a body's content."""
    return f"<w:document {W}><w:body>{inner}</w:body></w:document>"


def line(text: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(document: str | bytes, **others: str | bytes) -> bytes:
    """A bare DOCX of a document part and others by kind."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": ROOT_RELS,
        "word/_rels/document.xml.rels": DOCUMENT_RELS,
        "word/document.xml": document,
    }
    return zipped(parts | {f"word/{kind}.xml": part for kind, part in others.items()})


def pdf(objects: Mapping[int, str | bytes], trailer: str = "/Root 1 0 R", tail: str = "") -> bytes:
    """A PDF of numbered objects with a right cross-reference table."""
    out = bytearray(b"%PDF-1.5\n")
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = len(out)
        raw = content if isinstance(content, bytes) else content.encode("latin-1")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, raw)
    at = len(out)
    size = max(objects, default=0) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    out += f"trailer\n<</Size {size} {trailer}{tail.replace('AT', str(at))}>>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)


def stream(data: bytes, extra: str = "") -> bytes:
    """A stream object."""
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), extra.encode(), data)


def one_page(content: bytes, page: str = "", **extra: str | bytes) -> bytes:
    """A PDF of one page with a Helvetica font; `o7=...` adds object 7."""
    objects: dict[int, str | bytes] = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        f"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>{page}>>",
        4: content,
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    return pdf(objects | {int(key[1:]): value for key, value in extra.items()})


def hostile() -> Iterator[tuple[str, bytes]]:
    """Every hostile file with its name."""
    yield from _damaged()
    yield from _zips()
    yield from _xml()
    yield from _word()
    yield from _pdfs()
    yield from _strangers()
    yield from _texts()
    yield from _mails()


def letter_mail() -> bytes:
    """A mail whose text is the letter."""
    head = "From: a@b.vn\nTo: c@d.vn\nSubject: x\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{LETTER}".encode()


def _damaged() -> Iterator[tuple[str, bytes]]:
    dice = random.Random(7)
    whole = {"docx": as_docx(LETTER), "pdf": as_pdf(LETTER), "eml": letter_mail()}
    for kind, content in whole.items():
        for part in (1, 2, 3, 10, 25, 50, 75, 90, 99):
            yield f"cut-{part}.{kind}", content[: max(5, len(content) * part // 100)]
        for count in (1, 1, 8, 8, 64, 512):
            flipped = bytearray(content)
            for _ in range(count):
                flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
            yield f"flipped-{count}-{dice.randrange(10**6)}.{kind}", bytes(flipped)
    yield "tail-lost.docx", whole["docx"][:-30]
    yield "twice.docx", whole["docx"] * 2
    yield "twice.pdf", whole["pdf"] * 2
    yield "pdf-then-zip", whole["pdf"] + whole["docx"]
    yield "zip-then-pdf", whole["docx"] + whole["pdf"]


def _zips() -> Iterator[tuple[str, bytes]]:
    spaces = " " * 60_000_000
    bomb = word(body(line("x") + spaces))
    yield "bomb.docx", bomb
    for kind in ("styles", "numbering", "footnotes", "header"):
        yield f"bomb-{kind}.docx", word(body(line("x")), **{kind: f"<w:s {W}>{spaces}</w:s>"})
    lying = bytearray(bomb)
    at = lying.rfind(b"PK\x01\x02", 0, lying.rfind(b"word/document.xml"))
    lying[at + 24 : at + 28] = struct.pack("<I", 1000)
    yield "bomb-lying.docx", bytes(lying)
    yield "bomb-elements.docx", word(body("<w:p/>" * 6_000_000))
    yield "bomb-runs.docx", word(body("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 2_000_000 + "</w:p>"))
    yield "many-parts.docx", zipped({f"p{i}": "" for i in range(5_000)})
    yield "zip-in-zip.zip", zipped({"a.zip": zipped({"b.zip": zipped({"c": spaces})})})
    quine = zipped({"word/document.xml": zipped({"word/document.xml": body(line("x"))})})
    yield "zip-as-document.docx", quine
    locked = bytearray(word(body(line("x"))))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := locked.find(sign, at + 1)) >= 0:
            locked[at + offset] |= 1
    yield "locked.docx", bytes(locked)
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        yield f"packed-{method}.docx", zipped({"word/document.xml": body(line("x"))}, method)
    twice = word(body(line("x"))).replace(b"word/document.xml", b"word/documenu.xml")
    yield "unnamed.docx", twice.replace(b"_rels/.rels", b"word/document.xml"[:11])
    yield "climbing.docx", zipped({"../../../../tmp/x": "x", "/etc/x": "x", "c:\\x": "x"})
    yield "no-end.docx", bomb[:2000]
    huge = bytearray(word(body(line("x"))))
    huge[-12:-4] = struct.pack("<II", 0xFFFFFFFF, 0)
    yield "directory-lies.docx", bytes(huge)
    yield "only-head.docx", b"PK\x03\x04"
    yield "zeros.docx", b"PK\x03\x04" + bytes(100_000)


def _xml() -> Iterator[tuple[str, bytes]]:
    for name, doctype in DOCTYPES.items():
        attack = doctype + body(line("&x;" * (2_000 if name == "quadratic" else 1)))
        yield f"{name}.docx", word(attack)
        yield f"{name}-16.docx", word(attack.encode("utf-16"))
        for kind in ("styles", "footnotes"):
            part = f"{doctype}<w:s {W}>&x;</w:s>"
            yield f"{name}-{kind}.docx", word(body(line("x")), **{kind: part})
    many = " ".join(f'a{i}=""' for i in range(60_000))
    rels = DOCTYPES["xxe-file"] + ROOT_RELS
    yield "xxe-rels.docx", zipped({"_rels/.rels": rels, "word/document.xml": body(line("x"))})
    for name, bad in {
        "no-root": "",
        "open": f"<w:document {W}><w:body>",
        "comment": f"<!-- {'-' * 9}",
        "two-roots": body(line("x")) * 2,
        "entity": body(line("&nope;")),
        "nul": body(line("a\x00b")),
        "char-ref": body(line("&#0;")),
        "prefix": "<w:document><w:body/></w:document>",
        "other": "<html><body>x</body></html>",
        "encoding": f'<?xml version="1.0" encoding="x-none"?>{body(line("x"))}',
        "attributes": f"<w:document {W} {many}/>",
        "same-attribute": f'<w:document {W} a="" a=""/>',
        "deep": f"<w:document {W}>" + "<w:body>" * 500_000,
        "deep-closed": body("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000),
        "deep-run": body("<w:p>" + "<w:ins>" * 50_000 + "</w:ins>" * 50_000 + "</w:p>"),
        "long-name": f"<{'n' * 3_000_000}/>",
    }.items():
        yield f"xml-{name}.docx", word(bad)
    yield "xml-latin.docx", word(body(line("Ủy ban")).encode("utf-16-le"))


def _word() -> Iterator[tuple[str, bytes]]:
    table = line("x")
    for _ in range(200):
        table = f"<w:tbl><w:tr><w:tc>{table}</w:tc></w:tr></w:tbl>"
    yield "tables.docx", word(body(table))
    box = line("x")
    for _ in range(150):
        box = f"<w:p><w:r><w:txbxContent>{box}</w:txbxContent></w:r></w:p>"
    yield "boxes.docx", word(body(box))
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{i}"><w:basedOn w:val="s{(i + 1) % 4000}"/>'
        "</w:style>"
        for i in range(4000)
    )
    used = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="s{i}"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
        for i in range(0, 4000, 40)
    )
    yield "style-circle.docx", word(body(used), styles=f"<w:styles {W}>{styles}</w:styles>")
    lists = (
        '<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="a"/><w:numStyleLink w:val="a"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="999999999999"/><w:numFmt w:val="lowerRoman"/>'
        f'<w:lvlText w:val="{"%1%9" * 5000}"/></w:lvl><w:lvl w:ilvl="-7"/><w:lvl w:ilvl="x"/>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="none"/></w:num>'
    )
    items = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        "</w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
        for level in ("0", "-1", "9", "99999999999999", "٣", "")
        for number in ("1", "2", "3", "", "-1")
    )
    yield "lists.docx", word(body(items), numbering=f"<w:numbering {W}>{lists}</w:numbering>")
    yield "empty-body.docx", word(body(""))
    yield "no-body.docx", word(f"<w:document {W}/>")
    yield "picture.docx", word(body("<w:p><w:r><w:drawing><w:blip/></w:drawing></w:r></w:p>"))
    symbols = "".join(f'<w:sym w:char="{c}"/>' for c in ("D800", "0000", "zz", "F0B7", "FFFFF"))
    yield "symbols.docx", word(body(f"<w:p><w:r>{symbols}<w:t>x</w:t></w:r></w:p>"))
    yield "marks.docx", word(body(line("a" + "\u0323\u0301" * 400_000)))
    external = DOCUMENT_RELS.replace('Target="styles.xml"', 'Target="file:///etc/passwd"')
    external = external.replace('Target="header.xml"', 'Target="../../../etc/passwd"')
    parts: dict[str, str | bytes] = {
        "word/document.xml": body(line("x")),
        "word/_rels/document.xml.rels": external,
    }
    yield "external.docx", zipped(parts)
    away = ROOT_RELS.replace("word/document.xml", "http://127.0.0.1:9/d.xml")
    yield "away.docx", zipped({"_rels/.rels": away})
    rows = f"<w:tr>{'<w:tc/>' * 20_000}</w:tr>" * 20
    yield "wide.docx", word(body(f"<w:tbl>{rows}</w:tbl>{line('x')}"))


def _pdfs() -> Iterator[tuple[str, bytes]]:
    text = b"BT /F 12 Tf 50 700 Td (Kinh gui: So Y te) Tj ET\n"
    yield "xref-self.pdf", pdf(_tree(), tail="/Prev AT")
    yield "xref-far.pdf", pdf(_tree(), tail="/Prev 99999999")
    yield "xref-none.pdf", pdf(_tree()).replace(b"xref", b"yref")
    yield "xref-stream.pdf", pdf(_tree(), tail="/XRefStm AT")
    yield "header-only.pdf", b"%PDF-1.7\n"
    yield "header-late.pdf", b"\n" * 900 + pdf(_tree())
    yield "no-root.pdf", pdf(_tree(), trailer="/Root 99 0 R")
    yield "root-loop.pdf", pdf({1: "1 0 R"})
    yield "tree-loop.pdf", pdf(_tree() | {2: "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"})
    yield (
        "tree-deep.pdf",
        pdf(
            {1: "<</Type/Catalog/Pages 2 0 R>>"}
            | {i: f"<</Type/Pages/Kids[{i + 1} 0 R]/Count 1>>" for i in range(2, 5000)}
        ),
    )
    kids = "3 0 R " * 700
    yield "700-pages.pdf", pdf(_tree(text) | {2: f"<</Type/Pages/Kids[{kids}]/Count 700>>"})
    yield "count.pdf", pdf(_tree(text) | {2: "<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"})
    yield "count-negative.pdf", pdf(_tree(text) | {2: "<</Type/Pages/Kids[3 0 R]/Count -5>>"})
    flat = "/Filter/FlateDecode"
    yield "bomb.pdf", one_page(stream(zlib.compress(b"q Q " * 40_000_000, 1), flat))
    yield "bomb-text.pdf", one_page(stream(zlib.compress(text * 400_000, 1), flat))
    twice = zlib.compress(zlib.compress(bytes(100_000_000), 1))
    yield "bomb-twice.pdf", one_page(stream(twice, "/Filter[/FlateDecode/FlateDecode]"))
    many = "/Filter[" + "/FlateDecode" * 3000 + "]"
    yield "filters.pdf", one_page(stream(zlib.compress(text), many))
    yield "endless.pdf", one_page(stream(text).replace(b"/Length 4", b"/Length 999999999 /L 4"))
    yield "unended.pdf", one_page(stream(text)).replace(b"endstream", b"")
    form = stream(
        b"/X Do " * 50 + text, "/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>"
    )
    yield "form-loop.pdf", one_page(stream(b"/X Do"), o6=form)
    yield "arrays.pdf", one_page(stream(b"[" * 200_000 + text))
    yield "dicts.pdf", pdf(_tree() | {9: "<</A" * 100_000})
    yield "saves.pdf", one_page(stream(b"q " * 1_000_000 + text))
    yield "box.pdf", one_page(stream(text), page="/MediaBox[-1e38 -1e38 1e38 1e38]")
    yield "box-none.pdf", one_page(stream(text), page="/MediaBox[0 0 0 0]/Rotate 90")
    yield "rotate.pdf", one_page(stream(text), page="/Rotate 37")
    cmap = b"begincmap 1 beginbfrange <0000><ffff><0041> endbfrange " * 50_000
    font = "<</Type/Font/Subtype/Type0/BaseFont/X/ToUnicode 7 0 R/DescendantFonts[5 0 R]>>"
    yield "cmap.pdf", one_page(stream(text), o5=font, o7=stream(zlib.compress(cmap), flat))
    where = b"".join(b"BT /F 1 Tf %d %d Td (x) Tj ET\n" % (i % 600, i % 840) for i in range(30_000))
    yield "scattered.pdf", one_page(stream(where))
    same = b"BT /F 12 Tf 50 700 Td (xx) Tj ET\n" * 30_000
    yield "overprinted.pdf", one_page(stream(same))
    yield "encrypted-badly.pdf", pdf(_tree(text), tail="/Encrypt <</Filter/Standard/V 99>>")
    yield "encrypt-loop.pdf", pdf(_tree(text), tail="/Encrypt 1 0 R/ID[<00><00>]")
    yield (
        "object-stream.pdf",
        pdf(_tree() | {9: stream(b"9 0 <<>>", "/Type/ObjStm/N 1000000/First 4/Extends 9 0 R")}),
    )


def _tree(text: bytes = b"") -> dict[int, str | bytes]:
    return {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        4: stream(text),
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


def _strangers() -> Iterator[tuple[str, bytes]]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for name, begin in {
        "doc": ole + "WordDocument".encode("utf-16-le"),
        "xls": ole + "Workbook".encode("utf-16-le"),
        "locked": ole + "EncryptedPackage".encode("utf-16-le"),
        "ole": ole,
        "png": b"\x89PNG\r\n\x1a\n",
        "jpg": b"\xff\xd8\xff\xe0",
        "gif": b"GIF89a",
        "tif": b"II*\x00",
        "webp": b"RIFF\x00\x00\x00\x00WEBP",
        "heic": b"\x00\x00\x00\x18ftypheic",
        "rtf": b"{\\rtf1\\ansi",
        "html": b"<!DOCTYPE html><html><p>K\xc3\xadnh g\xe1\xbb\xadi</p>",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a/>",
        "gz": b"\x1f\x8b\x08",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "rar": b"Rar!\x1a\x07",
        "tar": b"x" + bytes(256) + b"ustar",
        "exe": b"MZ\x90\x00",
        "elf": b"\x7fELF",
        "ps": b"%!PS-Adobe",
        "djvu": b"AT&TFORM",
    }.items():
        yield f"stranger.{name}", begin
        yield f"stranger-long.{name}", begin + random.Random(1).randbytes(50_000)
    for name, part in {
        "xlsx": "xl/workbook.xml",
        "pptx": "ppt/presentation.xml",
        "odt": "mimetype",
        "jar": "META-INF/MANIFEST.MF",
        "zip": "letter.txt",
    }.items():
        yield f"zipped.{name}", zipped({part: "x"})
    yield "empty.zip", zipped({})


def _texts() -> Iterator[tuple[str, bytes]]:
    for size in (0, 1, 2, 3, 4, 7):
        yield f"bytes-{size}", b"P\x00\xff\xfeK%P"[:size]
    yield "nul.txt", bytes(5_000)
    yield "nul-late.txt", LETTER.encode() + b"\x00"
    for code in ("utf-16-le", "utf-16-be", "utf-32", "utf-7", "shift-jis", "cp1258"):
        yield f"{code}.txt", LETTER.encode(code, "replace")
    yield "cut.txt", LETTER.encode()[:1001]
    yield "utf16-cut.txt", LETTER.encode("utf-16")[:-1]
    yield "overlong.txt", b"\xc0\xaf\xe0\x80\xaf" * 100
    yield "half.txt", b"\xed\xa0\x80" * 100
    yield "noise.txt", random.Random(3).randbytes(100_000)
    yield "one-line.txt", b"a " * 1_500_000
    yield "lines.txt", b"\n" * 2_000_000 + b"x"
    yield "piled.txt", ("a" + "\u0323\u0301" * 500_000).encode()
    yield "piled-16.txt", ("a" + "\u0301\u0323" * 500_000).encode("utf-16")
    yield "turned.txt", ("\u202e" + LETTER).encode()
    yield "controls.txt", b"x" + bytes(range(1, 32)) * 1000
    yield "long.txt", b"x" * 40_000_001


def _mails() -> Iterator[tuple[str, bytes]]:
    head = b"From: a@b.vn\nTo: c@d.vn\nMIME-Version: 1.0\n"
    inner = head + b"Content-Type: text/plain\n\nx"
    for _ in range(50):
        inner = head + b"Content-Type: message/rfc822\n\n" + inner
    yield "mail-in-mail.eml", inner
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(1_200)
    )
    yield "multiparts.eml", head + parts
    many = b'--b\nContent-Disposition: attachment; filename="a.png"\n\n\x89PNG\n' * 3000
    yield "attachments.eml", head + b"Content-Type: multipart/mixed; boundary=b\n\n" + many
    yield "headers.eml", head + b"X-Y: z\n" * 100_000 + b"\nx"
    yield "long-header.eml", head + b"Subject: " + b"=?utf-8?q?a?= " * 40_000 + b"\n\nx"
    yield "addresses.eml", b"From: " + b"((" * 20_000 + b"\nTo: x\nDate: x\n\nx"
    yield "no-body.eml", head
    yield "bad-base64.eml", head + b"Content-Transfer-Encoding: base64\n\n!!!!" + b"A" * 999
    yield "bad-charset.eml", head + b"Content-Type: text/plain; charset=x-no\n\n\xff\xfe\xe1"
    name = b"../../etc/\x00passwd\xe2\x80\xae.docx"
    yield (
        "bad-name.eml",
        (
            head
            + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment;"
            b' filename="' + name + b'"\n\nPK\x03\x04\n--b--\n'
        ),
    )
    yield "web.eml", head + b"Content-Type: text/html\n\n" + b"<div><table><tr><td>" * 5_000
    locked = (
        head + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    )
    yield (
        "bomb.eml",
        (
            locked
            + b'Kinh gui\n--b\nContent-Disposition: attachment; filename="b.docx"\n\n'
            + word(body(" " * 60_000_000))
            + b"\n--b--\n"
        ),
    )
