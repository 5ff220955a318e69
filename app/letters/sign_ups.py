"""Letters to newcomers about the activities to which they come."""

from collections.abc import Callable
from datetime import datetime

from app.i18n import gettext, moment_text
from app.letters.letter import Facts, Letter, moment_of


def activity_joined(facts: Facts) -> Letter:
    """To a newcomer who took a place."""
    return _letter(
        facts, gettext("You can come"), gettext("You have a place: %(activity)s.", activity=facts["activity"])
    )


def place_free(facts: Facts) -> Letter:
    """To a newcomer who waited for a place."""
    return _letter(
        facts,
        gettext("There is a place for you"),
        gettext("You do not have to wait any more. You can come: %(activity)s.", activity=facts["activity"]),
    )


def activity_tomorrow(facts: Facts) -> Letter:
    """To a newcomer, the day before."""
    return _letter(
        facts, gettext("Tomorrow: %(activity)s", activity=facts["activity"]), gettext("We see you tomorrow.")
    )


def activity_changed(facts: Facts) -> Letter:
    """To a newcomer: one or several times do not take place."""
    return _letter(
        facts,
        gettext("Not this time: %(activity)s", activity=facts["activity"]),
        _fallen_out(facts),
        next_time=True,
    )


def activity_over(facts: Facts) -> Letter:
    """To a newcomer: the activity does not go on."""
    return Letter(
        gettext("This activity stops: %(activity)s", activity=facts["activity"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            _fallen_out(facts),
            gettext("There are other activities. Look what fits you."),
        ],
        gettext("Look at activities"),
        facts["link"],
    )


def _letter(facts: Facts, subject: str, first: str, *, next_time: bool = False) -> Letter:
    """What happened, when and where it is, and how to say that one cannot come."""
    paragraphs = [gettext("Hello %(name)s,", name=facts["name"]), first]
    if facts["when"] and next_time:
        paragraphs.append(gettext("The next time is %(moment)s.", moment=moment_of(facts, "when")))
    elif facts["when"]:
        paragraphs.append(gettext("When: %(moment)s.", moment=moment_of(facts, "when")))
    if facts["where"]:
        paragraphs.append(gettext("Where: %(place)s.", place=facts["where"]))
    paragraphs.append(gettext("You cannot come? Tell us with one tap. You need no account."))
    return Letter(subject, paragraphs, gettext("I cannot come"), facts["link"])


def _fallen_out(facts: Facts) -> str:
    days = ", ".join(moment_text(datetime.fromisoformat(day)) for day in facts["days"])
    return gettext("It does not take place: %(days)s.", days=days)


LETTERS: dict[str, Callable[[Facts], Letter]] = {
    "activity-joined": activity_joined,
    "place-free": place_free,
    "activity-tomorrow": activity_tomorrow,
    "activity-changed": activity_changed,
    "activity-over": activity_over,
}
