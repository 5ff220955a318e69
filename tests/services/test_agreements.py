"""The agreement of a duo: period, rhythm and insurer (R39, R43)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved
from app.models import Buddy, Grant, Network
from app.queries.duos import followed
from app.services import agreements, duos
from app.services.duo_letters import Question
from app.vocabulary import DuoState, Role
from app.vocabulary.records import Answer
from tests import factories
from tests.duets import LINKS, Duet


class TestInsurance:
    """R43: no active duo without a named insurer."""

    def both_said_yes(self):
        together = Duet(DuoState.MEETING)
        with transaction():
            session().execute(update(Buddy).values(insurer=""))
        for who in ("newcomer", "buddy"):
            assert (
                duos.answer(together.as_(who), together.duo.id, Question.GO_ON, Answer.YES, links=LINKS)
                is DuoState.MEETING
            )
        return together

    def start(self, together, **changes):
        values = {
            "insurer": "Ethias",
            "newcomer_insurer": "Ethias",
            "starts_on": today(),
            "months": 9,
            "weeks_between": 1,
            **changes,
        }
        duos.start(factories.viewer(together.coordinator), together.duo.id, links=LINKS, **values)

    def test_without_an_insurer_it_waits_for_the_coordinator(self, site):
        together = self.both_said_yes()
        (row,) = followed(factories.viewer(together.coordinator))
        assert row.to_start
        with pytest.raises(Invalid) as refused:
            self.start(together, insurer="")
        assert refused.value.field == "insurer"
        assert together.fresh().state is DuoState.MEETING
        self.start(together)
        duo = together.fresh()
        assert (duo.state, duo.insurer, duo.ends_on) == (
            DuoState.ACTIVE,
            "Ethias",
            agreements.months_later(today(), 9),
        )

    def test_the_insurer_of_the_network_will_do(self, site):
        together = Duet(DuoState.MEETING)
        with transaction():
            session().execute(update(Buddy).values(insurer=""))
            session().get_one(Network, "rivierenland").insurer = "KBC"
        for who in ("newcomer", "buddy"):
            duos.answer(together.as_(who), together.duo.id, Question.GO_ON, Answer.YES, links=LINKS)
        assert together.fresh().insurer == "KBC"

    @pytest.mark.parametrize(
        "changes",
        [
            {"months": 5},
            {"months": 13},
            {"weeks_between": 3},
            {"weeks_between": 0},
            {"starts_on": today() - timedelta(days=90)},
        ],
    )
    def test_the_frame_of_a_duo_is_kept(self, site, changes):
        together = self.both_said_yes()
        with pytest.raises(Invalid):
            self.start(together, **changes)
        assert together.fresh().state is DuoState.MEETING

    def test_it_starts_only_after_both_said_yes(self, site):
        together = Duet(DuoState.MEETING)
        duos.answer(together.as_("newcomer"), together.duo.id, Question.GO_ON, Answer.YES, links=LINKS)
        with pytest.raises(Moved):
            self.start(together)

    def test_a_coordinator_does_not_start_the_own_duo(self, site):
        together = self.both_said_yes()
        with transaction() as current:
            current.add(
                Grant(person_id=together.buddy.person_id, role=Role.COORDINATOR, network_slug="rivierenland")
            )
        with pytest.raises(Forbidden):
            duos.start(
                factories.viewer(together.buddy.person),
                together.duo.id,
                insurer="x",
                newcomer_insurer="x",
                starts_on=today(),
                months=6,
                weeks_between=2,
                links=LINKS,
            )


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [("2026-08-31", 6, "2027-02-28"), ("2026-12-01", 12, "2027-12-01"), ("2027-08-29", 6, "2028-02-29")],
)
def test_months_end_on_a_day_that_exists(start, months, ends):
    assert agreements.months_later(type(today()).fromisoformat(start), months).isoformat() == ends
