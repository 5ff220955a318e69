"""T24, with the real tombstones: who was erased after a backup does not come back with it, on either database."""

import pytest
from sqlalchemy import func, select, text

from app import db
from app.models import Message, Person, SignUp
from app.services import backups, erasures, forgetting, sign_ups, tombstones
from app.services.backups import erased
from app.services.erasures.contacts import erase_contact
from app.services.sign_up_letters import tell_about_activities
from app.vocabulary.sign_ups import SignUpState
from tests import factories
from tests.activities import House
from tests.joining import LINKS
from tests.services.test_erasures import links

KEY = "a key of more than twenty characters"


def test_who_was_erased_after_a_backup_is_erased_again(site, tmp_path):
    gone, stays = factories.person(full_name="Kanarie Vogel"), factories.person(full_name="Somebody Else")
    keys = gone.id, stays.id
    db.release()
    beside, data, other = tmp_path / "beside", tmp_path / "data", tmp_path / "other"
    for folder in (beside, data, other):
        folder.mkdir()
    backups.write(db.engine(), beside / "x.backup", key=KEY, secret_key="s")
    assert erasures.erase(keys[0], links=None)
    db.release()

    def restored(folder):
        done = backups.restore(
            db.engine(), beside / "x.backup", key=KEY, secret_key="s", folder=folder, replace=True
        )
        names = {row[0]: row[1] for row in db.session().execute(select(Person.id, Person.full_name))}
        db.release()
        return done.erased, names[keys[0]], names[keys[1]]

    # Known by the database that is overwritten; then, on a machine that never had it, by the file beside the backup.
    assert restored(data) == (1, "—", "Somebody Else")
    tombstones.keep(beside)
    db.release()
    with db.engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM tombstone")
    assert restored(other) == (1, "—", "Somebody Else")
    assert len(tombstones.read(other / tombstones.FILE)) == 1


@pytest.fixture
def kept(site, tmp_path):
    """The keys of two people and a contact person who stand in a backup and were erased after it; with the backup."""
    people = [factories.person(full_name="Kanarie Vogel").id for _ in range(2)]
    contact_id = factories.contact(name="Kanarie Piet").id
    db.release()
    backups.write(db.engine(), tmp_path / "x.backup", key=KEY, secret_key="s")
    for person_id in people:
        assert erasures.erase(person_id, links=None)
    assert erase_contact(contact_id)
    db.release()
    return people, contact_id, tmp_path / "x.backup"


def restored(path):
    return backups.restore(db.engine(), path, key=KEY, secret_key="s", folder=path.parent, replace=True)


def named():
    """How many of them have their names."""
    db.release()
    with db.engine().connect() as connection:
        return sum(
            connection.execute(
                text(f"SELECT count(*) FROM {table} WHERE {column} LIKE 'Kanarie%'")
            ).scalar_one()
            for table, column in (("person", "full_name"), ("contact_person", "name"))
        )


def test_a_restore_that_is_killed_while_it_erases_shows_nobody_again(kept, monkeypatch):
    def killed(*_args, **_kwargs):
        raise SystemExit

    monkeypatch.setattr(tombstones, "erase", killed)
    with pytest.raises(SystemExit):
        restored(kept[2])
    assert named() == 0


def test_one_who_cannot_be_erased_again_holds_up_nobody_and_goes_in_the_night(kept, monkeypatch, caplog):
    people, _contact_id, path = kept
    with monkeypatch.context() as patch:

        def faulty(person_id, *, links):
            with db.transaction() as inside:
                inside.execute(text("UPDATE person SET call_name = 'half'"))
                if person_id == people[0]:
                    raise ZeroDivisionError
            return erasures.erase(person_id, links=links)

        patch.setattr(tombstones, "erase", faulty)
        done = restored(path)
    assert (done.erased, done.left, named()) == (2, 1, 1)
    assert "could not be erased again" in caplog.text
    assert forgetting.forget(links(), path.parent)["erased"] == 1
    assert named() == 0
    assert forgetting.forget(links(), path.parent)["erased"] == 0


def test_a_restore_by_other_means_is_made_good_in_the_night(kept, tmp_path):
    """The list that the worker keeps beside the database is all that is left."""
    forgetting.forget(links(), tmp_path)
    with db.engine().begin() as connection:
        for words in (
            "UPDATE person SET full_name = 'Kanarie Vogel', erased_at = NULL", "DELETE FROM tombstone",
            "UPDATE contact_person SET name = 'Kanarie Piet'", "DELETE FROM contact_tombstone",
        ):  # fmt: skip
            connection.execute(text(words))
    assert named() >= 3
    assert forgetting.forget(links(), tmp_path)["erased"] == 3
    with db.engine().connect() as connection:
        gone = text("SELECT count(*) FROM person WHERE erased_at IS NOT NULL")
        assert connection.execute(gone).scalar_one() == 2


def test_a_place_that_comes_free_by_erasing_again_is_given_without_a_second_letter(site, tmp_path):
    offer = House().offer(places=1, waiting_places=1)
    here, waiting = (factories.newcomer() for _ in range(2))
    for newcomer in (here, waiting):
        sign_ups.join(factories.viewer(newcomer.person), offer.id)
    tell_about_activities(LINKS)
    gone, waiting_id = here.person_id, waiting.id
    db.release()
    backups.write(db.engine(), tmp_path / "x.backup", key=KEY, secret_key="s")

    def written():
        tell_about_activities(LINKS)
        states = db.session().scalars(select(SignUp.state).where(SignUp.newcomer_id == waiting_id)).all()
        told = select(func.count(Message.id)).where(Message.kind == "place-free")
        many = db.session().scalar(told)
        db.release()
        return states, many

    assert written() == ([SignUpState.WAITING], 0)
    assert erasures.erase(gone, links=links())
    assert written() == ([SignUpState.JOINED], 1), "the first time it was told"
    done = backups.restore(
        db.engine(), tmp_path / "x.backup", key=KEY, secret_key="s", folder=tmp_path, replace=True
    )
    assert done.erased == 1
    assert written() == ([SignUpState.JOINED], 0)


def test_an_empty_place_knows_nobody_who_was_erased(tmp_path):
    engine = db.connect(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert erased.known(engine, [tmp_path]) == []
    erased.keep_beside(engine, tmp_path)
    engine.dispose()
    assert not (tmp_path / erased.FILE).exists()
