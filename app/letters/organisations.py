"""Letters to organisations about themselves and what a coordinator decided about their activities."""

from collections.abc import Callable

from app.i18n import gettext
from app.letters.letter import Facts, Letter


def organisation_verified(facts: Facts) -> Letter:
    """To the contact persons: the coordinator knows the organisation now."""
    return Letter(
        gettext("Your organisation is verified"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("The coordinator verified %(organisation)s. You can publish activities now, and confirm hours.", organisation=facts["organisation"]),
        ],
        gettext("Go to my activities"),
        facts["link"],
    )  # fmt: skip


def organisation_refused(facts: Facts) -> Letter:
    """To the contact persons: the coordinator did not accept the organisation, and why."""
    return Letter(
        gettext("Your organisation is not accepted now"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("The coordinator did not accept %(organisation)s now. This is why:", organisation=facts["organisation"]),
            facts["note"],
            gettext("Nobody sees your activities now, and you cannot confirm hours. What was confirmed before stays."),
            gettext("Is this not right? Call the coordinator of your network."),
        ],
    )  # fmt: skip


def organisation_access(facts: Facts) -> Letter:
    """To somebody who may act for an organisation from now on."""
    return Letter(
        gettext("You can sign in for your organisation"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You speak for %(organisation)s on Samenspoor. You can manage its activities and confirm hours.", organisation=facts["organisation"]),
        ],
        gettext("Go to my activities"),
        facts["link"],
    )  # fmt: skip


def offer_published(facts: Facts) -> Letter:
    """To the contact persons: everybody can see the activity."""
    return Letter(
        gettext("Your activity is published"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Everybody can see your activity now: %(activity)s.", activity=facts["activity"]),
        ],
        gettext("Look at the activity"),
        facts["link"],
    )


def offer_sent_back(facts: Facts) -> Letter:
    """To the contact persons: what the coordinator wants to see changed."""
    return Letter(
        gettext("Change something in your activity first"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("The coordinator looked at your activity: %(activity)s. Please change this first:", activity=facts["activity"]),
            facts["note"],
        ],
        gettext("Change the activity"),
        facts["link"],
    )  # fmt: skip


LETTERS: dict[str, Callable[[Facts], Letter]] = {
    "organisation-verified": organisation_verified,
    "organisation-refused": organisation_refused,
    "organisation-access": organisation_access,
    "offer-published": offer_published,
    "offer-sent-back": offer_sent_back,
}
