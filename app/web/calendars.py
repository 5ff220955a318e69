"""Calendar files of one's own first meeting and first talk, to keep on a telephone."""

from flask import Blueprint, Response

from app.calendars import Appointment
from app.clock import in_brussels
from app.i18n import active
from app.mailer import file_of
from app.queries.appointments import first_meeting, own_talk
from app.security.permissions import Permission
from app.services.buddies import own_buddy
from app.services.newcomers import own_newcomer
from app.web.addresses import letter_link
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("calendars", __name__)


@bp.get("/<lang>/my-duo/<int:duo_id>/meeting.ics")
@guard(Permission.ANSWER_DUO)
def meeting(duo_id: int) -> Response:
    """The first meeting of an own duo, from the moment that contact is shared."""
    return _file(first_meeting(the_viewer(), duo_id, letter_link("duos.mine", lang=active())))


@bp.get("/<lang>/buddy/talk.ics")
@guard(Permission.OWN_BUDDY)
def buddy_talk() -> Response:
    """The first talk of a candidate buddy."""
    return _file(own_talk(own_buddy(the_viewer()), letter_link("buddies.home", lang=active())))


@bp.get("/<lang>/my-track/talk.ics")
@guard(Permission.OWN_TRACK)
def newcomer_talk() -> Response:
    """The first talk of a newcomer."""
    return _file(own_talk(own_newcomer(the_viewer()), letter_link("newcomers.track", lang=active())))


def _file(planned: Appointment) -> Response:
    also_dutch = the_viewer().newcomer_id is not None
    text = file_of(planned, locale=active(), also_dutch=also_dutch)
    return file_answer("ics", f"samenspoor-{in_brussels(planned.starts_at).date()}", text.encode())
