"""A provider of OpenID Connect: sending somebody there to sign in, and checking what comes back.

The authorization code flow with PKCE (RFC 7636), state and nonce. Whom an identity signs in here
is the matter of cascade.identities.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from cascade.clock import Moment
from cascade.config import ProviderSettings, Settings, is_safe
from cascade.errors import RefusedError
from cascade.identities import Verified

_log = logging.getLogger(__name__)
_ALGORITHMS = ("RS256", "ES256")  # never none, and no secret shared with the provider as a key
_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_SCOPE = "openid profile"
_WAIT = (3.05, 5)  # seconds to connect, and for each answer
_PATIENCE = 10.0  # seconds for a whole answer
_LARGEST = 512 * 1024  # bytes of an answer
_LEEWAY = 60  # seconds that clocks may differ
_FRESH = 3600.0  # seconds after which the provider is asked about itself again
_AGAIN = 60.0  # and after which it is asked for new keys, as tokens may name keys at will
_DOWN = 15.0  # seconds in which one that did not answer is not asked: pages must not wait in line
_LONGEST = 255  # characters of a subject, by the standard


class ProviderDownError(RefusedError):
    """The provider does not answer, or not as a provider should."""

    remedy = "Sign in with name and password, or try again later."


class NotSignedInError(RefusedError):
    """What came back does not prove who this is; `why` is for the log, never for the page."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__()


@dataclass(frozen=True)
class Begun:
    """What a browser keeps while its person is at the provider."""

    state: str
    nonce: str
    verifier: str


class _Found(NamedTuple):
    """What the provider says of itself, and until when it is believed unasked."""

    authorize: str
    token: str
    keys_at: str
    auth_method: str
    names_itself: bool  # in its answers (RFC 9207)
    until: float


class _Keys(NamedTuple):
    keys: KeySet
    asked_at: float


def of(settings: Settings) -> Provider | None:
    """The provider that is set up, if there is one; it is not asked for anything yet."""
    return Provider(settings.provider) if settings.provider is not None else None


class Provider:
    """One provider as it is set up; safe to share between threads."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.name = settings.name
        self.issuer = settings.issuer
        self._settings = settings
        self._lock = threading.Lock()
        self._found: _Found | None = None
        self._keys: _Keys | None = None
        self._down_until = 0.0

    def begin(self, back: str) -> tuple[str, Begun]:
        """Where to send a browser that shall come `back`, and what it keeps meanwhile.

        Raises ProviderDownError.
        """
        found = self._discover()
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        with self._client(found, back) as client:
            url, _state = client.create_authorization_url(
                found.authorize, begun.state, begun.verifier, nonce=begun.nonce
            )
        return str(url), begun

    def finish(self, answer: Mapping[str, str], begun: Begun, back: str, now: Moment) -> Verified:
        """Who came back; raises NotSignedInError or ProviderDownError."""
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise NotSignedInError("the state is not this browser's")
        found = self._discover()
        # Another provider's answer, or ours mixed up with it, ends here: RFC 9207.
        named = answer.get("iss", "" if found.names_itself else self.issuer)
        if named != self.issuer:
            raise NotSignedInError("the answer is another issuer's")
        if "error" in answer or not answer.get("code"):
            raise NotSignedInError("the provider gave no code")
        token = self._redeem(found, answer["code"], begun, back)
        return self._verified(token, found, begun, now)

    def _redeem(self, found: _Found, code: str, begun: Begun, back: str) -> dict[str, Any]:
        """What a code is worth, which it is once."""
        try:
            with self._client(found, back) as client:
                token = client.fetch_token(
                    found.token,
                    code=code,
                    code_verifier=begun.verifier,
                    grant_type="authorization_code",
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            raise NotSignedInError(f"the code was refused: {error.error}") from error
        except (requests.RequestException, ValueError) as error:
            raise self._is_down(error) from error
        return dict(token)

    def _verified(
        self, token: Mapping[str, Any], found: _Found, begun: Begun, now: Moment
    ) -> Verified:
        try:
            read = self._read(str(token.get("id_token", "")), found)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._settings.client_id},
                    "nonce": {"essential": True, "value": begun.nonce},
                },
                {
                    "client_id": self._settings.client_id,
                    "nonce": begun.nonce,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(int(now.at.timestamp()), _LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise NotSignedInError(f"the token does not hold: {error!r}") from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST:
            raise NotSignedInError("the token names nobody")
        if not subject.isprintable():
            raise NotSignedInError("the token names nobody who can be written down")
        return Verified(self.issuer, subject, _shown(claims))

    def _read(self, token: str, found: _Found) -> jwt.Token:
        """A signed token; where its key is not known yet, the keys are asked for again."""
        try:
            return jwt.decode(token, self._signers(found), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            if self._keys is None or time.monotonic() - self._keys.asked_at < _AGAIN:
                raise
        return jwt.decode(token, self._signers(found, anew=True), algorithms=_ALGORITHMS)

    def _signers(self, found: _Found, *, anew: bool = False) -> KeySet:
        with self._lock:
            kept = self._keys
            if kept is None or anew or time.monotonic() - kept.asked_at > _FRESH:
                said = self._ask(found.keys_at).get("keys")
                kept = _Keys(_signing(said if isinstance(said, list) else []), time.monotonic())
                self._keys = kept
            return kept.keys

    def _discover(self) -> _Found:
        with self._lock:
            if self._found is None or time.monotonic() > self._found.until:
                if time.monotonic() < self._down_until:
                    raise ProviderDownError()
                url = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
                self._found = self._checked(self._ask(url))
            return self._found

    def _checked(self, said: Mapping[str, Any]) -> _Found:
        places = (
            str(said.get("authorization_endpoint", "")),
            str(said.get("token_endpoint", "")),
            str(said.get("jwks_uri", "")),
        )
        if said.get("issuer") != self.issuer or not all(map(is_safe, places)):
            raise self._is_down("its description is another's, or names places without HTTPS")
        # A provider that reaches us from afar has no business on this machine.
        if self.issuer.startswith("https:") and any(at.startswith("http:") for at in places):
            raise self._is_down("its description names places without HTTPS")
        methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        names_itself = said.get("authorization_response_iss_parameter_supported") is True
        return _Found(*places, method, names_itself, time.monotonic() + _FRESH)

    def _ask(self, url: str) -> dict[str, Any]:
        """A JSON document; no redirect is followed, and nothing endless read."""
        until = time.monotonic() + _PATIENCE
        try:
            with self._session() as session:
                answer = session.get(url, allow_redirects=False, stream=True, withhold_token=True)
                if answer.status_code != requests.codes.ok:
                    raise self._is_down(f"{url} answers {answer.status_code}")
                content = b""
                for part in answer.iter_content(64 * 1024):
                    content += part
                    if len(content) > _LARGEST or time.monotonic() > until:
                        raise self._is_down(f"{url} answers without end")
            said = json.loads(content)
        except (requests.RequestException, ValueError) as error:
            raise self._is_down(error) from error
        if not isinstance(said, dict):
            raise self._is_down(f"{url} is no JSON object")
        return said

    def _client(self, found: _Found, back: str) -> OAuth2Session:
        return self._session(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret,
            token_endpoint_auth_method=found.auth_method,
            scope=_SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _session(self, **given: Any) -> OAuth2Session:
        session = OAuth2Session(default_timeout=_WAIT, **given)
        # Proxies and authorities of the office count, but nobody's proxy knows this machine.
        session.trust_env = self.issuer.startswith("https:")
        return session

    def _is_down(self, why: object) -> ProviderDownError:
        _log.warning("the provider %s cannot be used: %s", self.issuer, why)
        self._down_until = time.monotonic() + _DOWN
        return ProviderDownError()


def _signing(said: list[Any]) -> KeySet:
    """Of a provider's keys those that can sign for us; others are no fault."""
    found: list[Key] = []
    for one in said:
        if isinstance(one, dict) and one.get("use", "sig") == "sig" and one.get("kty") in _KINDS:
            with suppress(JoseError, ValueError):
                found.append(_KINDS[one["kty"]].import_key(one))
    return KeySet(found)


def _shown(claims: Mapping[str, Any]) -> str:
    """What the person is called there, for the page that lists links."""
    for name in ("preferred_username", "email", "name", "sub"):
        said = claims.get(name)
        if isinstance(said, str) and said.strip():
            return "".join(one for one in said.strip() if one.isprintable())[:100]
    return ""
