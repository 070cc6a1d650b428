"""A real mail server on this machine that keeps what it takes."""

from __future__ import annotations

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

import aiosmtpd.smtp

from cascade.jobs.outgoing import Smtp


class Inbox:
    """What was taken, in order; nobody… is unknown there, full… must try later."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Message]] = []

    async def handle_RCPT(  # noqa: N802 (the server's own name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Whom it knows."""
        if address.startswith("nobody"):
            return "550 5.1.1 unknown"
        if address.startswith("full"):
            return "452 4.2.2 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """A message."""
        self.got.append((envelope.rcpt_tos[0], email.message_from_bytes(envelope.content)))
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[tuple[Inbox, Smtp]]:
    """The server, and how to reach it."""
    inbox, loop = Inbox(), asyncio.new_event_loop()
    line = loop.run_until_complete(
        loop.create_server(lambda: aiosmtpd.smtp.SMTP(inbox, loop=loop), "127.0.0.1", 0)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    port = line.sockets[0].getsockname()[1]
    try:
        yield inbox, Smtp("127.0.0.1", "Cascade <cascade@office.example>", port, tls="none")
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        line.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
