"""Letters to contact persons of activities, who may have no account."""

from collections.abc import Callable

from app.i18n import gettext, ngettext
from app.letters.letter import Facts, Letter, day_of, moment_of


def offer_goes_on(facts: Facts) -> Letter:
    """To the contact person of an activity that ends soon."""
    question = gettext("Does your activity go on?")
    return Letter(
        question,
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Your activity has its last day on %(day)s: %(activity)s.", day=day_of(facts, "day"), activity=facts["activity"]),
            gettext("Tell us whether it goes on. Without an answer it is no longer shown after that day."),
        ],
        gettext("Answer the question"),
        facts["link"],
        short=question,
    )  # fmt: skip


def who_comes(facts: Facts) -> Letter:
    """To the contact person of an activity, the day before."""
    return Letter(
        gettext("Who comes tomorrow?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            _coming(facts),
            gettext("You need no account to see the list."),
        ],
        gettext("See who comes"),
        facts["link"],
    )


def who_was_there(facts: Facts) -> Letter:
    """To the contact person of an activity that was just over."""
    return Letter(
        gettext("Who was there?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("This was on %(moment)s: %(activity)s.", moment=moment_of(facts, "when"), activity=facts["activity"]),
            gettext("Tick who was there. It takes less than a minute, and you need no account."),
        ],
        gettext("Say who was there"),
        facts["link"],
        [gettext("The link works for 30 days. It is for you alone.")],
    )  # fmt: skip


def _coming(facts: Facts) -> str:
    return ngettext(
        "%(num)s newcomer comes to %(activity)s, on %(moment)s.",
        "%(num)s newcomers come to %(activity)s, on %(moment)s.",
        facts["people"], activity=facts["activity"], moment=moment_of(facts, "when"),
    )  # fmt: skip


LETTERS: dict[str, Callable[[Facts], Letter]] = {
    "offer-goes-on": offer_goes_on,
    "who-comes": who_comes,
    "who-was-there": who_was_there,
}
