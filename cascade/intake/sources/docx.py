"""A Word document (DOCX) into text, without opening anything it points to.

Read from its XML rather than by python-docx: that unpacks every part before anyone can look at
its size, and leaves out list numbers, text boxes, content controls and tracked changes.
"""

from __future__ import annotations

import posixpath
import re

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.archive import Archive
from cascade.intake.sources.docxblocks import Blocks
from cascade.intake.sources.docxnumbers import Numbering
from cascade.intake.sources.docxstyles import Styles
from cascade.intake.sources.limits import NAME_CHARS
from cascade.intake.sources.markup import attribute, children, local, parse
from cascade.intake.sources.plaintext import checked
from cascade.intake.sources.recognise import SAVE_AS, SCAN, UNPACK
from cascade.intake.sources.source import Source
from cascade.intake.text import fold

OTHERS = (
    ("xl/workbook.xml", "an Excel workbook (XLSX)", SAVE_AS),
    ("xl/workbook.bin", "an Excel workbook (XLSB)", SAVE_AS),
    ("ppt/presentation.xml", "a slide show (PPTX)", SAVE_AS),
    ("mimetype", "an OpenDocument or e-book file", SAVE_AS),
    ("FixedDocSeq.fdseq", "an XPS file", SAVE_AS),
    ("META-INF/MANIFEST.MF", "a program (JAR)", UNPACK),
)
SECRECY = re.compile(r"\W*(?:do mat\s*:?\s*)?(?:(?:tuyet|toi|van ban|tai lieu)\s+)*m\s?a\s?t\W*")
# Of styles, all that is for tables alone; many files hold more of it than of anything else.
TABLES_LOOKS = ("latentStyles", "tblStylePr", "tblPr")
NOTE_KINDS = ("footnotes", "endnotes")


def read_docx(content: bytes, name: str) -> Source:
    """Read a zipped file as a DOCX; UnreadableLetterError says what else it is."""
    archive = Archive(content, name)
    main = _main_part(archive)
    related = _related(archive, main)

    def part(kind: str) -> bytes | None:
        return archive.read(related[kind][0]) if kind in related else None

    styles = part("styles")
    numbers = part("numbering")
    blocks = Blocks(
        Styles(parse(styles, name, unread=TABLES_LOOKS) if styles else None),
        Numbering(parse(numbers, name) if numbers else None),
        name,
    )
    document = archive.read(main)
    lines: list[str] = []
    # An emptied DOCX has no body; one that is missing is broken all the same.
    for body in children(parse(document or b"", name), "body"):
        lines += blocks.lines(body)
    for kind in NOTE_KINDS:
        notes = part(kind)
        if notes:
            lines += _notes(notes, blocks, name)
    notes_made = blocks.found.notes
    margins = [path for kind in ("header", "footer") for path in related.get(kind, ())]
    if margins:
        lines = _secrecy(archive, margins, name) + lines
        notes_made["headers and footers left out"] = None
    if any(path.endswith("vbaProject.bin") for path in archive.names):
        notes_made["macros left out"] = None
    text = "\n".join(line.rstrip() for line in lines)
    if not text.strip():
        what = "only pictures" if blocks.found.pictures else "no text"
        remedy = SCAN if blocks.found.pictures else SAVE_AS
        raise UnreadableLetterError(f"the document holds {what}", where=name, remedy=remedy)
    return Source(checked(text, name), "docx", notes=tuple(notes_made))


def _main_part(archive: Archive) -> str:
    for kind, targets in _targets(archive, "_rels/.rels", "").items():
        # The type decides; a workbook's main part has the same kind of relation.
        if kind == "officeDocument" and targets[0].startswith("word/"):
            return targets[0]
    if "word/document.xml" in archive.names:
        return "word/document.xml"
    for path, what, remedy in OTHERS:
        if path in archive.names:
            raise UnreadableLetterError(f"this is {what}", where=archive.name, remedy=remedy)
    raise UnreadableLetterError("this is a packed archive (ZIP)", where=archive.name, remedy=UNPACK)


def _related(archive: Archive, main: str) -> dict[str, list[str]]:
    folder, file = posixpath.split(main)
    return _targets(archive, f"{folder}/_rels/{file}.rels", folder)


def _targets(archive: Archive, relations: str, folder: str) -> dict[str, list[str]]:
    """Kind of relation to the parts inside the file; what lies outside is never followed."""
    data = archive.read(relations)
    found: dict[str, list[str]] = {}
    for relation in parse(data, archive.name) if data else ():
        target = attribute(relation, "Target") or ""
        inside = (attribute(relation, "TargetMode") or "Internal").lower() == "internal"
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if inside and path in archive.names:
            kind = (attribute(relation, "Type") or "").rpartition("/")[2]
            found.setdefault(kind, []).append(path)
    return found


def _notes(data: bytes, blocks: Blocks, name: str) -> list[str]:
    """Foot- or endnotes, each as `[1] its text`; the separators Word keeps there are none."""
    lines: list[str] = []
    number = 0
    for note in parse(data, name):
        if local(note) not in ("footnote", "endnote") or attribute(note, "type"):
            continue
        text = " ".join(" ".join(blocks.lines(note)).split())
        if text:
            number += 1
            lines.append(f"[{number}] {text}")
    return ["", "", *lines] if lines else []


def _secrecy(archive: Archive, margins: list[str], name: str) -> list[str]:
    """A secrecy mark printed in a header or footer; the reader must see it to refuse."""
    for path in margins:
        root = parse(archive.read(path) or b"", name)
        for line in Blocks(Styles(None), Numbering(None), name).lines(root):
            short = line.strip()
            if len(short) < NAME_CHARS and short.isupper() and SECRECY.fullmatch(fold(short)):
                return [short, ""]
    return []
