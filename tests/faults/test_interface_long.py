"""The interface for programs, asked at random as its document allows and as it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as kept

from cascade import clock, tokens
from cascade.store import FileStore
from cascade.tokens import Scope
from tests.worlds import TODAY, Office
from web.app import World, create_app

EXAMPLES = 25
CODED = ("issuer", "to_act", "to_know", "points", "duties", "citations")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    kept.status_code_conformance,
    kept.content_type_conformance,
    kept.response_headers_conformance,
    kept.response_schema_conformance,
]


@pytest.mark.slow
def test_whatever_is_asked_is_answered_as_the_document_says(office: Office, tmp_path: Path) -> None:
    top = office.letter("P", owe=["A"])
    letter = office.letter("A", implements=[top], tasks=[("1", "A1"), ("2", "A2")])
    office.draft("A", tasks=[("1", "A1")], cites=[("P", "900")])
    office.report(office.step(letter, "A1", "1"), "A1")
    app = create_app(World(office.db, FileStore(tmp_path), TODAY), secret="a key for tests")
    every, seen = frozenset(Scope), set()
    token = tokens.give(office.db, office.who("a.sec").id, "random", every, 30, clock.now())
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case[Any]) -> None:
            case.path_parameters = {name: 1 + value % 4 for name, value in _numbers(case).items()}
            if isinstance(case.body, dict) and "issuer" in case.body:
                # Codes of units are hardly ever met by chance, nor days on which there were any.
                case.body = {name: case.body[name] for name in case.body if name not in CODED}
                case.body |= {"issuer": "A", "date": "2026-09-10"}
            if isinstance(case.body, dict) and "trigger" in case.body:
                # Moves there are, as seen or not: by chance hardly one would come to the rules.
                drawn = sum(map(ord, str(case.body["trigger"])))
                case.body["trigger"] = ("accept", "start", "return", "close")[drawn % 4]
                if drawn % 2 and case.headers is not None:
                    case.headers.pop("If-Match", None)
            headers = {"Authorization": f"Bearer {token}"}
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            seen.add((case.method, case.path, answer.status_code))

        ask()
    assert {path for _method, path, _status in seen} == set(schema)
    assert any(status == 200 for method, _path, status in seen if method == "GET")
    assert {status for _method, _path, status in seen} >= {200, 201, 403, 404, 409, 422}


def _numbers(case: schemathesis.Case[Any]) -> dict[str, int]:
    return {name: int(value) for name, value in (case.path_parameters or {}).items()}
