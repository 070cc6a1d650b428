"""What a letter's file came to: its text, what came with it, and what was left out or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Media = Literal["txt", "docx", "pdf", "eml", "pasted"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter; the name is the sender's, without folders."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """A letter's text (NFC), where it came from, and notes for whoever checks it.

    `pages` holds the offset in `text` where each page begins; one page when none are known.
    `missing` says which text of the file could not be read; such a letter is for a person.
    """

    text: str
    media: Media
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    pages: tuple[int, ...] = (0,)
    missing: tuple[str, ...] = ()
