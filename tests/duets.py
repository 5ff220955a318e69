"""Two people on their way to each other, with those around them, and everything that can be tried on them."""

from datetime import timedelta

from app.clock import now, today
from app.db import session, transaction
from app.models import Duo
from app.services import continuations, duos
from app.services.agreements import months_later
from app.services.duo_letters import DuoLinks, Question
from app.vocabulary import DuoState, EndReason, Mood, NewcomerState, Role
from app.vocabulary.endings import Went
from app.vocabulary.records import Answer
from tests import duo_factories, factories

LINKS = DuoLinks(
    answer=lambda locale, token: f"http://localhost/{locale}/d/{token}",
    mine=lambda locale: f"http://localhost/{locale}/my-duo",
    report=lambda locale, token: f"http://localhost/{locale}/d/{token}/report",
    look_back=lambda locale, token: f"http://localhost/{locale}/d/{token}/look-back",
)

AGREED = {"starts_on": today() - timedelta(days=40), "ends_on": months_later(today() - timedelta(days=40), 6)}
INSIDERS = ("newcomer", "buddy", "coordinator", "counsellor")
STRANGERS = {
    "other newcomer": lambda: factories.newcomer().person,
    "other buddy": lambda: factories.buddy().person,
    "other coordinator": lambda: factories.coordinator("regio-gent"),
    "other counsellor": lambda: factories.counsellor("atlas"),
    "administrator": factories.administrator,
    "helper": lambda: factories.person(roles=(Role.HELPER,)),
    "organisation": factories.member,
}


class Duet:
    """Two people and their duo in a state, with those around them; a buddy of `buddy_in` lives on a lent place."""

    def __init__(self, state=DuoState.ASKED, *, buddy_in="2800", **values):
        with transaction():
            factories.a_network().newcomer_insurer = "Ethias"
        self.coordinator = factories.coordinator()
        self.counsellor = factories.counsellor()
        self.newcomer = factories.newcomer(
            counsellor=self.counsellor, waiting_since=today() - timedelta(days=200)
        )
        self.buddy = factories.buddy(buddy_in, capacity=2)
        self.duo = duo_factories.duo(
            newcomer=self.newcomer,
            buddy=self.buddy,
            approved_by=self.coordinator,
            state=state,
            **{
                **(AGREED if state not in (DuoState.ASKED, DuoState.MEETING, DuoState.DECLINED) else {}),
                **values,
            },
        )

        if state is DuoState.COMPLETED:
            with transaction():
                self.newcomer.state = NewcomerState.COMPLETED

    def as_(self, name):
        person = {
            "newcomer": self.newcomer.person, "buddy": self.buddy.person, "coordinator": self.coordinator,
            "counsellor": self.counsellor,
        }.get(name) or STRANGERS[name]()  # fmt: skip
        return factories.viewer(person)

    def fresh(self):
        session().expire_all()
        return session().get_one(Duo, self.duo.id)


EVENTS = {
    "meet yes": lambda who, key: duos.answer(who, key, Question.MEET, Answer.YES, links=LINKS),
    "meet no": lambda who, key: duos.answer(who, key, Question.MEET, Answer.NO, links=LINKS),
    "plan": lambda who, key: duos.plan_meeting(
        who, key, at=now() + timedelta(days=3), where="Café", links=LINKS
    ),
    "go on yes": lambda who, key: duos.answer(who, key, Question.GO_ON, Answer.YES, links=LINKS),
    "go on no": lambda who, key: duos.answer(who, key, Question.GO_ON, Answer.NO, links=LINKS),
    "take back": lambda who, key: duos.take_back(who, key, links=LINKS),
    "pause": duos.pause,
    "resume": duos.resume,
    "end": lambda who, key: duos.end(who, key, reason=EndReason.MISMATCH, links=LINKS),
    "complete": lambda who, key: duos.end(who, key, reason=EndReason.COMPLETED, links=LINKS),
    "extend": lambda who, key: continuations.extend(who, key, months=12, links=LINKS),
    "again": continuations.propose_again,
    "look back": lambda who, key: continuations.look_back(who, key, went=Went.GOOD, words="Fijn"),
    "check in": lambda who, key: duos.check_in(who, key, on=today(), mood=Mood.GOOD),
}
