"""What can be joined now, for everybody."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.queries import offers as queries
from app.reference.gazetteer import Ambiguous, Found, Place, Unknown, resolve
from app.reference.networks import network
from app.security.permissions import Permission
from app.vocabulary import OfferKind, choices
from app.vocabulary.activities import KIND_ICONS, NeededDutch
from app.web.guards import guard

bp = Blueprint("offers", __name__)

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
    asked = Asked(typed, known_kind or "", several, bool(typed) and place is None and not unclear)
    name = Markup('<bdi translate="no">{}</bdi>').format(network(place.network).name_nl) if place else ""
    return render_template(
        "offers/index.html", asked=asked, choices=unclear, network=place and place.network, network_markup=name,
        offers=shown, page=page, pages=pages, kinds=choices(OfferKind), icons=KIND_ICONS, levels=LEVELS,
    )  # fmt: skip


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
