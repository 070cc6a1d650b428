"""A file that is not read is named for what it is, with what to do about it."""

from __future__ import annotations

import pytest

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.recognise import recognise

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAMED = {
    b"": "empty",
    b"{\\rtf1": "RTF",
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff\xe0": "JPEG",
    b"RIFF0000WEBP": "WebP",
    b"0000ftypheic": "HEIC",
    b"II*\x00": "TIFF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"PK\x05\x06": "ZIP",
    b"MZ\x90": "program",
    b"<!DOCTYPE html><p>": "HTML",
    b"\xef\xbb\xbf \n<HTML>": "HTML",
    b"<svg xmlns=''>": "SVG",
    b"<?xml version='1.0'?>": "XML",
    OLE + "WordDocument".encode("utf-16-le"): r"\.doc\b",
    OLE + "Workbook".encode("utf-16-le"): r"\.xls\b",
    OLE + "EncryptedPackage".encode("utf-16-le"): "password",
    OLE: "old Office",
}
KINDS = {
    b"%PDF-1.7": "pdf",
    b"\n" * 900 + b"%PDF-1.4": "pdf",
    b"PK\x03\x04": "zip",
    b"From: a@b.vn\r\nTo: c@d.vn\r\n\r\nx": "eml",
    b"Received: from a\n\tby b\nDate: x\n\nx": "eml",
    b"From: a@b.vn\nDate: x\n" + b"X-Y: zz\n" * 20_000 + b"\nx": "eml",
    b"To: khu pho\nXin chao: ban\nkhong phai thu": "txt",
    b"Subject: only one field\n\nx": "txt",
    "Kính gửi: Sở Y tế".encode(): "txt",
}


@pytest.mark.parametrize("content", NAMED, ids=list(NAMED.values()))
def test_kinds_that_are_not_read_are_named(content: bytes) -> None:
    with pytest.raises(UnreadableLetterError, match=NAMED[content]) as refused:
        recognise(content, "a.docx")
    assert refused.value.where == "a.docx"
    assert refused.value.remedy


@pytest.mark.parametrize("content", KINDS)
def test_kinds_that_are_read_are_told_by_their_content(content: bytes) -> None:
    assert recognise(content, "a.png") == KINDS[content]
