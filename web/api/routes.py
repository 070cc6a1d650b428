"""How a route of the interface says what it takes and gives; the OpenAPI document is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from json import JSONDecodeError
from typing import Any, TypeVar, cast

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

V = TypeVar("V", bound=Callable[..., Any])
_PROBLEMS = {
    "GET": (401, 403, 404, 422),
    "POST": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428),
}
NAMES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNFIT",
    428: "PRECONDITION_REQUIRED",
}
VERSION = {"ETag": {"description": "The version of it, for If-Match", "schema": {"type": "string"}}}
_NEXT = {"Link": {"description": 'rel="next": where it goes on', "schema": {"type": "string"}}}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new one for each act, the same when the act is asked for again",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": r"^[\x21-\x7e]+$"},
}
_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what was seen; * for whatever it is",
    "schema": {"type": "string"},
}


class Noun(Blueprint):  # type: ignore[misc]
    """The routes about one noun."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(name, __name__, url_prefix="/api/v1", description=about)

    def reads(self, rule: str) -> Callable[[V], V]:
        """A route that reads."""
        return cast(Callable[[V], V], self.route(rule, methods=["GET"]))

    def writes(self, rule: str) -> Callable[[V], V]:
        """A route that acts."""
        return cast(Callable[[V], V], self.route(rule, methods=["POST"]))

    def takes(self, schema: type[Schema], location: str = "query") -> Callable[[V], V]:
        """What it takes, from the address unless told."""
        return cast(Callable[[V], V], self.arguments(schema, location=location))

    def gives(
        self,
        schema: type[Schema],
        headers: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        method: str = "GET",
    ) -> Callable[[V], V]:
        """What it answers when all is well, and by which statuses it says what is wrong."""

        def mark(view: V) -> V:
            made = view
            for problem in _PROBLEMS[method]:
                made = self.alt_response(problem, response=NAMES[problem])(made)
            return cast(V, self.response(status, schema, headers=headers)(made))

        return mark

    def gives_pages(self, schema: type[Schema]) -> Callable[[V], V]:
        """A page of a list, with the way to the next."""
        return self.gives(schema, _NEXT)

    def asks_once(
        self, *, with_version: bool = False, as_form: Mapping[str, Any] | None = None
    ) -> Callable[[V], V]:
        """Put into the document the headers that `web.api.door` asks for, and the form it takes."""
        told: dict[str, Any] = {"parameters": [_KEY, _MATCH] if with_version else [_KEY]}
        if as_form is not None:
            told["requestBody"] = as_form
        return cast(Callable[[V], V], self.doc(**told))


class _Parser(FlaskParser):
    """The reader of requests; a body made to overstrain the reader of JSON is no JSON."""

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except (RecursionError, ValueError) as error:
            if isinstance(error, ValueError) and isinstance(error, _WELL_KNOWN):
                raise  # webargs answers these
            raise BadRequest from None


_WELL_KNOWN = (JSONDecodeError, UnicodeDecodeError)
Noun.ARGUMENTS_PARSER = _Parser()
# A body may be JSON, or a form with files; the document tells both.
Noun.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {
    **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
    "json_or_form": "application/json",
}
