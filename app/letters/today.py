"""The list of the week, for coordinators."""

from datetime import datetime

from app.i18n import day_text, gettext, ngettext
from app.letters.letter import Facts, Letter
from app.vocabulary.today import Owing


def monday_list(facts: Facts) -> Letter:
    """To a coordinator: how much there is to do of each kind. No names: a mail is read by whoever sees the screen."""
    counts, hours = facts["counts"], facts["about_hours"]
    return Letter(
        ngettext("%(num)s thing to do this week", "%(num)s things to do this week", sum(counts.values()) + hours),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("This is what there is to do in your network."),
            *(
                gettext("%(what)s: %(number)s", what=Owing(kind).label, number=number)
                for kind, number in counts.items()
            ),
            *_hours(hours),
            *_late(facts),
        ],
        gettext("Go to Today"),
        facts["link"],
        [gettext("You do not want this mail? Switch it off at the bottom of the page Today.")],
    )  # fmt: skip


def _hours(number: int) -> list[str]:
    if not number:
        return []
    return [ngettext("%(num)s thing to do about hours", "%(num)s things to do about hours", number)]


def _late(facts: Facts) -> list[str]:
    if not facts["oldest"]:
        return []
    day = day_text(datetime.fromisoformat(facts["oldest"]))
    return [gettext("The oldest promise was for %(day)s.", day=day)]


LETTERS = {"monday-list": monday_list}
