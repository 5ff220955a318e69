"""What a coordinator does about the trainings of one buddy: seen, not so, and the certificate."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.i18n import gettext as _
from app.queries.trainings import service_of
from app.security.permissions import Permission
from app.services import trainings
from app.web.buddies import certificate_of
from app.web.guards import guard
from app.web.people import bp
from app.web.viewing import the_viewer


@bp.post("/<lang>/people/trainings/<int:training_id>/seen")
@guard(Permission.JUDGE_BUDDY)
def see_training(training_id: int) -> ResponseReturnValue:
    """It was so."""
    buddy_id = trainings.see_training(the_viewer(), training_id)
    flash(_("The training counts now."), "good")
    return redirect(url_for("people.buddy", buddy_id=buddy_id), 303)


@bp.post("/<lang>/people/trainings/<int:training_id>/not-so")
@guard(Permission.JUDGE_BUDDY)
def refuse_training(training_id: int) -> ResponseReturnValue:
    """It was not so."""
    buddy_id = trainings.refuse_training(the_viewer(), training_id)
    flash(_("The training is taken away."), "good")
    return redirect(url_for("people.buddy", buddy_id=buddy_id), 303)


@bp.get("/<lang>/people/buddies/<int:buddy_id>/certificate.pdf")
@guard(Permission.JUDGE_BUDDY)
def certificate(buddy_id: int) -> ResponseReturnValue:
    """The certificate of a buddy, in Dutch."""
    return certificate_of(service_of(the_viewer(), Permission.JUDGE_BUDDY, buddy_id))
