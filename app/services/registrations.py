"""Registering: steps are kept one by one; what they make is here, when it is made in arrivals.py.

An address that is known already gets the same answer as a new one; only its owner is told, by mail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Gone, Invalid, NotFound
from app.i18n import lazy_gettext as _
from app.models import Buddy, Consent, Grant, Message, Newcomer, Person, Registration
from app.queries.accounts import has_come_in
from app.queries.registrations import registration_by_token
from app.reference.languages import SPOKEN
from app.security.identity import canonical_email
from app.security.secrets import code_of, new_token, token_hash
from app.security.viewer import ANONYMOUS, Viewer
from app.services import answers
from app.services.accounts import LinkFor, give_code, new_link, person_by_code
from app.services.answers import Answers, BuddyAnswers, NewcomerAnswers
from app.services.block_hits import look_up
from app.services.outbox import tell
from app.services.placing import place_by_town
from app.services.records import audit, record_transition
from app.services.shortages import source_of
from app.vocabulary import BuddyState, NewcomerState, Role
from app.vocabulary.records import LinkPurpose, Subject
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText

SENT_TWICE = timedelta(minutes=10)
LETTERS_AN_HOUR = 3
TEXTS = {Role.BUDDY: (ConsentText.VOLUNTEERING, ConsentText.PRIVACY), Role.NEWCOMER: (ConsentText.PRIVACY,)}


@dataclass(frozen=True)
class Addresses:
    """Where letters lead: to confirm an address (locale, token), and to sign in (locale)."""

    confirm: LinkFor
    sign_in: Callable[[str], str]


@dataclass(frozen=True)
class Registered:
    """Who came of a registration. `person_id` None: the address was known, which nobody may see."""

    person_id: int | None
    network_slug: str


def begin(actor: Viewer, role: Role, locale: str, *, call: str = "") -> str:
    """Begin a registration and return its secret; a signed-in actor is the helper of a newcomer.

    `call` is the code of the call for volunteers through which somebody came, if any.
    """
    token = new_token()
    with transaction() as db:
        db.add(
            Registration(
                token_hash=token_hash(token),
                role=role,
                locale=locale,
                helped_by_id=actor.person_id,
                answers={},
                source=source_of(call),
            )
        )
    return token


def save_step(
    actor: Viewer, role: Role, token: str, step: str, given: dict[str, Any], *, locale: str
) -> None:
    """Keep the answers of one step. Raises NotFound, or Gone when the registration is finished."""
    with transaction():
        row = held(actor, role, token)
        if row.finished_at:
            raise Gone()
        row.answers = {**row.answers, step: given}
        row.locale, row.touched_at = locale, now()


def register_buddy(
    given: BuddyAnswers, *, locale: str, addresses: Addresses | None, source: str = "site"
) -> Registered:
    """Make a candidate buddy, who is asked to confirm the address; without `addresses` nobody is written to."""
    with transaction() as db:
        columns = columns_of(given)
        person = _person(given, locale)
        if given.email and not claim_address(person, addresses):
            db.delete(person)
            return Registered(None, columns["network_slug"])
        _agrees(person, Role.BUDDY)
        buddy = Buddy(person_id=person.id, source=source, **columns)
        db.add(buddy)
        db.flush()
        look_up(person, buddy.network_slug)
        record_transition(Subject.BUDDY, buddy.id, None, BuddyState.REGISTERED, actor=None, role=Role.BUDDY)
        audit(None, "registered", Subject.BUDDY, buddy.id, network=buddy.network_slug, source=source)
        return Registered(person.id, buddy.network_slug)


def register_newcomer(
    given: NewcomerAnswers, *, locale: str, addresses: Addresses | None, helper: Viewer = ANONYMOUS,
    spoken: str | None = None, claims: bool = True,
) -> Registered:  # fmt: skip
    """Make a newcomer, who waits from today. A known address is kept as a way to reach her, not as an account.

    Without `claims` that is not looked up yet, whoever has the address. Raises Invalid when a helper does not say in which of our or the spoken languages it was asked (S7).
    """
    if helper.signed_in and spoken not in ("nl", *SPOKEN):
        raise Invalid("spoken", _("Say in which language you asked it."), code="spoken")
    with transaction() as db:
        columns = columns_of(given)
        person = _person(given, locale)
        if given.email and claims:
            claim_address(person, addresses)
        _agrees(person, Role.NEWCOMER, helper, spoken=spoken)
        newcomer = Newcomer(
            person_id=person.id, waiting_since=today(), helped_by_id=helper.person_id, **columns
        )
        db.add(newcomer)
        db.flush()
        place_by_town([newcomer])
        look_up(person, newcomer.network_slug)
        actor = helper if helper.signed_in else None
        record_transition(
            Subject.NEWCOMER, newcomer.id, None, NewcomerState.REGISTERED, actor=actor, role=Role.NEWCOMER
        )
        audit(
            actor,
            "registered",
            Subject.NEWCOMER,
            newcomer.id,
            network=newcomer.network_slug,
            helped=helper.signed_in,
        )
        if helper.signed_in:
            audit(
                helper, "consent-asked", Subject.NEWCOMER, newcomer.id, network=newcomer.network_slug,
                read=locale, spoken=spoken, aloud=True, version=CONSENT_VERSIONS[ConsentText.PRIVACY],
            )  # fmt: skip
        return Registered(person.id, newcomer.network_slug)


def code_for(actor: Viewer, role: Role, token: str, *, secret_key: str) -> str | None:
    """A personal code for a newcomer, or for a buddy without e-mail, who was just registered; else None.

    A buddy with an address gets none: it would tell whether the address was known. Each call gives the same code,
    made of the registration's secret, so that no browser has to keep it to show it again.
    """
    row = registration_by_token(actor, role, token)
    if (
        row is None
        or row.person_id is None
        or row.finished_at is None
        or now() - row.finished_at > SENT_TWICE
    ):
        return None
    if role is Role.BUDDY and session().get_one(Person, row.person_id).email:
        return None
    return give_code(row.person_id, secret_key=secret_key, code=code_of(token, secret_key))


def card_still_held(actor: Viewer, token: str, *, secret_key: str) -> str | None:
    """The code of that registration while it opens an account in which nobody but the actor has come in."""
    code = code_of(token, secret_key)
    person = person_by_code(code, secret_key=secret_key)
    if person is None or (person.id != actor.person_id and has_come_in(person.id)):
        return None
    return code


def held(actor: Viewer, role: Role, token: str) -> Registration:
    """The registration of that secret, held until the transaction ends, as it is now. Raises NotFound."""
    row = registration_by_token(actor, role, token)
    if row is None:
        raise NotFound()
    lock(Registration, row.id)
    session().refresh(row)
    return row


def columns_of(given: Answers) -> dict[str, Any]:
    """The columns of the record that these answers fill. Raises Invalid."""
    columns = answers.columns(vars(given))
    columns["words"], columns["words_language"] = given.all_words
    return columns


def _person(given: Answers, locale: str) -> Person:
    """Somebody new, who can be reached at the address given but has no account with it yet."""
    person = Person(
        full_name=given.full_name, latin_name=given.latin_name, call_name=given.call_name, locale=locale,
        email=given.email or None, phone=given.phone or None,
    )  # fmt: skip
    session().add(person)
    session().flush()
    return person


def _agrees(person: Person, role: Role, helper: Viewer = ANONYMOUS, *, spoken: str | None = None) -> None:
    db = session()
    db.add(Grant(person_id=person.id, role=role))
    db.add_all(
        Consent(
            person_id=person.id, text=text.value, version=CONSENT_VERSIONS[text], locale=person.locale,
            helped_by_id=helper.person_id, spoken=spoken, asked_aloud=helper.signed_in,
        )
        for text in TEXTS[role]
    )  # fmt: skip


def claim_address(person: Person, addresses: Addresses | None) -> bool:
    """Let the address of that person be an account, and ask by mail whether it is hers; without `addresses` nobody is asked.

    No address is asked more often than a few times an hour, whoever gives it. False when somebody has it already: only that owner is told.
    """
    db = session()
    canonical = canonical_email(str(person.email))
    try:
        with db.begin_nested():
            person.email_canonical = canonical
            db.flush()
    except IntegrityError:
        db.refresh(person)
        if addresses is not None:
            tell_owner(canonical, addresses.sign_in)
        return False
    if addresses is not None and _few_letters(
        "confirm-address", or_(Message.person_id == person.id, Message.to_email == person.email)
    ):
        token = new_link(LinkPurpose.CONFIRM_ADDRESS, locale=person.locale, person_id=person.id)
        tell(person, "confirm-address", link=addresses.confirm(person.locale, token))
    return True


def tell_owner(canonical: str, sign_in: Callable[[str], str]) -> None:
    """Tell the owner of an address that it was given again; not more often than a few times an hour."""
    db = session()
    owner = db.scalars(select(Person).where(Person.email_canonical == canonical)).one_or_none()
    if owner is None or not owner.active:
        return
    lock(Person, owner.id)  # letters are counted in turn
    if _few_letters("already-known", Message.person_id == owner.id):
        tell(owner, "already-known", link=sign_in(owner.locale))


def _few_letters(kind: str, to: ColumnElement[bool]) -> bool:
    """Whether one more of these letters can go out this hour: nobody's letter box is filled by somebody else."""
    recent = select(func.count()).select_from(Message).where(
        Message.kind == kind, to, Message.created_at > now() - timedelta(hours=1)
    )  # fmt: skip
    return (session().scalar(recent) or 0) < LETTERS_AN_HOUR
