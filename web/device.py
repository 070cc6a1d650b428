"""The device of a request: its words, and the cookie that tells it signed a person in before."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from cascade import clock, devices
from cascade.accounts import digest
from cascade.devices import Device
from web.protection import cookie_name


def key() -> str:
    """The installation's secret key, from which the keys of each purpose are drawn."""
    return str(current_app.config["SECRET_KEY"])


def here(login: str) -> Device:
    """The device that asks, and whether `login` signed in on it before."""
    shown = request.cookies.get(_name(login), "")
    return Device(
        devices.in_words(request.user_agent.string),
        devices.known(key(), login, shown, clock.now().today),
    )


def remember(answer: Response, login: str, device: Device) -> Response:
    """Let the browser show next time that `login` signed in on it; that signs nobody in."""
    answer.set_cookie(
        _name(login),
        devices.mark(key(), login, clock.now().today, device.known),
        max_age=devices.LASTS,
        path=url_for("account.sign_in"),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _name(login: str) -> str:
    # One for each person: a desk may be shared.
    return cookie_name(current_app, f"device-{digest(login)[:12]}", "__Secure-")
