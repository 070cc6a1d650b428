"""Letter reading: the text of a letter in, what it says (with places and confidence) out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
_READINGS = ("CitationFound", "Found", "PointFound", "Reading")
_HOMES = {"as_labels": "labels", "load_text": "text", **dict.fromkeys(_READINGS, "reading")}


def __getattr__(name: str) -> object:
    """Import on first use: the child that parses files starts in half the time without rules."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'reader')}"), name)
