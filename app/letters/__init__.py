"""What we write to people: one function a kind of letter, spoken in the language that is active around it."""

from collections.abc import Callable

from app.letters import (
    accounts,
    duos,
    hours,
    offers,
    organisations,
    people,
    privacy,
    registrations,
    second_factors,
    sign_ups,
    today,
    wishes,
)
from app.letters.letter import Facts, Letter

LETTERS: dict[str, Callable[[Facts], Letter]] = {
    **accounts.LETTERS,
    **registrations.LETTERS,
    **people.LETTERS,
    **duos.LETTERS,
    **hours.LETTERS,
    **today.LETTERS,
    **wishes.LETTERS,
    **offers.LETTERS,
    **organisations.LETTERS,
    **privacy.LETTERS,
    **sign_ups.LETTERS,
    **second_factors.LETTERS,
}

__all__ = ["LETTERS", "Facts", "Letter"]
