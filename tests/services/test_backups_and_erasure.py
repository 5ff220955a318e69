"""T24, with the real tombstones: who was erased after a backup does not come back with it, on either database."""

from sqlalchemy import func, select

from app import db
from app.models import Message, Person, SignUp
from app.services import backups, erasures, sign_ups, tombstones
from app.services.backups import erased
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
