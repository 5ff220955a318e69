"""The block list of a network, and who registered while on it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.people import AgainForm
from app.i18n import gettext as _
from app.queries.blocks import hit_page, own_blocks, people_hit
from app.security.permissions import Permission
from app.services import blocks
from app.vocabulary.blocks import HitOutcome
from app.web.guards import guard
from app.web.people import bp
from app.web.viewing import the_viewer


def _page(refused: dict[int, Any]) -> str:
    found = own_blocks(the_viewer())
    forms = {
        block.id: refused.get(block.id) or AgainForm(formdata=None, prefix=f"{block.id}-")
        for block, _name in found
    }
    return render_template("people/blocks.html", found=found, hits=people_hit(the_viewer()), forms_here=forms)


@bp.get("/<lang>/people/blocks")
@guard(Permission.BLOCK)
def block_list() -> ResponseReturnValue:
    """Who may not be registered again, and who did."""
    return _page({})


@bp.post("/<lang>/people/blocks/<int:block_id>/lift")
@guard(Permission.BLOCK)
def lift_block(block_id: int) -> ResponseReturnValue:
    """This person may register again."""
    blocks.lift(the_viewer(), block_id)
    flash(_("This person may register again."), "good")
    return redirect(url_for("people.block_list"), 303)


@bp.post("/<lang>/people/blocks/<int:block_id>/keep")
@guard(Permission.BLOCK)
def keep_block(block_id: int) -> ResponseReturnValue:
    """It holds on, until another day to look again."""
    form = AgainForm(prefix=f"{block_id}-")
    if form.validate_on_submit():
        try:
            blocks.go_on(the_viewer(), block_id, review_on=form.review_on.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The block holds on."), "good")
            return redirect(url_for("people.block_list"), 303)
    return _page({block_id: form}), 422


@bp.get("/<lang>/people/blocks/people/<int:hit_id>")
@guard(Permission.BLOCK)
def block_hit(hit_id: int) -> ResponseReturnValue:
    """Somebody on the block list registered: what is known, and the decision."""
    return render_template("people/block_hit.html", found=hit_page(the_viewer(), hit_id))


@bp.post("/<lang>/people/blocks/people/<int:hit_id>/<any(refused,admitted):outcome>")
@guard(Permission.BLOCK)
def decide_hit(hit_id: int, outcome: str) -> ResponseReturnValue:
    """Decide."""
    found = hit_page(the_viewer(), hit_id)
    try:
        blocks.decide(the_viewer(), hit_id, outcome=HitOutcome(outcome))
    except Invalid as refusal:
        flash(str(refusal.message), "wait")
        return redirect(url_for("people.block_hit", hit_id=hit_id), 303)
    flash(_("Decided and written down."), "good")
    if found.buddy_id is not None:
        return redirect(url_for("people.buddy", buddy_id=found.buddy_id), 303)
    return redirect(url_for("people.newcomer", newcomer_id=found.newcomer_id), 303)
