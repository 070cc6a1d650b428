"""A mail (EML): the letter is its first attachment that reads as one, else its own text."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from cascade.errors import UnreadableLetterError
from cascade.intake.head import read_head
from cascade.intake.lines import lay_out
from cascade.intake.sources.limits import ATTACHMENTS, MAIL_DEPTH, NAME_CHARS
from cascade.intake.sources.plaintext import checked
from cascade.intake.sources.source import Attachment, Source

Reader = Callable[[bytes, str, int], Source]
REASONS = 3  # told when nothing in a mail could be read
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\\ud800-\udfff\u202a-\u202e\u2066-\u2069]+")
MAIL = "message/rfc822"
BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"}
UNSEEN = {"script", "style", "head", "title", "template"}


def read_mail(content: bytes, name: str, depth: int, read: Reader) -> Source:
    """Read a mail; `read` reads its attachments, of which none is followed further than three."""
    if depth >= MAIL_DEPTH:
        raise UnreadableLetterError("mails are nested deeper than is read", where=name)
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise UnreadableLetterError("the mail is broken", where=name)
    attachments = _attachments(message)
    notes: list[str] = []
    for attachment in attachments:
        try:
            inside = read(attachment.content, attachment.name, depth + 1)
        except UnreadableLetterError as refused:
            notes.append(f"attachment {attachment.name} not read: {refused.what}")
            continue
        if _is_letter(inside.text):
            others = tuple(other for other in attachments if other is not attachment)
            notes.append(f"the letter is the attachment {attachment.name}")
            return Source(
                inside.text,
                "eml",
                (attachment, *others, *inside.attachments),
                (*notes, *inside.notes),
                inside.pages,
                inside.missing,
            )
        notes.append(f"attachment {attachment.name} does not read as a letter")
    body = _body(message)
    if not body.strip():
        told = "; ".join(notes[:REASONS]) or "it has no attachment either"
        raise UnreadableLetterError(f"the mail has no text: {told}", where=name)
    return Source(checked(body, name), "eml", tuple(attachments), tuple(notes))


def _is_letter(text: str) -> bool:
    """Whether a text has a letter's head: a number with symbol, or whom it addresses."""
    head = read_head(lay_out(text))
    return head.symbol is not None or (head.greeting >= 0 and head.form != "unknown")


def _attachments(message: EmailMessage) -> list[Attachment]:
    found: list[Attachment] = []
    parts = [message]
    while parts:
        part = parts.pop(0)
        mail = part.get_content_type() == MAIL
        if part is message or (part.is_multipart() and not mail):
            # A mail within the mail stays whole: its attachments are its own.
            parts = [*_parts(part), *parts]
            continue
        named = part.get_filename()
        if not named and part.get_content_maintype() in ("text", "multipart"):
            continue
        if len(found) >= ATTACHMENTS:
            break
        found.append(Attachment(_safe(named or "attachment"), _bytes(part)))
    return found


def _parts(message: EmailMessage) -> list[EmailMessage]:
    inside = message.get_payload()
    if not isinstance(inside, list):
        return []
    return [part for part in inside if isinstance(part, EmailMessage)]


def _bytes(part: EmailMessage) -> bytes:
    if part.get_content_type() == MAIL:
        return b"".join(inner.as_bytes() for inner in _parts(part)[:1])
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _safe(name: str) -> str:
    """A name for showing: no folders, no control or direction marks."""
    return _UNSAFE.sub("_", name).strip(" ._")[:NAME_CHARS] or "attachment"


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return _Visible.of(text) if part.get_content_subtype() == "html" else text


class _Visible(HTMLParser):
    """The text of a web page as lines; what is not shown is dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0

    @classmethod
    def of(cls, markup: str) -> str:
        parser = cls()
        parser.feed(markup)
        parser.close()
        lines = (" ".join(line.split()) for line in "".join(parser._parts).split("\n"))
        return "\n".join(lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unseen += tag in UNSEEN
        if tag in BLOCKS:
            self._parts.append("\n")
        elif tag in ("td", "th"):
            self._parts.append("    ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        if tag in BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data.replace("\n", " "))
