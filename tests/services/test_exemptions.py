"""Exemptions (R18-R21, R23) and the dated rules behind them: what is refused, and that no law is changed backwards."""

from datetime import date, timedelta

import pytest

from app.clock import today
from app.db import session
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.models import AuditEntry, Exemption, ExemptionRule, SeenContract, TargetRule, TermRule
from app.queries.followup import to_look_at
from app.services import contracts, exemptions, rules
from app.services.exemptions import Deciding
from app.vocabulary import Obligation
from app.vocabulary.contracts import EVIDENCE_OF, Evidence, ExemptionGround, Look
from app.vocabulary.terms import Span
from tests import factories
from tests.factories import viewer
from tests.hours_world import World

G = ExemptionGround
LONG = (Span(date(2026, 1, 1)),)


@pytest.fixture
def world(site) -> World:
    return World()


def decide(world, ground=G.WORK_EMPLOYEE, **values) -> Exemption:
    given = {
        "half_time": True, "evidence": EVIDENCE_OF[ground][0], "seen_on": today(), "valid_from": today(),
        "contracts": LONG if ground is G.WORK_EMPLOYEE else (), **values,
    }  # fmt: skip
    return exemptions.exempt(viewer(world.counsellor), world.newcomer.id, Deciding(ground=ground, **given))


def refused(world, *args, **values) -> str | None:
    with pytest.raises(Invalid) as refusal:
        decide(world, *args, **values)
    assert session().query(Exemption).count() == 0
    return refusal.value.field


@pytest.mark.parametrize("why", list(G))
def test_r23_decision_ground_evidence_and_days_are_kept(world, why):
    decide(world, why, note="Vanaf maandag", valid_to=today() + timedelta(days=90))
    session().expire_all()
    made = session().query(Exemption).one()
    assert (made.ground, made.evidence, made.seen_on, made.decided_on, made.decided_by_id, made.note) == (
        why, EVIDENCE_OF[why][0], today(), today(), world.counsellor.id, "Vanaf maandag",
    )  # fmt: skip
    assert session().query(AuditEntry).filter_by(action="exemption-decided").one().facts == {
        "ground": why.value
    }


@pytest.mark.parametrize("why", [G.WORK_EMPLOYEE, G.WORK_SELF_EMPLOYED, G.WORK_CIVIL_SERVANT])
def test_r19_work_is_at_least_half_time(world, why):
    assert refused(world, why, half_time=False) == "half_time"


@pytest.mark.parametrize("why", [G.STUDY, G.OTHER_BY_COUNSELLOR])
def test_r21_study_asks_no_half_time(world, why):
    assert decide(world, why, half_time=False).ground is why


def test_r20_the_evidence_belongs_to_the_ground(world):
    for ground, fitting in EVIDENCE_OF.items():
        for evidence in set(Evidence) - set(fitting):
            assert refused(world, ground, evidence=evidence) == "evidence"


def test_r20_contracts_join_up_to_three_months(world):
    short = Span(date(2026, 1, 1), date(2026, 3, 29))
    first = {"valid_from": date(2026, 1, 1)}
    assert refused(world, contracts=(short,), **first) == "contracts"
    assert refused(world, contracts=(), **first) == "contracts"
    gap = (short, Span(date(2026, 3, 31), date(2026, 6, 29)))
    assert refused(world, contracts=gap, **first) == "contracts"
    decide(world, contracts=(Span(date(2026, 3, 30), date(2026, 4, 10)), short), **first)
    kept = session().query(SeenContract).order_by(SeenContract.starts_on).all()
    assert [item.starts_on.day for item in kept] == [1, 30]


# Four months that join, and three that follow a gap of one day.
TWO_STRETCHES = (
    Span(date(2026, 1, 1), date(2026, 2, 28)), Span(date(2026, 3, 1), date(2026, 4, 30)), Span(date(2026, 5, 2), date(2026, 8, 1)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "field"),
    [
        (date(2025, 12, 31), None, "valid_from"),
        (date(2026, 5, 1), None, "valid_from"),
        (date(2026, 8, 2), None, "valid_from"),
        (date(2026, 3, 5), date(2026, 5, 1), "valid_to"),
        (date(2026, 5, 2), date(2026, 8, 2), "valid_to"),
    ],
)
def test_r20_contracts_of_other_days_prove_nothing(world, valid_from, valid_to, field):
    assert refused(world, contracts=TWO_STRETCHES, valid_from=valid_from, valid_to=valid_to) == field


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "last"),
    [
        (date(2026, 1, 1), None, date(2026, 4, 30)),
        (date(2026, 4, 30), None, date(2026, 4, 30)),
        (date(2026, 5, 2), None, date(2026, 8, 1)),
        (date(2026, 1, 1), date(2026, 4, 29), date(2026, 4, 29)),
    ],
)
def test_r23_the_end_of_the_last_contract_is_the_end_of_the_ground(world, valid_from, valid_to, last):
    made = decide(world, contracts=TWO_STRETCHES, valid_from=valid_from, valid_to=valid_to)
    assert made.valid_to == last
    assert [item.kind for item in to_look_at(viewer(world.counsellor))] == [Look.GROUND_ENDED]


def test_r23_work_without_an_end_has_no_end(world):
    assert decide(world).valid_to is None
    assert to_look_at(viewer(world.counsellor)) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"seen_on": today() + timedelta(days=1)}, "seen_on"),
        ({"valid_to": today() - timedelta(days=1)}, "valid_to"),
        ({"contracts": (Span(date(2026, 5, 2), date(2026, 5, 1)),)}, "contracts"),
    ],
)
def test_days_that_are_refused(world, values, field):
    assert refused(world, **values) == field


def test_r18_only_who_is_obliged_is_exempt(world):
    contracts.write_version(
        viewer(world.counsellor), world.newcomer.id, agency="agii", obligation=Obligation.ENTITLED, contains_trajectory=True,
        starts_on=today(), ends_on=today() + timedelta(days=9), reason="Ander statuut",
    )  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        decide(world)
    assert refusal.value.code == "not-obliged"


def test_the_end_of_a_ground(world):
    made = decide(world, G.STUDY, valid_from=today() - timedelta(days=9))
    who = viewer(world.counsellor)
    for days in (-10, 1):
        with pytest.raises(Invalid):
            exemptions.end_ground(who, world.newcomer.id, made.id, ended_on=today() + timedelta(days=days))
    exemptions.end_ground(who, world.newcomer.id, made.id, ended_on=today() - timedelta(days=2))
    assert made.last_day == today() - timedelta(days=2)
    with pytest.raises(NotFound):
        exemptions.end_ground(who, world.newcomer.id, 999_999, ended_on=today())


class TestRules:
    soon = today() + timedelta(days=30)

    def test_a_change_of_law_is_a_new_row_and_the_old_one_stays(self, world):
        admin = viewer(world.people["administrator"])
        rules.add_target(admin, since=self.soon, hours=60, source="Besluit X")
        rules.add_term(admin, since=self.soon, months=36, source="Besluit X")
        rules.add_ground(admin, since=self.soon, ground=G.STUDY, counts=False, months=0, source="Besluit X")
        assert [row.minutes for row in session().query(TargetRule).order_by(TargetRule.since)] == [2400, 3600]
        assert [row.longest_months for row in session().query(TermRule).order_by(TermRule.since)] == [72, 36]
        assert session().query(ExemptionRule).count() == len(G) + 1
        assert session().query(AuditEntry).filter_by(action="rule-added").count() == 3
        assert decide(world, G.STUDY).ground is G.STUDY  # the contract began under the older rule

    def test_a_ground_that_no_longer_counts(self, world):
        admin = viewer(world.people["administrator"])
        rules.add_ground(admin, since=self.soon, ground=G.STUDY, counts=False, months=0, source="Besluit X")
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        factories.contract(world.newcomer, world.counsellor, starts_on=self.soon)
        assert refused(world, G.STUDY) == "ground"

    def test_the_longest_term_of_the_day_on_which_it_began(self, world):
        admin = viewer(world.people["administrator"])
        rules.add_term(admin, since=self.soon, months=12, source="Besluit X")
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        given = {"agency": "agii", "obligation": Obligation.OBLIGED, "contains_trajectory": True}
        who = viewer(world.counsellor)
        with pytest.raises(Invalid) as refusal:
            contracts.write_version(
                who, world.newcomer.id, starts_on=self.soon, ends_on=self.soon + timedelta(days=370), **given
            )
        assert refusal.value.field == "ends_on"
        started = today() - timedelta(days=1)
        assert contracts.write_version(
            who, world.newcomer.id, starts_on=started, ends_on=started + timedelta(days=370), **given
        )

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"since": today()}, "since"), ({"since": date(2023, 1, 1)}, "since"), ({"source": ""}, "source"),
            ({"hours": 0}, "number"), ({"hours": 401}, "number"),
        ],
    )  # fmt: skip
    def test_rules_that_are_refused(self, world, values, field):
        with pytest.raises(Invalid) as refusal:
            rules.add_target(
                viewer(world.people["administrator"]),
                **{"since": self.soon, "hours": 40, "source": "X", **values},
            )
        assert refusal.value.field == field

    def test_rules_come_one_after_the_other(self, world):
        admin = viewer(world.people["administrator"])
        rules.add_term(admin, since=self.soon, months=36, source="X")
        for days in (0, -1):
            with pytest.raises(Invalid):
                rules.add_term(admin, since=self.soon + timedelta(days=days), months=48, source="Y")

    def test_only_administrators(self, world):
        for name, human in world.people.items():
            if name == "administrator":
                continue
            with pytest.raises(Forbidden):
                rules.add_target(viewer(human), since=self.soon, hours=50, source="X")
            with pytest.raises(Forbidden):
                rules.add_term(viewer(human), since=self.soon, months=50, source="X")
            with pytest.raises(Forbidden):
                rules.add_ground(
                    viewer(human), since=self.soon, ground=G.STUDY, counts=True, months=0, source="X"
                )
