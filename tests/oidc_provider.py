"""A provider of OpenID Connect in a process of its own, reached over HTTP on this machine.

oidc-provider-mock signs real tokens; around it stands what it leaves out (it checks the verifier
of PKCE, as providers do) and what a provider may do wrong: `fault` names one of FORGED or
DESCRIBED, until it is told another.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import requests
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

BACK = "http://localhost/sign-in/elsewhere/back"
Claims = dict[str, Any]
_HOUR = 3600


class Client(NamedTuple):
    """As whom Cascade asks."""

    id: str
    secret: str


class RunningProvider:
    """The process, and somebody's browser there."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.oidc_provider"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.issuer = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self._http = requests.Session()
        self._http.trust_env = False
        answer = self._http.post(f"{self.issuer}/oauth2/clients", json={"redirect_uris": [BACK]})
        said = answer.json()
        self.client = Client(said["client_id"], said["client_secret"])

    def fault(self, name: str) -> None:
        """What it does wrong from now on; nothing if it has no name."""
        assert self._http.put(f"{self.issuer}/fault", data=name).status_code == 204

    def consent(self, url: str, subject: str) -> str:
        """Sign in there as `subject` at the address Cascade sent the browser to: the way back."""
        assert self._http.get(url).status_code == 200
        answer = self._http.post(url, data={"sub": subject}, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def refuse(self, url: str) -> str:
        """Press "deny" there: the way back."""
        answer = self._http.post(url, data={"action": "deny"}, allow_redirects=False)
        return answer.headers["Location"]

    def stop(self) -> None:
        """End the process."""
        self._http.close()
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


def _signed(claims: Claims, key: RSAKey, alg: str = "RS256") -> str:
    header = {"alg": alg, "kid": key.kid, "typ": "JWT"}
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[alg])


def _unsigned(claims: Claims, _key: RSAKey) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    said = (base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts)
    return b".".join(said).decode() + "."


def _by_public_key(claims: Claims, key: RSAKey) -> str:
    secret = OctKey.import_key(base64.b64encode(key.as_pem(private=False)).decode())
    header = {"alg": "HS256", "kid": key.kid, "typ": "JWT"}
    return jws.serialize_compact(header, json.dumps(claims), secret, algorithms=["HS256"])


def _with(**changed: Any) -> Callable[[Claims, RSAKey], str]:
    """The same claims but for some (None: left out), signed with the provider's own key."""

    def made(claims: Claims, key: RSAKey) -> str:
        said = {**claims, **changed}
        return _signed({name: said[name] for name in said if said[name] is not None}, key)

    return made


def _aged(seconds: int) -> Callable[[Claims, RSAKey], str]:
    def made(claims: Claims, key: RSAKey) -> str:
        moved = {name: claims[name] + seconds for name in ("iat", "exp", "auth_time")}
        return _signed({**claims, **moved}, key)

    return made


def _also_for(other: str) -> Callable[[Claims, RSAKey], str]:
    return lambda claims, key: _signed({**claims, "aud": [*_listed(claims["aud"]), other]}, key)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# What comes instead of the token; each must sign nobody in.
FORGED: dict[str, Callable[[Claims, RSAKey], str]] = {
    "wrong nonce": _with(nonce="another"),
    "no nonce": _with(nonce=None),
    "wrong audience": _with(aud="another client"),
    "no audience": _with(aud=None),
    "one audience more": _also_for("another client"),
    "made for another party": _with(azp="another client"),
    "expired": _aged(-2 * _HOUR),
    "never expires": _with(exp=None),
    "of tomorrow": _aged(24 * _HOUR),
    "wrong issuer": _with(iss="https://another.example"),
    "the issuer but for a slash": lambda claims, key: _signed(
        {**claims, "iss": claims["iss"] + "/"}, key
    ),
    "no subject": _with(sub=None),
    "an empty subject": _with(sub=""),
    "a subject that is a list": _with(sub=["anna"]),
    "a subject with a NUL": _with(sub="an\0na"),
    "a subject too long": _with(sub="a" * 256),
    "no signature": _unsigned,
    "a signature by the public key": _by_public_key,
    "a signature by another key": lambda claims, key: _signed(
        claims, RSAKey.generate_key(2048, {"kid": key.kid or ""})
    ),
    "a signature by a key nobody knows": lambda claims, _key: _signed(
        claims, RSAKey.generate_key(2048, {"kid": "new"})
    ),
    "another algorithm": lambda claims, key: _signed(claims, key, "RS512"),
    "no token": lambda _claims, _key: "",
    "words": lambda _claims, _key: "not a token",
}
NEW_KEY = "new key"  # it signs with another key, and says so where its keys stand
# What it says of itself; None: it answers 500.
DESCRIBED: dict[str, Callable[[dict[str, Any]], bytes | None]] = {
    "another's name": lambda said: _json({**said, "issuer": "https://another.example"}),
    "a way without HTTPS": lambda said: _json({**said, "token_endpoint": "http://a.example/t"}),
    "a way with a script": lambda said: _json({**said, "authorization_endpoint": "javascript:a"}),
    "no ways": lambda said: _json({"issuer": said["issuer"]}),
    "a list": lambda said: _json([said]),
    "no JSON": lambda _said: b"<html>It works!</html>",
    "without end": lambda said: _json({**said, "more": "x" * 600_000}),
    "broken": lambda _said: None,
}


def _json(said: object) -> bytes:
    return json.dumps(said).encode()


class _Around:
    """The WSGI application around the provider's."""

    def __init__(self, inner: Any, keys: list[RSAKey]) -> None:
        self._inner = inner
        self._keys = keys
        self._fault = ""
        self._challenges: dict[str, str] = {}  # by code
        self._new_key = RSAKey.generate_key(2048, {"kid": "new"})

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path, length = environ["PATH_INFO"], int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        if path == "/fault":
            self._fault = body.decode()
            start("204 No Content", [])
            return []
        if path == "/elsewhere":  # where a redirect that is followed would end
            return _answer(start, "200 OK", _json({}))
        if path == "/oauth2/token" and not self._fits(parse_qs(body.decode())):
            return _answer(start, "400 Bad Request", _json({"error": "invalid_grant"}))
        if path == "/jwks" and self._fault == NEW_KEY:
            return _answer(start, "200 OK", _json({"keys": [self._new_key.as_dict(private=False)]}))
        status, headers, said = self._ask(environ)
        if path == "/oauth2/authorize" and status.startswith("302"):
            self._remember(dict(headers)["Location"], environ["QUERY_STRING"])
        if path == "/oauth2/token" and status.startswith("200"):
            said = self._token(said)
        if path.endswith("/openid-configuration"):
            if self._fault == "led elsewhere":
                start("302 Found", [("Location", "/elsewhere"), ("Content-Length", "0")])
                return []
            described = DESCRIBED.get(self._fault, _json)(json.loads(said))
            return _answer(start, "200 OK" if described else "500 Broken", described or b"")
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start(status, [*kept, ("Content-Length", str(len(said)))])
        return [said]

    def _ask(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            told[:] = [status, headers]

        said = b"".join(self._inner(environ, start))  # it may start late
        return told[0], told[1], said

    def _remember(self, location: str, asked: str) -> None:
        codes = parse_qs(urlsplit(location).query).get("code", [])
        wanted = parse_qs(asked)
        assert not codes or wanted["code_challenge_method"] == ["S256"]
        self._challenges |= dict.fromkeys(codes, wanted["code_challenge"][0])

    def _fits(self, given: dict[str, list[str]]) -> bool:
        """Whether the verifier is the one whose hash came with the question (RFC 7636)."""
        verifier = given.get("code_verifier", [""])[0].encode()
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        return self._challenges.get(given.get("code", [""])[0]) == made

    def _token(self, said: bytes) -> bytes:
        if self._fault not in FORGED and self._fault != NEW_KEY:
            return said
        answer = json.loads(said)
        payload = answer["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        claims.setdefault("auth_time", int(time.time()))
        if self._fault == NEW_KEY:
            return _json({**answer, "id_token": _signed(claims, self._new_key)})
        return _json({**answer, "id_token": FORGED[self._fault](claims, self._keys[-1])})


def _answer(start: Any, status: str, said: bytes) -> list[bytes]:
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
    return [said]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: the test says what went wrong."""


def _serve() -> None:
    # In this process alone: its warnings are no matter of the tests.
    import oidc_provider_mock
    from oidc_provider_mock import _storage

    keys: list[RSAKey] = []
    # The provider's own key, with which it could also sign what it should not.
    made = _storage.Storage.__init__

    def remember(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        keys.append(RSAKey.import_key(self.jwk.as_dict(is_private=True)))

    _storage.Storage.__init__ = remember
    inner = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    with make_server("127.0.0.1", 0, _Around(inner, keys), handler_class=_Quiet) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve()
