"""Looking back after the end: both are asked by a letter, in private, whether they have an account or not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.db import session
from app.models import Duo, LookBack, Message
from app.queries.today import today_of
from app.services import duos
from app.vocabulary import DuoState, EndReason
from app.vocabulary.endings import Went
from app.vocabulary.records import Channel
from app.vocabulary.today import Owing
from tests import duo_factories, factories
from tests.duets import LINKS, Duet

ADDRESS = "http://localhost"


def ended(reason=EndReason.COMPLETED, **values):
    duet = Duet(DuoState.ACTIVE, **values)
    duos.end(duet.as_("coordinator"), duet.duo.id, reason=reason, links=LINKS)
    return duet


def letter_to(human):
    return session().scalars(select(Message).where(Message.person_id == human.id)).one()


def path_in(message):
    """The address of the page that a letter leads to."""
    start = message.text.index(ADDRESS) + len(ADDRESS)
    return message.text[start:].split()[0]


@pytest.mark.parametrize("reason", [EndReason.COMPLETED, EndReason.MISMATCH])
def test_both_get_a_page_of_their_own_that_keeps_one_answer_each(site, browser, reason):
    duet = ended(reason)
    for human, says in ((duet.newcomer.person, Went.GOOD), (duet.buddy.person, Went.HARD)):
        path = path_in(letter_to(human))
        assert path.endswith("/look-back")
        assert browser.get(path).soup.select("input[name=went]")
        assert session().query(LookBack).filter_by(went=says).count() == 0  # looking tells nothing
        browser.post(path, {}, status=422)
        page = browser.post(path, {"went": says.value, "words": "Mooi"})
        assert page.response.request.path == path
    kept = {row.side: row.went for row in session().scalars(select(LookBack))}
    assert kept == {"newcomer": Went.GOOD, "buddy": Went.HARD}
    assert browser.get("/nl/my-duo").response.request.path.endswith("/sign-in")  # the link signs nobody in


def test_an_answer_can_be_changed_and_the_other_never_sees_it(site, browser):
    duet = ended()
    own, other = (path_in(letter_to(human)) for human in (duet.newcomer.person, duet.buddy.person))
    browser.post(own, {"went": Went.HARD.value, "words": "Hij kwam niet"})
    browser.post(own, {"went": Went.GOOD.value, "words": "Toch goed"})
    assert [(row.went, row.words) for row in session().scalars(select(LookBack))] == [
        (Went.GOOD, "Toch goed")
    ]
    assert "Toch goed" not in browser.get(other).text


def test_who_has_no_address_becomes_a_task_with_the_link_to_send(site):
    duet = Duet(DuoState.ACTIVE)
    unreachable = factories.newcomer(email=False)
    duo = duo_factories.duo(
        newcomer=unreachable,
        buddy=duet.buddy,
        approved_by=duet.coordinator,
        starts_on=today(),
        ends_on=today(),
    )
    duos.end(duet.as_("coordinator"), duo.id, reason=EndReason.COMPLETED, links=LINKS)
    message = letter_to(unreachable.person)
    assert message.channel is Channel.TASK
    assert "/look-back" in message.text
    assert Owing.SEND in today_of(duet.as_("coordinator")).counts


def test_who_never_began_is_not_asked_how_it_was(site):
    duet = Duet(DuoState.MEETING)
    duos.take_back(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    assert "/look-back" not in letter_to(duet.newcomer.person).text


def test_while_the_duo_lives_the_link_of_a_letter_asks_nothing(site, browser):
    duet = Duet(DuoState.MEETING)
    duos.plan_meeting(
        duet.as_("coordinator"), duet.duo.id, at=now() + timedelta(days=1), where="Bib", links=LINKS
    )
    planned = session().scalars(select(Message).where(Message.kind == "duo-meeting-planned")).first()
    path = path_in_report(planned).replace("/report", "/look-back")
    assert not browser.get(path).soup.select("input[name=went]")
    browser.post(path, {"went": Went.GOOD.value}, status=409)
    assert session().scalars(select(Duo.state)).one() is DuoState.MEETING


def path_in_report(message):
    """The address of the page about a problem, which the same letter holds."""
    return next(word.removeprefix(ADDRESS) for word in message.text.split() if word.endswith("/report"))
