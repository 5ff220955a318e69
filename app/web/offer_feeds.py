"""Activities for other programs: a calendar to follow, what is new as RSS, and the times of one activity."""

from flask import Response, current_app, request
from werkzeug.datastructures import MultiDict

from app.calendars import Happening, calendar_feed
from app.clock import now
from app.feeds import News, rss
from app.forms.searches import Asked, asked
from app.i18n import active
from app.i18n import gettext as _
from app.queries import searches
from app.security.permissions import Permission
from app.services.matchmaking import interests_in
from app.web.addresses import letter_link
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.offers import bp, search_of

NEWEST = 50
TIMES = 200


@bp.get("/<lang>/activities.ics")
@guard(Permission.SEE_PUBLIC)
def calendar() -> Response:
    """What a search finds, with its times in the weeks that lie ahead."""
    return _calendar(searches.times_of(search_of(_wish()), active(), most=TIMES), _("Activities"))


@bp.get("/<lang>/activities/<int:offer_id>.ics")
@guard(Permission.SEE_PUBLIC)
def times(offer_id: int) -> Response:
    """The times of one activity. Not found once it is over."""
    page = searches.shown(offer_id, active())
    return _calendar(page.times, page.title)


@bp.get("/<lang>/activities.rss")
@guard(Permission.SEE_PUBLIC)
def news() -> Response:
    """What was published last, of what a search finds."""
    wish = _wish()
    found = [
        News(hit.title, hit.words, letter_link("offers.show", lang=active(), offer_id=hit.offer.id), hit.offer.published_at or now())
        for hit in searches.newest(search_of(wish), active(), NEWEST)
    ]  # fmt: skip
    address = wish.address()
    content = rss(
        found, title=f"Samenspoor · {_('New activities')}", language=active(),
        words=_("You can join these now. You speak Dutch there and you meet people. You need no account to look."),
        link=letter_link("offers.index", lang=active(), **address), own=letter_link("offers.news", lang=active(), **address),
    )  # fmt: skip
    return Response(content, content_type="application/rss+xml; charset=utf-8")


def _wish() -> Asked:
    return asked(MultiDict(request.args), active(), interests_in)


def _calendar(found: list[searches.Time], name: str) -> Response:
    happenings = [
        Happening(
            key=f"activity-{time.occurrence.id}", starts_at=time.occurrence.starts_at, ends_at=time.occurrence.ends_at,
            title=time.hit.title, words=time.hit.words, language=time.hit.language, place=time.hit.where,
            link=letter_link("offers.show", lang=active(), offer_id=time.hit.offer.id),
            changed_at=time.hit.offer.changed_at, cancelled=time.occurrence.cancelled_at is not None,
        )
        for time in found
    ]  # fmt: skip
    text = calendar_feed(
        happenings, name=f"Samenspoor · {name}", address=current_app.extensions["settings"].address
    )
    return file_answer("ics", "samenspoor-activities", text.encode())
