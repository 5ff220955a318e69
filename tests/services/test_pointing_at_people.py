"""Every column that points to a person: what a merger does with it, and where the person reads it among the own data.

The columns come from the tables themselves; a new one breaks these tests until it is decided.
"""

import pytest
from sqlalchemy import func, select, update

from app.db import Base, session, transaction
from app.errors import Invalid
from app.models import Duo, Newcomer, Proof
from app.queries.privacy import tables_about
from app.services import mergers
from app.vocabulary import DuoState, NewcomerState
from app.vocabulary.held import HELD
from app.vocabulary.lists import ListKind
from tests import duo_factories, factories
from tests.migrations import rows

PEOPLE = ("person", "newcomer", "buddy")
MOVES, GOES, REFUSED = "moves", "goes", "is refused"
# What somebody did for others; it stays theirs, and stands among the data of those others.
BY = (
    "actor_id", "adopted_by_id", "settled_by_id", "by_person_id", "lifted_by_id", "done_by_id", "helped_by_id",
    "verified_by_id", "decided_by_id", "named_by_id", "from_person_id", "to_person_id", "ended_by_id", "granted_by",
    "told_by_id", "checked_by_id", "asked_by_id", "judged_by_id", "approved_by_id", "signed_by_id", "offered_by_id",
    "answered_by_id", "criteria_by_id", "made_by_id", "entered_by_id", "confirmed_by_id", "accepted_by_id",
    "counsellor_id",
)  # fmt: skip
# column of somebody's own -> what a merger does with it, and its name in HELD or why it is not among the own data
OWN = {
    "consent.person_id": (MOVES, "consents"),
    "erasure.person_id": (MOVES, "erasures"),
    "merged_person.kept_id": (MOVES, None),  # the number of a record that went up in this one
    "kept_form.person_id": (
        MOVES,
        None,
    ),  # a form that is half filled in, for some days; its holder sees it on the page
    "monday_list.person_id": (MOVES, "list on Monday"),
    "saved_filter.person_id": (MOVES, "filters"),
    "sign_in.person_id": (GOES, "sign-ins"),
    "second_factor.person_id": (GOES, "second key"),
    "recovery_code.person_id": (GOES, "recovery codes"),
    "buddy.person_id": (MOVES, "buddy"),
    "newcomer.person_id": (MOVES, "newcomer"),
    "message.person_id": (MOVES, "messages"),
    "registration.person_id": (MOVES, None),  # the steps of the form, which became the answers
    "staff_note.person_id": (MOVES, "notes of staff"),
    "block_hit.person_id": (
        MOVES,
        None,
    ),  # that a network looks at a block first; told by people, not by a file
    "contact_person.person_id": (MOVES, "contact person"),
    "contract_version.newcomer_id": (REFUSED, "contracts"),
    "counsellor_transfer.newcomer_id": (MOVES, "counsellors"),
    "exemption.newcomer_id": (REFUSED, "exemptions"),
    "intake_talk.buddy_id": (MOVES, "talks"),
    "intake_talk.newcomer_id": (MOVES, "talks"),
    "role_grant.person_id": (REFUSED, "roles"),  # another role than the one of the record
    "buddy_programme.buddy_id": (
        GOES,
        "programmes",
    ),  # the record that is kept says in which its holder takes part
    "training.buddy_id": (MOVES, "trainings"),
    "trajectory_decision.newcomer_id": (REFUSED, "decisions"),
    "trajectory_reached.newcomer_id": (MOVES, None),  # that the hours were reached, counted from the entries
    "warm_handover.newcomer_id": (MOVES, "warm handovers"),
    "wish.newcomer_id": (MOVES, "buddies to choose from"),
    "link.person_id": (GOES, None),  # a secret
    "proof.newcomer_id": (MOVES, "proofs"),
    "proposal.newcomer_id": (MOVES, None),  # a dry run is about two people and shown to neither
    "proposal.buddy_id": (MOVES, None),
    "trajectory_sum.newcomer_id": (GOES, None),  # counted anew from the entries
    "duo.newcomer_id": (MOVES, "duos"),
    "duo.buddy_id": (MOVES, "duos"),
    "loan.buddy_id": (MOVES, "places lent"),
    "offer.newcomer_id": (MOVES, "duos"),
    "hour_entry.newcomer_id": (MOVES, "hours"),
    "attendance_name.newcomer_id": (MOVES, "sheets"),
    "sign_up.newcomer_id": (MOVES, "activities"),
}
# The database keeps who decided or signed as it was written; who did so here is no record to put away.
KEPT_AS_WRITTEN = {
    "contract_version.by_person_id", "exemption.decided_by_id", "trajectory_decision.by_person_id",
    "proof_paper.signed_by_id",
}  # fmt: skip
NEVER_CHANGED = {column.split(".")[0] for column in KEPT_AS_WRITTEN} | {"audit_entry", "transition"}
COUNTED_ANEW = {"trajectory_sum.newcomer_id"}
# What else a row needs so that it can point there.
BESIDE = {
    "intake_talk.newcomer_id": {"buddy_id": None},
}


def columns():
    """`table.column` -> the table it points to, of all columns that point to a person, newcomer or buddy."""
    return {
        f"{table.name}.{column.name}": key.column.table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in PEOPLE
    }


def doing(column):
    return column.rsplit(".", 1)[1] in BY


def test_every_column_is_decided():
    assert {column for column in columns() if not doing(column)} == set(OWN)


@pytest.mark.parametrize("make", [factories.newcomer, factories.buddy])
def test_every_table_of_the_own_data_has_words_and_the_other_way_round(site, make):
    assert tables_about(factories.viewer(make().person)).keys() == HELD.keys()
    assert {name for _what, name in OWN.values() if name} <= HELD.keys()


def pointing(column, key):
    """How many rows point to that record by that column."""
    table, name = column.split(".")
    of = Base.metadata.tables[table]
    return session().scalar(select(func.count()).select_from(of).where(of.c[name] == key))


def insert(connection, table, **given):
    """One more row of that table; where it is not given whom it points to, that is somebody else."""
    known = {}
    for target in rows.targets(table):
        taken = given.values() if target.table.name in PEOPLE else ()
        keys = connection.scalars(select(target).order_by(target))
        known[target] = [key for key in keys if key not in taken]
    connection.execute(table.insert(), rows.row(table, 7, known) | given)


def point(column, key):
    """Let a row point to that record: one that is there or, where none is ever changed, one more."""
    name, of = column.split(".")
    table = Base.metadata.tables[name]
    given = {of: key} | BESIDE.get(column, {})
    with transaction() as inside:
        connection = inside.connection()
        if name not in NEVER_CHANGED:
            first = inside.execute(select(*table.primary_key).order_by(*table.primary_key).limit(1)).one()
            here = [one == value for one, value in zip(table.primary_key, first, strict=True)]
            inside.execute(update(table).where(*here).values(given))
            return
        if name == "proof_paper":
            insert(connection, Base.metadata.tables["proof"], kind="sport")
            given["proof_id"] = inside.scalar(select(func.max(Proof.id)))
        insert(connection, table, **given)


def kind_for(column):
    """Newcomers or buddies: those that the column points to; a person who is one of them may also be the other."""
    of = columns()[column]
    return ListKind.NEWCOMER if of == "newcomer" or column == "buddy.person_id" else ListKind.BUDDY


@pytest.mark.parametrize("column", columns())
def test_what_a_merger_does_with_every_column(site, column):
    with transaction() as inside:
        rows.fill(inside.connection())  # of people who have nothing to do with the two
    kind = kind_for(column)
    make = factories.newcomer if kind is ListKind.NEWCOMER else factories.buddy
    kept, gone = make(name="Jan Peeters"), make(name="Jan Peeters")
    of_person = columns()[column] == "person"
    keys = [one.person_id if of_person else one.id for one in (kept, gone)]
    kept_id, gone_id = kept.id, gone.id
    point(column, keys[1])
    what = REFUSED if column in KEPT_AS_WRITTEN else MOVES if doing(column) else OWN[column][0]
    els = factories.viewer(factories.coordinator())
    before = [pointing(column, key) for key in keys]
    if what == REFUSED:
        with pytest.raises(Invalid):
            mergers.merge(els, kind, kept_id, gone_id)
        session().expire_all()
        assert [pointing(column, key) for key in keys] == before
        return
    mergers.merge(els, kind, kept_id, gone_id)
    session().expire_all()
    after = [pointing(column, key) for key in keys]
    noted = column == "merged_person.kept_id"  # a merger is itself written down there
    assert after == (
        [before[0] + 1 + noted, 0] if what == MOVES else [before[0] + (column in COUNTED_ANEW), 0]
    )


def test_a_duo_in_which_contact_is_stopped_lives_on_in_the_record_that_is_kept(site):
    els, kept, gone = factories.coordinator(), factories.newcomer(), factories.newcomer()
    duo = duo_factories.duo(newcomer=gone, buddy=factories.buddy(), approved_by=els, state=DuoState.FROZEN)
    mergers.merge(factories.viewer(els), ListKind.NEWCOMER, kept.id, gone.id)
    session().expire_all()
    assert session().get_one(Duo, duo.id).newcomer_id == kept.id
    assert session().get_one(Newcomer, kept.id).state is NewcomerState.IN_DUO
    other = factories.newcomer()
    duo_factories.duo(newcomer=other, buddy=factories.buddy(), approved_by=els)
    with pytest.raises(Invalid) as refused:
        mergers.merge(factories.viewer(els), ListKind.NEWCOMER, kept.id, other.id)
    assert "een van de duo’s" in str(refused.value.message)
