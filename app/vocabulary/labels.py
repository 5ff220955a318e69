"""What all enumerations of the vocabulary have in common: a stored value and a lazily translated label."""

from enum import StrEnum
from typing import Self

from app.i18n import Lazy


class Labelled(StrEnum):
    """A member written as `NAME = "value", lazy_pgettext("context", "Words")`; it equals its value."""

    label: Lazy

    def __new__(cls, value: str, *words: Lazy) -> Self:
        """Makes the member a text that equals its value; the words are optional only in a look-up by value."""
        member = str.__new__(cls, value)
        member._value_ = value
        (member.label,) = words
        return member


def label(member: Labelled) -> Lazy:
    """The words for a member, translated when shown; `dutch(label(x))` gives the Dutch beside it."""
    return member.label


def choices(kind: type[Labelled]) -> list[tuple[str, Lazy]]:
    """(value, words) of every member in the order of the enumeration, as a select field takes them."""
    return [(member.value, member.label) for member in kind]
