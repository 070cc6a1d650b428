"""Webhooks: programs elsewhere are told what happened, signed, as CloudEvents without names.

What is told are ids and states of what was sealed; whoever is told asks the interface for
programs for more, as somebody who may read it.
"""

from __future__ import annotations

import base64
import hmac
import http.client
import json
import socket
import ssl
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from cascade.jobs.addresses import Resolve, outer_address, resolve
from cascade.jobs.outgoing import Endpoint
from models import outbox as kept
from models.base import OFFICE
from models.outbox import Taken
from models.queries import outbox
from models.queries.outbox import Happened

TIMEOUT = 10.0  # seconds for each answer
AT_ONCE = 500
_ENOUGH = 4096  # bytes of an answer that are read


class NotTakenError(Exception):
    """The endpoint did not say that it has taken it."""


def gather(conn: Connection, endpoint: Endpoint, at: datetime) -> int:
    """Owe an endpoint what was sealed since it was last told; returns how many.

    A new endpoint is told what happens from now on.
    """
    told = kept.told(conn, endpoint.name)
    if told is None:
        kept.tell(conn, endpoint.name, None, outbox.newest_seal(conn))
        return 0
    happened = outbox.happened(conn, told, AT_ONCE)
    for event in happened:
        dedupe = f"webhook:{endpoint.name}:{event.seal_seq}"
        kept.owe(conn, "webhook", dedupe, endpoint.name, cloud_event(event), at)
    if happened:
        kept.tell(conn, endpoint.name, told, happened[-1].seal_seq)
    return len(happened)


def cloud_event(event: Happened) -> dict[str, Any]:
    """An event in CloudEvents 1.0: what moved and how, no person and nothing anybody wrote."""
    kind = "letter" if event.step_id is None else "step"
    data = {
        "letter": event.letter_id,
        "step": event.step_id,
        "unit": event.unit_id,
        "issuer": event.issuer_id,
        "trigger": event.trigger,
        "from": event.source,
        "to": event.target,
    }
    return {
        "specversion": "1.0",
        "id": str(event.seal_seq),
        "source": "/cascade",
        "type": f"cascade.{kind}.{event.trigger}.v1",
        "subject": f"{kind}s/{event.letter_id if event.step_id is None else event.step_id}",
        "time": event.at.astimezone(OFFICE).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def signed(endpoint: Endpoint, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which an endpoint knows that it was us, and when (Standard Webhooks)."""
    stamp = str(int(at.timestamp()))
    text = f"{message_id}.{stamp}.".encode() + body
    code = base64.b64encode(hmac.digest(endpoint.secret, text, sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{code}",
    }


def send(endpoint: Endpoint, taken: Taken, at: datetime, resolve: Resolve = resolve) -> None:
    """Tell an endpoint one event; NotTakenError unless it answers that it has it (2xx)."""
    parts = urlsplit(endpoint.url)
    host, port = parts.hostname or "", parts.port or 443
    # Resolved once, looked at, and that very address is called: a name may change meanwhile.
    line = _Line(host, port, outer_address(host, port, resolve))
    body = json.dumps(taken.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "cascade",
        **signed(endpoint, taken.dedupe, at, body),
    }
    try:
        target = parts.path or "/"
        line.request("POST", f"{target}?{parts.query}" if parts.query else target, body, headers)
        answer = line.getresponse()
        answer.read(_ENOUGH)
    finally:
        line.close()
    if not 200 <= answer.status < 300:  # a redirect is not followed: it could lead inside
        raise NotTakenError(f"it answered {answer.status}")


class _Line(http.client.HTTPSConnection):
    """A connection to one address, to somebody who can prove to be the host of that name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = context()
        super().__init__(host, port, timeout=TIMEOUT, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Call the address that was looked at, whatever the name leads to by now."""
        line = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(line, server_hostname=self.host)


def context() -> ssl.SSLContext:
    """Whom we believe to be the host of a name: what the system believes."""
    return ssl.create_default_context()
