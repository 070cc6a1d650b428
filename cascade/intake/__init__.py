"""Letter reading: the text of a letter in, what it says (with places and confidence) out."""

from __future__ import annotations

from cascade.intake.labels import as_labels
from cascade.intake.reader import read_file, read_text
from cascade.intake.reading import CitationFound, Found, PointFound, Reading
from cascade.intake.text import load_text

__all__ = [
    "CitationFound",
    "Found",
    "PointFound",
    "Reading",
    "as_labels",
    "load_text",
    "read_file",
    "read_text",
]
