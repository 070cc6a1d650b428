"""For machines that look after this one: whether it answers, and its figures."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from cascade import clock
from cascade.jobs import sweep
from models import schema
from models.database import Database
from models.errors import SchemaError
from models.queries import jobs, outbox
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
    work = CollectorRegistry()
    work.register(Work(g.db))
    figures = generate_latest(_registry()) + generate_latest(work)
    return Response(figures, content_type=CONTENT_TYPE_LATEST)


class Work(Collector):
    """What workers have still to do and what was given up, read when it is asked for."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Jobs and messages by kind and state, the oldest message's age, whether today is swept."""
        now = clock.now()
        with self._db.read() as conn:
            work, unsent = jobs.counts(conn), outbox.unsent(conn)
            swept = jobs.find(conn, sweep.key_of("housekeeping", now.today))
        many = GaugeMetricFamily(
            "cascade_jobs", "Jobs by name and state.", labels=["name", "state"]
        )
        for name, state, count in work:
            many.add_metric([name, state], count)
        messages = GaugeMetricFamily(
            "cascade_outbox", "Messages not sent, by kind and state.", labels=["kind", "state"]
        )
        oldest = GaugeMetricFamily(
            "cascade_outbox_oldest_seconds",
            "How long the oldest of them has stood there.",
            labels=["kind", "state"],
        )
        for one in unsent:
            messages.add_metric([one.kind, one.state], one.many)
            oldest.add_metric([one.kind, one.state], (now.at - one.oldest).total_seconds())
        is_swept = GaugeMetricFamily("cascade_swept_today", "1 once the day's sweep is done.")
        is_swept.add_metric([], int(swept is not None and not swept.is_open))
        yield from (many, messages, oldest, is_swept)


def _registry() -> CollectorRegistry:
    # gunicorn's processes each count for themselves; this folder is where they meet.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    found = CollectorRegistry()
    MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found
