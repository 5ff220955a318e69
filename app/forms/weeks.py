"""The week as 21 moments to tap."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.forms.fields import SeveralField, TickField
from app.forms.steps import ReadInterests, StepForm, Values
from app.i18n import lazy_gettext as _
from app.vocabulary import DayPart, Slot, Weekday

SHORTCUTS = {
    "evenings": [slot.value for slot in Slot if slot.part is DayPart.EVENING],
    "weekends": [slot.value for slot in Slot if slot.weekday in (Weekday.SATURDAY, Weekday.SUNDAY)],
}


class WhenForm(StepForm):
    """The moments at which somebody is free; not to know yet is an answer too."""

    keeps: ClassVar = ("availability",)

    availability = SeveralField(_("When are you free?"), Slot)
    unknown = TickField(_("I do not know yet"))

    @classmethod
    def recall(cls, saved: Mapping[str, Any]) -> Values:
        """No moments, saved, means that they are not known."""
        return {**saved, "unknown": not saved["availability"]}

    def settle(self, pressed: Mapping[str, str], interests_in: ReadInterests) -> bool:
        """A shortcut ticks all its moments, or takes them away when all were ticked; `none` clears the week."""
        wanted = pressed.get("shortcut")
        if wanted not in {*SHORTCUTS, "none"}:
            return False
        chosen, moments = set(self.availability.data or []), set(SHORTCUTS.get(wanted, []))
        chosen = set() if wanted == "none" else chosen - moments if moments <= chosen else chosen | moments
        self.availability.data = [slot.value for slot in Slot if slot in chosen]
        return True

    def check(self) -> None:
        """An empty week is told on purpose."""
        if not (self.availability.data or self.unknown.data or self.availability.errors):
            self.refuse("availability", _("Tap at least one moment. You can change it later."))
