"""Which rows belong to a person: the keys by which the rules of erasing find them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from app.db import session
from app.models import Buddy, ContactPerson, Duo, HourEntry, Newcomer, Person, Proof, Proposal, SignUp
from app.queries.blocks import hashes_of
from app.vocabulary import Role
from app.vocabulary.records import Subject

GONE_NAME = "—"
"""What stands instead of a name; the same in every language, and nothing that a search finds."""

Keys = tuple[int, ...]


@dataclass(frozen=True)
class Whose:
    """Keys of everything that is somebody's; empty where there is nothing. `others` = the other people of the duos."""

    person_id: int
    newcomers: Keys = ()
    buddies: Keys = ()
    contacts: Keys = ()
    duos: Keys = ()
    others: Keys = ()
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    email_hashes: tuple[str, ...] = ()
    phone_hashes: tuple[str, ...] = ()
    subjects: Mapping[Subject, Keys] = field(default_factory=dict)
    sides: Mapping[str, Keys] = field(default_factory=dict)

    @property
    def people(self) -> Keys:
        """The person, as a list of keys."""
        return (self.person_id,)

    @property
    def naming(self) -> Keys:
        """Who named contact persons: the person, where a newcomer's records are emptied."""
        return self.people if self.newcomers else ()

    @property
    def words(self) -> tuple[str, ...]:
        """What betrays the person in somebody else's text: addresses, numbers, and names of more than one word."""
        return (*self.emails, *self.phones, *(name for name in self.names if " " in name))


def whose_person(person: Person) -> Whose:
    """Everything of that person."""
    newcomers = _keys(Newcomer.id, Newcomer.person_id == person.id)
    buddies = _keys(Buddy.id, Buddy.person_id == person.id)
    duos, others = _duos_of(newcomers, buddies)
    emails, phones = _given(person.email, person.email_canonical), _given(person.phone)
    hashes = hashes_of(person)
    return Whose(
        person_id=person.id, newcomers=newcomers, buddies=buddies, duos=duos, others=others, emails=emails, phones=phones,
        contacts=_keys(ContactPerson.id, ContactPerson.person_id == person.id),
        names=_given(person.full_name, person.call_name, person.latin_name, person.first_name),
        email_hashes=_given(hashes[0]), phone_hashes=_given(hashes[1]),
        subjects=_subjects_of(newcomers, buddies, duos),
        sides={
            Role.NEWCOMER.value: _keys(Duo.id, Duo.newcomer_id.in_(newcomers)),
            Role.BUDDY.value: _keys(Duo.id, Duo.buddy_id.in_(buddies)),
        },
    )  # fmt: skip


def whose_records(newcomer: Newcomer) -> Whose:
    """The hours and proofs of a newcomer, for the rules of AFTER_LAW alone."""
    return Whose(person_id=newcomer.person_id, newcomers=(newcomer.id,))


def _duos_of(newcomers: Keys, buddies: Keys) -> tuple[Keys, Keys]:
    mine = or_(Duo.newcomer_id.in_(newcomers), Duo.buddy_id.in_(buddies))
    people = (
        select(Newcomer.person_id).join(Duo, Duo.newcomer_id == Newcomer.id).where(Duo.buddy_id.in_(buddies)),
        select(Buddy.person_id).join(Duo, Duo.buddy_id == Buddy.id).where(Duo.newcomer_id.in_(newcomers)),
    )
    return _keys(Duo.id, mine), tuple({key for wanted in people for key in session().scalars(wanted)})


def _subjects_of(newcomers: Keys, buddies: Keys, duos: Keys) -> dict[Subject, Keys]:
    """What changes of state can be about, as far as it is that person's."""
    paired = or_(Proposal.newcomer_id.in_(newcomers), Proposal.buddy_id.in_(buddies))
    return {
        Subject.NEWCOMER: newcomers,
        Subject.BUDDY: buddies,
        Subject.DUO: duos,
        Subject.PROPOSAL: _keys(Proposal.id, paired),
        Subject.HOUR_ENTRY: _keys(HourEntry.id, HourEntry.newcomer_id.in_(newcomers)),
        Subject.PROOF: _keys(Proof.id, Proof.newcomer_id.in_(newcomers)),
        Subject.SIGN_UP: _keys(SignUp.id, SignUp.newcomer_id.in_(newcomers)),
    }


def _keys(column: Any, condition: Any) -> Keys:
    return tuple(session().scalars(select(column).where(condition)))


def _given(*texts: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
