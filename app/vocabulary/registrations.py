"""Words of registering and stopping: wishes of a buddy, how people heard of us, why they stop, what they agree to."""

from enum import StrEnum

from app.i18n import Lazy, lazy_pgettext
from app.i18n import lazy_gettext as _
from app.vocabulary.labels import Labelled


class MeetingWish(Labelled):
    """With how many people a buddy likes to meet; the empty value is no preference (DOMAIN 4)."""

    NONE = "", lazy_pgettext("way of meeting", "It does not matter")
    ONE_TO_ONE = "one-to-one", lazy_pgettext("way of meeting", "One person")
    FAMILY = "family", lazy_pgettext("way of meeting", "A family")
    GROUP = "group", lazy_pgettext("way of meeting", "A small group")


class HeardThrough(Labelled):
    """How somebody heard of the buddies; the empty value is not told."""

    NONE = "", lazy_pgettext("heard through", "I do not say")
    FRIEND = "friend", lazy_pgettext("heard through", "A friend or family")
    TALK = "talk", lazy_pgettext("heard through", "A talk or an information evening")
    LEAFLET = "leaflet", lazy_pgettext("heard through", "A leaflet or a poster")
    TOWN = "town", lazy_pgettext("heard through", "The town or the municipality")
    CLUB = "club", lazy_pgettext("heard through", "My club or my work")
    ONLINE = "online", lazy_pgettext("heard through", "The internet")
    OTHER = "other", lazy_pgettext("heard through", "Something else")


class LeaveReason(Labelled):
    """Why somebody stops; nobody has to say."""

    NONE = "", lazy_pgettext("reason to stop", "I do not say")
    NO_TIME = "no-time", lazy_pgettext("reason to stop", "I have no time")
    MOVED = "moved", lazy_pgettext("reason to stop", "I move or moved")
    FOUND_OTHER = "found-other", lazy_pgettext("reason to stop", "I found something else")
    DIFFERENT = "different", lazy_pgettext("reason to stop", "It is not what I expected")
    OTHER = "other", lazy_pgettext("reason to stop", "Something else")


class ConsentText(StrEnum):
    """A text that people agree to. What is kept is the text, its version, the language and the time (R42)."""

    PRIVACY = "privacy"
    VOLUNTEERING = "volunteering"


AGREED_TEXTS: dict[str, Lazy] = {
    ConsentText.PRIVACY.value: _("How we keep and use your answers"),
    ConsentText.VOLUNTEERING.value: _("What a buddy must know"),
}
"""The texts that people agree to, as they are named to them."""

CONSENT_VERSIONS = {ConsentText.PRIVACY: "2025-1", ConsentText.VOLUNTEERING: "2025-1"}
"""To be raised whenever the words below or those of the privacy page change what people agree to."""

# What the question about privacy and the privacy page say, which together are the text that people agree to.
PRIVACY_WORDS: tuple[Lazy, ...] = (
    _("We look for a buddy for you."), _("A person of your network reads your answers."),
    _("A buddy first sees only your first name and your town."), _("You can change your answers, or stop."),
    _("We keep little. You can see it, change it and stop at any time."), _("What we keep"),
    _("Your name and how to reach you."), _("Your town, your languages, what you like and when you have time."),
    _("What you do with your buddy and in activities: the date and the hours."),
    _("We do not ask your nationality, your national number, your religion, your health or your papers."),
    _("Your browser keeps that you are signed in, and that it is known here. Nobody follows you with that."),
    _("Who sees it"), _("The coordinator of your region sees your answers and how to reach you."),
    _("Your counsellor sees your hours and your contract. The coordinator does not see your contract."),
    _("A buddy or newcomer sees your telephone number and address only after both of you said yes."),
    _("Other people see only numbers. Groups of fewer than five people are never shown."), _("Who decides"),
    _("A computer looks who fits together. A person always decides. You may always say no."), _("Your rights"),
    _("Under My data you see all that we keep. You can take it with you, change it, and be deleted."),
    _("You may say that the computer must leave you out. Not content? Go to the Data Protection Authority."),
)  # fmt: skip

# The five duties to inform a volunteer (law of 3 July 2005, R42), in the order of the law: title, text, picture.
VOLUNTEER_DUTIES: tuple[tuple[Lazy, Lazy, str], ...] = (
    (_("What it is for"), _("You help a newcomer to meet people, to practise Dutch and to feel at home. You are not a care giver. You take no side in politics or religion."), "hand-heart"),
    (_("Who organises it"), _("A public service or an association without profit of your network. Before you begin you get a note with its name and its legal form."), "landmark"),
    (_("Insurance"), _("The organisation has insurance for damage that you cause to others as a buddy. The note names the insurer."), "shield-check"),
    (_("Money"), _("You do this without pay. The note says which costs, if any, are paid back."), "wallet"),
    (_("Keep it to yourself"), _("What a newcomer tells you stays between you. When somebody is in danger, you call the coordinator."), "lock-keyhole"),
)  # fmt: skip

AGREED_WORDS: dict[str, tuple[Lazy, ...]] = {
    ConsentText.PRIVACY.value: PRIVACY_WORDS,
    ConsentText.VOLUNTEERING.value: tuple(
        words for title, text, _picture in VOLUNTEER_DUTIES for words in (title, text)
    ),
}
"""The words of today's version of each text, in the order in which they stand there."""
