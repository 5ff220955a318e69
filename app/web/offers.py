"""What can be joined now, for everybody."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.i18n import active
from app.models import Offer
from app.queries import offers as queries
from app.queries.reach import one
from app.reference.gazetteer import Ambiguous, Found, Place, Unknown, resolve
from app.reference.networks import network
from app.security.permissions import Permission
from app.sms import shortened
from app.vocabulary import OfferKind, choices
from app.vocabulary.activities import KIND_ICONS, NeededDutch
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.qr import qr_picture

bp = Blueprint("offers", __name__)

TITLE_UNITS = 40  # of a title in a message, which has room for two parts
LEVELS = {level.value: level.label for level in NeededDutch}


@dataclass(frozen=True)
class Asked:
    """What a visitor looks for: a place as typed and a kind; `several` and `unknown` say that the place is not clear."""

    place: str
    kind: str
    several: bool = False
    unknown: bool = False


@bp.get("/<lang>/activities")
@guard(Permission.SEE_PUBLIC)
def index() -> ResponseReturnValue:
    """Activities by place and kind."""
    typed, kind = request.args.get("place", "").strip(), request.args.get("kind", "")
    place, unclear, several = _understood(typed)
    known_kind = OfferKind(kind) if kind in set(OfferKind) else None
    found = queries.joinable(network=place and place.network, kind=known_kind)
    shown, page, pages = queries.page_of(
        found, request.args.get("page", 1, int), nearest=place.municipality if place else ""
    )
    shared = letter_link(
        "offers.index", lang=active(), place=place and _shortest(place), kind=known_kind
    )  # what was understood, not what was typed: that may be somebody's address
    asked = Asked(typed, known_kind or "", several, bool(typed) and place is None and not unclear)
    name = Markup('<bdi translate="no">{}</bdi>').format(network(place.network).name_nl) if place else ""
    return render_template(
        "offers/index.html", asked=asked, choices=unclear, network=place and place.network, network_markup=name,
        offers=shown, page=page, pages=pages, kinds=choices(OfferKind), icons=KIND_ICONS, levels=LEVELS,
        link=shared, qr=qr_picture(shared),
    )  # fmt: skip


@bp.get("/<lang>/activities/<int:offer_id>")
@guard(Permission.SEE_PUBLIC)
def show(offer_id: int) -> ResponseReturnValue:
    """One activity that can be joined, to read and to pass on."""
    offer = one(queries.joinable().where(Offer.id == offer_id))
    link = letter_link("offers.show", lang=active(), offer_id=offer_id)
    return render_template(
        "offers/show.html", offer=offer, icons=KIND_ICONS, level=LEVELS[offer.dutch_level], link=link,
        qr=qr_picture(link), title=shortened(offer.title, TITLE_UNITS),
    )  # fmt: skip


def _shortest(place: Place) -> str:
    """The name of its municipality, which the list goes by; its full name where another place has that name too."""
    return place.municipality if isinstance(resolve(place.municipality), Found) else place.name


def _understood(typed: str) -> tuple[Place | None, tuple[Place, ...], bool]:
    """The place that was meant; or what it can be, and whether several places have that very name."""
    if not typed:
        return None, (), False
    match resolve(typed):
        case Found(place):
            return place, (), False
        case Ambiguous(options):
            return None, options, True
        case Unknown(suggestions):
            return None, suggestions, False
