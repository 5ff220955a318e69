"""Up to three buddies shown to a newcomer: the newcomer's choice, and what staff show and read of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.base import names
from app.forms.wishes import NoneForm, ShowForm
from app.i18n import gettext as _
from app.queries import wishes as queries
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.services import wishes as services
from app.web import explaining
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("wishes", __name__)


# --- the newcomer


@bp.route("/<lang>/my-choice", methods=["GET", "POST"])
@guard(Permission.CHOOSE_BUDDY)
def choose() -> ResponseReturnValue:
    """Cards of up to three buddies; one tap says with whom I want to meet."""
    return _choose(the_viewer(), queries.choice_of(the_viewer()), url_for("wishes.choose"))


@bp.route("/<lang>/w/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """The same through the link of a letter; signs nobody in, and looking chooses nothing."""
    link, holder = services.link_to_choose(token)
    choice = queries.choice_of(holder, int(link.facts["wish"]))
    return _choose(holder, choice, url_for("wishes.by_link", token=token))


def _choose(viewer: Viewer, choice: queries.Choice | None, here: str) -> ResponseReturnValue:
    form = NoneForm()
    if request.method == "POST" and choice is not None:
        said = request.form.get("buddy", "")
        if said == "none":
            services.choose_none(viewer, choice.id, form.said)
            return redirect(here, 303)
        if said.isdecimal() and int(said) in {card.proposal_id for card in choice.cards}:
            services.choose(viewer, choice.id, int(said))
            return redirect(here, 303)
    page = render_template("wishes/choose.html", choice=choice, form=form, here=here, words=explaining)
    return page, 422 if request.method == "POST" else 200


# --- coordinators


@bp.get("/<lang>/matching/choices")
@guard(Permission.JUDGE_PROPOSAL)
def index() -> ResponseReturnValue:
    """Whom newcomers chose, and who is still choosing."""
    return render_template("wishes/index.html", found=queries.followed(the_viewer()))


@bp.route("/<lang>/matching/proposals/<int:proposal_id>/show", methods=["GET", "POST"])
@guard(Permission.JUDGE_PROPOSAL)
def show(proposal_id: int) -> ResponseReturnValue:
    """Show the newcomer of a pair this buddy, and up to two others beside."""
    page = queries.show_page(the_viewer(), proposal_id)
    form = ShowForm()
    form.also.choices = names((str(other.buddy.id), other.buddy.person.first_name) for other in page.others)
    if request.method == "POST" and form.validate():
        try:
            services.show_buddies(
                the_viewer(), proposal_id, form.also.data or [],
                link_for=lambda locale, token: letter_link("wishes.by_link", lang=locale, token=token),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The newcomer is asked to choose. You see the answer under Choices."), "good")
            return redirect(url_for("wishes.index"), 303)
    status = 422 if form.errors else 200
    return render_template("wishes/show.html", page=page, form=form, words=explaining), status


@bp.post("/<lang>/matching/choices/<int:wish_id>/take-back")
@guard(Permission.JUDGE_PROPOSAL)
def take_back(wish_id: int) -> ResponseReturnValue:
    """Take the question back."""
    services.take_back(the_viewer(), wish_id)
    flash(_("The question is taken back. You can judge this pair again."), "good")
    return redirect(url_for("wishes.index"), 303)
