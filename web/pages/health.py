"""For machines that look after this one: whether it answers, and its figures."""

from __future__ import annotations

import hmac
import os

from flask import Blueprint, Response, abort, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from models import schema
from models.errors import SchemaError
from web.policy import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 while requests can be answered: the database is there, with this program's schema."""
    try:
        schema.check(g.db)
    except (SchemaError, SQLAlchemyError):
        return Response("the database cannot be used\n", mimetype="text/plain"), 503
    return Response("well\n", mimetype="text/plain"), 200


@pages.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus, for whoever has the token; without one set there are none."""
    wanted = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        abort(404)
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    # gunicorn's processes each count for themselves; this folder is where they meet.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    found = CollectorRegistry()
    MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found
