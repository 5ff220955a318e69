"""What we write to people: one function a kind of letter, spoken in the language that is active around it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.i18n import day_text, gettext, moment_text


@dataclass(frozen=True)
class Letter:
    """Subject, paragraphs, and at most one thing to do: what it says and where it leads."""

    subject: str
    paragraphs: list[str]
    action: str = ""
    link: str = ""
    closing: list[str] = field(default_factory=list)


Facts = dict[str, Any]


def confirm_address(facts: Facts) -> Letter:
    """To a new person: is this address yours?"""
    return Letter(
        gettext("Is this your e-mail address?"),
        [gettext("Hello %(name)s,", name=facts["name"]), gettext("You gave this address to Samenspoor. Tell us that it is yours.")],
        gettext("Yes, this is my address"),
        facts["link"],
        [gettext("Did you not do this? Then you can leave this mail.")],
    )


def reset_password(facts: Facts) -> Letter:
    """To somebody who forgot the password."""
    return Letter(
        gettext("Choose a new password"),
        [gettext("Hello %(name)s,", name=facts["name"]), gettext("You asked for a new password. The link works for one hour.")],
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
            gettext("Somebody, perhaps you, wanted to register with this address. You already have a place at Samenspoor."),
        ],
        gettext("Sign in"),
        facts["link"],
    )


def sign_in_link(facts: Facts) -> Letter:
    """To somebody who comes in without a password."""
    return Letter(
        gettext("Your link to Samenspoor"),
        [gettext("Hello %(name)s,", name=facts["name"]), gettext("With this link you come in. It works once, for one hour.")],
        gettext("Go to my page"),
        facts["link"],
    )


def invited(facts: Facts) -> Letter:
    """To a person for whom an administrator made an account."""
    return Letter(
        gettext("You can work with Samenspoor"),
        [gettext("Hello %(name)s,", name=facts["name"]), gettext("An account was made for you. Choose your password. The link works for seven days.")],
        gettext("Choose a password"),
        facts["link"],
    )


LETTERS: dict[str, Callable[[Facts], Letter]] = {
    "confirm-address": confirm_address,
    "reset-password": reset_password,
    "already-known": already_known,
    "sign-in-link": sign_in_link,
    "invited": invited,
}


def day_of(facts: Facts, key: str) -> str:
    """The date kept as ISO text under that key, in words."""
    return day_text(date.fromisoformat(facts[key]))


def moment_of(facts: Facts, key: str) -> str:
    """The instant kept as ISO text under that key, in words and Brussels time."""
    return moment_text(datetime.fromisoformat(facts[key]))
