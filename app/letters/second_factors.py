"""Letters about the second factor, to who works here."""

from app.i18n import gettext
from app.letters.letter import Facts, Letter


def turned_on(facts: Facts) -> Letter:
    """To somebody whose second factor was set up."""
    return Letter(
        gettext("Your second key is on"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("From now on you need a code from your phone to sign in."),
        ],
        closing=[gettext("Did you not do this? Tell an administrator at once.")],
    )


def reset(facts: Facts) -> Letter:
    """To somebody whose second factor was taken away because the phone is lost."""
    return Letter(
        gettext("Your second key was taken away"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You lost your phone, so we took your second key away. Sign in and set it up again."),
        ],
        closing=[gettext("Did you not ask for this? Tell an administrator at once.")],
    )


LETTERS = {"second-factor-on": turned_on, "second-factor-reset": reset}
