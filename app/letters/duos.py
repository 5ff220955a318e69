"""Letters to two people who may become a duo. Before both want to meet, none holds more than a first name,
a municipality and what they share.
"""

from app.i18n import gettext, ngettext, phone_text
from app.letters.letter import Facts, Letter, day_of, moment_of
from app.vocabulary import Role, offer_sentence


def ask_meet(facts: Facts) -> Letter:
    """Do you want to meet? To both, each in private."""
    reasons = [offer_sentence(reason["code"], reason["facts"]) for reason in facts["reasons"]]
    return Letter(
        gettext("Do you want to meet %(other)s?", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("We think that you and %(other)s from %(municipality)s fit together.", other=facts["other"], municipality=facts["municipality"]),
            *filter(None, reasons),
            gettext("Do you want to meet once? Answer before %(day)s.", day=day_of(facts, "before")),
        ],
        gettext("Answer yes or no"),
        facts["link"],
        [gettext("Your answer is private. A no is fine: you keep your place and the other person does not see it.")],
    )  # fmt: skip


def ask_go_on(facts: Facts) -> Letter:
    """After the first meeting: do you want to go on together?"""
    return Letter(
        gettext("Do you want to go on with %(other)s?", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You have met %(other)s. Do you want to go on together?", other=facts["other"]),
        ],
        gettext("Answer yes or no"),
        facts["link"],
        [
            gettext(
                "Your answer is private. A no is fine: you keep your place and the other person does not see it."
            )
        ],
    )


def contact_shared(facts: Facts) -> Letter:
    """Both want to meet: how to reach the other."""
    ways = []
    if facts["phone"]:
        ways.append(gettext("Phone: %(phone)s", phone=phone_text(facts["phone"])))
    if facts["email"]:
        ways.append(gettext("E-mail: %(email)s", email=facts["email"]))
    return Letter(
        gettext("You and %(other)s can meet", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext(
                "You and %(other)s both want to meet. This is how you reach each other.", other=facts["other"]
            ),
            *ways,
            gettext("Choose a day, a time and a place together."),
        ],
        gettext("Plan the first meeting"),
        facts["link"],
        aside=_is_something_wrong(facts),
    )


def _is_something_wrong(facts: Facts) -> tuple[str, str]:
    """Where to say so without signing in: the link opens that one page."""
    return gettext("Is there a problem? Tell your coordinator"), facts["report"]


def meeting_planned(facts: Facts) -> Letter:
    """When and where the first meeting is."""
    when = gettext("You meet %(other)s on %(moment)s.", other=facts["other"], moment=moment_of(facts, "when"))
    return Letter(
        gettext("Your first meeting with %(other)s", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            when,
            gettext("Where: %(place)s", place=facts["where"]),
        ],
        gettext("See the meeting"),
        facts["link"],
        aside=_is_something_wrong(facts),
        short=when,
    )


def active(facts: Facts) -> Letter:
    """Both want to go on: what is agreed."""
    return Letter(
        gettext("You and %(other)s go on together", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            ngettext(
                "You and %(other)s meet every %(num)s week, until %(day)s.",
                "You and %(other)s meet every %(num)s weeks, until %(day)s.",
                int(facts["weeks"]), other=facts["other"], day=day_of(facts, "until"),
            ),
            gettext("%(insurer)s insures the buddy.", insurer=facts["insurer"]),
            gettext("%(insurer)s insures the newcomer.", insurer=facts["newcomer_insurer"]),
        ],
        gettext("See what you agreed"),
        facts["link"],
        aside=_is_something_wrong(facts),
    )  # fmt: skip


def declined(facts: Facts) -> Letter:
    """It does not go on. The same words to both, whoever said what."""
    newcomer = facts["role"] == Role.NEWCOMER
    return Letter(
        gettext("You will not meet further with %(other)s", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You and %(other)s do not go on together. That happens, and it is nobody's fault.", other=facts["other"]),
            gettext("You keep your place in the waiting list. The coordinator looks for another buddy.")
            if newcomer
            else gettext("Your place is free again. The coordinator looks for another newcomer."),
        ],
        gettext("Go to my page"),
        facts["link"],
    )  # fmt: skip


def ended(facts: Facts) -> Letter:
    """A duo has ended. The same words to both."""
    return Letter(
        gettext("You and %(other)s have stopped as a duo", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Your duo with %(other)s has ended. Thank you for the time you spent together.", other=facts["other"]),
            gettext("Hours that you told before still count."),
            *_how_was_it(facts),
        ],
        gettext("Tell how it was") if facts["looks_back"] else gettext("Go to my page"),
        facts["link"],
    )  # fmt: skip


def _how_was_it(facts: Facts) -> list[str]:
    """The question to each of two who began together."""
    if not facts["looks_back"]:
        return []
    return [gettext("How was it?"), gettext("Only the staff reads this. The other person does not see it.")]


def contact_again(facts: Facts) -> Letter:
    """The coordinator has called both: they may have contact again. The same words to both."""
    return Letter(
        gettext("You and %(other)s can have contact again", other=facts["other"]),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You and %(other)s can go on. Your coordinator talked about it with you.", other=facts["other"]),
        ],
        gettext("Go to my page"),
        facts["link"],
    )  # fmt: skip


LETTERS = {
    "duo-ask-meet": ask_meet,
    "duo-ask-go-on": ask_go_on,
    "duo-contact-shared": contact_shared,
    "duo-meeting-planned": meeting_planned,
    "duo-active": active,
    "duo-contact-again": contact_again,
    "duo-declined": declined,
    "duo-ended": ended,
}
