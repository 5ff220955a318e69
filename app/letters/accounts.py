"""Letters about coming in."""

from app.i18n import gettext
from app.letters.letter import Facts, Letter


def confirm_address(facts: Facts) -> Letter:
    """To a new person: is this address yours?"""
    return Letter(
        gettext("Is this your e-mail address?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You gave this address to Samenspoor. Tell us that it is yours."),
        ],
        gettext("Yes, this is my address"),
        facts["link"],
        [gettext("Did you not do this? Then you can leave this mail.")],
    )


def reset_password(facts: Facts) -> Letter:
    """To somebody who forgot the password."""
    return Letter(
        gettext("Choose a new password"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You asked for a new password. The link works for one hour."),
        ],
        gettext("Choose a new password"),
        facts["link"],
        [gettext("Did you not ask for this? Then you can leave this mail. Your password stays the same.")],
    )


def already_known(facts: Facts) -> Letter:
    """To an address that was given again at registration: nobody who tries addresses learns anything."""
    return Letter(
        gettext("You are already registered"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext(
                "Somebody, perhaps you, wanted to register with this address. You already have a place at Samenspoor."
            ),
        ],
        gettext("Sign in"),
        facts["link"],
    )


def sign_in_link(facts: Facts) -> Letter:
    """To somebody who comes in without a password."""
    return Letter(
        gettext("Your link to Samenspoor"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("With this link you come in. It works once, for one hour."),
        ],
        gettext("Go to my page"),
        facts["link"],
    )


def invited(facts: Facts) -> Letter:
    """To a person for whom an administrator made an account."""
    return Letter(
        gettext("You can work with Samenspoor"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("An account was made for you. Choose your password. The link works for seven days."),
        ],
        gettext("Choose a password"),
        facts["link"],
    )


LETTERS = {
    "confirm-address": confirm_address,
    "reset-password": reset_password,
    "already-known": already_known,
    "sign-in-link": sign_in_link,
    "invited": invited,
}
