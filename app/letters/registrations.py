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


def still_available(facts: Facts) -> Letter:
    """To a ready buddy of whom nothing was heard: one tap says yes."""
    return Letter(
        gettext("Are you still available as a buddy?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You are ready to be a buddy. Newcomers wait. Can we still propose somebody to you?"),
        ],
        gettext("Answer with one tap"),
        facts["link"],
    )


def still_available_again(facts: Facts) -> Letter:
    """The same, a week later."""
    return Letter(
        gettext("Are you still available as a buddy?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext(
                "We asked you a week ago. If you do not answer, we propose nobody to you after next week."
            ),
        ],
        gettext("Answer with one tap"),
        facts["link"],
    )


def out_of_the_pool(facts: Facts) -> Letter:
    """To a buddy who did not answer for two weeks: nobody is proposed any more, until one tap."""
    return Letter(
        gettext("We propose nobody to you for now"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You did not answer. That is fine. We propose nobody to you now."),
            gettext("Are you available again? One tap is enough."),
        ],
        gettext("I am available again"),
        facts["link"],
    )


def nothing_heard(facts: Facts) -> Letter:
    """To a buddy of whom nothing was heard for a year."""
    return Letter(
        gettext("We note that you stopped as a buddy"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("We heard nothing from you for a year. Thank you for wanting to help."),
            gettext("Do you want to begin again? Call your coordinator."),
        ],
    )


LETTERS = {
    "still-available": still_available,
    "still-available-again": still_available_again,
    "out-of-the-pool": out_of_the_pool,
    "nothing-heard": nothing_heard,
    "buddy-stopped": buddy_stopped,
    "newcomer-stopped": newcomer_stopped,
}
