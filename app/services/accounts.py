"""Coming in and going out: sign-ins, links, codes and passwords."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Gone, Moved, NotFound
from app.extensions import queue
from app.models import Buddy, Grant, Link, Organisation, Person, SignIn
from app.queries.accounts import person_by_email
from app.security.passwords import hash_password, password_fits
from app.security.secrets import code_hash, new_code, new_token, token_hash
from app.security.sign_in_limits import ends_at, limits_of
from app.security.viewer import Viewer
from app.services.outbox import tell
from app.services.records import audit, move, record_transition
from app.vocabulary import BuddyState, Role
from app.vocabulary.activities import OrganisationState
from app.vocabulary.records import LinkPurpose, Subject

LinkFor = Callable[
    [str, str], str
]  # (locale, token) -> the absolute address of the page that the token opens

LETTERS = {LinkPurpose.SIGN_IN: "sign-in-link", LinkPurpose.RESET_PASSWORD: "reset-password"}
PASSWORD_LINKS = (LinkPurpose.RESET_PASSWORD, LinkPurpose.INVITATION)
LINKS_AN_HOUR = 3
COMING_IN = (*PASSWORD_LINKS, LinkPurpose.SIGN_IN, LinkPurpose.SECOND_FACTOR)
ONE_AT_A_TIME = (*PASSWORD_LINKS, LinkPurpose.SIGN_IN, LinkPurpose.CONFIRM_ADDRESS)
LINK_LASTS = {
    LinkPurpose.CONFIRM_ADDRESS: timedelta(days=7),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.SIGN_IN: timedelta(hours=1),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.CONFIRM_HOURS: timedelta(days=30),
    LinkPurpose.LINK_COUNSELLOR: timedelta(days=14),
    LinkPurpose.ANSWER_DUO: timedelta(days=60),
    LinkPurpose.STILL_AVAILABLE: timedelta(days=90),
    LinkPurpose.REPORT_DUO: timedelta(days=180),
    LinkPurpose.GOES_ON: timedelta(days=60),
    LinkPurpose.LEAVE_ACTIVITY: timedelta(days=90),
    LinkPurpose.WHO_COMES: timedelta(days=30),
    LinkPurpose.STAY: timedelta(days=400),
    LinkPurpose.SECOND_FACTOR: timedelta(minutes=10),
}


def sign_in(person_id: int, *, device: str = "", proven: str | None = None) -> str:
    """Begin a sign-in of that person and return its token, which is not kept.

    `proven` is the hash of the password that was right; raises Moved when that is no longer the person's.
    """
    token, at = new_token(), now()
    with transaction() as db:
        _still_proven(person_id, proven)
        roles = db.scalars(select(Grant.role).where(Grant.person_id == person_id)).all()
        db.add(
            SignIn(
                person_id=person_id, token_hash=token_hash(token), device=device, created_at=at, seen_at=at,
                expires_at=ends_at(at, at, roles),
            )
        )  # fmt: skip
        db.execute(
            update(Person).where(Person.id == person_id, or_(Person.seen_on.is_(None), Person.seen_on < today()))
            .values(seen_on=today(), stay_asked_on=None)
        )  # fmt: skip
        audit(None, "signed-in", "person", person_id)
    return token


def half_sign_in(person_id: int, *, locale: str, proven: str | None = None) -> str:
    """The same for who still has to show a second factor: the secret of some minutes to do so."""
    with transaction():
        _still_proven(person_id, proven)
        return new_link(LinkPurpose.SECOND_FACTOR, locale=locale, person_id=person_id)


def _still_proven(person_id: int, proven: str | None) -> None:
    """Let no sign-in begin with a password that is changed in this very moment: that change would not end it."""
    lock(Person, person_id)
    stored = session().scalar(select(Person.password_hash).where(Person.id == person_id))
    if proven is not None and stored != proven:
        raise Moved()


def seen(actor: Viewer) -> datetime:
    """Note that the actor's sign-in is in use, and return when it ends now. Raises Moved when it has ended."""
    return _go_on(actor, longer=limits_of(actor.roles).on_by_use)


def stay(actor: Viewer) -> datetime:
    """Let the actor's sign-in last its full time again from now, and return when it ends (WCAG 2.2.1). Raises Moved."""
    return _go_on(actor, longer=True)


def _go_on(actor: Viewer, *, longer: bool) -> datetime:
    at = now()
    with transaction() as db:
        found = db.execute(
            select(SignIn.created_at, SignIn.expires_at).where(SignIn.id == actor.sign_in_id, SignIn.ended_at.is_(None))
        ).one_or_none()  # fmt: skip
        if found is None or found.expires_at <= at:
            raise Moved()
        until = ends_at(found.created_at, at, actor.roles) if longer else found.expires_at
        move(
            update(SignIn).where(SignIn.id == actor.sign_in_id, SignIn.ended_at.is_(None))
            .values(expires_at=until, seen_at=at)
        )  # fmt: skip
    return until


def sign_out(actor: Viewer, sign_in_id: int) -> None:
    """End one of the actor's own sign-ins. Raises Moved when it is not hers or had ended."""
    with transaction():
        move(
            update(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None))
            .values(ended_at=now())
        )  # fmt: skip


def end_all_sign_ins(person_id: int) -> None:
    """End every sign-in of a person, because a password or role changed."""
    with transaction() as db:
        db.execute(
            update(SignIn)
            .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
            .values(ended_at=now())
        )


def end_other_sign_ins(actor: Viewer) -> None:
    """End every sign-in of the actor but the one in use."""
    with transaction() as db:
        db.execute(
            update(SignIn)
            .where(
                SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None), SignIn.id != actor.sign_in_id
            )
            .values(ended_at=now())
        )


def new_link(
    purpose: LinkPurpose, *, locale: str, person_id: int | None = None, contact_person_id: int | None = None,
    at_least: timedelta = timedelta(0), **facts: object,
) -> str:  # fmt: skip
    """Make a secret for one purpose and return it; only its hash is kept. To an account only the newest link leads.

    It lasts as LINK_LASTS says, or `at_least` so long where a setting promises more.
    """
    token, lasts = new_token(), max(LINK_LASTS[purpose], at_least)
    with transaction() as db:
        if person_id is not None and purpose in ONE_AT_A_TIME:
            db.execute(
                update(Link)
                .where(Link.person_id == person_id, Link.purpose == purpose, Link.expires_at > now())
                .values(expires_at=now())
            )
        db.add(
            Link(
                purpose=purpose, token_hash=token_hash(token), person_id=person_id, contact_person_id=contact_person_id,
                locale=locale, facts=facts, expires_at=now() + lasts,
            )
        )  # fmt: skip
    return token


def open_link(token: str, purpose: LinkPurpose) -> Link:
    """The link of that secret, still usable; looking does not use it up. Raises NotFound or Gone."""
    found = (
        session()
        .scalars(select(Link).where(Link.token_hash == token_hash(token), Link.purpose == purpose))
        .one_or_none()
    )
    if found is None:
        raise NotFound(Gone.message)  # mostly a link that a message cut off: what helps is the same
    if not found.usable(now()):
        raise Gone()
    return found


def use_link(token: str, purpose: LinkPurpose) -> Link:
    """Use the link up, once. Raises NotFound or Gone; of two at the same time one gets Gone."""
    with transaction() as db:
        found = open_link(token, purpose)
        result = db.execute(
            update(Link)
            .where(Link.id == found.id, Link.used_at.is_(None))
            .values(used_at=now())
            .returning(Link.id)
        )
        if result.first() is None:
            raise Gone()
        return found


def person_by_password(canonical: str, password: str) -> Person | None:
    """The person of that address and password, or None; it takes as long for an unknown address."""
    stored = session().scalar(
        select(Person.password_hash).where(Person.email_canonical == canonical, Person.active)
    )
    person = person_by_email(canonical) if password_fits(stored, password) else None
    return person if person and person.password_hash == stored else None


def is_password_of(actor: Viewer, password: str | None) -> bool:
    """Whether this is the actor's password of now; who has none is not asked (None)."""
    stored = session().get_one(Person, actor.person_id).password_hash
    return password is None if stored is None else password_fits(stored, password or "")


def set_password(person_id: int, password: str) -> None:
    """Keep a new password, and end all sign-ins and the links that would make another one."""
    hashed = hash_password(password)
    with transaction() as db:
        lock(Person, person_id)
        db.get_one(Person, person_id).password_hash = hashed
        end_all_sign_ins(person_id)
        end_links(person_id, COMING_IN)
        audit(None, "password-set", "person", person_id)


def end_links(
    person_id: int, purposes: Collection[LinkPurpose] = (*COMING_IN, LinkPurpose.CONFIRM_ADDRESS)
) -> None:
    """Let no link open the account any more that was sent before its password or address changed."""
    with transaction() as db:
        db.execute(
            update(Link)
            .where(Link.person_id == person_id, Link.purpose.in_(purposes), Link.used_at.is_(None))
            .values(used_at=now())
        )


def give_code(person_id: int, *, secret_key: str, code: str = "") -> str:
    """Give a person a new personal code, or that one; an earlier code no longer works."""
    code = code or new_code()
    with transaction() as db:
        db.get_one(Person, person_id).code_hash = code_hash(code, secret_key)
        audit(None, "code-given", "person", person_id)
    return code


def person_by_code(code: str, *, secret_key: str) -> Person | None:
    """The active person with that personal code, or None."""
    return (
        session()
        .scalars(select(Person).where(Person.code_hash == code_hash(code, secret_key), Person.active))
        .one_or_none()
    )


def ask_link(canonical: str, purpose: LinkPurpose) -> None:
    """Let the worker send a link to that address if somebody has it: asking takes as long whether or not anybody does."""
    queue.put("send_link", canonical, purpose.value)


def send_link(canonical: str, purpose: LinkPurpose, link_for: LinkFor) -> None:
    """Send a link to that address if somebody has it; nothing tells the asker whether anybody does.

    No more than a few an hour: the newest of them still works (T21).
    """
    with transaction() as db:
        person = person_by_email(canonical)
        if person is None:
            return
        lock(Person, person.id)  # letters are counted in turn
        recent = select(func.count()).select_from(Link).where(
            Link.person_id == person.id, Link.purpose == purpose, Link.used_at.is_(None),
            Link.created_at > now() - timedelta(hours=1),
        )  # fmt: skip
        if (db.scalar(recent) or 0) < LINKS_AN_HOUR:
            token = new_link(purpose, locale=person.locale, person_id=person.id)
            tell(person, LETTERS[purpose], link=link_for(person.locale, token))


def person_of_password_link(token: str) -> Person:
    """Whose password that link may set. Raises NotFound or Gone."""
    return session().get_one(Person, _password_link(token).person_id)


def set_password_by_link(token: str, password: str) -> None:
    """Set the password and use the link up; the address has shown itself to be the person's. Raises NotFound or Gone."""
    with transaction() as db:
        link = use_link(token, _password_link(token).purpose)
        assert link.person_id is not None
        person = db.get_one(Person, link.person_id)
        person.email_confirmed_at = person.email_confirmed_at or now()
        set_password(link.person_id, password)


def _password_link(token: str) -> Link:
    try:
        return open_link(token, PASSWORD_LINKS[0])
    except NotFound:
        return open_link(token, PASSWORD_LINKS[1])


def confirm_address(token: str) -> int:
    """Note that the address is the person's, and return who it is; a candidate buddy is one station further.

    An organisation that this person registered goes to the coordinator now.
    """
    with transaction() as db:
        link = use_link(token, LinkPurpose.CONFIRM_ADDRESS)
        assert link.person_id is not None
        db.get_one(Person, link.person_id).email_confirmed_at = now()
        found = db.execute(
            update(Buddy).where(Buddy.person_id == link.person_id, Buddy.state == BuddyState.REGISTERED)
            .values(state=BuddyState.VERIFIED).returning(Buddy.id)
        ).scalar()  # fmt: skip
        if found is not None:
            record_transition(
                Subject.BUDDY, found, BuddyState.REGISTERED, BuddyState.VERIFIED, actor=None, role=Role.BUDDY
            )
        own = select(Grant.organisation_id).where(Grant.person_id == link.person_id)
        for house in db.scalars(
            update(Organisation)
            .where(Organisation.id.in_(own), Organisation.confirmed_at.is_(None))
            .values(confirmed_at=now())
            .returning(Organisation.id)
        ).all():
            record_transition(
                Subject.ORGANISATION,
                house,
                OrganisationState.REGISTERED,
                OrganisationState.TO_VERIFY,
                actor=None,
                role=Role.ORGANISATION,
            )
        return link.person_id


def change_account(
    actor: Viewer, *, full_name: str, call_name: str, phone: str | None, locale: str, latin_name: str | None = None
) -> None:  # fmt: skip
    """Change how the actor is called and reached, and in which language we write; a Latin name None stays."""
    with transaction() as db:
        person = db.get_one(Person, actor.person_id)
        person.latin_name = person.latin_name if latin_name is None else latin_name
        person.full_name, person.call_name, person.phone, person.locale = full_name, call_name, phone, locale
