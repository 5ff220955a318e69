"""Letters of a network to the people it calls, talks with and welcomes."""

from app.i18n import gettext, phone_text
from app.letters.letter import Facts, Letter, moment_of


def talk_planned(facts: Facts) -> Letter:
    """To a candidate buddy or a newcomer: when the first talk is, and with whom."""
    when = gettext("We talk with you on %(moment)s.", moment=moment_of(facts, "when"))
    return Letter(
        gettext("Our talk is planned"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            when,
            *([gettext("You talk with %(caller)s.", caller=facts["caller"])] if facts["caller"] else []),
            *(
                [gettext("Can you not come? Call %(phone)s.", phone=phone_text(facts["phone"]))]
                if facts["phone"]
                else []
            ),
        ],
        gettext("Go to my page"),
        facts["link"],
        short=when,
    )


def buddy_ready(facts: Facts) -> Letter:
    """To a buddy who is accepted."""
    return Letter(
        gettext("You are ready to be a buddy"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Everything is in order. Now we look for a newcomer who fits with you."),
            gettext("We write to you when we find somebody. You always choose for yourself."),
        ],
        gettext("Go to my page"),
        facts["link"],
    )


def buddy_not_accepted(facts: Facts) -> Letter:
    """To a candidate who does not become a buddy; the reason is told by a person, not by a mail."""
    return Letter(
        gettext("You will not be a buddy with us now"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Thank you for wanting to help. We cannot offer you a place as a buddy now."),
            gettext("Do you want to know more? Call your coordinator."),
        ],
    )


def other_offer_first(facts: Facts) -> Letter:
    """To a newcomer for whom another activity comes first."""
    return Letter(
        gettext("We have another activity for you first"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("We think that another activity is a good start for you."),
            gettext("Later you can still get a buddy."),
        ],
        gettext("See the activities"),
        facts["link"],
    )


def imported(facts: Facts) -> Letter:
    """To a buddy who stood on a list of the network: is this address yours?"""
    return Letter(
        gettext("Your network now works with Samenspoor"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You stand on the list of buddies of %(network)s. That list is now kept in Samenspoor.", network=facts["network_name"]),
            gettext("Tell us that this address is yours. Then your coordinator can go on with you."),
        ],
        gettext("Yes, this is my address"),
        facts["link"],
        [gettext("Do you not want to be a buddy any more? Tell your coordinator.")],
    )  # fmt: skip


def imported_newcomer(facts: Facts) -> Letter:
    """To a newcomer who stood on a list of the network: is this address yours?"""
    return Letter(
        gettext("Your network now works with Samenspoor"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You stand on the list of newcomers of %(network)s. That list is now kept in Samenspoor.", network=facts["network_name"]),
            gettext("Tell us that this address is yours. Then your coordinator can go on with you."),
        ],
        gettext("Yes, this is my address"),
        facts["link"],
        [gettext("Do you not want a buddy any more? Tell your coordinator.")],
    )  # fmt: skip


def safety_reported(facts: Facts) -> Letter:
    """To who handles it: somebody asks for help. What it is about stands behind the sign-in only."""
    return Letter(
        gettext("Somebody in a duo asks for help"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Somebody in a duo says that there is a problem. Contact has stopped."),
            gettext("Look today, and call both people. Nobody else is told."),
        ],
        gettext("Look at it"),
        facts["link"],
    )


LETTERS = {
    "talk-planned": talk_planned,
    "buddy-ready": buddy_ready,
    "buddy-not-accepted": buddy_not_accepted,
    "other-offer-first": other_offer_first,
    "imported": imported,
    "imported-newcomer": imported_newcomer,
    "safety-reported": safety_reported,
}
