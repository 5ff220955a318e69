"""Letters to contact persons of activities, who may have no account."""

from collections.abc import Callable

from app.i18n import gettext
from app.letters.letter import Facts, Letter, day_of


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


LETTERS: dict[str, Callable[[Facts], Letter]] = {"offer-goes-on": offer_goes_on}
