"""Dates, moments, hours, numbers and lists of people as the reader writes them, with Latin digits (LANGUAGES 3.4).

Each has two forms: markup for pages, and `…_text` for mails, files and headers.
"""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from app.i18n.languages import PSEUDO
from app.i18n.speaking import active, active_direction, gettext, locale, ngettext

BRUSSELS = ZoneInfo("Europe/Brussels")

_LEFT_TO_RIGHT_ISOLATE = "\u2066"
_FIRST_STRONG_ISOLATE = "\u2068"
_END_OF_ISOLATE = "\u2069"
_ARABIC_MARKS = {0x066B: ".", 0x066C: None}


def day_text(value: date) -> str:
    """A date with its weekday, as in "woensdag 4 maart 2026"; of a datetime the day in Brussels."""
    if isinstance(value, datetime):
        value = _local(value).date()
    # Only "full": it has the weekday in all languages, and no stand-alone names, which Babel 2.18 mixes up
    # between languages within one process (python-babel/babel#1234).
    return _pseudo(latin_digits(format_date(value, "full", locale=locale())))


def day(value: date) -> Markup:
    """A date with its weekday in a `<time>` element (D1)."""
    iso = _local(value).date() if isinstance(value, datetime) else value
    return Markup('<time datetime="{}">{}</time>').format(iso.isoformat(), day_text(value))


def moment_text(value: datetime) -> str:
    """A day and a clock time in Brussels; a datetime without zone is taken as UTC."""
    clock = _local(value).strftime("%H:%M")
    return gettext("%(day)s at %(time)s", day=day_text(value), time=clock)


def moment(value: datetime) -> Markup:
    """A day and a clock time in Brussels, in a `<time>` element."""
    iso = _local(value).isoformat(timespec="minutes")
    return Markup('<time datetime="{}">{}</time>').format(iso, moment_text(value))


def clock_text(value: datetime) -> str:
    """The clock time in Brussels alone, such as 19:30."""
    return _local(value).strftime("%H:%M")


def clock(value: datetime) -> Markup:
    """The clock time in Brussels in a `<time>` element."""
    return Markup('<time datetime="{0}" dir="ltr">{0}</time>').format(clock_text(value))


def hours_text(minutes: int) -> str:
    """A length of time: "45 minutes", "2 hours", or "2:30 hours" (Babel's own units fail, LANGUAGES 3.4)."""
    if minutes % 60 == 0:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    if 0 < minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return gettext("%(length)s hours", length=figures_text(_clock_length(minutes)))


def hours(minutes: int) -> Markup:
    """A length of time for a page, with the figures kept from left to right."""
    if minutes % 60 == 0 or 0 < minutes < 60:
        return escape(hours_text(minutes))
    figures = Markup('<bdi dir="ltr">{}</bdi>').format(_clock_length(minutes))
    return Markup(escape(gettext("%(length)s hours"))) % {"length": figures}  # noqa: S704 - escaped here


def phone_text(value: str) -> str:
    """A telephone number with blanks between its groups, kept from left to right: "+32 470 00 00 01".

    What is not a number as we keep it (E.164), such as 112, stays as it is.
    """
    text = _spaced(value)
    if active_direction() == "rtl":
        return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{_END_OF_ISOLATE}"
    return text


def phone(value: str) -> Markup:
    """A telephone number for a page."""
    # No-break blanks: a number that is cut at the end of a line is copied wrongly.
    return Markup('<bdi dir="ltr">{}</bdi>').format(_spaced(value).replace(" ", "\u00a0"))


def _spaced(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def number(value: float) -> str:
    """A number with the marks for thousands and decimals of the language."""
    return latin_digits(format_decimal(value, locale=locale()), marks=False)


def money_text(cents: int) -> str:
    """A price as it stands on a door in Belgium, in every language: "€ 5" or "€ 5,50"."""
    whole, rest = divmod(cents, 100)
    return f"€\u00a0{whole},{rest:02}" if rest else f"€\u00a0{whole}"


def money(cents: int) -> Markup:
    """A price in euro for a page, kept from left to right."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(money_text(cents))


def percent(fraction: float) -> str:
    """A share of 1 as whole percents."""
    return latin_digits(format_percent(fraction, locale=locale()), marks=False)


def people_list_text(names: Iterable[str]) -> str:
    """Names or words as a list in the language: "Amina, Marleen en Peter"."""
    return format_list([str(name) for name in names], locale=locale())


def people_list(names: Iterable[str]) -> Markup:
    """Names as a list, each kept apart from the direction of the text around it (B1)."""
    isolated = [str(Markup("<bdi>{}</bdi>").format(name)) for name in names]
    return Markup(format_list(isolated, locale=locale()))  # noqa: S704 - each name is escaped above


def own_words_text(value: str) -> str:
    """A name or free text inside a sentence of plain text, kept apart where it could disturb the order (B1).

    In mails no element can stand around it; the isolates of Unicode do the same. They are left out where every
    letter runs as the sentence does, so that a short message in Latin letters stays short.
    """
    kinds = {unicodedata.bidirectional(letter) for letter in value}
    strange = kinds - {"R", "AL", "NSM", "WS"} if active_direction() == "rtl" else kinds & {"R", "AL", "AN"}
    return f"{_FIRST_STRONG_ISOLATE}{value}{_END_OF_ISOLATE}" if strange else value


def figures_text(value: str) -> str:
    """A telephone number, address or code inside a sentence of plain text, kept from left to right (B2)."""
    if not value or active_direction() == "ltr":
        return value
    return f"{_LEFT_TO_RIGHT_ISOLATE}{value}{_END_OF_ISOLATE}"


def latin_digits(text: str, *, marks: bool = True) -> str:
    """Every digit of every script as 0-9; with `marks` also the Arabic decimal and thousands marks (D2)."""
    if text.isascii():
        return text
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
    return digits.translate(_ARABIC_MARKS) if marks else digits


def _local(value: datetime) -> datetime:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(BRUSSELS)


def _clock_length(minutes: int) -> str:
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def _pseudo(text: str) -> str:
    return f"⟦{text}⟧" if active() == PSEUDO else text
