"""The second factor of who works here: turned on, asked for at sign-in, taken away when the phone is lost."""

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Invalid, NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.models import Grant, Person, RecoveryCode, SecondFactor
from app.queries.accounts import person_by_email
from app.queries.second_factors import RESET_WAITS
from app.security.identity import canonical_email
from app.security.one_time import digits_of, factor_secret, recovery_codes, recovery_hash, step_of
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.accounts import end_all_sign_ins, end_other_sign_ins
from app.services.outbox import tell
from app.services.records import audit
from app.vocabulary import Role

STAFF = (Role.COORDINATOR, Role.COUNSELLOR, Role.HELPER, Role.ADMINISTRATOR)
WRONG = _("This code is not right, or it was used before. Wait for the next code of the app.")


def turn_on(actor: Viewer, *, salt: str, digits: str) -> list[str]:
    """Ask this person for the codes of a phone from now on, and return the recovery codes, told once.

    `digits` show that the phone counts as we do. Other browsers are signed out. Raises Invalid or Refusal.
    """
    demand(actor, Permission.OWN_FACTOR)
    assert actor.person_id is not None
    step = step_of(factor_secret(salt), digits_of(digits) or "", now())
    if step is None:
        raise Invalid("code", WRONG)
    codes = recovery_codes()
    with transaction() as db:
        lock(Person, actor.person_id)
        try:
            with db.begin_nested():
                db.add(SecondFactor(person_id=actor.person_id, salt=salt, last_step=step))
                db.flush()
        except IntegrityError as error:
            raise Refusal(_("You have a second key already."), code="has-factor") from error
        db.add_all(RecoveryCode(person_id=actor.person_id, code_hash=recovery_hash(code)) for code in codes)
        end_other_sign_ins(actor)
        audit(actor, "second-factor-on", "person", actor.person_id)
        tell(db.get_one(Person, actor.person_id), "second-factor-on")
    return codes


def passes(person_id: int, code: str) -> bool:
    """Whether the code is one of that person's phone now, or an unused recovery code; each is taken once."""
    with transaction() as db:
        factor = db.get(SecondFactor, person_id, populate_existing=True)
        if factor is None:
            return False
        digits = digits_of(code)
        if digits is None:
            return _takes_recovery_code(person_id, code)
        step = step_of(factor_secret(factor.salt), digits, now())
        if step is None:
            return False
        taken = update(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.last_step < step)
        return db.execute(taken.values(last_step=step).returning(SecondFactor.person_id)).first() is not None


def turn_off(actor: Viewer, code: str) -> None:
    """Take the actor's own second factor away, with one of its codes; other browsers are signed out. Raises Invalid."""
    demand(actor, Permission.OWN_FACTOR)
    assert actor.person_id is not None
    with transaction():
        if not passes(actor.person_id, code):
            raise Invalid("code", WRONG)
        _take_away(actor.person_id)
        end_other_sign_ins(actor)
        audit(actor, "second-factor-off", "person", actor.person_id)


def ask_reset(actor: Viewer, person_id: int) -> bool:
    """Take the second factor of somebody who lost the phone away, when a second administrator asks for it too.

    Returns whether it is gone; the first request waits a day for the second. Raises NotFound, and Forbidden about
    oneself.
    """
    demand(actor, Permission.SET_STAFF)
    not_about_oneself(actor, person_id)
    with transaction() as db:
        lock(Person, person_id)
        staff = select(Grant.id).where(Grant.person_id == person_id, Grant.role.in_(STAFF)).limit(1)
        factor = db.get(SecondFactor, person_id, populate_existing=True)
        if factor is None or db.scalar(staff) is None:
            raise NotFound()
        asked_at = factor.asked_at
        if factor.asked_by_id == actor.person_id or asked_at is None or asked_at <= now() - RESET_WAITS:
            factor.asked_by_id, factor.asked_at = actor.person_id, now()
            audit(actor, "second-factor-reset-asked", "person", person_id)
            return False
        audit(actor, "second-factor-reset", "person", person_id, asked_by=factor.asked_by_id)
        _reset(person_id)
        return True


def reset_by_hand(email: str) -> None:
    """The same for who runs the server, where no second administrator is left. Raises NotFound."""
    with transaction() as db:
        person = person_by_email(canonical_email(email))
        if person is None or db.get(SecondFactor, person.id) is None:
            raise NotFound()
        audit(None, "second-factor-reset", "person", person.id)
        _reset(person.id)


def _takes_recovery_code(person_id: int, code: str) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == recovery_hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    if session().execute(used).first() is None:
        return False
    audit(None, "recovery-code-used", "person", person_id)
    return True


def _reset(person_id: int) -> None:
    _take_away(person_id)
    end_all_sign_ins(person_id)
    tell(session().get_one(Person, person_id), "second-factor-reset")


def _take_away(person_id: int) -> None:
    for table in (RecoveryCode, SecondFactor):
        session().execute(delete(table).where(table.person_id == person_id))
