"""How long something lasted, as people type it: "2:30", "2,5", "2u30", "90 min". Whole minutes come out."""

import re
from typing import Any

from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, StopValidation

from app.forms.base import Form, one_line, tidied
from app.i18n import lazy_gettext as _
from app.i18n.formats import latin_digits

LONGEST_BARE = 10
LONGEST_TYPED = 30
# As people write them in the languages of the site; a full stop may follow, as in "45 min.".
_HOUR = (
    r"(?:(?:hours?|hrs?|heures?|uren|uur|h|u|ساعات|ساعة|ساعت|ساعته|saat|sa|година|години|годин|год|часов|часа|час|ч|ሰዓታት|ሰዓት"
    r"|saacadood|saacad|horas?|godziny|godzina|godzin|godz|ore|oră|ora)\.?)"
)
_MINUTE = (
    r"(?:(?:minutes?|minuten|minuut|mins?|m|دقائق|دقيقة|دقیقه|دقیقې|dakika|dk|хвилини|хвилина|хвилин|хв|минуты|минута|минут|мин"
    r"|ደቓይቕ|ደቒቕ|daqiiqadood|daqiiqo|daq|minutos?|minuty|minuta|minut)\.?)"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_HOURS_AND_MINUTES = re.compile(
    rf"(\d{{1,2}})\s*{_HOUR}\s*(?:en|and|et|و|ve|і|и|ን|iyo|y|i|și)?\s*(\d{{2}})\s*{_MINUTE}?", re.IGNORECASE
)
_MINUTES = re.compile(rf"(\d{{1,4}})\s*{_MINUTE}", re.IGNORECASE)
_HOURS = re.compile(rf"(\d{{1,2}})(?:[.,](\d{{1,2}})|\s*(½))?\s*({_HOUR})?", re.IGNORECASE)
_HALF = re.compile(rf"½\s*{_HOUR}?", re.IGNORECASE)


class Ambiguous(ValueError):
    """The text is no length of time, or could be two different ones."""


def minutes_in(text: str) -> int:
    """The whole minutes that a typed length of time stands for; digits of every script are read (D2), and units as written.

    Read are "2:30", "2u30", "2 h 30 min", "90 min", "2,5", "2.5", "2½", and a bare "2", which means hours up to
    LONGEST_BARE. Two decimals are read only where they cannot be minutes: "2,75" and "2,00", not "2.30".
    Raises Ambiguous for all else and for nothing at all (SECURITY 31, 32).
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST_TYPED or "\u066c" in plain:
        raise Ambiguous(text)
    plain = latin_digits(plain)
    minutes = _clock(plain) or _words(plain) or _decimal(plain)
    if not minutes:
        raise Ambiguous(text)
    return minutes


def _clock(text: str) -> int | None:
    found = _CLOCK.fullmatch(text) or _HOURS_AND_MINUTES.fullmatch(text)
    if found is None or int(found[2]) > 59:
        return None
    return int(found[1]) * 60 + int(found[2])


def _words(text: str) -> int | None:
    if _HALF.fullmatch(text):
        return 30
    found = _MINUTES.fullmatch(text)
    return int(found[1]) if found else None


def _decimal(text: str) -> int | None:
    found = _HOURS.fullmatch(text)
    if found is None:
        return None
    hours, decimals, half, unit = int(found[1]), found[2], found[3], found[4]
    if half:
        return hours * 60 + 30
    if decimals is None:
        return hours * 60 if unit or hours <= LONGEST_BARE else None
    if len(decimals) == 2 and 0 < int(decimals) < 60:
        return None  # "2.30" may be two hours and thirty minutes
    part, rest = divmod(int(decimals) * 60, 10 ** len(decimals))
    return None if rest else hours * 60 + part


class DurationField(StringField):
    """A length of time; its data is a number of minutes once it is validated, and stays as typed until then."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        first = [InputRequired()] if required else []
        super().__init__(label, [*first, one_line, _readable], filters=[tidied], **kwargs)
        self.minutes: int | None = None


def _readable(form: Form, field: Field) -> None:
    if not field.data:
        return
    try:
        field.minutes = minutes_in(field.data)
    except Ambiguous:
        raise StopValidation(_("How long was it? Write 1:30 for one hour and a half, or 45 min.")) from None
    if field.minutes > 24 * 60:
        raise ValidationError(_("One time cannot be longer than 24 hours."))
