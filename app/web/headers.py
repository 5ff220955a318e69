"""Security headers of every answer: nonce CSP, no framing, no sniffing, strict transport in production."""

from flask import Flask

from app.config import Settings
from app.extensions import talisman

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
FEATURES = {"geolocation": "()", "camera": "()", "microphone": "()"}


def init_app(app: Flask, settings: Settings) -> None:
    """Let talisman put the headers on, errors included."""
    talisman.init_app(
        app,
        force_https=settings.production,
        strict_transport_security=settings.production,
        session_cookie_secure=settings.production,
        session_cookie_samesite="Lax",
        frame_options="DENY",
        content_security_policy=POLICY,
        content_security_policy_nonce_in=["script-src", "style-src"],
        referrer_policy="strict-origin-when-cross-origin",
        permissions_policy=FEATURES,
    )
