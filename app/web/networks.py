"""The settings of the own network."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.forms.networks import NetworkForm
from app.i18n import gettext as _
from app.security.permissions import Permission
from app.services.networks import (
    NetworkSettings,
    network_of,
    screening_months,
    set_network,
    set_screening,
)
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("networks", __name__)


@bp.route("/<lang>/network", methods=["GET", "POST"], defaults={"slug": None})
@bp.route("/<lang>/network/<slug>", methods=["GET", "POST"])
@guard(Permission.SET_NETWORK)
def settings(slug: str | None) -> ResponseReturnValue:
    """Who calls new people, within how many days and when; help number; insurer."""
    viewer = the_viewer()
    network = network_of(viewer, slug)
    form = NetworkForm(obj=network, screening_months=screening_months(network.slug))
    if form.validate_on_submit():
        set_screening(viewer, network.slug, months=form.screening_months.data)
        set_network(
            viewer, network.slug,
            NetworkSettings(
                caller_name=form.caller_name.data or "", deputy_name=form.deputy_name.data or "",
                call_within_days=form.call_within_days.data, duo_silent_weeks=form.duo_silent_weeks.data,
                check_in_weeks=form.check_in_weeks.data, call_when=form.call_when.data or "",
                call_when_language=form.call_when_language.data, help_phone=form.help_phone.data or None,
                insurer=form.insurer.data or "", newcomer_insurer=form.newcomer_insurer.data or "", buddy_ask_weeks=form.buddy_ask_weeks.data,
            ),
        )  # fmt: skip
        flash(_("The settings are kept. New people see them from now on."), "good")
        return redirect(url_for("networks.settings", slug=network.slug), 303)
    others = sorted(viewer.networks - {network.slug})
    page = render_template("networks/settings.html", form=form, network=network, others=others)
    return page, 422 if form.errors else 200
