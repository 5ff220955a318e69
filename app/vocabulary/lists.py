"""The two lists of people."""

from enum import StrEnum


class ListKind(StrEnum):
    """Whom a list, a saved filter or a merger is about."""

    BUDDY = "buddy"
    NEWCOMER = "newcomer"
