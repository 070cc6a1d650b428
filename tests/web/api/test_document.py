"""The OpenAPI document: valid, whole, open to anybody, and kept to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.web.api.conftest import ROOT
from web import policy
from web.api import interface
from web.policy import Policy


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is served."""
    return dict(json.loads(interface.document()))


def test_it_is_a_valid_document_of_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(document)] == []
    broken = {**document, "paths": {"letters": {}}}
    assert list(OPENAPI_31_VALIDATOR.iter_errors(broken))


def test_every_reference_in_it_leads_somewhere(document: dict[str, Any]) -> None:
    found: set[str] = set()

    def look(part: Any) -> None:
        if isinstance(part, dict):
            found.update([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(document)
    assert len(found) > 20
    for reference in found:
        at = document
        for name in reference.removeprefix("#/").split("/"):
            assert name in at, reference
            at = at[name]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_every_route_stands_in_it_and_acts_ask_for_key_and_version(
    site: Flask, document: dict[str, Any]
) -> None:
    routes = {
        (rule.rule.replace("<int:", "{").replace(">", "}"), method.lower())
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.rule.startswith(ROOT) and rule.endpoint != "api_document"
    }
    told = {(path, method) for path, at in document["paths"].items() for method in at}
    told -= {(path, "parameters") for path in document["paths"]}
    assert told == routes
    assert len(routes) == 14
    for path, method in sorted(told):
        operation = document["paths"][path][method]
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method == "post"), path
        assert ("If-Match" in headers) == path.endswith("/moves") * (method == "post"), path
        assert {"401", "403", "422"} <= operation["responses"].keys(), path
        assert operation["summary"], path


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_anybody_may_read_it_and_it_loads_nothing(site: Flask) -> None:
    answer = site.test_client().get(f"{ROOT}/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "http" not in answer.text.replace('"type": "http"', "")
    public = [
        rule.endpoint
        for rule in site.url_map.iter_rules()
        if rule.rule.startswith("/api") and policy.of(site, rule.endpoint) is Policy.PUBLIC
    ]
    assert public == ["api_document"]
