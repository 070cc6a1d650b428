"""What kind of file it is, told by its content and never by its name."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from cascade.errors import UnreadableLetterError

Kind = Literal["pdf", "zip", "eml", "txt"]
SAVE_AS = "Open it in its own program, save it as DOCX or PDF, and import that file."
SCAN = "Run text recognition (OCR) on it, save the result as PDF or DOCX, and import that file."
UNPACK = "Unpack it and import the letters one by one."


class Refused(NamedTuple):
    """A kind of file that is known and not read: how it begins, what it is, what to do."""

    begins: bytes
    what: str
    remedy: str
    at: int = 0


REFUSED = (
    Refused(b"{\\rtf", "an RTF file", SAVE_AS),
    Refused(b"\x89PNG", "a picture (PNG)", SCAN),
    Refused(b"\xff\xd8\xff", "a picture (JPEG)", SCAN),
    Refused(b"GIF8", "a picture (GIF)", SCAN),
    Refused(b"II*\x00", "a picture (TIFF)", SCAN),
    Refused(b"MM\x00*", "a picture (TIFF)", SCAN),
    Refused(b"WEBP", "a picture (WebP)", SCAN, at=8),
    Refused(b"ftyphei", "a picture (HEIC)", SCAN, at=4),
    Refused(b"ftypmif", "a picture (HEIC)", SCAN, at=4),
    Refused(b"ftyp", "a film or sound file", SAVE_AS, at=4),
    Refused(b"RIFF", "a film or sound file", SAVE_AS),
    Refused(b"Rar!", "a packed archive (RAR)", UNPACK),
    Refused(b"7z\xbc\xaf\x27\x1c", "a packed archive (7z)", UNPACK),
    Refused(b"\x1f\x8b", "a packed archive (gzip)", UNPACK),
    Refused(b"BZh", "a packed archive (bzip2)", UNPACK),
    Refused(b"\xfd7zXZ\x00", "a packed archive (xz)", UNPACK),
    Refused(b"PK\x05\x06", "an empty archive (ZIP)", UNPACK),
    Refused(b"ustar", "a packed archive (tar)", UNPACK, at=257),
    Refused(b"\x7fELF", "a program", SAVE_AS),
    Refused(b"MZ\x90", "a program", SAVE_AS),
    Refused(b"%!PS", "a PostScript file", SAVE_AS),
    Refused(b"AT&TFORM", "a DjVu file", SCAN),
)
# Streams in an old Office file are named in UTF-16; these tell what it is.
OLD_OFFICE = (
    ("EncryptedPackage", "a Word or Excel file protected by a password"),
    ("WordDocument", "an old Word (.doc) file"),
    ("Workbook", "an old Excel (.xls) file"),
    ("PowerPoint Document", "an old PowerPoint (.ppt) file"),
    ("__substg1.0_", "an Outlook message (.msg)"),
)
UNLOCK = "Open it with its password, save a copy without one, and import that copy."
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(!doctype\s+)?(\?xml|html|svg|head|body)\b", re.I)
_FIELD = re.compile(rb"([A-Za-z][A-Za-z-]{1,60}):[ \t\r\n]|([ \t])|From \S+@")
_OF_A_MAIL = {b"from", b"to", b"subject", b"date", b"mime-version", b"message-id", b"received"}
# A PDF may have a little before its header; more than this and readers disagree what it is.
_PDF_WITHIN = 1024
_MAIL_HEAD = 65_536


def recognise(content: bytes, name: str) -> Kind:
    """Tell the kind of a file; UnreadableLetterError names the kinds that are not read."""
    if not content:
        raise UnreadableLetterError("the file is empty", where=name)
    for known in REFUSED:
        if content.startswith(known.begins, known.at):
            raise UnreadableLetterError(f"this is {known.what}", where=name, remedy=known.remedy)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_office(content, name)
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    markup = _MARKUP.match(content[:400])
    if markup:
        what = {b"svg": "a drawing (SVG)", b"?xml": "an XML file"}.get(
            markup[2].lower(), "a web page (HTML)"
        )
        raise UnreadableLetterError(f"this is {what}", where=name, remedy=SAVE_AS)
    return "eml" if _is_mail(content) else "txt"


def _old_office(content: bytes, name: str) -> UnreadableLetterError:
    for stream, what in OLD_OFFICE:
        if stream.encode("utf-16-le") in content:
            remedy = UNLOCK if "password" in what else SAVE_AS
            return UnreadableLetterError(f"this is {what}", where=name, remedy=remedy)
    return UnreadableLetterError("this is an old Office file", where=name, remedy=SAVE_AS)


def _is_mail(content: bytes) -> bool:
    """Whether it begins with a mail's header: only fields, at least two that mails have."""
    lines = content[:_MAIL_HEAD].lstrip(b"\xef\xbb\xbf\r\n").split(b"\n")
    found: set[bytes] = set()
    # The last line may have been cut in two.
    for line in lines[:-1] if len(content) > _MAIL_HEAD else lines:
        if not line.strip():
            break
        field = _FIELD.match(line + b"\n")
        if not field:
            return False
        found.add((field[1] or b"").lower())
    return len(found & _OF_A_MAIL) >= 2
