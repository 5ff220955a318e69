"""Letters about buddies to choose from. They name nobody: who is shown stands behind the link only."""

from app.i18n import gettext, ngettext
from app.letters.letter import Facts, Letter, day_of


def choose(facts: Facts) -> Letter:
    """Up to three buddies are shown: with whom do you want to meet?"""
    short = ngettext(
        "There is %(num)s buddy for you to look at.",
        "There are %(num)s buddies for you to choose from.",
        int(facts["buddies"]),
    )
    return Letter(
        gettext("Choose your buddy"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            short,
            gettext("Look and choose before %(day)s.", day=day_of(facts, "before")),
        ],
        gettext("Look and choose"),
        facts["link"],
        [gettext("You can also choose nobody. You keep your place in the waiting list.")],
    )


LETTERS = {"wish-choose": choose}
