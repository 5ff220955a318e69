"""Registering as a buddy or as a newcomer; with a helper: together.py. The walk itself is in wizard.py."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.extensions import limiter
from app.i18n import active
from app.queries.network_programmes import told_in
from app.queries.registrations import network_of, registration_by_token
from app.security.permissions import Permission
from app.web.addresses import active_language, letter_link
from app.web.guards import guard
from app.web.qr import qr_picture
from app.web.showing import stations, who_calls
from app.web.viewing import the_viewer
from app.web.wizard import ROLES, Wizard, card_held, walk

bp = Blueprint("registrations", __name__)
KIND = "<any(buddy, newcomer):kind>"
LONGEST_CODE = 24  # of a call for volunteers


@bp.get(f"/<lang>/register/{KIND}")
@guard(Permission.REGISTER)
def start(kind: str) -> ResponseReturnValue:
    """To the first question; when somebody began before in this browser, ask whether to go on with that."""
    wizard = Wizard(kind)
    if call := request.args.get("call", ""):
        session["call"] = call[:LONGEST_CODE]
    if wizard.under_way():
        return render_template("registrations/go_on.html", kind=kind)
    return redirect(wizard.address(wizard.steps[0]))


@bp.post(f"/<lang>/register/{KIND}/again")
@guard(Permission.REGISTER)
def again(kind: str) -> ResponseReturnValue:
    """Begin anew: what another person filled in on this device is let go of."""
    wizard = Wizard(kind)
    wizard.remember(None)
    return redirect(wizard.address(wizard.steps[0]), 303)


@bp.get(f"/<lang>/register/{KIND}/go-on")
@guard(Permission.REGISTER)
def go_on(kind: str) -> ResponseReturnValue:
    """To the first question that is still open."""
    wizard = Wizard(kind)
    return redirect(wizard.address(wizard.open_step()))


@bp.get(f"/<lang>/register/{KIND}/later")
@guard(Permission.REGISTER)
def later(kind: str) -> ResponseReturnValue:
    """The link with which the registration goes on, here or on another device."""
    wizard = Wizard(kind)
    if not wizard.under_way():
        return redirect(url_for("registrations.start", kind=kind))
    link = letter_link("registrations.resume", lang=active_language(), kind=kind, token=wizard.token)
    return render_template("registrations/later.html", kind=kind, link=link, qr=qr_picture(link))


@bp.get(f"/<lang>/register/{KIND}/continue/<token>")
@guard(Permission.REGISTER)
def resume(kind: str, token: str) -> ResponseReturnValue:
    """Go on with a registration that began elsewhere; the browser remembers it from here on."""
    found = registration_by_token(the_viewer(), ROLES[kind], token)
    if found is None or found.finished_at:
        return render_template("registrations/no_longer.html", kind=kind), 410
    Wizard(kind).remember(token)
    return redirect(url_for("registrations.go_on", kind=kind))


@bp.get("/<lang>/register/buddy/done")
@guard(Permission.REGISTER)
def done() -> ResponseReturnValue:
    """Who calls the new candidate buddy, and when; the same page for a new and for a known address."""
    row = Wizard("buddy").row()
    if row is None or row.network_slug is None:
        return redirect(url_for("registrations.start", kind="buddy"))
    network = network_of(row.network_slug)
    calls = who_calls(network, (row.finished_at or now()) + timedelta(days=network.call_within_days))
    return render_template(
        "registrations/done.html", who_calls=calls, stations=stations(), card=card_held(),
        told=told_in(network.programme_id, active()),
    )  # fmt: skip


@bp.route(f"/<lang>/register/{KIND}/<slug>", methods=["GET", "POST"])
@guard(Permission.REGISTER)
@limiter.limit("600 per hour", methods=["POST"])
def step(kind: str, slug: str) -> ResponseReturnValue:
    """One question."""
    return walk(Wizard(kind), slug)


@bp.get("/<lang>/register/card")
@guard(Permission.OWN_TRACK)
def card() -> ResponseReturnValue:
    """The personal code of a new newcomer, to keep or to print; shown once."""
    held = card_held()
    if held is None:
        return redirect(url_for("accounts.home"))
    return render_template("registrations/card.html", together=False, card=held)


@bp.post("/<lang>/register/card")
@guard(Permission.OWN_TRACK)
def card_kept() -> ResponseReturnValue:
    """The newcomer has the code: on to My track."""
    session.pop("card", None)
    return redirect(url_for("accounts.home"), 303)
