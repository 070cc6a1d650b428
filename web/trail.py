"""What is logged and measured of each request: what was asked and how it ended, never by whom."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request
from prometheus_client import Histogram

from cascade import logs

_log = logging.getLogger("cascade.request")
_TOOK = Histogram(
    "cascade_request_seconds",
    "How long requests took, by route, method and status.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def register(app: Flask) -> None:
    """Time each request, give it a code, tell both."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.begun = time.perf_counter()
    logs.request_id.set(g.request_id)


def _end(answer: Response) -> Response:
    took = time.perf_counter() - g.begun
    answer.headers["X-Request-ID"] = g.request_id
    # The route, not the address: one-time links and feeds have secrets in theirs.
    route = request.url_rule.rule if request.url_rule else "none"
    _TOOK.labels(route, request.method, str(answer.status_code)).observe(took)
    if route != "/healthz":
        numbers = {k: v for k, v in (request.view_args or {}).items() if isinstance(v, int)}
        _log.info(
            "%s %s %d",
            request.method,
            route,
            answer.status_code,
            extra={"ms": round(took * 1000, 1), **numbers},
        )
    return answer
