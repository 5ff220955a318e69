"""Months by the calendar, and stretches of days that join: what R20 asks of employment contracts."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """Days from the first to the last, both included; `last` None = no end."""

    first: date
    last: date | None = None

    @property
    def end(self) -> date:
        """The last day, far away when there is none."""
        return self.last or date.max


def months_on(day: date, months: int) -> date:
    """The day on which that many months have passed, counted by the calendar.

    From 5 January one month is over on 5 February. Where the later month lacks the day, the month counts to its
    last day: one month from 31 January is over on 1 March. Raises OverflowError beyond the year 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if year > date.max.year:
        raise OverflowError(year)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day.day) if day.day <= last else date(year, month, last) + ONE_DAY


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same days as stretches without a gap, in order; what overlaps or follows the next day becomes one."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.first, item.end)):
        if made and (made[-1].end == date.max or span.first <= made[-1].end + ONE_DAY):
            before = made.pop()
            last = max(before.end, span.end)
            made.append(Span(before.first, None if last == date.max else last))
        else:
            made.append(span)
    return made


def lasts(span: Span, months: int) -> bool:
    """Whether that many whole months lie within the span."""
    return span.end == date.max or span.end + ONE_DAY >= months_on(span.first, months)


def join_up_to(spans: Iterable[Span], months: int) -> list[Span]:
    """The stretches of contracts that follow each other without a gap for at least so many months (R20)."""
    return [span for span in joined(spans) if lasts(span, months)]
