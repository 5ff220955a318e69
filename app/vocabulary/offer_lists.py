"""Lists of activities that are brought in: what they are, where they stand, and what is said of their rows."""

from collections.abc import Mapping
from typing import Any, Final

from app.i18n import Lazy, lazy_gettext, lazy_pgettext
from app.vocabulary.labels import Labelled


class OfferListKind(Labelled):
    """In which form a list stands."""

    OWN = "own", lazy_pgettext("form of a list", "Our own form (JSON or CSV)")
    UITDATABANK = "uitdatabank", lazy_pgettext("form of a list", "UiTdatabank (JSON)")


class OfferListState(Labelled):
    """Where a list stands; nothing of it is an activity before it is done."""

    READING = "reading", lazy_pgettext("state of a list", "Being read")
    READY = "ready", lazy_pgettext("state of a list", "Waits for you")
    TAKING = "taking", lazy_pgettext("state of a list", "Being taken over")
    DONE = "done", lazy_pgettext("state of a list", "Taken over")
    STOPPED = "stopped", lazy_pgettext("state of a list", "Stopped")
    FAILED = "failed", lazy_pgettext("state of a list", "Could not be read")


BUSY: Final = (OfferListState.READING, OfferListState.TAKING)

# Why a list as a whole cannot be read.
WHOLE: Final[Mapping[str, Lazy]] = {
    "empty": lazy_gettext("This list is empty."),
    "spreadsheet": lazy_gettext("This is a file of a spreadsheet program. Save it there as CSV (UTF-8) and send that."),
    "doubled": lazy_gettext("The same name stands in this list twice. Nobody can say which of the two is meant."),
    "no_json": lazy_gettext("This is not JSON. Ask for the list as a JSON file and send that."),
    "no_list": lazy_gettext("There is no list of activities in this file."),
    "letters": lazy_gettext("We cannot read the letters of this file for sure. Save it as UTF-8 and send it again."),
    "too_large": lazy_gettext("This list is too large. Send it in parts."),
    "too_many": lazy_gettext("A list has at most 10 000 activities. Send the rest as a second list."),
    "columns": lazy_gettext("The first line must name the columns, as in a file that is taken from here."),
    "csv": lazy_gettext("This is not a CSV with semicolons or commas. Look at the quotation marks."),
    "not_allowed": lazy_gettext("Lists may not be fetched from this address."),
    "moved": lazy_gettext("This address sends on to another one. Give the address where the list is."),
    "unreachable": lazy_gettext("We could not fetch the list. Try again later, or send it as a file."),
    "fault": lazy_gettext("Something went wrong here while the list was read. Nothing was changed."),
}  # fmt: skip

# Why a row is left out.
LEFT_OUT: Final[Mapping[str, Lazy]] = {
    "no_object": lazy_gettext("This is no activity. Look at the form of the row."),
    "missing": lazy_gettext("This field is missing or empty: %(field)s."),
    "unfit": lazy_gettext("We cannot use this value: %(field)s."),
    "letters": lazy_gettext("Letters of this row are damaged. Save the list as UTF-8."),
    "doubled": lazy_gettext("This field stands in the row twice: %(field)s."),
    "nested": lazy_gettext("There are too many things inside each other in this row."),
    "cells": lazy_gettext("This line has more or fewer cells than the first line. Was the file cut off?"),
    "twice": lazy_gettext("This activity stands in the list twice."),
    "past": lazy_gettext("All dates are past."),
    "cancelled": lazy_gettext("This activity is cancelled or not published there."),
    "stub": lazy_gettext("Only its address is here. Ask for the events themselves (embed=true)."),
    "postponed": lazy_gettext("It is postponed, and there is no new date yet."),
    "full": lazy_gettext("It is fully booked there."),
    "online": lazy_gettext("It is online: there is no place where people meet."),
    "closed": lazy_gettext("It is not open to everybody."),
    "children_only": lazy_gettext("It is only for children."),
    "too_long": lazy_gettext("It lasts longer than a day without a pause."),
    "place": lazy_gettext("We do not know this place in Flanders or Brussels."),
    "other_network": lazy_gettext("It is in another network: %(network)s."),
    "elsewhere": lazy_gettext("We do not find this activity among those that you may change."),
    "too_many_dates": lazy_gettext("It has more than 60 dates, or more than 12 places and hours."),
    "number": lazy_gettext("There is a national register number in it. We may not keep it."),
}  # fmt: skip

# What was made right in a row that is taken over.
CLEANED: Final[Mapping[str, Lazy]] = {
    "markup": lazy_gettext("We took the formatting out of the text."),
    "shortened": lazy_gettext("The text was too long and is cut off."),
    "link": lazy_gettext("The link was not a web address and is left out."),
    "past_dates": lazy_gettext("Dates that are past are left out."),
    "full_dates": lazy_gettext("Dates that are fully booked are left out."),
    "no_dates": lazy_gettext("There is no hour. Say when it is before it is published."),
}  # fmt: skip
SENTENCES: Final = {**LEFT_OUT, **CLEANED}


def row_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """What is said of a row, in the language being spoken."""
    words = str(SENTENCES[code])
    return words % facts if facts else words
