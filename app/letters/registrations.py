"""Letters about beginning and stopping."""

from app.i18n import gettext
from app.letters.letter import Facts, Letter


def buddy_stopped(facts: Facts) -> Letter:
    """To a buddy who stopped."""
    return Letter(
        gettext("You stopped as a buddy"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You told us that you stop. Thank you for your time and your help."),
            gettext(
                "We delete your answers after six months. You can come back before then: call the coordinator."
            ),
        ],
    )


def newcomer_stopped(facts: Facts) -> Letter:
    """To a newcomer who stopped looking for a buddy."""
    return Letter(
        gettext("You stopped looking for a buddy"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You told us that you stop. The hours that you did stay."),
            gettext("Do you want a buddy again? Then call us."),
        ],
    )


LETTERS = {"buddy-stopped": buddy_stopped, "newcomer-stopped": newcomer_stopped}
