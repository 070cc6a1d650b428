"""A PDF that carries text into lines; pdfium first, pypdf when pdfium gives up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate, chain, islice

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.limits import PDF_PAGES, TEXT_CHARS
from cascade.intake.sources.pdfdamage import damaged_pages, suspected
from cascade.intake.sources.pdflines import page_lines
from cascade.intake.sources.pdfwords import read_words
from cascade.intake.sources.plaintext import checked, tidy, too_much_text
from cascade.intake.sources.recognise import SCAN, UNLOCK
from cascade.intake.sources.source import Source

# A scan may carry a few words all the same: the stamp of its digital signature.
SCAN_CHARS = 25
STAMP_CHARS = 400
PAGE_COVERED = 0.5
PAGES_NAMED = 8
ANEW = "Open it in a PDF reader, print it to a new PDF, and import that file."


def read_pdf(content: bytes, name: str) -> Source:
    """Read a PDF; UnreadableLetterError for scans, passwords and broken files."""
    notes: list[str] = []
    unread: set[int] = set()
    try:
        pages, scanned = _by_pdfium(content, name, notes, unread)
    except pypdfium2.PdfiumError as wrong:
        if wrong.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise _locked(name) from wrong
        pages, scanned = _by_pypdf(content, name, notes, unread), False
    missing = _missing(content, pages, unread)
    letters = _letters(pages)
    if letters < SCAN_CHARS and missing:
        raise UnreadableLetterError(
            "the PDF is damaged and nothing readable is left of it", where=name, remedy=ANEW
        )
    if letters < SCAN_CHARS or (scanned and letters < STAMP_CHARS):
        raise UnreadableLetterError(
            "the PDF holds no text; it is a scan and needs text recognition (OCR)",
            where=name,
            remedy=SCAN,
        )
    starts = (0, *accumulate(len(page) + 1 for page in pages[:-1]))
    text = checked("\n".join(pages), name)
    return Source(text, "pdf", (), (*notes, *missing), starts, missing)


def _missing(content: bytes, pages: list[str], unread: set[int]) -> tuple[str, ...]:
    """Which pages lack text, in words: those given up and those that do not unpack."""
    doubted = suspected(content)
    if not unread and all(pages) and not doubted:
        return ()
    damaged = damaged_pages(content, len(pages))
    if damaged is None and not unread:
        blind = not doubted or b"/Encrypt" in content
        return () if blind else ("the PDF is damaged; text may be missing",)
    broken = sorted(unread | set(damaged or ()))
    none = [index for index in broken if not pages[index]]
    some = [index for index in broken if pages[index]]
    told = ((none, "could not be read"), (some, "could be read only in part"))
    return tuple(
        f"{_counted(found, len(pages))} {what}; text is missing" for found, what in told if found
    )


def _counted(found: list[int], count: int) -> str:
    shown = ", ".join(str(index + 1) for index in found[:PAGES_NAMED])
    more = f" and {len(found) - PAGES_NAMED} more" if len(found) > PAGES_NAMED else ""
    return f"{'pages' if len(found) > 1 else 'page'} {shown}{more} of {count}"


def _by_pdfium(
    content: bytes, name: str, notes: list[str], unread: set[int]
) -> tuple[list[str], bool]:
    document = pypdfium2.PdfDocument(content)
    count = len(document)
    if count > PDF_PAGES:
        notes.append(f"only the first {PDF_PAGES} of {count} pages were read")

    def page_text(index: int) -> str:
        try:
            return "\n".join(page_lines(read_words(document, index), notes))
        except pypdfium2.PdfiumError:
            unread.add(index)
            return ""

    wanted = range(min(count, PDF_PAGES))
    pages = _within((page_text(index) for index in wanted), name)
    if wanted and len(unread) == len(wanted):
        unread.clear()
        raise pypdfium2.PdfiumError("no page can be read")  # pypdf may
    # Where there is text enough, the page need not be opened once more.
    short = count > 0 and 0 not in unread and _letters(pages) < STAMP_CHARS
    return pages, short and _is_picture(document)


def _by_pypdf(content: bytes, name: str, notes: list[str], unread: set[int]) -> list[str]:
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

        def page_text(index: int) -> str:
            try:
                # The layout mode keeps the two columns of a letter's head apart.
                return reader.pages[index].extract_text(extraction_mode="layout")
            except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
                unread.add(index)
                return ""

        pages = _within((page_text(index) for index in range(min(count, PDF_PAGES))), name)
    except PyPdfError as wrong:
        raise UnreadableLetterError("the PDF is broken", where=name, remedy=ANEW) from wrong
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


def _letters(pages: list[str]) -> int:
    """How many letters and figures the pages hold, counted as far as it matters."""
    return sum(1 for _ in islice(filter(str.isalnum, chain.from_iterable(pages)), STAMP_CHARS))


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
