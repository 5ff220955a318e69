"""What there is to do in one municipality in a week, on paper: for the desk of a town hall, a library, a school."""

from dataclasses import replace
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import limiter
from app.forms.searches import Asked, asked
from app.i18n import active, clock_text, day_text, money_text
from app.i18n import gettext as _
from app.papers.week import Line, week_pdf
from app.queries import searches
from app.reference.gazetteer import municipalities
from app.security.permissions import Permission
from app.services.matchmaking import interests_in
from app.web.addresses import letter_link
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.offers import DAYS, LEVELS, bp, first_day, search_of
from app.web.qr import qr_picture

MOST = 40  # of one day
TOWNS = frozenset(town.name for town in municipalities())


@bp.get("/<lang>/activities/week-sheet/<town>")
@guard(Permission.SEE_PUBLIC)
def week_sheet(town: str) -> ResponseReturnValue:
    """The sheet, to print from the browser."""
    wish = _wish(town)
    link = letter_link("offers.index", lang=active(), town=town)
    file = url_for(
        "offers.week_sheet_pdf",
        **{**wish.address(), "view": None, "town": town, "from": first_day(wish).isoformat()},
    )
    return render_template(
        "offers/week_sheet.html", town=town, days=_days(wish, town), labels=LEVELS, link=link, qr=qr_picture(link), file=file,
    )  # fmt: skip


@bp.get("/<lang>/activities/week-sheet/<town>.pdf")
@guard(Permission.SEE_PUBLIC)
@limiter.limit("30 per minute")
def week_sheet_pdf(town: str) -> ResponseReturnValue:
    """The same as a file."""
    wish = _wish(town)
    days = [(day_text(day), [_line(time) for time in times]) for day, times in _days(wish, town)]
    content = week_pdf(town, days, letter_link("offers.index", lang=active(), town=town))
    return file_answer("pdf", f"samenspoor-{first_day(wish)}", content)


def _wish(town: str) -> Asked:
    """What was asked for, in that municipality. Raises NotFound when there is none of that name."""
    wish = replace(asked(request.args, active(), interests_in), town=town, place=None)
    if town not in TOWNS:
        raise NotFound()
    return wish


def _days(wish: Asked, town: str) -> list[tuple[date, list[searches.Time]]]:
    """The days on which there is something, each with what there is."""
    days = [first_day(wish) + timedelta(days=number) for number in range(DAYS)]
    found = searches.week_of(search_of(wish, town), days, active(), most=MOST)
    return [(day, times[:MOST]) for day, times in zip(days, found, strict=True) if times]


def _line(time: searches.Time) -> Line:
    offer = time.hit.offer
    price = "" if offer.price_cents is None else _("Free of charge")
    if offer.price_cents:
        price = money_text(offer.price_cents)
    return Line(
        time=clock_text(time.occurrence.starts_at), title=time.hit.title, language=time.hit.language, where=time.hit.where,
        level=str(LEVELS[offer.dutch_level]), price=" · ".join(filter(None, (price, offer.price_words))),
    )  # fmt: skip
