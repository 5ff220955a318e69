"""Places with a buddy that one network lends to another."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class LoanState(Labelled):
    """Where a lent place stands. It is lent when both networks said yes, and used while a duo lives on it."""

    OFFERED = "offered", lazy_pgettext("state of a lent place", "Waits for the other network")
    LENT = "lent", lazy_pgettext("state of a lent place", "Lent")
    USED = "used", lazy_pgettext("state of a lent place", "A duo uses it")
    DECLINED = "declined", lazy_pgettext("state of a lent place", "Not wanted")
    RETURNED = "returned", lazy_pgettext("state of a lent place", "Given back")


class RequestState(Labelled):
    """Where the question of one network to another for a place stands."""

    OPEN = "open", lazy_pgettext("question for a place", "Waits for the other network")
    OFFERED = "offered", lazy_pgettext("question for a place", "A place is offered")
    DECLINED = "declined", lazy_pgettext("question for a place", "Not possible now")
    WITHDRAWN = "withdrawn", lazy_pgettext("question for a place", "No longer asked")
