"""The interface put on an application: its routes, and the OpenAPI document made of them."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from json import dumps

from flask import Flask, Response
from flask_smorest import Api
from marshmallow import Schema, fields

from web.api import events, letters, overdue, steps, units
from web.api.problems import MEDIA_TYPE
from web.api.routes import NAMES
from web.policy import public
from web.protection import RowNumber

NOUNS = (letters.noun, steps.noun, overdue.noun, units.noun, events.noun)
_ABOUT = (
    "Letters, the duties they lay, and what became of them: the same rights and the same rules as "
    "the pages. Each request bears a token of a person, made on that person's own account page."
)


class RefusalShown(Schema):
    """One thing the rules have against a move."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)


class FaultShown(Schema):
    """Something wrong in what was sent: in the body by `pointer`, in the address by `parameter`."""

    pointer = fields.String()
    parameter = fields.String()
    text = fields.String(required=True)


class Problem(Schema):
    """Problem details (RFC 9457), in the language of Accept-Language."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    instance = fields.String()
    errors = fields.List(fields.Nested(FaultShown))
    refusals = fields.List(fields.Nested(RefusalShown))
    letter = fields.Integer(metadata={"description": "the letter that is on file"})


class _Interface(Api):  # type: ignore[misc]
    """The document, with our problems for errors; errors themselves end in web.errors."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """None: web.errors sees to them."""

    def _register_responses(self) -> None:
        self.spec.components.schema("Problem", schema=Problem)
        shape = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for status, name in NAMES.items():
            told = {"description": HTTPStatus(status).phrase, **shape}
            self.spec.components.response(name, told, lazy=True)
        other = {"description": "Something else went wrong", **shape}
        self.spec.components.response("DEFAULT_ERROR", other, lazy=True)


def register(app: Flask) -> None:
    """Put the interface on an application."""
    for noun in NOUNS:
        app.register_blueprint(noun)
        # Only a token opens these, and no browser sends one by itself: there is nothing to forge.
        app.extensions["csrf"].exempt(noun)
    app.add_url_rule("/api/v1/openapi.json", "api_document", _document)


@public
def _document() -> Response:
    """The OpenAPI document, for whoever would write a program."""
    return Response(document(), content_type="application/json")


@cache
def document() -> str:
    """The OpenAPI document: the same for every application, so it is made once and when asked."""
    bare = Flask(__name__)
    bare.url_map.converters["int"] = RowNumber
    bare.config["API_TITLE"] = "Cascade"
    bare.config["API_VERSION"] = "1"
    bare.config["OPENAPI_VERSION"] = "3.1.0"
    options = {
        "info": {"description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
    }
    api = _Interface(bare, spec_kwargs=options)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for noun in NOUNS:
        api.register_blueprint(noun)
    return dumps(api.spec.to_dict())
