"""Where somebody lives: typed, or tapped in a list; a name that several places have is asked back, never guessed."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, ClassVar

from flask import current_app
from wtforms import SelectChoice

from app.forms.base import LineField
from app.forms.fields import ListField, OneField
from app.forms.steps import StepForm, Values
from app.i18n import lazy_gettext as _
from app.reference import gazetteer
from app.reference.gazetteer import Ambiguous, Found, Municipality, Place
from app.reference.geocoder import OnlineGeocoder
from app.vocabulary import Province


def _towns() -> list[Municipality]:
    order = list(Province)
    return sorted(
        gazetteer.municipalities(), key=lambda town: (order.index(Province(town.province)), town.name)
    )


def _main_place(nis: str) -> Place:
    """The place that stands for a municipality as a whole."""
    town = next(town for town in gazetteer.municipalities() if town.nis == nis)
    return next(place for place in gazetteer.find(town.name) if place.nis == nis)


def _key(place: Place) -> str:
    return f"{place.postcode} {place.locality}"


def _asked_online(text: str) -> tuple[Place, ...]:
    """Localities near what the deployment's online geocoder finds, to choose from; none where it has no such setting."""
    geocoder = current_app.extensions["geocoder"]
    if not text or not isinstance(geocoder, OnlineGeocoder):
        return ()
    found = geocoder.geocode(text)
    near = geocoder.gazetteer.reverse(found.point, exactly_one=False) if found else None
    return tuple(gazetteer.place(item.raw["postcode"], item.raw["locality"]) for item in near or ())


class WhereForm(StepForm):
    """A postcode or a place name; or a municipality from the list, so that nothing has to be typed."""

    keeps: ClassVar = ("postcode", "locality")

    place = LineField(_("Your postcode or your town"), longest=gazetteer.LONGEST_QUERY)
    which = OneField(_("Which one?"), [])
    town = ListField(_("Your municipality"), [])
    found: Place | None = None
    outside = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = groupby(_towns(), key=lambda town: town.province)
        self.town.choices = [SelectChoice("", "—")] + [
            SelectChoice(town.nis, town.name, optgroup=Province(province).label)
            for province, towns in provinces
            for town in towns
        ]
        self.which.choices = []
        if self.is_submitted():
            self._offer()

    @classmethod
    def recall(cls, saved: Mapping[str, Any]) -> Values:
        """As it was found: postcode and place, which lead back to it alone."""
        return {"place": f"{saved['postcode']} {saved['locality']}"}

    def _offer(self) -> None:
        """What the text can mean, to choose from; the field shows it when there is more or less than one."""
        outcome = gazetteer.resolve(self.place.data or "")
        match outcome:
            case Found(place):
                self.found = place
            case Ambiguous(options):
                self._choose_from(options)
            case _:
                self._choose_from(outcome.suggestions or _asked_online(self.place.data or ""))
        self.outside = not isinstance(outcome, Found | Ambiguous) and outcome.outside

    def _choose_from(self, places: Iterable[Place]) -> None:
        self.which.choices = [SelectChoice(_key(place), place.name) for place in places]
        if self.which.data not in {choice.value for choice in self.which.choices}:
            self.which.data = ""

    def check(self) -> None:
        """Settle on one place, or say what to do."""
        if self.place.errors or self.town.errors:
            return
        if not self.place.data:
            self.found = _main_place(self.town.data) if self.town.data else None
            if self.found is None:
                self.refuse("place", _("Type your postcode or the name of your town."))
        elif self.which.data:
            postcode, _space, locality = self.which.data.partition(" ")
            self.found = gazetteer.place(postcode, locality)
        elif self.found is None:
            self.refuse("which" if self.which.choices else "place", self._question())

    def _question(self) -> object:
        if self.outside:
            return _("This place lies in another part of Belgium. We work in Flanders and Brussels.")
        if isinstance(gazetteer.resolve(self.place.data or ""), Ambiguous):
            return _("Several places have this name. Tap yours.")
        if self.which.choices:
            return _("We do not know this place. Do you mean one of these?")
        return _("We do not know this place. Type the postcode of four figures, such as 2800.")

    def answers(self) -> Values:
        """Postcode and locality: the rest follows from them."""
        assert self.found is not None
        return {"postcode": self.found.postcode, "locality": self.found.locality}
