"""Registering or looking at activities together with a newcomer: two languages on every page until the helper ends it."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.i18n import active, is_language
from app.queries.registrations import helped_this_month
from app.queries.search_terms import Search
from app.queries.searches import page_of
from app.reference.gazetteer import Ambiguous, Found, Place, Unknown, resolve
from app.security.permissions import Permission
from app.services.matchmaking.activities import DEFAULT_KM
from app.vocabulary.activities import KIND_ICONS
from app.web.guards import guard
from app.web.offers import LEVELS
from app.web.registrations import bp
from app.web.viewing import the_viewer
from app.web.wizard import Wizard, card_held, walk

TOGETHER = Wizard("newcomer", together=True)
AIMS = ("register", "search")


@bp.get("/<lang>/together")
@guard(Permission.HELP_REGISTER)
def together() -> ResponseReturnValue:
    """Where helping begins: register or search together, how many were helped this month, and how to help well."""
    return render_template("registrations/together.html", helped=helped_this_month(the_viewer()))


@bp.route("/<lang>/together/begin/<any(register, search):aim>", methods=["GET", "POST"])
@guard(Permission.HELP_REGISTER)
def together_begin(aim: str) -> ResponseReturnValue:
    """A helper and a newcomer choose the language in which they read together, with Dutch beside it."""
    language = request.form.get("language", "")
    if request.method == "GET" or not is_language(language):
        page = render_template("registrations/together_begin.html", aim=aim)
        return page, 422 if request.method == "POST" else 200
    _let_go()
    session["together"] = language
    if aim == "search":
        return redirect(url_for("registrations.together_activities", lang=language), 303)
    return redirect(url_for("registrations.together_step", lang=language, slug=TOGETHER.steps[0].slug), 303)


@bp.get("/<lang>/together/activities")
@guard(Permission.HELP_REGISTER)
def together_activities() -> ResponseReturnValue:
    """Activities near a place, the nearest first, each in two languages; nothing is registered and nothing is kept."""
    typed = request.args.get("place", "").strip()[:120]
    place, options = _place(typed)
    found = page_of(
        Search(place=place, km=DEFAULT_KM if place else None), request.args.get("page", 1, int), active()
    )
    return render_template(
        "registrations/together_activities.html", typed=typed, place=place, options=options, found=found, icons=KIND_ICONS,
        levels=LEVELS,
    )  # fmt: skip


def _place(typed: str) -> tuple[Place | None, tuple[Place, ...]]:
    """The place that was meant, or what it can be."""
    if not typed:
        return None, ()
    match resolve(typed):
        case Found(place):
            return place, ()
        case Ambiguous(options):
            return None, options
        case Unknown(suggestions):
            return None, suggestions


@bp.route("/<lang>/together/<slug>", methods=["GET", "POST"])
@guard(Permission.HELP_REGISTER)
def together_step(slug: str) -> ResponseReturnValue:
    """One question, read by two people."""
    return walk(TOGETHER, slug)


@bp.get("/<lang>/together/card")
@guard(Permission.HELP_REGISTER)
def together_card() -> ResponseReturnValue:
    """The card that the newcomer takes along, with which she takes over the account."""
    held = card_held()
    if held is None:
        return redirect(url_for("registrations.together"))
    return render_template("registrations/card.html", together=True, card=held)


@bp.post("/<lang>/together/end")
@guard(Permission.HELP_REGISTER)
def together_end() -> ResponseReturnValue:
    """The session of helper and newcomer ends: from here on the helper sees nothing of it."""
    _let_go()
    return redirect(url_for("registrations.together", lang=the_viewer().locale), 303)


def _let_go() -> None:
    """Keep nothing of a newcomer in this browser."""
    session.pop("card", None)
    session.pop("together", None)
    session.pop("also_dutch", None)
    TOGETHER.remember(None)
