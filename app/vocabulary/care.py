"""What can be amiss with a published activity, and what a network can miss: the words of the pages about quality."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Finding(Labelled):
    """Something about a published activity that somebody should look at, the most urgent first."""

    NOT_COUNTING = (
        "not-counting",
        lazy_pgettext("about an activity", "A counsellor judged that it does not count"),
    )
    NO_DATES = "no-dates", lazy_pgettext("about an activity", "No dates ahead")
    UNTOUCHED = "untouched", lazy_pgettext("about an activity", "Not changed for half a year")
    ENDS_SOON = "ends-soon", lazy_pgettext("about an activity", "Ends within three weeks")
    OUTDATED = "outdated", lazy_pgettext("about an activity", "Texts are older than the Dutch text")
    UNSEEN = "unseen", lazy_pgettext("about an activity", "No search shows it")
    UNOPENED = "unopened", lazy_pgettext("about an activity", "Shown, but nobody opens it")
    UNJOINED = "unjoined", lazy_pgettext("about an activity", "Opened, but nobody joins")
    UNJUDGED = "unjudged", lazy_pgettext("about an activity", "No counsellor judged it")  # fmt: skip


ADVICE = {
    Finding.NOT_COUNTING: lazy_pgettext("advice", "Hours spent there do not count. Take it back, or change it so that Dutch is spoken and people meet."),
    Finding.NO_DATES: lazy_pgettext("advice", "Nothing is planned in the coming nine weeks. Ask whether it goes on, or give new dates."),
    Finding.UNTOUCHED: lazy_pgettext("advice", "Perhaps it is no longer right. Ask the organisation whether it goes on."),
    Finding.ENDS_SOON: lazy_pgettext("advice", "The organisation gets a letter by itself. You can ask it again."),
    Finding.OUTDATED: lazy_pgettext("advice", "Who reads that language sees an old text. Ask for a new one, or write it."),
    Finding.UNSEEN: lazy_pgettext("advice", "In four weeks no search showed it. Add interests, the place and the moments."),
    Finding.UNOPENED: lazy_pgettext("advice", "It was shown fifty times or more in four weeks. Try a plainer title, and texts in more languages."),
    Finding.UNJOINED: lazy_pgettext("advice", "It was opened twenty times or more in four weeks. Look at the price, the hour, the level of Dutch and the words."),
    Finding.UNJUDGED: lazy_pgettext("advice", "It stands with the counsellors of newcomers in your network. Everybody reads that it was not judged yet."),
}  # fmt: skip


class Lack(Labelled):
    """What newcomers want of activities and a network can lack."""

    INTEREST = "interests", lazy_pgettext("what activities can lack", "Interests")
    KIND = "kinds", lazy_pgettext("what activities can lack", "Kinds")
    MOMENT = "moments", lazy_pgettext("what activities can lack", "Moments of the week")
    LEVEL = "levels", lazy_pgettext("what activities can lack", "Levels of Dutch")
