"""A PDF that carries text into lines; pdfium first, pypdf when pdfium gives up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.limits import PDF_PAGES, TEXT_CHARS
from cascade.intake.sources.pdflines import page_lines
from cascade.intake.sources.pdfwords import read_words
from cascade.intake.sources.plaintext import checked, tidy, too_much_text
from cascade.intake.sources.recognise import SCAN, UNLOCK
from cascade.intake.sources.source import Source

# A scan may carry a few words all the same: the stamp of its digital signature.
SCAN_CHARS = 25
STAMP_CHARS = 400
PAGE_COVERED = 0.5


def read_pdf(content: bytes, name: str) -> Source:
    """Read a PDF; UnreadableLetterError for scans, passwords and broken files."""
    notes: list[str] = []
    try:
        pages, scanned = _by_pdfium(content, name, notes)
    except pypdfium2.PdfiumError as wrong:
        if wrong.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise _locked(name) from wrong
        pages, scanned = _by_pypdf(content, name, notes), False
    letters = sum(char.isalnum() for page in pages for char in page)
    if letters < SCAN_CHARS or (scanned and letters < STAMP_CHARS):
        raise UnreadableLetterError(
            "the PDF holds no text; it is a scan and needs text recognition (OCR)",
            where=name,
            remedy=SCAN,
        )
    starts = (0, *accumulate(len(page) + 1 for page in pages[:-1]))
    return Source(checked("\n".join(pages), name), "pdf", notes=tuple(notes), pages=starts)


def _by_pdfium(content: bytes, name: str, notes: list[str]) -> tuple[list[str], bool]:
    document = pypdfium2.PdfDocument(content)
    count = len(document)
    if count > PDF_PAGES:
        notes.append(f"only the first {PDF_PAGES} of {count} pages were read")
    words = (read_words(document, index) for index in range(min(count, PDF_PAGES)))
    pages = _within(("\n".join(page_lines(page, notes)) for page in words), name)
    return pages, count > 0 and _is_picture(document)


def _by_pypdf(content: bytes, name: str, notes: list[str]) -> list[str]:
    import io

    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked(name)
        count = len(reader.pages)
        if count > PDF_PAGES:
            notes.append(f"only the first {PDF_PAGES} of {count} pages were read")
        # The layout mode keeps the two columns of a letter's head apart.
        texts = (
            reader.pages[index].extract_text(extraction_mode="layout")
            for index in range(min(count, PDF_PAGES))
        )
        pages = _within(texts, name)
    except PyPdfError as wrong:
        raise UnreadableLetterError(
            "the PDF is broken",
            where=name,
            remedy="Open it in a PDF reader, print it to a new PDF, and import that file.",
        ) from wrong
    notes.append("the PDF is damaged; check the text against it")
    return pages


def _within(pages: Iterator[str], name: str) -> list[str]:
    """Pages as NFC text without trailing space, as many characters as a letter may have."""
    found: list[str] = []
    size = 0
    for page in pages:
        found.append(unicodedata.normalize("NFC", tidy(page)).rstrip())
        size += len(found[-1])
        if size > TEXT_CHARS:
            raise too_much_text(name)
    return found


def _is_picture(document: pypdfium2.PdfDocument) -> bool:
    """Whether one picture covers most of the first page."""
    page = document[0]
    width, height = page.get_size()
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = picture.get_bounds()
        if abs((right - left) * (top - bottom)) > PAGE_COVERED * width * height:
            return True
    return False


def _locked(name: str) -> UnreadableLetterError:
    return UnreadableLetterError("the PDF is protected by a password", where=name, remedy=UNLOCK)
