"""Samenspoor: create_app() is its table of contents.

Nothing is imported before it is called, so that the programs around the application (set-up, start,
migrations) load only what they use.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

MEGABYTE = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application of one deployment. Raises BadSetting or RuntimeError when it must not start."""
    from flask import Flask

    from app import cli, db, i18n, jobs
    from app.config import ROOT, Settings
    from app.extensions import csrf, limiter
    from app.reference.geocoder import geocoder_from
    from app.security import secrets
    from app.web import bodies, errors, filters, guards, headers, hooks, typed, viewing, watching
    from app.web.blueprints import BLUEPRINTS

    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_url_path="/static")
    app.request_class = bodies.Request
    _configure(app, settings)
    i18n.init_app(app, folder=ROOT / "translations", pseudo=settings.pseudo)
    app.extensions["geocoder"] = geocoder_from(settings.geocoder)
    db.bind(db.connect(settings.database, at_work=not settings.testing))
    secrets.bind(settings.secret_key)
    csrf.init_app(app)
    limiter.init_app(app)
    watching.init_app(app, settings)
    headers.init_app(app, settings)
    viewing.init_app(app)
    hooks.init_app(app)
    typed.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    jobs.init_app(app, settings)
    cli.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guards.refuse_unguarded(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=3 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_NAME="samenspoor",
        SESSION_COOKIE_HTTPONLY=True,
        RATELIMIT_ENABLED=not settings.testing,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        TRUSTED_HOSTS=[settings.address.split("//")[1].split(":")[0]] if settings.production else None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.logger.setLevel(logging.INFO)
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
