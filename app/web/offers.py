"""What can be joined now, for everybody: to find as a list, on a map or by the week, and each on a page of its own."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.charts import dot_map, town_map
from app.clock import today
from app.feeds import Event, Held, Spot, structured
from app.forms.searches import DISTANCES, Asked, asked
from app.i18n import Lazy, active
from app.i18n import gettext as _
from app.queries import searches
from app.queries.search_terms import Search
from app.queries.searches import PAGE, Found
from app.queries.sign_ups import joined_to
from app.reference.networks import members, network, networks
from app.security.permissions import Permission
from app.services.matchmaking import interests_in
from app.services.matchmaking.activities import Fit, fitting, home_of
from app.services.newcomers import own_newcomer
from app.sms import shortened
from app.vocabulary import DayPart, OfferKind, Weekday, choices
from app.vocabulary.activities import KIND_ICONS, NeededDutch, OfferGoal, Suited
from app.vocabulary.facts import interest_names
from app.vocabulary.rhythms import rhythm_lines
from app.vocabulary.searches import VIEW_ICONS, Order, View, fit_sentence
from app.web import looks
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.qr import qr_picture
from app.web.viewing import the_viewer

bp = Blueprint("offers", __name__)

TITLE_UNITS = 40  # of a title in a message, which has room for two parts
LEVELS = {level.value: level.label for level in NeededDutch}
DAYS: Final = 7
LAST_WEEK: Final = timedelta(weeks=8)
REASONS: Final = 2
"""Why something fits is said in so many sentences at most."""
CHOICES: Final = {
    "kinds": choices(OfferKind), "goals": choices(OfferGoal), "levels": choices(NeededDutch), "days": choices(Weekday),
    "parts": choices(DayPart), "suited": choices(Suited), "distances": DISTANCES,
}  # fmt: skip


@bp.get("/<lang>/activities")
@guard(Permission.SEE_PUBLIC)
def index() -> ResponseReturnValue:
    """Activities by what, where and when: a list, a map or a week."""
    wish = asked(request.args, active(), interests_in)
    shown: dict[View, Any] = {View.LIST: _as_list, View.MAP: _as_map, View.WEEK: _as_week}
    values = shown[wish.view](wish)
    looks.count_shown(_seen(values))
    link = letter_link("offers.index", lang=active(), **wish.address())
    return render_template(
        f"offers/{wish.view}.html", asked=wish, choices=CHOICES, labels=LEVELS, icons=KIND_ICONS,
        suited_icons=SUITED_ICONS, views=[(view, VIEW_ICONS[view], _address(replace(wish, view=view))) for view in View],
        meant=interest_names(wish.interests), network_markup=_name(wish), link=link, qr=qr_picture(link), feeds=_feeds(wish), orders=_orders(), **values,
    )  # fmt: skip


@bp.get("/<lang>/activities/<int:offer_id>")
@guard(Permission.SEE_PUBLIC)
def show(offer_id: int) -> ResponseReturnValue:
    """One activity, to read, to put in a calendar and to pass on."""
    page, viewer = searches.shown(offer_id, active()), the_viewer()
    joined = joined_to(viewer.newcomer_id, offer_id, active()) if viewer.newcomer_id else None
    looks.count_opened(offer_id)
    link = letter_link("offers.show", lang=active(), offer_id=offer_id)
    return render_template(
        "offers/show.html", page=page, hit=page.hit, offer=page.hit.offer, icons=KIND_ICONS, labels=LEVELS,
        suited=[(Suited(tag), SUITED_ICONS[Suited(tag)]) for tag in page.hit.offer.suited],
        goals=[OfferGoal(tag) for tag in page.hit.offer.goals], link=link, qr=qr_picture(link),
        said={hit.gathering.id: rhythm_lines(hit.gathering.rhythm, hit.gathering.slots, on=today()) for hit in page.hits},
        title=shortened(page.title, TITLE_UNITS), structured=structured, event=_event(page, link),
        joined=joined,
    )  # fmt: skip


def _event(page: searches.Shown, link: str) -> Event:
    """The activity as search engines take it over, in the words of its organisation."""
    offer = page.hit.offer
    return Event(
        name=offer.title, words=offer.words, language=offer.words_language, link=link,
        organiser=offer.organisation.name if offer.organisation else "", price=offer.price_cents, full=not offer.can_be_joined,
        times=[
            Held(time.occurrence.starts_at, time.occurrence.ends_at, time.occurrence.cancelled_at is not None, _spot(time.hit))
            for time in page.times
        ],
    )  # fmt: skip


def _spot(hit: searches.Hit) -> Spot:
    there, row = hit.gathering, hit.listing
    point = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return Spot(
        there.place, there.address, there.postcode, there.municipality or hit.offer.municipality, point
    )


def town_of(wish: Asked) -> str:
    """The municipality that is meant, by its name or by that of a place in it."""
    return wish.town or (wish.place.municipality if wish.place else "")


def search_of(wish: Asked, town: str = "") -> Search:
    """What was asked for, as the database takes it; in one municipality alone where that is given."""
    place = None if town else wish.place
    return Search(
        interests=wish.interests, aims=wish.aims, words=wish.words, place=place, km=wish.km if place else None, network=wish.network,
        municipality=town or wish.town, kind=wish.kind, goal=wish.goal, level=wish.rank, slots=wish.slots, suited=wish.suited,
        free=wish.free, language=active() if wish.own_language else "", soonest=wish.order is Order.SOON,
    )  # fmt: skip


def _as_list(wish: Asked) -> dict[str, Any]:
    """Cards; what fits in front for a newcomer who told anything, and the nearest where nothing is found."""
    search, fits = search_of(wish), _fits_asked(wish)
    if fits is None:
        found = searches.page_of(search, wish.page, active())
        return {"found": found, "why": {}, "fits": False, "nearest": _nearest(search, found)}
    pages = max(1, -(-len(fits) // PAGE))
    page = min(max(wish.page, 1), pages)
    some = fits[(page - 1) * PAGE : page * PAGE]
    found = Found([fit.hit for fit in some], page, pages, len(fits))
    return {
        "found": found, "why": {fit.hit.offer.id: reasons_of(fit) for fit in some}, "fits": True,
        "nearest": _nearest(search, found),
    }  # fmt: skip


def _seen(values: dict[str, Any]) -> set[int]:
    """The activities that stand on a page of a search; a map shows none."""
    if "found" in values:
        return {hit.offer.id for hit in values["found"].hits}
    return {time.hit.offer.id for _day, times in values.get("days", ()) for time in times[: values["most"]]}


def _nearest(search: Search, found: Found) -> list[searches.Hit]:
    return [] if found.hits else searches.nearest_to(search, active())


def _fits_asked(wish: Asked) -> list[Fit] | None:
    """What fits the newcomer who looks, from home unless another place was named; None when that was not asked for."""
    viewer = the_viewer()
    if viewer.newcomer_id is None or wish.order not in (None, Order.FIT):
        return None
    newcomer = own_newcomer(viewer)
    if not newcomer.interests and not newcomer.availability:
        return None
    search, home = search_of(wish), home_of(newcomer)
    if search.place is None and not (wish.town or wish.network):
        search = replace(search, place=home.place, km=home.km)
    if search.level is None:
        search = replace(search, level=home.level)
    return fitting(newcomer, search, active())


def reasons_of(fit: Fit) -> list[str]:
    """Why it fits, in sentences, the strongest first."""
    return [words for code, facts in fit.reasons if (words := fit_sentence(code, facts))][:REASONS]


def _as_map(wish: Asked) -> dict[str, Any]:
    """Circles on networks; in one network, or around a place, on municipalities. The same numbers stand in a list."""
    area = wish.network or (wish.place.network if wish.place else "")
    wish = replace(wish, place=None, network=area, town="", page=1)
    if not area:
        counts = searches.counts_by_network(search_of(wish))
        names = {one.slug: one.name_nl for one in networks()}
        links = {slug: _address(replace(wish, network=slug)) for slug in counts}
        drawn = dot_map(counts, "network", names, _("Map: activities by network"), links=links)
    else:
        inside = {town.name for town in members(area)}
        counts = {
            name: number
            for name, number in searches.counts_by_municipality(search_of(wish)).items()
            if name in inside
        }
        names = {name: name for name in counts}
        links = {name: _address(replace(wish, network="", town=name, view=View.LIST)) for name in counts}
        drawn = town_map(area, counts, _("Map: activities by municipality"), links=links)
    rows = sorted(
        ((names[key], counts[key], links[key]) for key in counts), key=lambda row: (-row[1], row[0])
    )
    return {"drawn": drawn, "rows": rows, "area": area, "whole": _address(replace(wish, network=""))}


def first_day(wish: Asked) -> date:
    """The first day of the week that is shown: the day asked for, from today until times are no longer known."""
    return min(max(wish.first or today(), today()), today() + LAST_WEEK)


def _as_week(wish: Asked) -> dict[str, Any]:
    """Seven days, from the day asked for or today."""
    first = first_day(wish)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    earlier = max(first - timedelta(days=DAYS), today())
    return {
        "days": list(zip(days, searches.week_of(search_of(wish), days, active()), strict=True)), "most": searches.WEEK_SHOWN,
        "earlier": _address(wish, first=earlier) if first > today() else "",
        "later": _address(wish, first=first + timedelta(days=DAYS)) if first < today() + LAST_WEEK else "",
        "weekdays": list(Weekday), "day_address": lambda day: _address(replace(wish, day=day, view=View.LIST)),
    }  # fmt: skip


def _address(wish: Asked, **more: Any) -> str:
    """The page with that search, in the language being read."""
    values = {**wish.address(), "q": wish.phrase or None}
    if wish.phrase:
        values.pop("like", None)
    if "first" in more:
        values["from"] = more["first"].isoformat()
    return url_for("offers.index", **values)


def _orders() -> list[tuple[str, Lazy]]:
    """What can stand first, for who looks; what is usual first."""
    usual = [Order.FIT] if the_viewer().newcomer_id is not None else []
    return [
        ("" if at == 0 else order.value, order.label)
        for at, order in enumerate([*usual, Order.NEAR, Order.SOON])
    ]


def _feeds(wish: Asked) -> dict[str, str]:
    """Where other programs find the same search: RSS, a calendar, and a sheet to print where one municipality is meant."""
    values = replace(wish, view=View.LIST).address()
    town = town_of(wish)
    sheet = url_for("offers.week_sheet", **{**values, "town": town, "place": None}) if town else ""
    return {
        "rss": url_for("offers.news", **values),
        "ics": url_for("offers.calendar", **values),
        "sheet": sheet,
    }


def _name(wish: Asked) -> Markup:
    """The name of the place or network that is looked in, kept from translation."""
    if wish.place:
        name = wish.place.name
    else:
        name = wish.town or (network(wish.network).name_nl if wish.network else "")
    return Markup('<bdi translate="no">{}</bdi>').format(name) if name else Markup()


SUITED_ICONS: Final = {
    Suited.CHILDREN: "baby",
    Suited.WHEELCHAIR: "accessibility",
    Suited.READS_LITTLE: "book-open",
}
