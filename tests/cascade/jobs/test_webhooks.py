"""Endpoints are told what was sealed, once, in order, signed, without names; and nobody else."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from cascade import clock
from cascade.errors import BadInputError, UnreadableFileError
from cascade.jobs import outbox, outgoing, webhook
from cascade.jobs.addresses import InnerAddressError
from cascade.jobs.outgoing import Endpoint, Outgoing
from models.outbox import Taken
from tests.worlds import Office

NOW = clock.on(date(2026, 9, 15))
SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def taken(**payload: Any) -> Taken:
    """A message in a sender's hands."""
    return Taken(1, "webhook:one:7", "one", payload, 1, NOW.at)


def test_the_signature_is_the_one_of_standard_webhooks() -> None:
    endpoint = Endpoint("one", "https://hooks.example/", SECRET)
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    headers = webhook.signed(endpoint, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


@dataclass
class Listener:
    """An endpoint on this machine: how it answers, and what it was told."""

    status: int = 204
    told: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of the host hooks.example."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("host") / "host.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def listener(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A real server that can prove to be hooks.example; this machine counts as outside."""
    found = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Remember what comes and answer as asked."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.told.append((self.path, dict(self.headers), body))
            self.send_response(found.status)
            self.send_header("Location", "https://hooks.example/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setattr(webhook, "outer_address", lambda *_: "127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(webhook, "context", lambda: trusting)
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_endpoint_gets_a_signed_cloud_event_by_its_own_name(listener: Listener) -> None:
    endpoint = Endpoint("one", f"https://hooks.example:{listener.port}/in?x=1", SECRET)
    webhook.send(endpoint, taken(specversion="1.0", id="7"), NOW.at)
    ((path, headers, body),) = listener.told
    assert (path, json.loads(body)) == ("/in?x=1", {"specversion": "1.0", "id": "7"})
    assert headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    code = base64.b64encode(hmac.digest(SECRET, signed, sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{code}"
    assert headers["Host"] == f"hooks.example:{listener.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500])
def test_only_a_plain_yes_is_one_and_no_redirect_is_followed(
    listener: Listener, status: int
) -> None:
    listener.status = status
    endpoint = Endpoint("one", f"https://hooks.example:{listener.port}/", SECRET)
    with pytest.raises(webhook.NotTakenError, match=str(status)):
        webhook.send(endpoint, taken(), NOW.at)
    assert len(listener.told) == 1


def test_who_cannot_prove_to_be_the_host_is_told_nothing(listener: Listener) -> None:
    endpoint = Endpoint("one", f"https://other.example:{listener.port}/", SECRET)
    with pytest.raises(ssl.SSLCertVerificationError):
        webhook.send(endpoint, taken(), NOW.at)
    assert listener.told == []


def test_a_name_that_leads_inside_is_not_called() -> None:
    endpoint = Endpoint("one", "https://hooks.example/", SECRET)
    with pytest.raises(InnerAddressError):
        webhook.send(endpoint, taken(), NOW.at, lambda *_: ["10.0.0.1"])


def owed(office: Office) -> list[tuple[str, dict[str, Any]]]:
    """(to whom, what) of every webhook owed, in order."""
    with office.db.read() as conn:
        rows = conn.execute(text("SELECT recipient, payload FROM outbox ORDER BY id"))
        return [
            (
                row.recipient,
                row.payload if isinstance(row.payload, dict) else json.loads(row.payload),
            )
            for row in rows
        ]


ONE, TWO = (Endpoint(name, f"https://{name}.example/", SECRET) for name in ("one", "two"))


def gather(office: Office, *endpoints: Endpoint) -> list[int]:
    """What each endpoint is owed anew."""
    return [office.db.run(lambda c, to=to: webhook.gather(c, to, NOW.at)) for to in endpoints]  # type: ignore[misc]


def test_an_endpoint_is_told_what_happens_from_now_on_once_and_in_order(office: Office) -> None:
    before = office.letter("A", tasks=[("1", "A1")])
    assert gather(office, ONE) == [0]
    office.report(office.step(before, "A1", "1"), "A1")
    assert gather(office, ONE, TWO) == [1, 0]
    letter = office.letter("B", tasks=[("1", "B1")])
    assert gather(office, ONE, TWO) == [2, 2]
    assert gather(office, ONE, TWO) == [0, 0]
    told = [event["type"] for name, event in owed(office) if name == "one"]
    assert told == [
        "cascade.step.report.v1",
        "cascade.letter.issue.v1",
        "cascade.step.lay.v1",
    ]
    laid = owed(office)[-1][1]
    step = office.step(letter, "B1", "1")
    assert (laid["specversion"], laid["subject"]) == ("1.0", f"steps/{step}")
    assert laid["data"] == {
        "letter": letter,
        "step": step,
        "unit": office.units["B1"],
        "issuer": office.units["B"],
        "trigger": "lay",
        "from": None,
        "to": "open",
    }
    assert datetime.fromisoformat(laid["time"]) == NOW.at


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_is_told_names_no_person_and_repeats_nothing_anybody_wrote(office: Office) -> None:
    gather(office, ONE)
    letter = office.letter("A", tasks=[("1", "A1")], subject="Secret words of the subject")
    step = office.step(letter, "A1", "1")
    office.fire(step, "decline", "a1.staff", note="Secret words of the note")
    gather(office, ONE)
    said = json.dumps([event for _, event in owed(office)])
    assert "decline" in said
    assert "Secret" not in said
    assert "a1.staff" not in said


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_goes_round_is_gathered_and_sent(office: Office, listener: Listener) -> None:
    endpoint = Endpoint("one", f"https://hooks.example:{listener.port}/", SECRET)
    out = Outgoing(None, (endpoint,))
    assert outbox.round_of_all(office.db, out, NOW) == (0, 0, 0)
    letter = office.draft("A", tasks=[("1", "A1")])
    assert outbox.round_of_all(office.db, out, NOW) == (0, 0, 0)  # drafts are told to nobody
    office.issue(letter)
    assert outbox.round_of_all(office.db, out, NOW) == (2, 0, 0)
    assert outbox.round_of_all(office.db, out, NOW) == (0, 0, 0)
    assert [json.loads(body)["data"]["trigger"] for *_, body in listener.told] == ["issue", "lay"]
    assert len({headers["webhook-id"] for _, headers, _ in listener.told}) == 2
    office.report(office.step(letter, "A1", "1"), "A1")
    gather(office, endpoint)
    assert outbox.round_of_all(office.db, Outgoing(None, (TWO,)), NOW) == (0, 0, 1)


GOOD = {"url": "https://hooks.example/in", "secret": "whsec_" + base64.b64encode(SECRET).decode()}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"one": GOOD}, ""),
        ({}, ""),
        ([GOOD], "names and what belongs to them"),
        ({"one": "https://hooks.example"}, "a url and a secret"),
        ({"one": {**GOOD, "url": "http://hooks.example/"}}, "plain https"),
        ({"one": {**GOOD, "url": "https://u:p@hooks.example/"}}, "plain https"),
        ({"one": {**GOOD, "url": "https:///in"}}, "plain https"),
        ({"one": {**GOOD, "secret": "whsec_c2hvcnQ="}}, "24 bytes"),
        ({"one": {**GOOD, "secret": "not base64!"}}, "24 bytes"),
    ],
)
def test_endpoints_are_read_from_a_file(tmp_path: Path, given: object, wrong: str) -> None:
    path = tmp_path / "webhooks.json"
    path.write_text(json.dumps(given))
    if wrong:
        with pytest.raises(BadInputError, match=wrong):
            outgoing.endpoints(path)
    else:
        assert [one.secret for one in outgoing.endpoints(path)] == [SECRET] * len(given)  # type: ignore[arg-type]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        outgoing.endpoints(tmp_path / "nothing")
    (tmp_path / "bad").write_text("{")
    with pytest.raises(BadInputError, match="no JSON"):
        outgoing.endpoints(tmp_path / "bad")


def test_nothing_is_told_to_anybody_unless_it_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CASCADE_WEBHOOKS", "CASCADE_SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)
    assert outgoing.from_environment() == Outgoing()
