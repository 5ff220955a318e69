"""Second factors: each code once, no one alone takes somebody else's away, and nothing of use is kept."""

from datetime import timedelta
from functools import partial

import pytest

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.models import AuditEntry, Message, RecoveryCode, SecondFactor, SignIn
from app.queries.second_factors import factors_of, has_factor, own_factor
from app.services import accounts, second_factors
from tests import factories
from tests.factors import phone_of
from tests.racing import at_once


@pytest.fixture
def els(site):
    return factories.coordinator(full_name="Els")


def acts():
    return [entry.action for entry in session().query(AuditEntry).order_by(AuditEntry.id)]


def test_a_code_is_taken_once_and_an_older_one_not_any_more(els):
    phone = phone_of(els)
    newest = phone.code(1)
    assert second_factors.passes(els.id, newest)
    assert not second_factors.passes(els.id, newest), "replayed"
    assert not second_factors.passes(els.id, phone.code(0)), "an older one, seen by who looked on"
    assert not second_factors.passes(els.id, "000000")


def test_a_recovery_code_is_taken_once_however_it_is_typed(els):
    phone = phone_of(els)
    assert own_factor(factories.viewer(els)).codes_left == 10
    typed = phone.codes[3].lower().replace("-", " ")
    assert second_factors.passes(els.id, typed)
    assert not second_factors.passes(els.id, phone.codes[3])
    assert own_factor(factories.viewer(els)).codes_left == 9
    assert "recovery-code-used" in acts()


def test_the_codes_of_one_are_not_those_of_another(els):
    phone, other = phone_of(els), factories.coordinator()
    phone_of(other, salt="another salt")
    assert not second_factors.passes(other.id, phone.code())
    assert not second_factors.passes(other.id, phone.codes[0])
    assert not second_factors.passes(factories.counsellor().id, phone.codes[0])


def test_nothing_that_is_kept_opens_anything(els):
    phone = phone_of(els)
    kept = str(
        [
            dict(row)
            for table in (SecondFactor, RecoveryCode)
            for row in session().execute(table.__table__.select()).mappings()
        ]
    )
    assert not any(code in kept or code.replace("-", "") in kept for code in (*phone.codes, phone.secret))


def test_the_same_code_at_the_same_moment_lets_one_in(site, els):
    phone = phone_of(els)
    for round_number, code in enumerate((phone.code(0), phone.code(1), *phone.codes[:2])):
        heard = at_once(site, round_number, *[partial(second_factors.passes, els.id, code)] * 6)
        assert sorted(heard) == [False] * 5 + [True]


def test_setting_up_needs_a_right_code_and_ends_other_sign_ins(els):
    accounts.sign_in(els.id)
    with pytest.raises(Invalid):
        second_factors.turn_on(factories.viewer(els), salt="a salt", digits="12345")
    assert not has_factor(els.id)
    phone_of(els)
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0
    with pytest.raises(Refusal, match="has-factor"):
        phone_of(els, salt="another salt")
    assert session().query(Message).filter_by(kind="second-factor-on").count() == 1


def test_its_owner_takes_it_away_with_a_code_only(els):
    phone = phone_of(els)
    with pytest.raises(Invalid):
        second_factors.turn_off(factories.viewer(els), "ABCDE-23456")
    second_factors.turn_off(factories.viewer(els), phone.codes[0])
    assert not has_factor(els.id)
    assert session().query(RecoveryCode).count() == 0


def test_volunteers_and_newcomers_have_none(site):
    for human in (factories.buddy().person, factories.newcomer().person):
        with pytest.raises(Forbidden):
            phone_of(human)


def test_two_administrators_take_it_away_from_who_lost_the_phone(els):
    first, second = (factories.viewer(factories.administrator()) for _ in range(2))
    phone = phone_of(els)
    token = accounts.sign_in(els.id)
    assert not second_factors.ask_reset(first, els.id)
    assert not second_factors.ask_reset(first, els.id), "alone nobody does it, however often"
    assert factors_of([els.id])[els.id].asked_by_id == first.person_id
    assert second_factors.ask_reset(second, els.id)
    assert not has_factor(els.id)
    assert not second_factors.passes(els.id, phone.codes[0])
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0
    assert token
    assert session().query(Message).filter_by(kind="second-factor-reset").one().person_id == els.id
    assert acts()[-3:] == ["second-factor-reset-asked", "second-factor-reset-asked", "second-factor-reset"]


def test_a_request_waits_a_day_for_the_second_administrator(els):
    first, second = (factories.viewer(factories.administrator()) for _ in range(2))
    phone_of(els)
    second_factors.ask_reset(first, els.id)
    with transaction() as db:
        db.get_one(SecondFactor, els.id).asked_at = now() - timedelta(days=1, seconds=1)
    assert factors_of([els.id])[els.id].asked_by_id is None
    assert not second_factors.ask_reset(second, els.id)
    assert second_factors.ask_reset(first, els.id)


def test_nobody_takes_the_own_or_what_is_not_there(site, els):
    keeper = factories.administrator()
    phone_of(keeper)
    with pytest.raises(Forbidden):
        second_factors.ask_reset(factories.viewer(keeper), keeper.id)
    with pytest.raises(Forbidden):
        second_factors.ask_reset(factories.viewer(els), keeper.id)
    for person_id in (els.id, 987654321):
        with pytest.raises(NotFound):
            second_factors.ask_reset(factories.viewer(keeper), person_id)


def test_who_runs_the_server_takes_it_away_alone(els):
    phone_of(els)
    for email in ("nobody@example.be", factories.coordinator().email):
        with pytest.raises(NotFound):
            second_factors.reset_by_hand(email)
    second_factors.reset_by_hand(els.email.upper())
    assert not has_factor(els.id)
