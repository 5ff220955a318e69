"""When an activity takes place, said to everybody: in few words, in the language of the reader."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from markupsafe import escape

from app.clock import BRUSSELS
from app.i18n import day, gettext, ngettext, people_list, people_list_text
from app.rhythms import TAGS, WEEKDAYS, Rhythm, parts_of
from app.vocabulary.facts import slot_names
from app.vocabulary.times import Weekday

MOST_DAYS = 6


def rhythm_lines(rhythm: Rhythm, slots: Sequence[str] = (), *, on: date) -> list[str]:
    """What a gathering says of its time, a line for each thing, for a page; `on` is today: days before it are not said.

    Where nothing is fixed the moments of the week are said, and nothing at all when those are not known.
    """
    if not rhythm.fixed:
        return [slot_names(slots)] if slots else []
    lines = [_rule(rhythm.rule)] if rhythm.rule else []
    coming = [
        one
        for one in map(date.fromisoformat, rhythm.dates)
        if one >= on and one.isoformat() not in rhythm.except_dates
    ]
    if coming:
        days = people_list(day(one) for one in coming[:MOST_DAYS])
        sentence = gettext("Also on %(days)s") if rhythm.rule else gettext("On %(days)s")
        lines.append(escape(sentence) % {"days": days})
    lines.append(hours_said(rhythm))
    if rhythm.skips_public_holidays:
        lines.append(gettext("Not on public holidays"))
    if rhythm.skips_school_holidays:
        lines.append(gettext("Not in school holidays"))
    return lines


def hours_said(rhythm: Rhythm) -> str:
    """From when to when, such as "From 10:00 to 12:00"."""
    begins = datetime.combine(date(2026, 1, 1), time.fromisoformat(rhythm.start), BRUSSELS)
    ends = begins + timedelta(minutes=rhythm.minutes or 0)
    return gettext("From %(start)s to %(end)s", start=f"{begins:%H:%M}", end=f"{ends:%H:%M}")


def _rule(rule: str) -> str:
    parts = parts_of(rule)
    every = int(parts.get("INTERVAL", "1"))
    days = people_list_text(
        str(Weekday(TAGS[WEEKDAYS.index(day[-2:])]).label) for day in parts.get("BYDAY", "").split(",") if day
    )
    if parts["FREQ"] == "WEEKLY" and days:
        if every == 1:
            return gettext("Every week: %(days)s", days=days)
        return ngettext("Every %(num)s week: %(days)s", "Every %(num)s weeks: %(days)s", every, days=days)
    if parts["FREQ"] == "MONTHLY" and days and every == 1:
        return gettext("Once a month: %(days)s", days=days)
    return gettext("Every day") if parts["FREQ"] == "DAILY" and every == 1 else gettext("On fixed days")
