"""Letters about hours, and about the proofs of them."""

from app.i18n import gettext, hours_text
from app.letters.letter import Facts, Letter, day_of
from app.vocabulary import HoursRefusal


def confirm_hours(facts: Facts) -> Letter:
    """To a contact person, who may have no account: are these hours right?"""
    return Letter(
        gettext("Are these hours right?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext(
                "Somebody who is new in Flanders was there with you, and wrote down the hours. Will you look whether they are right?"
            ),
            gettext("It takes less than a minute. You do not need an account."),
        ],
        gettext("Look at the hours"),
        facts["link"],
        [gettext("The link works for 30 days. It is for you alone.")],
    )


def remind_hours(facts: Facts) -> Letter:
    """To a contact person who did not answer yet."""
    return Letter(
        gettext("Hours still wait for your answer"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Somebody waits for your answer. Will you look whether the hours are right?"),
            gettext("It takes less than a minute. You do not need an account."),
        ],
        gettext("Look at the hours"),
        facts["link"],
        [gettext("The link works for 30 days. It is for you alone.")],
    )


def hours_waiting(facts: Facts) -> Letter:
    """To a newcomer whose contact person has no e-mail and did not answer yet."""
    return Letter(
        gettext("Your hours still wait"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("%(contact)s has not answered yet. Pass the link on, or call.", contact=facts["contact"]),
        ],
        gettext("My hours"),
        facts["link"],
    )


def hours_corrected(facts: Facts) -> Letter:
    """To a newcomer: the contact person gives another length."""
    return Letter(
        gettext("Do you agree with this length?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext(
                "You told %(told)s for %(what)s on %(day)s.",
                told=hours_text(facts["minutes"]),
                what=facts["what"],
                day=day_of(facts, "day"),
            ),
            gettext(
                "%(contact)s says that it was %(asked)s. Do you agree?",
                contact=facts["contact"],
                asked=hours_text(facts["asked"]),
            ),
        ],
        gettext("Go to my track"),
        facts["link"],
    )


def hours_refused(facts: Facts) -> Letter:
    """To a newcomer: the contact person does not confirm, and why."""
    return Letter(
        gettext("Your hours are not confirmed"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You told hours for %(what)s on %(day)s.", what=facts["what"], day=day_of(facts, "day")),
            gettext(
                "%(contact)s does not confirm them. The reason: %(reason)s.",
                contact=facts["contact"],
                reason=HoursRefusal(facts["reason"]).label,
            ),
            gettext("Talk about it together, or ask your counsellor."),
        ],
        gettext("Go to my track"),
        facts["link"],
    )


def hours_returned(facts: Facts) -> Letter:
    """To a newcomer: the counsellor has a question about hours that were confirmed."""
    return Letter(
        gettext("Your counsellor has a question about your hours"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("It is about %(what)s on %(day)s.", what=facts["what"], day=day_of(facts, "day")),
            facts["note"],
            gettext("Ask your contact person to look at it again."),
        ],
        gettext("Go to my track"),
        facts["link"],
    )


def proof_signed(facts: Facts) -> Letter:
    """To a newcomer: the contact person signed a proof of participation."""
    return Letter(
        gettext("Your proof is signed"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("%(contact)s signed the proof of your hours.", contact=facts["contact"]),
            gettext("Your counsellor looks at it now. You can look at it too, and keep it."),
        ],
        gettext("Go to my proofs"),
        facts["link"],
    )


def proof_returned(facts: Facts) -> Letter:
    """To a newcomer: the counsellor has a question about a signed proof."""
    return Letter(
        gettext("Your counsellor has a question about your proof"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("It is about your hours with %(contact)s.", contact=facts["contact"]),
            facts["note"],
            gettext("Your contact person has to look at the hours again."),
        ],
        gettext("Go to my proofs"),
        facts["link"],
    )


def target_reached(facts: Facts) -> Letter:
    """To a newcomer: all hours are accepted."""
    return Letter(
        gettext("You have all your hours"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("Your counsellor accepted enough hours for this part of your contract. Well done!"),
            gettext("Your counsellor tells you what comes next."),
        ],
        gettext("Go to my track"),
        facts["link"],
    )


LETTERS = {
    "confirm-hours": confirm_hours,
    "remind-hours": remind_hours,
    "hours-waiting": hours_waiting,
    "hours-corrected": hours_corrected,
    "hours-refused": hours_refused,
    "hours-returned": hours_returned,
    "proof-signed": proof_signed,
    "proof-returned": proof_returned,
    "target-reached": target_reached,
}
