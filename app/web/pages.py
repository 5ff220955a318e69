"""What everybody can see: the way in, how it works, languages, privacy, and whether the site is well."""

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app import db
from app.clock import today
from app.exchange import FIELDS, GATHERING, NEEDED
from app.i18n import LANGUAGES, Scope
from app.i18n import gettext as _
from app.i18n.provenance import shipped_reading
from app.queries import reports
from app.queries.networks import all_networks, own_network
from app.queries.offers import this_week
from app.queries.retention import days_kept
from app.security.permissions import Permission
from app.vocabulary.activities import KIND_ICONS
from app.web.addresses import safe_path
from app.web.guards import guard
from app.web.offers import LEVELS
from app.web.reports import province_map
from app.web.viewing import the_viewer

bp = Blueprint("pages", __name__)
DAYS_A_MONTH = 30.44


@bp.get("/")
@guard(Permission.SEE_PUBLIC)
def door() -> ResponseReturnValue:
    """To the home page in the language that is asked for."""
    answer = redirect(url_for("pages.home"), 302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@bp.get("/health")
@guard(Permission.SEE_PUBLIC)
def health() -> ResponseReturnValue:
    """Whether pages can be served: the database answers."""
    db.session().execute(text("SELECT 1"))
    return jsonify(status="well")


@bp.get("/<lang>/")
@guard(Permission.SEE_PUBLIC)
def home() -> ResponseReturnValue:
    """The first page: two doors, a picture of who is there, and what can start this week."""
    candidates = reports.candidates_by_province()
    return render_template(
        "pages/home.html", flanders=province_map(candidates), total=candidates[reports.TOTAL],
        invented=reports.invented(), offers=this_week(today()), icons=KIND_ICONS, levels=LEVELS,
    )  # fmt: skip


@bp.get("/<lang>/open-data")
@guard(Permission.SEE_PUBLIC)
def open_data() -> ResponseReturnValue:
    """How programs take over activities and numbers, and how a file of activities is made up."""
    return render_template("pages/open_data.html", fields=FIELDS, gathering=GATHERING, needed=NEEDED)


@bp.get("/<lang>/how-it-works")
@guard(Permission.SEE_PUBLIC)
def how_it_works() -> ResponseReturnValue:
    """The way of a volunteer and of a newcomer, in four pictures."""
    return render_template("pages/how_it_works.html")


@bp.get("/<lang>/help")
@guard(Permission.SEE_PUBLIC)
def help() -> ResponseReturnValue:
    """Ask a person: the numbers of the networks."""
    return render_template("pages/help.html", networks=all_networks(), own=own_network(the_viewer()))


@bp.get("/<lang>/languages")
@guard(Permission.SEE_PUBLIC)
def languages() -> ResponseReturnValue:
    """The languages of this site, and who has checked them."""
    scopes = (
        (Scope.PUBLIC, _("Public pages are in this language."), _("Public pages are partly in Dutch.")),
        (Scope.NEWCOMER, _("Pages of newcomers and buddies are in this language."), _("Pages of newcomers and buddies are partly in Dutch.")),
        (Scope.STAFF, _("Pages of staff are in this language."), _("Pages of staff are in Dutch.")),
    )  # fmt: skip
    readings = {item.tag: shipped_reading(item.tag) for item in LANGUAGES}
    return render_template("pages/languages.html", scopes=scopes, readings=readings)


@bp.get("/<lang>/privacy")
@guard(Permission.SEE_PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is kept, why, how long, and who sees it."""
    return render_template("pages/privacy.html", kept=days_kept().items(), month=DAYS_A_MONTH)


@bp.get("/<lang>/accessibility")
@guard(Permission.SEE_PUBLIC)
def accessibility() -> ResponseReturnValue:
    """How accessible this site is, and how to tell us that it is not."""
    return render_template("pages/accessibility.html")


@bp.post("/<lang>/also-in-dutch")
@guard(Permission.SEE_PUBLIC)
def also_dutch() -> ResponseReturnValue:
    """Show Dutch beside the own language, or no longer (S1); back to the same page."""
    session["also_dutch"] = request.form.get("on") == "1"
    return redirect(safe_path(request.form.get("next")) or url_for("pages.home"), 303)
