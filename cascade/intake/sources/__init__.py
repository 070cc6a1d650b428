"""Letters' files of every kind into text, parsed at arm's length in a child process."""

from __future__ import annotations

from cascade.intake.sources.loading import load, load_bytes, load_many, pasted
from cascade.intake.sources.source import Attachment, Media, Source

__all__ = ["Attachment", "Media", "Source", "load", "load_bytes", "load_many", "pasted"]
