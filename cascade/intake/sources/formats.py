"""From bytes to a Source by kind; runs in the child process, which imports only what it needs."""

from __future__ import annotations

from cascade.intake.sources.plaintext import read_plain
from cascade.intake.sources.recognise import recognise
from cascade.intake.sources.source import Source


def read(content: bytes, name: str, depth: int = 0) -> Source:
    """Read a file of any kind; UnreadableLetterError when it is not read."""
    kind = recognise(content, name)
    if kind == "zip":
        from cascade.intake.sources.docx import read_docx

        return read_docx(content, name)
    if kind == "pdf":
        from cascade.intake.sources.pdf import read_pdf

        return read_pdf(content, name)
    if kind == "eml":
        from cascade.intake.sources.mail import read_mail

        return read_mail(content, name, depth, read)
    return read_plain(content, name)
