"""The totals are what the transitions say, whatever was done in which order (R01, R02, R50)."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import now, today
from app.db import session
from app.errors import Refusal
from app.models import HourEntry, Proof, TrajectorySum, Transition
from app.queries.contracts import contract_of, term_of
from app.queries.hours import totals_of
from app.queries.proofs import listed, proofs_of
from app.services import confirmations, hours, proofs
from app.vocabulary import EntryState
from app.vocabulary.records import Subject
from tests.factories import viewer
from tests.hours_acts import ENTRY_ACTS, PROOF_ACTS
from tests.hours_world import ACCEPTED, SUBMITTED, World, by_account, link_for, track_for

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sign_all(signer):
    """Sign whatever is open."""
    for item in listed(proofs_of(signer.lines))[0]:
        seen = [entry.id for entry in proofs.entries_on(item.proof)]
        confirmations.sign(signer, item.proof.id, seen=seen, track_for=track_for)


def proof_of(entry_id):
    """The proof on which an entry stands now, or one that is not there."""
    found = proofs.standing_on(session().get(HourEntry, entry_id))
    return found.id if found else 0


BY = {
    "send": "newcomer", "take back": "newcomer", "agree": "newcomer", "disagree": "newcomer", "confirm": "buddy",
    "refuse": "buddy", "give back": "counsellor", "reverse": "counsellor",
}  # fmt: skip
STEPS = ("tell", "correct", "sign", "accept", "return", *BY)


def do(world: World, deed: str, key: int, minutes: int) -> None:
    """Let whose deed it is do it; `minutes` is the length that a correction gives."""
    buddy, counsellor = viewer(world.buddy.person), viewer(world.counsellor)
    if deed == "sign":
        sign_all(by_account(buddy))
    elif deed == "correct":
        confirmations.correct(by_account(buddy), key, minutes=minutes, note="", track_for=track_for)
    elif deed in ("accept", "return"):
        PROOF_ACTS[deed].does(world, counsellor, proof_of(key))
    else:
        ENTRY_ACTS[deed].does(world, viewer(world.people[BY[deed]]), key)


def sign_and_accept(world: World, key: int) -> None:
    """Sign what is open, and accept all that stands on the proof of that entry; another's turn may have done so."""
    do(world, "sign", key, 0)
    session().expire_all()
    if session().get_one(HourEntry, key).state is not ACCEPTED:
        do(world, "accept", key, 0)


# What becomes of a time: the deeds in their own order, and which length counts in the end.
TOLD, CORRECTED, NOTHING = 0, 1, None
STORIES = {
    "confirmed": (("confirm", "accept"), TOLD),
    "corrected": (("correct", "agree", "accept"), CORRECTED),
    "corrected without agreement": (("correct", "disagree", "confirm", "accept"), TOLD),
    "corrected twice": (("correct", "disagree", "correct", "agree", "accept"), CORRECTED),
    "refused": (("refuse",), NOTHING),
    "taken back": (("take back",), NOTHING),
    "corrected and taken back": (("correct", "take back"), NOTHING),
    "reversed": (("confirm", "accept", "reverse"), NOTHING),
    "corrected and reversed": (("correct", "agree", "accept", "reverse"), NOTHING),
}
times = st.tuples(st.sampled_from(sorted(STORIES)), st.integers(1, 300), st.integers(301, 600))


@settings(FEW, max_examples=8)
@given(
    told=st.lists(times, min_size=2, max_size=6),
    orders=st.lists(st.randoms(use_true_random=False), min_size=2, max_size=2),
)
def test_any_order_of_entries_confirmations_corrections_and_reversals_gives_the_same_total(
    site, told, orders
):
    """R02, R50: the deeds of several times are mixed in two ways; both come to what the stories say."""
    expected = sum(item[1 + STORIES[item[0]][1]] for item in told if STORIES[item[0]][1] is not NOTHING)
    for random in orders:
        world = World()
        entries: dict[int, int] = {}
        turns = [at for at, (story, *_lengths) in enumerate(told) for _deed in (None, *STORIES[story][0])]
        random.shuffle(turns)
        waiting = {at: iter(STORIES[story][0]) for at, (story, *_lengths) in enumerate(told)}
        for at in turns:
            if at not in entries:
                entries[at] = world.entry(
                    SUBMITTED, minutes=told[at][1], starts_at=now() - timedelta(days=3 + at)
                ).id
                continue
            deed = next(waiting[at])
            if deed == "accept":
                sign_and_accept(world, entries[at])
            else:
                do(world, deed, entries[at], told[at][2])
        session().expire_all()
        assert kept(world) == {"told": 0, "confirmed": 0, "accepted": expected}
        own = session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id)
        assert totals_of(own, term_of(contract_of(world.newcomer.id))).accepted == expected


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


def kept(world):
    """The three totals that are kept in step."""
    row = session().get_one(TrajectorySum, world.newcomer.id)
    return {"told": row.told, "confirmed": row.confirmed, "accepted": row.accepted}


@FEW
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(1, 240)), min_size=6, max_size=24
    )
)
def test_totals_are_what_the_transitions_say(site, steps):
    world = World()
    newcomer, entries = viewer(world.newcomer.person), []
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
        try:
            do(world, step, key, minutes)
        except Refusal:
            continue
    session().expire_all()
    found = totals_of(
        session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id),
        term_of(contract_of(world.newcomer.id)),
    )
    assert {name: getattr(found, name) for name in kept(world)} == kept(world) == recount(world)
    own = session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id).all()
    counted = [entry for entry in own if entry.state in (EntryState.CONFIRMED, EntryState.ACCEPTED)]
    papers = session().query(Proof).filter_by(newcomer_id=world.newcomer.id)
    on_paper = sum(proof.paper.minutes for proof in papers if proof.holds)
    unsigned = sum(entry.minutes for entry in counted if not proofs.is_signed(entry))
    assert on_paper + unsigned == sum(entry.minutes for entry in counted)
