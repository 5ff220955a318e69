"""A call for volunteers in words: whole sentences for its page, its poster and a newsletter, in the active language."""

from collections.abc import Sequence

from app.i18n import gettext, ngettext, people_list_text
from app.vocabulary.facts import language_names, slot_names


def call_title() -> str:
    """What it is about; the name of the network stands beside it."""
    return gettext("Buddies wanted")


def what_a_buddy_does() -> list[str]:
    """The same for every call."""
    return [
        gettext(
            "A buddy knows the neighbourhood. A newcomer wants to know it. They meet and do things together."
        ),
        gettext("You meet about every two weeks, for six months. You choose what you do."),
    ]


def waiting_sentence(waiting: int | None) -> str:
    """How many wait; without a number when they are few."""
    if waiting is None:
        return gettext("Newcomers wait for a buddy here.")
    return ngettext(
        "%(num)s newcomer waits for a buddy here.", "%(num)s newcomers wait for a buddy here.", waiting
    )


def asked_sentences(
    *, languages: Sequence[str], moments: Sequence[str], towns: Sequence[str], wish: str
) -> list[str]:
    """Whom the network misses most: tags of languages, moments of the week, names of towns, and `f`, `m` or empty."""
    said = [gettext("You speak Dutch with each other. You need no other language.")]
    if languages:
        names = language_names(languages)
        said.append(gettext("You help even more if you speak one of these: %(languages)s.", languages=names))
    if moments:
        said.append(gettext("Many are free at these moments: %(moments)s.", moments=slot_names(moments)))
    if towns:
        said.append(gettext("Many live here: %(places)s.", places=people_list_text(towns)))
    if wish:
        said.append(_women() if wish == "f" else _men())
    return said


def register_sentence() -> str:
    """What stands before the address in a newsletter."""
    return gettext("Do you want to be a buddy? Register here. It takes four minutes.")


def _women() -> str:
    return gettext("Many ask for a woman. So women are very welcome.")


def _men() -> str:
    return gettext("Many ask for a man. So men are very welcome.")
