"""Forms of activities: what it is, where and when, on which terms, in other languages, and the check."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, Final

from wtforms import DateField, IntegerField, TimeField, ValidationError
from wtforms.validators import NumberRange, Optional

from app import rhythms
from app.forms.base import Form, LineField, NameField, WordsField
from app.forms.fields import ListField, OneField, SeveralField, TickField
from app.forms.organisations import PlaceField, WebsiteField
from app.i18n import latin_digits, lazy_pgettext
from app.i18n import lazy_gettext as _
from app.vocabulary import Interest, Labelled, OfferKind, Slot, Weekday
from app.vocabulary.activities import NeededDutch, OfferGoal, Suited

LONGEST_TITLE = 80
LONGEST_TEXT: Final = 1500
DAYS = [day.value for day in Weekday]
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})")


class RhythmChoice(Labelled):
    """How somebody says when an activity is."""

    WEEKLY = "weekly", lazy_pgettext("rhythm", "Every week")
    BIWEEKLY = "biweekly", lazy_pgettext("rhythm", "Every two weeks")
    MONTHLY = "monthly", lazy_pgettext("rhythm", "Once a month")
    DATES = "dates", lazy_pgettext("rhythm", "On some dates")
    OPEN = "open", lazy_pgettext("rhythm", "By appointment, or it changes")
    KEPT = "kept", lazy_pgettext("rhythm", "Keep the rule that is there")


class WeekOfMonth(Labelled):
    """Which one of its kind a day is in its month."""

    FIRST = "1", lazy_pgettext("day of a month", "the first")
    SECOND = "2", lazy_pgettext("day of a month", "the second")
    THIRD = "3", lazy_pgettext("day of a month", "the third")
    FOURTH = "4", lazy_pgettext("day of a month", "the fourth")
    LAST = "-1", lazy_pgettext("day of a month", "the last")


class WordsForm(Form):
    """What the activity is."""

    title = NameField(_("Title, in a few plain words"), longest=LONGEST_TITLE)
    kind = ListField(
        _("Kind of activity"), [("", _("Choose")), *[(kind.value, kind.label) for kind in OfferKind]],
        required=_("Choose a kind."),
    )  # fmt: skip
    words = WordsField(_("What do people do there? Write it in plain Dutch."), longest=LONGEST_TEXT)
    dutch_level = OneField(_("How much Dutch does one need?"), NeededDutch, default="none")
    goals = SeveralField(_("What does one come for?"), OfferGoal)
    suited = SeveralField(_("For whom is it suited too?"), Suited)
    interests = SeveralField(_("Which interests does it touch? At most five."), Interest)
    link = WebsiteField(_("Page with more information"), longest=500)

    def validate_interests(self, field: Any) -> None:
        """Few, so that a search finds what it is about."""
        if len(field.data or []) > 5:
            raise ValidationError(_("Choose at most five interests."))


class DaysField(LineField):
    """Dates that are typed one after the other, such as 24/11/2026, 1/12/2026; `days` are those."""

    days: tuple[date, ...] = ()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, longest=1000, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what is no date."""
        if self.errors or not self.data:
            return
        found = list(_DAY.finditer(self.data))
        if not found or re.search(r"\w", _DAY.sub("", self.data)):
            raise ValidationError(
                _("Write each date as day, month and year in figures, with a comma between the dates.")
            )
        try:
            self.days = tuple(sorted({_day(match) for match in found}))
        except ValueError:
            raise ValidationError(
                _("Write each date as day, month and year in figures, with a comma between the dates.")
            ) from None

    def fill(self, days: list[str]) -> None:
        """Show these ISO dates."""
        self.data = ", ".join(f"{date.fromisoformat(day):%d/%m/%Y}" for day in days)


class WhereForm(Form):
    """One place of an activity, with its dates or its rhythm."""

    town = PlaceField(_("Postcode or municipality"))
    place = LineField(_("Name of the place, such as the library"), longest=200)
    address = LineField(_("Street and number"), longest=200)
    route = WordsField(_("How does one get there? For a walk: along where?"), longest=500)
    rhythm = OneField(_("When is it?"), RhythmChoice, required=_("Choose when it is."))
    weekdays = SeveralField(_("On which days?"), Weekday)
    number = ListField(_("Which one of the month?"), WeekOfMonth, default="1")
    first_on = DateField(_("From which day on?"), [Optional()])
    until = DateField(_("Until and with which day?"), [Optional()])
    dates = DaysField(_("On which dates?"))
    start = TimeField(_("It begins at"), [Optional()])
    ends = TimeField(_("It ends at"), [Optional()])
    except_dates = DaysField(_("On which dates is it not?"))
    skips_public_holidays = TickField(_("Not on public holidays"))
    skips_school_holidays = TickField(_("Not in school holidays"))
    slots = SeveralField(_("In which parts of the week can it be?"), Slot)
    when_words = LineField(_("What else should one know about the time?"), longest=200)
    kept = ""

    def __init__(self, *args: Any, kept_rule: str = "", **kwargs: Any) -> None:
        """`kept_rule` is a rule that this form cannot say, to be kept as it is."""
        super().__init__(*args, **kwargs)
        self.kept = kept_rule
        if not kept_rule:
            self.rhythm.choices = [
                choice for choice in self.rhythm.choices if choice.value != RhythmChoice.KEPT
            ]

    def validate_town(self, field: Any) -> None:
        """A place is needed: it says in whose network the activity is."""
        if not field.data:
            raise ValidationError(_("Say where it is."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each way of saying when asks for its own answers, refused at their own field."""
        fits = super().validate(extra_validators)
        wanted: dict[str, tuple[Any, Any, Callable[[Any], bool]]] = {
            RhythmChoice.WEEKLY: (self.weekdays, _("Choose at least one day."), bool),
            RhythmChoice.BIWEEKLY: (self.weekdays, _("Choose at least one day."), bool),
            RhythmChoice.MONTHLY: (self.weekdays, _("Choose one day."), lambda days: len(days or []) == 1),
            RhythmChoice.DATES: (
                self.dates,
                _("Write each date as day, month and year in figures, with a comma between the dates."),
                bool,
            ),
            RhythmChoice.OPEN: (self.slots, _("Choose at least one part of the week."), bool),
        }
        asked, message, enough = wanted.get(self.rhythm.data or "", (self.rhythm, "", lambda _: True))
        if not asked.errors and not enough(asked.data):
            self.refuse(asked.name, message)
            return False
        return fits

    def validate_ends(self, field: Any) -> None:
        """What has dates has an hour, and ends after it begins."""
        if self.rhythm.data == RhythmChoice.OPEN:
            return
        if not self.start.data or not field.data:
            raise ValidationError(_("Say at what hour it begins and how long it lasts."))
        if field.data <= self.start.data:
            raise ValidationError(_("It must end after it begins."))

    def validate_until(self, field: Any) -> None:
        """It ends after it began."""
        if field.data and self.first_on.data and field.data < self.first_on.data:
            raise ValidationError(_("It must end after it begins."))

    def where(self, today: date) -> dict[str, Any]:
        """The answers as services/offer_writing takes them; without a first day it begins today."""
        assert self.town.found is not None
        way, fixed = self.rhythm.data, self.rhythm.data != RhythmChoice.OPEN
        ruled = way not in (RhythmChoice.DATES, RhythmChoice.OPEN)
        return {
            "postcode": self.town.found.postcode, "locality": self.town.found.locality, "place": self.place.data or "",
            "address": self.address.data or "", "route": self.route.data or "", "rule": self._rule(way),
            "first_on": (self.first_on.data or today) if ruled else None,
            "start": f"{self.start.data:%H:%M}" if fixed else "", "minutes": self._minutes() if fixed else None,
            "dates": self.dates.days if fixed else (), "except_dates": self.except_dates.days if ruled else (),
            "skips_public_holidays": ruled and self.skips_public_holidays.data,
            "skips_school_holidays": ruled and self.skips_school_holidays.data,
            "slots": [] if fixed else self.slots.data or [],
        }  # fmt: skip

    def _rule(self, way: str) -> str:
        on = [DAYS.index(day) for day in self.weekdays.data or []]
        if way in (RhythmChoice.WEEKLY, RhythmChoice.BIWEEKLY):
            return rhythms.weekly(on, every=1 if way == RhythmChoice.WEEKLY else 2, until=self.until.data)
        if way == RhythmChoice.MONTHLY:
            return rhythms.monthly(on[0], int(self.number.data or 1), until=self.until.data)
        return self.kept if way == RhythmChoice.KEPT else ""

    def _minutes(self) -> int:
        return int((_on_a_day(self.ends.data) - _on_a_day(self.start.data)).total_seconds() // 60)


def answers_of(rule: str) -> dict[str, Any] | None:
    """A rule as the answers of `WhereForm` that it came from; None when the form cannot say it."""
    parts = rhythms.parts_of(rule)
    days = parts.get("BYDAY", "").split(",")
    way = (parts["FREQ"], parts.get("INTERVAL", "1"))
    ways = {
        ("WEEKLY", "1"): RhythmChoice.WEEKLY,
        ("WEEKLY", "2"): RhythmChoice.BIWEEKLY,
        ("MONTHLY", "1"): RhythmChoice.MONTHLY,
    }
    monthly = way == ("MONTHLY", "1") and len(days) == 1 and days[0][:-2] in set(WeekOfMonth)
    plain = way[0] == "WEEKLY" and all(day in rhythms.WEEKDAYS for day in days)
    if way not in ways or "COUNT" in parts or "BYMONTHDAY" in parts or not (monthly or plain):
        return None
    return {
        "rhythm": ways[way], "weekdays": [DAYS[rhythms.WEEKDAYS.index(day[-2:])] for day in days],
        "number": days[0][:-2] or "1", "until": date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None,
    }  # fmt: skip


class PriceField(LineField):
    """A price in euro, with a comma or a point; `cents` is the price, None = not told."""

    cents: int | None = None

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, longest=12, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what is no price of at most a thousand euro."""
        if self.errors or not self.data:
            return
        match = re.fullmatch(r"€?\s*(\d{1,4})(?:[.,](\d{1,2}))?\s*€?", latin_digits(self.data))
        if match is None or int(match[1]) > 1000:
            raise ValidationError(_("Write a price as 5 or 5,50. Write 0 when it is free."))
        self.cents = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))

    def fill(self, cents: int | None) -> None:
        """Show this price."""
        self.data = (
            "" if cents is None else f"{cents // 100},{cents % 100:02}" if cents % 100 else str(cents // 100)
        )


class TermsForm(Form):
    """How many can come, for how much, who signs and insures, and the two criteria."""

    fluent_speakers = IntegerField(
        _("How many people are there who speak Dutch well?"), [Optional(), NumberRange(min=0, max=1000)]
    )
    meeting_words = WordsField(_("How do people meet each other?"), longest=500)
    contact_person_id = ListField(_("Who signs for the hours?"), [], required=_("Choose who signs."))
    insurer = LineField(_("Who insures the participants?"), longest=200)
    places = IntegerField(_("How many people can come?"), [Optional(), NumberRange(min=1, max=10_000)])
    waiting_places = IntegerField(
        _("How many can wait for a place?"), [Optional(), NumberRange(min=0, max=1000)]
    )
    price = PriceField(_("What does it cost, in euro?"))
    reduced = PriceField(_("What does it cost with a reduction?"))
    price_words = LineField(_("What else should one know about the price?"), longest=200)
    ends_on = DateField(_("What is the last day?"), [Optional()])

    def terms(self) -> dict[str, Any]:
        """The answers as services/offer_writing takes them."""
        return {
            "contact_person_id": int(self.contact_person_id.data), "places": self.places.data,
            "waiting_places": self.waiting_places.data or 0, "price_cents": self.price.cents,
            "reduced_cents": self.reduced.cents, "price_words": self.price_words.data or "",
            "insurer": self.insurer.data or "", "fluent_speakers": self.fluent_speakers.data,
            "meeting_words": self.meeting_words.data or "", "ends_on": self.ends_on.data,
        }  # fmt: skip


class TextForm(Form):
    """The activity in another language."""

    title = NameField(_("Title"), longest=LONGEST_TITLE)
    words = WordsField(_("Text"), longest=2000)
    by_machine = TickField(_("A machine translated this, such as a translation site"))


class CheckForm(Form):
    """A coordinator looked at both criteria before everybody sees the activity."""

    dutch = TickField(
        _("Enough people are there who speak Dutch well and are not learning it."),
        unless=_("Without this the hours do not count."),
    )
    meet = TickField(
        _("One meets new people there, in a duo or a group."),
        unless=_("Without this the hours do not count."),
    )


class NoteForm(Form):
    """What should be better, for the organisation."""

    note = WordsField(_("What should be better? The organisation reads this."), longest=500)


class GoOnForm(Form):
    """Until when an activity goes on."""

    until = DateField(_("Until and with which day?"), [Optional()])


def _on_a_day(at: time) -> datetime:
    return datetime.combine(date.min, at)


def _day(match: re.Match[str]) -> date:
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    return date(int(iso_year or year), int(iso_month or month), int(iso_day or day))
