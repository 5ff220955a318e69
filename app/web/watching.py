"""For who watches over the site: whether it is ready, what it counts, and a number for each request."""

from __future__ import annotations

import hmac
import logging
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from app import logs
from app.config import Settings
from app.errors import NotFound
from app.queries.watching import figures
from app.security.permissions import Permission
from app.services import readiness
from app.web.guards import guard

bp = Blueprint("watching", __name__)
log = logging.getLogger(__name__)

RETRY_SECONDS = 10
NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = Histogram(
    "samenspoor_request_seconds", "Time to answer, by page, method and status.", ["page", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
)  # fmt: skip


def init_app(app: Flask, settings: Settings) -> None:
    """Number, time and count each request; log it where the log is for machines."""
    if settings.json_logs:
        logs.begin()
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    settings: Settings = current_app.extensions["settings"]
    given = request.headers.get("X-Request-ID", "") if settings.trusted_proxies else ""
    g.number = given if NUMBER.fullmatch(given) else uuid.uuid4().hex
    g.began = perf_counter()
    logs.number_of_request.set(g.number)


def _end(response: Response) -> Response:
    if "number" not in g:  # refused before anything began
        return response
    took = perf_counter() - g.began
    method = request.method if request.method in METHODS else "other"
    page = request.endpoint or "none"
    SECONDS.labels(page, method, str(response.status_code)).observe(took)
    response.headers["X-Request-ID"] = g.number
    settings: Settings = current_app.extensions["settings"]
    if settings.json_logs:
        facts = {"page": page, "method": method, "status": response.status_code, "ms": round(took * 1000, 1)}
        log.info("request", extra={"facts": facts})
    return response


@bp.get("/ready")
@guard(Permission.SEE_PUBLIC)
def ready() -> ResponseReturnValue:
    """Whether this site can do all of its work: for a proxy or a watcher, which learns no more than what is not well."""
    settings: Settings = current_app.extensions["settings"]
    found = readiness.readiness(Path(settings.data_dir))
    if all(found.values()):
        return jsonify(status="ready", **found)
    return jsonify(status="not ready", **found), 503, {"Retry-After": str(RETRY_SECONDS)}


@bp.get("/metrics")
@guard(Permission.SEE_PUBLIC)
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, for who shows METRICS_TOKEN; for anybody else there is no such page."""
    settings: Settings = current_app.extensions["settings"]
    given = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.metrics_token}".encode()
    if not settings.metrics_token or not hmac.compare_digest(given, wanted):
        raise NotFound()
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    else:
        text = generate_latest(REGISTRY)
    return Response(text + generate_latest(_Figures()), content_type=CONTENT_TYPE_LATEST)


class _Figures:
    """What is counted in the database at the moment of asking: the same from every process."""

    def collect(self) -> Iterator[Metric]:
        for name, meaning, by, values in figures():
            family = GaugeMetricFamily(f"samenspoor_{name}", meaning, labels=[by] if by else [])
            for label, value in values.items():
                family.add_metric([label] if by else [], value)
            yield family
