"""Mail: one message to one person, with the same Message-ID however often it is tried."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from sqlalchemy import Connection

from cascade.jobs.outgoing import Smtp
from models import outbox
from models.base import OFFICE
from models.outbox import Taken

TIMEOUT = 10.0  # seconds for each answer of the server


class NoSuchRecipientError(Exception):
    """The server says that this recipient will never get it."""


def owe(
    conn: Connection,
    dedupe: str,
    recipient: str,
    *,
    subject: str,
    text: str,
    at: datetime,
) -> bool:
    """A mail to be sent once for its cause, written in the cause's own transaction."""
    payload = {"subject": subject, "text": text}
    return outbox.owe(conn, "mail", f"mail:{dedupe}", recipient, payload, at)


def message(smtp: Smtp, taken: Taken) -> EmailMessage:
    """The message as it goes out; it says when it was owed, not when it was tried."""
    made = EmailMessage()
    # A line break in a subject would be refused as a second header; here it is only a space.
    made["Subject"] = " ".join(str(taken.payload["subject"]).split())
    made["From"] = smtp.sender
    made["To"] = taken.recipient
    made["Date"] = format_datetime(taken.made_at.astimezone(OFFICE))
    made["Message-ID"] = message_id(smtp, taken.dedupe)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(str(taken.payload["text"]))
    return made


def message_id(smtp: Smtp, dedupe: str) -> str:
    """What mail programs know a message by: a function of its cause, so a second copy is known."""
    domain = parseaddr(smtp.sender)[1].rpartition("@")[2]
    return f"<{sha256(dedupe.encode()).hexdigest()[:40]}@{domain}>"


class Mailer:
    """A line to the mail server, opened at the first message and kept for the following."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._line: smtplib.SMTP | None = None

    def greet(self) -> None:
        """Open the line, sign in and close it again: whether mail could go out now."""
        self._open()
        self.close()

    def send(self, taken: Taken) -> None:
        """Hand one message over; NoSuchRecipientError where it never will be taken."""
        try:
            self._open().send_message(message(self._smtp, taken))
        except smtplib.SMTPRecipientsRefused as refused:
            self.close()
            codes = [code for code, _ in refused.recipients.values()]
            if codes and all(code >= 500 for code in codes):
                raise NoSuchRecipientError(_told(refused.recipients)) from refused
            raise
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Hang up, whatever the server thinks of it."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _open(self) -> smtplib.SMTP:
        if self._line is None:
            smtp, context = self._smtp, ssl.create_default_context()
            line: smtplib.SMTP
            if smtp.tls == "implicit":
                line = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT, context=context)
            else:
                line = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT)
            try:
                if smtp.tls == "starttls":
                    line.starttls(context=context)
                if smtp.user and smtp.password:
                    line.login(smtp.user, smtp.password)
            except Exception:
                line.close()
                raise
            self._line = line
        return self._line


def _told(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{code} {said.decode(errors='replace')}" for code, said in refused.values())
