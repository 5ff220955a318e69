"""The counsellor's decisions: versions, what counts within the term, exactly 2 400 minutes, and taking back."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import now, start_of_day, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound, Refusal
from app.models import (
    AuditEntry,
    ContractVersion,
    Grant,
    HourEntry,
    Message,
    Newcomer,
    Proof,
    TargetRule,
    TrajectoryReached,
    Transition,
)
from app.queries.contracts import contract_of, term_of
from app.queries.hours import totals_of
from app.queries.newcomers import track_of
from app.queries.proofs import listed, proofs_of
from app.queries.trajectories import Risk, caseload_of
from app.services import confirmations, hours, proofs, trajectories
from app.vocabulary import EntryState, HoursRefusal, Obligation, Role
from app.vocabulary.records import Subject
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, link_for, track_for

SECRET = "for-tests-only-0123456789-abcdefghij"


@pytest.fixture
def world(site) -> World:
    return World()


def version(world, **values):
    defaults = {
        "agency": "agii", "obligation": Obligation.ENTITLED, "contains_trajectory": True, "reason": "Verlengd",
        "starts_on": today() - timedelta(days=60), "ends_on": today() + timedelta(days=400),
    }  # fmt: skip
    actor = values.pop("actor", None) or viewer(world.counsellor)
    return trajectories.write_version(actor, world.newcomer.id, **{**defaults, **values})


def accept(world, *entries):
    return trajectories.accept(
        viewer(world.counsellor), world.newcomer.id, factories.proof(*entries).id, track_for
    )


def reached():
    session().expire_all()
    return session().query(TrajectoryReached).one_or_none()


class TestVersions:
    def test_a_change_is_the_next_version_and_the_first_stays(self, world):
        """R24."""
        made = version(world)
        first = session().query(ContractVersion).filter_by(number=1).one()
        assert (made.number, first.obligation, made.obligation) == (
            2,
            Obligation.OBLIGED,
            Obligation.ENTITLED,
        )
        assert contract_of(world.newcomer.id).id == made.id

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"reason": ""}, "reason"),
            ({"agency": "atlas"}, "agency"),
            ({"ends_on": today() - timedelta(days=61)}, "ends_on"),
            ({"ends_on": today() + timedelta(days=4000)}, "ends_on"),
        ],
    )
    def test_what_is_refused(self, world, values, field):
        """R30 among them: a new term needs its reason."""
        with pytest.raises(Invalid) as refusal:
            version(world, **values)
        assert refusal.value.field == field

    def test_first_version_needs_no_reason(self, world):
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        assert version(world, reason="").number == 1

    def test_only_the_own_counsellor(self, world):
        for name in ("other counsellor",):
            with pytest.raises(NotFound):
                version(world, actor=viewer(world.people[name]))
        for name in ("coordinator", "administrator", "buddy", "newcomer"):
            with pytest.raises(Forbidden):
                version(world, actor=viewer(world.people[name]))

    def test_nobody_writes_the_own_contract(self, world):
        with transaction() as inside:
            inside.get(Newcomer, world.newcomer.id).counsellor_id = world.newcomer.person_id
            inside.add(Grant(person_id=world.newcomer.person_id, role=Role.COUNSELLOR, agency_slug="agii"))
        with pytest.raises(Forbidden):
            version(world, actor=viewer(world.newcomer.person))


class TestTerm:
    def test_days_of_the_term_count_and_the_days_around_it_are_held(self, world):
        """R03."""
        starts, ends = today() - timedelta(days=40), today() - timedelta(days=20)
        version(world, starts_on=starts, ends_on=ends)
        noon = timedelta(hours=12)
        inside = [
            world.entry(EntryState.CONFIRMED, starts_at=start_of_day(day) + noon) for day in (starts, ends)
        ]
        outside = [
            world.entry(EntryState.CONFIRMED, starts_at=start_of_day(day) + noon)
            for day in (starts - timedelta(days=1), ends + timedelta(days=1))
        ]
        assert accept(world, *inside) == 2
        for entry in outside:
            with pytest.raises(Refusal) as refusal:
                accept(world, entry)
            assert refusal.value.code == "outside-term"
        totals = track_of(viewer(world.newcomer.person)).totals
        assert (totals.accepted, totals.held) == (240, 240)

    def test_a_line_outside_the_term_is_held_until_the_term_changes(self, world):
        """R03, R25: what is held counts as soon as a new version holds a longer term."""
        good = world.entry(EntryState.CONFIRMED)
        bad = world.entry(EntryState.CONFIRMED, starts_at=now() - timedelta(days=300))
        proof_id = factories.proof(good, bad).id
        again = lambda: trajectories.accept(  # noqa: E731
            viewer(world.counsellor), world.newcomer.id, proof_id, track_for
        )
        assert again() == 1
        session().expire_all()
        assert (good.state, bad.state) == (EntryState.ACCEPTED, EntryState.CONFIRMED)
        with pytest.raises(Refusal) as refusal:
            again()
        assert refusal.value.code == "outside-term"
        version(world, starts_on=today() - timedelta(days=310))
        assert again() == 1
        session().expire_all()
        assert bad.state is EntryState.ACCEPTED
        with pytest.raises(Moved):
            again()

    def test_without_a_contract_nothing_is_accepted_and_the_line_has_no_end(self, world):
        """R31, R32: without a contract there is no term, and nothing counts."""
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        entry = world.entry(EntryState.CONFIRMED)
        with pytest.raises(Refusal):
            accept(world, entry)
        track = track_of(viewer(world.newcomer.person))
        assert (track.term, track.target, track.totals.confirmed, track.totals.held) == (None, 2400, 120, 0)

    def test_a_contract_without_the_trajectory_counts_nothing(self, world):
        """R24, R18."""
        version(world, contains_trajectory=False)
        with pytest.raises(Refusal):
            accept(world, world.entry(EntryState.CONFIRMED))


class TestReached:
    def entries(self, world, total):
        made = [
            world.entry(EntryState.CONFIRMED, minutes=800, starts_at=now() - timedelta(days=day))
            for day in (3, 5)
        ]
        return [
            *made,
            world.entry(EntryState.CONFIRMED, minutes=total - 1600, starts_at=now() - timedelta(days=7)),
        ]

    def test_2399_minutes_are_not_enough_and_2400_are(self, world):
        """R01."""
        accept(world, *self.entries(world, 2399))
        assert reached() is None
        accept(world, world.entry(EntryState.CONFIRMED, minutes=1, starts_at=now() - timedelta(days=9)))
        row = reached()
        assert (row.minutes, row.obligation, row.on) == (2400, Obligation.OBLIGED, today())
        assert session().query(Message).filter_by(kind="target-reached").count() == 1

    def test_once(self, world):
        accept(world, *self.entries(world, 2400))
        accept(world, world.entry(EntryState.CONFIRMED, starts_at=now() - timedelta(days=11)))
        assert reached().minutes == 2400
        assert session().query(Message).filter_by(kind="target-reached").count() == 1

    def test_taking_back_makes_it_unreached_and_both_entries_stay(self, world):
        """R50."""
        entries = self.entries(world, 2400)
        accept(world, *entries)
        counter = trajectories.reverse(
            viewer(world.counsellor), world.newcomer.id, entries[0].id, note="Dubbel"
        )
        assert (counter.minutes, counter.reverses_id, counter.state) == (
            -800,
            entries[0].id,
            EntryState.REVERSED,
        )
        session().expire_all()
        assert (entries[0].state, entries[0].minutes) == (EntryState.REVERSED, 800)
        assert reached() is None
        assert track_of(viewer(world.newcomer.person)).totals.accepted == 1600
        with pytest.raises((NotFound, Refusal)):
            trajectories.reverse(viewer(world.counsellor), world.newcomer.id, entries[0].id, note="Nog eens")
        with pytest.raises(NotFound):
            trajectories.reverse(viewer(world.counsellor), world.newcomer.id, counter.id, note="Terug")

    def test_the_rule_of_the_day_on_which_the_contract_began(self, world):
        with transaction() as inside:
            inside.add(TargetRule(since=today() - timedelta(days=30), minutes=600, source="test"))
        assert track_of(viewer(world.newcomer.person)).target == 2400
        version(world, starts_on=today() - timedelta(days=30))
        assert track_of(viewer(world.newcomer.person)).target == 600
        accept(world, world.entry(EntryState.CONFIRMED, minutes=600, starts_at=now() - timedelta(days=3)))
        assert reached().minutes == 600

    def test_a_contract_from_before_all_rules_has_the_first(self, world):
        version(world, starts_on=today().replace(year=2022), ends_on=today() + timedelta(days=30))
        assert track_of(viewer(world.newcomer.person)).target == 2400
        assert caseload_of(viewer(world.counsellor))[0].target == 2400

    def test_a_new_term_is_looked_at_again(self, world):
        accept(world, *self.entries(world, 2400))
        version(world, starts_on=today() - timedelta(days=4))
        assert reached() is None
        version(world)
        assert reached().obligation is Obligation.ENTITLED


class TestReturning:
    def test_the_note_reaches_who_must_look(self, world, site):
        entry = world.entry(EntryState.CONFIRMED, confirmed_name="Marleen", confirmed_at=now())
        trajectories.give_back(
            viewer(world.counsellor), world.newcomer.id, entry.id, note="Wie was erbij?", track_for=track_for
        )
        session().expire_all()
        assert (entry.state, entry.confirmed_name, entry.confirmed_at) == (EntryState.SUBMITTED, "", None)
        assert "Wie was erbij?" in session().query(Message).filter_by(kind="hours-returned").one().text

    @pytest.mark.parametrize("act", ["give_back", "reverse"])
    def test_no_decision_without_words(self, world, act):
        entry = world.entry(EntryState.CONFIRMED if act == "give_back" else EntryState.ACCEPTED)
        more = {"track_for": track_for} if act == "give_back" else {}
        with pytest.raises(Invalid):
            getattr(trajectories, act)(viewer(world.counsellor), world.newcomer.id, entry.id, note="", **more)

    def test_an_entry_of_another_newcomer_is_none(self, world):
        other = factories.newcomer(counsellor=world.counsellor)
        proof_id = factories.proof(world.entry(EntryState.CONFIRMED)).id
        for key in (proof_id, 999_999):
            with pytest.raises(NotFound):
                trajectories.accept(viewer(world.counsellor), other.id, key, track_for)


class TestLinking:
    def test_by_code_with_the_newcomers_yes(self, world):
        code = trajectories.new_counsellor_code(viewer(world.counsellor), secret_key=SECRET)
        alone = factories.newcomer()
        assert (
            trajectories.counsellor_of_code(code.lower().replace("-", " "), secret_key=SECRET).id
            == world.counsellor.id
        )
        trajectories.link_counsellor(viewer(alone.person), code, secret_key=SECRET)
        session().expire_all()
        assert alone.counsellor_id == world.counsellor.id
        assert (
            session().query(AuditEntry).filter_by(action="counsellor-linked").one().facts["after"]
            == world.counsellor.id
        )
        with pytest.raises(Invalid):
            trajectories.link_counsellor(viewer(factories.newcomer().person), code, secret_key=SECRET)

    def test_who_may(self, world):
        for name in ("newcomer", "coordinator", "buddy", "administrator"):
            with pytest.raises(Forbidden):
                trajectories.new_counsellor_code(viewer(world.people[name]), secret_key=SECRET)
        code = trajectories.new_counsellor_code(viewer(world.counsellor), secret_key=SECRET)
        with pytest.raises(Forbidden):
            trajectories.link_counsellor(viewer(world.people["buddy"]), code, secret_key=SECRET)

    def test_unknown_code(self, world):
        with pytest.raises(Invalid):
            trajectories.counsellor_of_code("AAAAA-AAAAA", secret_key=SECRET)


def test_the_caseload_begins_with_the_most_urgent(site):
    counsellor = factories.counsellor()

    def one(name, days=None, accepted=0, **contract):
        newcomer = factories.newcomer(name=name, counsellor=counsellor)
        if days is not None:
            factories.contract(newcomer, counsellor, days=days, **contract)
        for number in range(accepted // 600):
            factories.entry(
                newcomer,
                factories.offer(),
                minutes=600,
                state=EntryState.ACCEPTED,
                starts_at=now() - timedelta(days=number + 2),
            )

    one("no contract")
    one("done", days=200, accepted=2400)
    one("on track", days=300, accepted=1200)
    one("tight", days=100)
    one("over", days=-1)
    one("hurry", days=30, accepted=600)
    one("not in it", days=100, contains_trajectory=False)
    factories.contract(factories.newcomer(), counsellor)  # somebody else's
    found = [
        (standing.newcomer.person.full_name, standing.risk) for standing in caseload_of(viewer(counsellor))
    ]
    assert found == [
        ("over", Risk.TERM_OVER), ("hurry", Risk.HARD), ("tight", Risk.TIGHT), ("on track", Risk.ON_TRACK),
        ("no contract", Risk.NO_CONTRACT), ("not in it", Risk.NOT_IN_CONTRACT), ("done", Risk.REACHED),
    ]  # fmt: skip


def recount(world):
    """The three totals, slowly: state and length of each entry from its rows of transitions alone."""
    state, minutes = {}, {}
    rows = session().query(Transition).filter_by(subject=Subject.HOUR_ENTRY).order_by(Transition.id)
    for row in rows:
        assert row.from_state == state.get(row.subject_id)
        state[row.subject_id] = row.to_state
        if row.to_state == "draft" or row.reason in ("agreed", "counter-entry"):
            minutes[row.subject_id] = int(row.note)
        elif row.from_state is None:  # told anew, because its proof was returned
            anew = session().get(HourEntry, row.subject_id)
            minutes[row.subject_id] = minutes[int(anew.submission_key.removeprefix("replaces-"))]
    term = term_of(contract_of(world.newcomer.id))
    own = {
        entry.id: entry.day for entry in session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id)
    }
    sums = {"told": 0, "confirmed": 0, "accepted": 0}
    for entry_id, day in own.items():
        name = {"draft": "told", "submitted": "told", "corrected": "told"}.get(
            state[entry_id], state[entry_id]
        )
        if name in sums and day in term:
            sums[name] += minutes[entry_id]
    return sums


STEPS = (
    "tell",
    "send",
    "confirm",
    "correct",
    "agree",
    "disagree",
    "refuse",
    "take back",
    "sign",
    "accept",
    "return",
    "give back",
    "reverse",
)


def sign_all(signer):
    """Sign whatever is open."""
    for item in listed(proofs_of(signer.lines))[0]:
        seen = [entry.id for entry in proofs.entries_on(item.proof)]
        confirmations.sign(signer, item.proof.id, seen=seen, track_for=track_for)


def proof_of(entry_id):
    """The proof on which an entry stands now, or one that is not there."""
    found = proofs.standing_on(session().get(HourEntry, entry_id))
    return found.id if found else 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(1, 240)), min_size=6, max_size=24
    )
)
def test_totals_are_what_the_transitions_say(site, steps):
    world = World()
    newcomer, buddy, counsellor = (
        viewer(person) for person in (world.newcomer.person, world.buddy.person, world.counsellor)
    )
    signer = confirmations.signer_by_account(buddy)
    entries: list[int] = []
    for number, (step, which, minutes) in enumerate(steps):
        if step == "tell" or not entries:
            day = today() - timedelta(days=number * 5 + 1)
            telling = hours.Telling(
                day,
                now().time().replace(hour=9, minute=0, second=0, microsecond=0),
                minutes,
                True,
                f"{number}",
            )
            entries.append(hours.tell(newcomer, world.offer.id, telling, link_for).id)
            continue
        key = entries[which % len(entries)]
        acts = {
            "send": lambda key=key: hours.send(newcomer, key, link_for),
            "confirm": lambda key=key: confirmations.confirm(signer, [key]),
            "correct": lambda key=key, minutes=minutes: confirmations.correct(
                signer, key, minutes=minutes, note="", track_for=track_for
            ),
            "agree": lambda key=key: hours.agree(newcomer, key),
            "disagree": lambda key=key: hours.disagree(newcomer, key, link_for),
            "refuse": lambda key=key: confirmations.refuse(
                signer, key, reason=HoursRefusal.WRONG_DATE, note="", track_for=track_for
            ),
            "take back": lambda key=key: hours.take_back(newcomer, key),
            "sign": lambda: sign_all(signer),
            "accept": lambda key=key: trajectories.accept(
                counsellor, world.newcomer.id, proof_of(key), track_for
            ),
            "return": lambda key=key: trajectories.return_proof(
                counsellor, world.newcomer.id, proof_of(key), note="?", track_for=track_for, link_for=link_for
            ),
            "give back": lambda key=key: trajectories.give_back(
                counsellor, world.newcomer.id, key, note="?", track_for=track_for
            ),
            "reverse": lambda key=key: trajectories.reverse(counsellor, world.newcomer.id, key, note="fout"),
        }
        try:
            acts[step]()
        except Refusal:
            continue
    session().expire_all()
    found = totals_of(
        session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id),
        term_of(contract_of(world.newcomer.id)),
    )
    assert {"told": found.told, "confirmed": found.confirmed, "accepted": found.accepted} == recount(world)
    own = session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id).all()
    counted = [entry for entry in own if entry.state in (EntryState.CONFIRMED, EntryState.ACCEPTED)]
    papers = session().query(Proof).filter_by(newcomer_id=world.newcomer.id)
    on_paper = sum(proof.paper.minutes for proof in papers if proof.holds)
    unsigned = sum(entry.minutes for entry in counted if not proofs.is_signed(entry))
    assert on_paper + unsigned == sum(entry.minutes for entry in counted)
