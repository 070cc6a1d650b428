"""What a route asks of whoever opens it; one that does not say keeps the pages from starting."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Flask

V = TypeVar("V", bound=Callable[..., object])


class Policy(StrEnum):
    """Who may open a route; what is seen there is for models.scope, what is done for the door."""

    PUBLIC = "public"  # anybody, signed in or not
    OWN = "own"  # whoever is signed in, about the own account
    READS = "reads"  # whoever is signed in, and sees what the rules R1 to R7 give
    ACTS = "acts"  # the same, and the door decides on the move
    REGISTERS = "registers"  # who holds a post that may enter letters
    ADMINISTERS = "administers"  # who keeps accounts, units and the calendar


class UndeclaredRouteError(Exception):
    """Routes that do not say who may open them."""

    def __init__(self, endpoints: list[str]) -> None:
        self.endpoints = endpoints
        super().__init__(
            f"no policy declared for {', '.join(endpoints)}: put one of the decorators of "
            "web/policy.py under the route"
        )


def of(app: Flask, endpoint: str | None) -> Policy | None:
    """What a route declares; None where there is no such route."""
    view = app.view_functions.get(endpoint or "")
    return None if view is None else getattr(view, "policy", None)


def check(app: Flask) -> None:
    """Refuse to start with a route that declares nothing; raises UndeclaredRouteError."""
    found = sorted(name for name in app.view_functions if of(app, name) is None)
    if found:
        raise UndeclaredRouteError(found)


def _declare(policy: Policy) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark


public = _declare(Policy.PUBLIC)
own = _declare(Policy.OWN)
reads = _declare(Policy.READS)
acts = _declare(Policy.ACTS)
registers = _declare(Policy.REGISTERS)
administers = _declare(Policy.ADMINISTERS)
