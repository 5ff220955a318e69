"""Selections about people who can act: the viewer of a sign-in, and people by address."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ScalarSelect, exists, select
from sqlalchemy.orm import joinedload

from app.clock import now
from app.db import session
from app.models import Buddy, Newcomer, Person, SecondFactor, SignIn
from app.security.secrets import token_hash
from app.security.viewer import Viewer
from app.vocabulary import Role

HAS_FACTOR = exists().where(SecondFactor.person_id == SignIn.person_id)
DEMANDED_OF = frozenset({Role.COORDINATOR, Role.COUNSELLOR, Role.ADMINISTRATOR})


def sign_in_by_token(token: str, *, demand_factor: bool = False) -> tuple[SignIn, Viewer] | None:
    """The sign-in of that cookie when it still holds (not ended, not expired, its person active), and who it is.

    With `demand_factor` who sees the data of many owes a second factor until it is set up.
    """
    found = session().execute(
        select(SignIn, _buddy_of(SignIn.person_id), _newcomer_of(SignIn.person_id), HAS_FACTOR)
        .where(SignIn.token_hash == token_hash(token))
        .options(joinedload(SignIn.person).joinedload(Person.grants))
    ).unique().one_or_none()  # fmt: skip
    if found is None:
        return None
    sign_in, buddy_id, newcomer_id, has_factor = found
    if sign_in.ended_at or sign_in.expires_at <= now() or not sign_in.person.active:
        return None
    viewer = _viewer(sign_in.person, buddy_id, newcomer_id, sign_in.id)
    owes = demand_factor and not has_factor and not viewer.roles.isdisjoint(DEMANDED_OF)
    return sign_in, replace(viewer, owes_factor=owes)


def _buddy_of(person_id: Any) -> ScalarSelect[int]:
    return select(Buddy.id).where(Buddy.person_id == person_id).scalar_subquery()


def _newcomer_of(person_id: Any) -> ScalarSelect[int]:
    return select(Newcomer.id).where(Newcomer.person_id == person_id).scalar_subquery()


def viewer_of(person: Person) -> Viewer:
    """What that person may be and reach at this moment."""
    buddy_id, newcomer_id = session().execute(select(_buddy_of(person.id), _newcomer_of(person.id))).one()
    return _viewer(person, buddy_id, newcomer_id)


def _viewer(
    person: Person, buddy_id: int | None, newcomer_id: int | None, sign_in_id: int | None = None
) -> Viewer:
    roles = frozenset(grant.role for grant in person.grants)
    return Viewer(
        person_id=person.id,
        name=person.called,
        locale=person.locale,
        roles=roles,
        networks=frozenset(
            grant.network_slug
            for grant in person.grants
            if grant.role is Role.COORDINATOR and grant.network_slug
        ),
        agencies=frozenset(
            grant.agency_slug
            for grant in person.grants
            if grant.role is Role.COUNSELLOR and grant.agency_slug
        ),
        organisations=frozenset(
            grant.organisation_id
            for grant in person.grants
            if grant.role is Role.ORGANISATION and grant.organisation_id
        ),
        buddy_id=buddy_id if Role.BUDDY in roles else None,
        newcomer_id=newcomer_id if Role.NEWCOMER in roles else None,
        sign_in_id=sign_in_id,
    )


def person_by_email(canonical: str) -> Person | None:
    """The active person with that canonical address."""
    return (
        session()
        .scalars(select(Person).where(Person.email_canonical == canonical, Person.active))
        .one_or_none()
    )


def person_of(person_id: int) -> Person:
    """The record of a person who just showed who she is."""
    return session().get_one(Person, person_id)


def has_come_in(person_id: int) -> bool:
    """Whether that person was ever signed in, in whatever browser."""
    return session().scalar(select(SignIn.id).where(SignIn.person_id == person_id).limit(1)) is not None


def own_person(viewer: Viewer) -> Person:
    """The viewer's own record."""
    return session().get_one(Person, viewer.person_id)


def own_sign_ins(viewer: Viewer) -> list[SignIn]:
    """Where the viewer is signed in, last used first."""
    return list(
        session().scalars(
            select(SignIn).where(SignIn.person_id == viewer.person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now())
            .order_by(SignIn.seen_at.desc())
        )
    )  # fmt: skip
