"""What a plan says to staff: the rules that two people meet, who is missing, and what a place is worth (MATCHING 2, 4).

Worth is said in words, never in figures: it holds the turn of the newcomers it is about, which betrays facts of
contracts that a coordinator may not see (SECURITY).
"""

from collections.abc import Callable, Mapping

from app.i18n import gettext, ngettext, pgettext
from app.vocabulary.facts import Facts, Rule, kilometres, language_names, slot_names
from app.vocabulary.reasons import pair_sentence, reason_sentence

MUCH, SOME, LITTLE, NOTHING = "much", "some", "little", "nothing"


def level_of(worth: int, most: int) -> str:
    """How much a worth is beside the largest of its list (> 0): much from two thirds on, some from one third."""
    if worth <= 0:
        return NOTHING
    return MUCH if 3 * worth >= 2 * most else SOME if 3 * worth >= most else LITTLE


def rule_sentence(code: str, facts: Facts, passed: bool) -> str:
    """A rule of a pair, said as met or as not met. Raises ValueError for an unknown code."""
    rule = Rule(code)
    return _MET[rule](facts) if passed else pair_sentence(code, facts)


def shortage_sentence(entry: Facts) -> str:
    """Whom the network misses, by an entry of `shortage`: how many wait for somebody with these traits."""
    wish, waiting = str(entry["wish"]), int(entry["waiting"])
    moment = slot_names([entry["slot"]])
    if entry["language"] == "nl":
        return _MISSING[wish](waiting, moment)
    return _MISSING_SPEAKER[wish](waiting, moment, language_names([entry["language"]]))


def gain_sentence(level: str, places: int) -> str:
    """What one more place with a buddy would do for the plan; the first one when there is none now."""
    return _FIRST[level]() if places == 0 else _MORE[level]()


def worth_sentence(level: str) -> str:
    """How much a buddy who does not exist yet would add to the plan."""
    return _NEW[level]()


def match_sentence(num: int) -> str:
    """To how many people one more buddy whom the network misses would give a match."""
    return ngettext(
        "One more buddy here would give about %(num)s person a match.",
        "One more buddy here would give about %(num)s people a match.",
        num,
    )


def help_label(level: str) -> str:
    """How much such a buddy helps, in a word or two."""
    return _HELP[level]()


def loss_sentence(level: str) -> str:
    """What one place less with a buddy would do to the plan."""
    return _LESS[level]()


def _near_enough(facts: Facts) -> str:
    distance = kilometres(facts)
    if distance < 1:
        return gettext("They live less than 1 km from each other.")
    return gettext("They live %(distance)s km from each other. Both travel that far.", distance=distance)


def _share_moments(facts: Facts) -> str:
    return reason_sentence("availability", {"common": facts["common"], "told": True})


def _share_language(facts: Facts) -> str:
    if not facts["common"]:
        return gettext("This programme does not ask for a shared language.")
    return gettext("Shared languages: %(languages)s.", languages=language_names(facts["common"]))


def _wishes(facts: Facts) -> str:
    if not facts["newcomer_wish"] and not facts["buddy_wish"]:
        return gettext("Neither of them asks for a woman or a man.")
    return gettext("The wish about a woman or a man is met.")


def _never_before(_: Facts) -> str:
    return gettext("They were not proposed to each other before.")


def _has_place(facts: Facts) -> str:
    return ngettext(
        "This buddy has %(num)s free place.",
        "This buddy has %(num)s free places.",
        int(facts["capacity"]),
    )


_MET: Mapping[Rule, Callable[[Facts], str]] = {
    Rule.TOO_FAR: _near_enough,
    Rule.NO_SLOT: _share_moments,
    Rule.NO_LANGUAGE: _share_language,
    Rule.GENDER_WISH: _wishes,
    Rule.PAST_PAIR: _never_before,
    Rule.NO_CAPACITY: _has_place,
    Rule.LOW_SCORE: lambda facts: pair_sentence("low_score", facts),
}


def _anybody(num: int, moment: str) -> str:
    return ngettext(
        "%(num)s person who waits would fit a buddy who is free at this moment: %(moment)s.",
        "%(num)s people who wait would fit a buddy who is free at this moment: %(moment)s.",
        num,
        moment=moment,
    )


def _woman(num: int, moment: str) -> str:
    return ngettext(
        "%(num)s person who waits would fit a woman who is free at this moment: %(moment)s.",
        "%(num)s people who wait would fit a woman who is free at this moment: %(moment)s.",
        num,
        moment=moment,
    )


def _man(num: int, moment: str) -> str:
    return ngettext(
        "%(num)s person who waits would fit a man who is free at this moment: %(moment)s.",
        "%(num)s people who wait would fit a man who is free at this moment: %(moment)s.",
        num,
        moment=moment,
    )


def _speaker(num: int, moment: str, language: str) -> str:
    return ngettext(
        "%(num)s person who waits would fit a buddy who speaks this language: %(language)s. Free moment: %(moment)s.",
        "%(num)s people who wait would fit a buddy who speaks this language: %(language)s. Free moment: %(moment)s.",
        num,
        moment=moment,
        language=language,
    )


def _speaking_woman(num: int, moment: str, language: str) -> str:
    return ngettext(
        "%(num)s person who waits would fit a woman who speaks this language: %(language)s. Free moment: %(moment)s.",
        "%(num)s people who wait would fit a woman who speaks this language: %(language)s. Free moment: %(moment)s.",
        num,
        moment=moment,
        language=language,
    )


def _speaking_man(num: int, moment: str, language: str) -> str:
    return ngettext(
        "%(num)s person who waits would fit a man who speaks this language: %(language)s. Free moment: %(moment)s.",
        "%(num)s people who wait would fit a man who speaks this language: %(language)s. Free moment: %(moment)s.",
        num,
        moment=moment,
        language=language,
    )


_MISSING: Mapping[str, Callable[[int, str], str]] = {"": _anybody, "f": _woman, "m": _man}
_MISSING_SPEAKER: Mapping[str, Callable[[int, str, str], str]] = {
    "": _speaker,
    "f": _speaking_woman,
    "m": _speaking_man,
}
_NEW: Mapping[str, Callable[[], str]] = {
    MUCH: lambda: gettext("One more buddy like this would help a lot."),
    SOME: lambda: gettext("One more buddy like this would help."),
    LITTLE: lambda: gettext("One more buddy like this would help a little."),
    NOTHING: lambda: gettext("One more buddy like this would not help."),
}
_HELP: Mapping[str, Callable[[], str]] = {
    MUCH: lambda: pgettext("one more buddy", "helps a lot"),
    SOME: lambda: pgettext("one more buddy", "helps"),
    LITTLE: lambda: pgettext("one more buddy", "helps a little"),
}
_MORE: Mapping[str, Callable[[], str]] = {
    MUCH: lambda: gettext("One more place would help a lot."),
    SOME: lambda: gettext("One more place would help."),
    LITTLE: lambda: gettext("One more place would help a little."),
    NOTHING: lambda: gettext("One more place would not help."),
}
_FIRST: Mapping[str, Callable[[], str]] = {
    MUCH: lambda: gettext("There is no free place now. A first one would help a lot."),
    SOME: lambda: gettext("There is no free place now. A first one would help."),
    LITTLE: lambda: gettext("There is no free place now. A first one would help a little."),
}
_LESS: Mapping[str, Callable[[], str]] = {
    MUCH: lambda: gettext("One place less would cost a lot."),
    SOME: lambda: gettext("One place less would cost something."),
    LITTLE: lambda: gettext("One place less would cost a little."),
    NOTHING: lambda: gettext("One place less would cost nothing."),
}
