"""Days and clock times as browsers and people write them. Nothing is guessed, and day and month are never swapped."""

import re
from datetime import date, time
from typing import Any

from wtforms import Field, StringField
from wtforms.validators import InputRequired, Optional, StopValidation
from wtforms.widgets import DateInput, TimeInput

from app.forms.base import Form, one_line, tidied
from app.i18n import latin_digits
from app.i18n import lazy_gettext as _

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{1,2})[:.hu](\d{2})(?::00)?", re.IGNORECASE)


class DayField(StringField):
    """A day as 2026-03-31, which is what a browser's calendar sends; `day` is set when it is one."""

    widget = DateInput()

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        first = InputRequired() if required else Optional()
        super().__init__(label, [first, one_line, _is_day], filters=[tidied], **kwargs)
        self.day: date | None = None


class ClockField(StringField):
    """A clock time as 9:30 or 09:30; `clock` is set when it is one."""

    widget = TimeInput()

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        first = InputRequired() if required else Optional()
        super().__init__(label, [first, one_line, _is_clock], filters=[tidied], **kwargs)
        self.clock: time | None = None


def _is_day(form: Form, field: Field) -> None:
    found = _DAY.fullmatch(latin_digits(field.data or ""))
    try:
        field.day = date(*map(int, found.groups())) if found else None
    except ValueError:
        field.day = None
    if field.day is None:
        raise StopValidation(_("This is not a day. Write it as 2026-03-31: year, month, day."))


def _is_clock(form: Form, field: Field) -> None:
    found = _TIME.fullmatch(latin_digits(field.data or ""))
    try:
        field.clock = time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        field.clock = None
    if field.clock is None:
        raise StopValidation(_("This is not a time. Write it as 14:30."))
