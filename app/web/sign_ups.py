"""Coming to an activity and coming no more: for oneself, with a helper, by a counsellor, and from a letter without an account."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid, NotFound
from app.extensions import limiter
from app.forms.presence import CardCodeForm
from app.i18n import DEFAULT, Lazy, active, lazy_gettext
from app.i18n import gettext as _
from app.queries import searches
from app.queries.search_terms import Search
from app.queries.sign_ups import joined_by, joined_to
from app.queries.trajectories import caseload_newcomer
from app.reference.folding import fold
from app.security.permissions import Permission
from app.services import sign_ups
from app.services.matchmaking.activities import starting_soon
from app.vocabulary.sign_ups import SignUpState
from app.web.guards import guard
from app.web.viewing import the_viewer
from app.web.wizard import card_held

bp = Blueprint("sign_ups", __name__)
SAID: dict[SignUpState, Lazy] = {
    SignUpState.JOINED: lazy_gettext("You can come. It stands on My track."),
    SignUpState.WAITING: lazy_gettext("You are on the waiting list. We tell you when there is a place."),
}


@bp.post("/<lang>/activities/<int:offer_id>/join")
@guard(Permission.JOIN_OFFER)
def join(offer_id: int) -> ResponseReturnValue:
    """Take a place; a newcomer for herself."""
    state = sign_ups.join(the_viewer(), offer_id, gathering_id=_gathering())
    flash(SAID[state], "good")
    return redirect(url_for("offers.show", offer_id=offer_id), 303)


@bp.post("/<lang>/my-track/activities/<int:sign_up_id>/<any(leave, skip, come):act>")
@guard(Permission.JOIN_OFFER)
def change(sign_up_id: int, act: str) -> ResponseReturnValue:
    """Come no more, not come one time, or come that time after all."""
    if act == "leave":
        sign_ups.leave(the_viewer(), sign_up_id)
        flash(_("You stopped. Somebody else can have your place."), "good")
    else:
        {"skip": sign_ups.skip, "come": sign_ups.come}[act](the_viewer(), sign_up_id, _number("time"))
        flash(_("Thank you. Your place stays yours.") if act == "skip" else _("We see you then."), "good")
    return redirect(url_for("newcomers.track"), 303)


@bp.route("/<lang>/j/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """From a letter: say that one cannot come, one time or ever. The buttons do it, not the opening."""
    sign_up = sign_ups.sign_up_of_link(token)
    done = ""
    if request.method == "POST":
        done = "skip" if request.form.get("act") == "skip" else "leave"
        if done == "skip":
            sign_ups.skip_by_link(token, _number("time"))
        else:
            sign_up = sign_ups.leave_by_link(token, the_viewer())
    joined = joined_to(sign_up.newcomer_id, sign_up.offer_id, active())
    mine = joined if joined is not None and joined.sign_up.id == sign_up.id else None
    return render_template("sign_ups/by_link.html", sign_up=sign_up, joined=mine, done=done)


@bp.route("/<lang>/together/activities/<int:offer_id>/join", methods=["GET", "POST"])
@guard(Permission.HELP_REGISTER)
@limiter.limit("20 per 15 minutes", methods=["POST"])
def together(offer_id: int) -> ResponseReturnValue:
    """A helper signs up the newcomer who sits beside her; the code on the card says who it is."""
    page, form = searches.shown(offer_id, active()), CardCodeForm()
    if form.validate_on_submit():
        try:
            state = sign_ups.join_with_code(
                the_viewer(), offer_id, form.code.data, secret_key=current_app.config["SECRET_KEY"],
                gathering_id=_gathering(),
            )  # fmt: skip
            flash(SAID[state], "good")
            return redirect(url_for("offers.show", offer_id=offer_id), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    card = card_held()
    if request.method == "GET" and card is not None:
        form.code.data = card.code
    return render_template("sign_ups/together.html", form=form, page=page), 422 if form.errors else 200


@bp.get("/<lang>/caseload/<int:newcomer_id>/activities")
@guard(Permission.ACCEPT_HOURS)
def of_newcomer(newcomer_id: int) -> ResponseReturnValue:
    """What a newcomer of the caseload comes to, what fits, and what a search finds; each with a button to sign up."""
    newcomer = caseload_newcomer(the_viewer(), newcomer_id)
    words = request.args.get("q", "").strip()[:100]
    hits = [fit.hit for fit in starting_soon(newcomer, DEFAULT)]
    if words:
        hits = searches.page_of(Search(words=fold(words)), 1, active()).hits
    joined = joined_by(newcomer_id, active())
    return render_template(
        "sign_ups/of_newcomer.html", newcomer=newcomer, joined=joined, hits=hits, words=words,
        taken={one.offer.id for one in joined},
    )  # fmt: skip


@bp.post("/<lang>/caseload/<int:newcomer_id>/activities/<int:offer_id>/join")
@guard(Permission.ACCEPT_HOURS)
def join_for(newcomer_id: int, offer_id: int) -> ResponseReturnValue:
    """Sign up a newcomer of the caseload."""
    state = sign_ups.join(the_viewer(), offer_id, newcomer_id=newcomer_id, gathering_id=_gathering())
    flash(state.label, "good")
    return redirect(url_for("sign_ups.of_newcomer", newcomer_id=newcomer_id), 303)


@bp.post("/<lang>/caseload/<int:newcomer_id>/activities/<int:sign_up_id>/leave")
@guard(Permission.ACCEPT_HOURS)
def leave_for(newcomer_id: int, sign_up_id: int) -> ResponseReturnValue:
    """Give back the place of a newcomer of the caseload."""
    sign_ups.leave(the_viewer(), sign_up_id)
    flash(SignUpState.STOPPED.label, "good")
    return redirect(url_for("sign_ups.of_newcomer", newcomer_id=newcomer_id), 303)


def _gathering() -> int | None:
    return _number("place") if request.form.get("place") else None


def _number(name: str) -> int:
    """A key in a field of the form. Raises NotFound for what is none."""
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound()
    return int(text)
