"""The first administrator of an empty site, and no second one by the same door."""

import pytest
from sqlalchemy import select

from app.db import session
from app.errors import Forbidden, Invalid
from app.models import AuditEntry, Grant, Person
from app.services import accounts, administrators
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose

ADA = {"full_name": " Ada  Lovelace ", "email": "Ada@Example.org", "locale": "nl"}


def test_the_first_one_gets_a_link_to_choose_a_password(site):
    token = administrators.first(**ADA)
    person = session().scalars(select(Person)).one()
    assert person.email_canonical == "ada@example.org"
    assert [grant.role for grant in session().scalars(select(Grant))] == [Role.ADMINISTRATOR]
    assert accounts.open_link(token, LinkPurpose.INVITATION).person_id == person.id
    assert session().scalars(select(AuditEntry.action)).all() == ["first-administrator"]


def test_there_is_no_second_one(site):
    administrators.first(**ADA)
    with pytest.raises(Forbidden):
        administrators.first(**{**ADA, "email": "eve@example.org"})
    assert len(session().scalars(select(Person)).all()) == 1


@pytest.mark.parametrize(
    ("field", "text"), [("full_name", " \u200b "), ("email", "not an address"), ("locale", "klingon")]
)
def test_what_is_wrong_is_named(site, field, text):
    with pytest.raises(Invalid) as refusal:
        administrators.first(**{**ADA, field: text})
    assert refusal.value.field == field
    assert not session().scalars(select(Person)).all()
