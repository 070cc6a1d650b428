"""Lists page by key: where a page begins, and the address of the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from web.api.fields import BIGGEST, Number, Text
from web.api.problems import UnfitError

R = TypeVar("R")
USUAL, MOST = 50, 200
_KEY = re.compile(r"(?:(\d{4}-\d\d-\d\d)\.)?(\d{1,10})", re.ASCII)


class PageQuery(Schema):
    """Where a page begins and how long it is."""

    after = Text(40, metadata={"description": "The `next` of the page before"})
    limit = Number(least=1, most=MOST, load_default=USUAL)


class Page(Schema):
    """A page of a list."""

    next = fields.String(
        required=True, allow_none=True, metadata={"description": "`after` of the next page"}
    )


def number_key(given: dict[str, Any]) -> int:
    """The key of a list by number; 0 is its beginning."""
    found = _read(given)
    return 0 if found is None else found[1]


def day_key(given: dict[str, Any]) -> tuple[date, int] | None:
    """The key of a list by day and number; None is its beginning."""
    found = _read(given)
    if found is None:
        return None
    return (found[0] or date.max, found[1])


def written(number: int, day: date | None = None) -> str:
    """A key as it stands in an address."""
    return str(number) if day is None else f"{day.isoformat()}.{number}"


def page(
    rows: Sequence[R], limit: int, shown: Callable[[R], Any], key: Callable[[R], str]
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """A page of what was asked for with one row too many."""
    kept = rows[:limit]
    return answer([shown(row) for row in kept], key(kept[-1]) if len(rows) > limit else None)


def answer(items: list[Any], after: str | None) -> tuple[dict[str, Any], int, dict[str, str]]:
    """A page of a list, with the way to the next as a header too (RFC 8288)."""
    headers = {}
    if after is not None:
        asked: dict[str, Any] = {**request.args.to_dict(), "after": after}
        there = url_for(request.endpoint or "", **(request.view_args or {}), **asked)
        headers["Link"] = f'<{there}>; rel="next"'
    return {"items": items, "next": after}, 200, headers


def _read(given: dict[str, Any]) -> tuple[date | None, int] | None:
    if "after" not in given:
        return None
    found = _KEY.fullmatch(given["after"])
    try:
        if found is not None and int(found[2]) <= BIGGEST:
            return (date.fromisoformat(found[1]) if found[1] else None, int(found[2]))
    except ValueError:
        pass
    raise unknown("after", _("No page begins there. Take the next of the page before."))


def unknown(name: str, text: object = _l("There is none such.")) -> UnfitError:
    """Something in the address that names nothing."""
    return UnfitError([{"parameter": name, "text": str(text)}])
