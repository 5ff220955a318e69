"""What is filled in on the way from proposal to duo and while a duo is under way."""

from collections.abc import Iterable
from datetime import UTC, datetime

from wtforms import DateField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired

from app.clock import BRUSSELS
from app.forms.base import Form, NameField, WordsField, options
from app.i18n import lazy_gettext as _
from app.i18n import lazy_ngettext
from app.vocabulary import EndReason, Mood, choices
from app.vocabulary.endings import Went
from app.vocabulary.records import Answer

REQUIRED_DAY = InputRequired(_("Choose a day."))


class AnswerForm(Form):
    """Yes or no: one tap."""

    says = RadioField(
        _("Your answer"), choices=options(choices(Answer)), validators=[InputRequired(_("Choose yes or no."))]
    )


class MeetingForm(Form):
    """When and where two people meet for the first time."""

    day = DateField(_("Day"), validators=[REQUIRED_DAY])
    time = TimeField(_("Time"), validators=[InputRequired(_("Choose a time."))])
    where = NameField(_("Where do you meet?"))

    @property
    def at(self) -> datetime:
        """The instant, from a day and a clock in Brussels."""
        return datetime.combine(self.day.data, self.time.data, tzinfo=BRUSSELS).astimezone(UTC)


class StartForm(Form):
    """The agreement of a duo, when both want to go on."""

    insurer = NameField(_("Who insures the buddy?"))
    newcomer_insurer = NameField(_("Who insures the newcomer?"))
    starts_on = DateField(_("First day"), validators=[REQUIRED_DAY])
    months = SelectField(_("For how long?"), coerce=int)
    weeks_between = SelectField(_("How often do they meet?"), coerce=int)

    def offer(self, months: Iterable[int], weeks: Iterable[int]) -> "StartForm":
        """Fill in the choices that the rules leave."""
        self.months.choices = options(
            (str(value), lazy_ngettext("%(num)s month", "%(num)s months", value)) for value in months
        )
        self.weeks_between.choices = options(
            (str(value), lazy_ngettext("every %(num)s week", "every %(num)s weeks", value)) for value in weeks
        )
        return self


class CheckInForm(Form):
    """A talk with a duo."""

    on = DateField(_("Day of the talk"), validators=[REQUIRED_DAY])
    mood = RadioField(
        _("How is it going?"),
        choices=options(choices(Mood)),
        validators=[InputRequired(_("Choose how it goes."))],
    )
    note = WordsField(_("Note for your team"), longest=1000)


class TakeBackForm(Form):
    """Stop what has not become a duo yet."""

    why = WordsField(_("Note for your team"), longest=500)


class EndForm(Form):
    """The end of a duo, with a reason."""

    reason = RadioField(
        _("Why does it stop?"),
        choices=options(choices(EndReason)),
        validators=[InputRequired(_("Choose a reason."))],
    )
    goes_on = RadioField(
        _("Do you still see each other afterwards?"), choices=options(choices(Answer)), validate_choice=False
    )
    note = WordsField(_("What do you want to tell the coordinator?"), longest=500)

    @property
    def sees_each_other(self) -> bool | None:
        """Whether the two go on without the organisation; None when it was not answered."""
        return {Answer.YES.value: True, Answer.NO.value: False}.get(self.goes_on.data or "")


class LookBackForm(Form):
    """How it was, after the end; in private."""

    went = RadioField(
        _("How was it?"), choices=options(choices(Went)), validators=[InputRequired(_("Tap one answer."))]
    )
    words = WordsField(_("What do you want to tell us?"), longest=500)


class ExtendForm(Form):
    """A longer period, twelve months in all at most."""

    months = SelectField(_("For how long in all?"), coerce=int)

    def offer(self, months: Iterable[int]) -> "ExtendForm":
        """Fill in what is longer than now."""
        self.months.choices = options(
            (str(value), lazy_ngettext("%(num)s month", "%(num)s months", value)) for value in months
        )
        return self
