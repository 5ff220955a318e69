"""The commands, and the manual that is made from the settings."""

from dataclasses import replace

from sqlalchemy import select

from app import cli
from app.clock import now
from app.config import Settings
from app.db import session
from app.models import Person
from app.services import matches, tombstones
from tests import factories
from tests.architecture.source import ROOT


def test_the_tables_are_brought_up_to_date(site):
    done = site.test_cli_runner().invoke(args=["migrate"])
    assert (done.exit_code, done.output) == (0, "The database was up to date.\n")


def test_the_first_administrator_gets_a_link_that_works(site, browser):
    done = site.test_cli_runner().invoke(
        args=["admin", "Ada Lovelace", "ada@example.org", "--language", "fr"]
    )
    assert done.exit_code == 0
    link = done.output.strip()
    assert link.startswith("http://localhost/fr/password/")
    page = browser.get(link.removeprefix("http://localhost"))
    assert page.form()["password"] == ""
    assert session().scalars(select(Person.full_name)).all() == ["Ada Lovelace"]


def test_in_service_where_no_other_host_is_known_the_link_leads_to_the_site(site, monkeypatch):
    there = replace(site.extensions["settings"], base_url="https://samenspoor.be")
    monkeypatch.setitem(site.extensions, "settings", there)
    monkeypatch.setitem(site.config, "TRUSTED_HOSTS", ["samenspoor.be"])
    done = site.test_cli_runner().invoke(args=["admin", "Ada Lovelace", "ada@example.org"])
    assert done.exit_code == 0, done.exception
    assert done.output.startswith("https://samenspoor.be/nl/password/")


def test_what_cannot_be_is_said_in_one_line(site):
    done = site.test_cli_runner().invoke(args=["admin", "Ada Lovelace", "nowhere"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert len(done.output.splitlines()) == 1


def test_the_settings_are_printed_as_in_the_manual(site):
    done = site.test_cli_runner().invoke(args=["settings"])
    assert done.output in (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table():
    table = cli.settings_table()
    for name, _, meaning in Settings.table():
        assert f"| `{name}` |" in table
        assert meaning
    assert str(ROOT) not in table


def test_messages_hands_its_words_on(site):
    done = site.test_cli_runner().invoke(args=["messages", "dance"])
    assert done.exit_code == 2


def test_files_for_learning_and_replay(site, tmp_path):
    factories.newcomer()
    factories.buddy()
    run_id = matches.start_run(factories.viewer(factories.coordinator()), "rivierenland")
    run = site.test_cli_runner().invoke
    folder, file = tmp_path / "runs" / "one", tmp_path / "outcomes.csv"
    done = run(args=["record-run", str(run_id), "--out", str(folder)])
    assert (done.exit_code, done.output) == (0, "1 newcomers and 1 buddies\n")
    assert (folder.stat().st_mode & 0o777, (folder / "report.json").exists()) == (0o700, True)
    done = run(args=["record-run", "987654", "--out", str(folder)])
    assert (done.exit_code, done.output) == (1, "Error: There is no finished run with this number.\n")
    done = run(args=["export-outcomes", "--out", str(file)])
    assert (done.exit_code, done.output) == (0, "0 decided pairs\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8").startswith("newcomer_id,buddy_id,interests,")


def test_erasing_again_says_what_it_lacks(site, tmp_path, monkeypatch):
    """Rather than that 0 people were erased: a wrong folder or database would pass for a good one."""
    run = site.test_cli_runner().invoke
    monkeypatch.setitem(
        site.extensions, "settings", replace(site.extensions["settings"], data_dir=str(tmp_path))
    )
    beside = tmp_path / tombstones.FILE
    done = run(args=["erase-again"])
    assert (done.exit_code, done.output) == (1, f"Error: No list of who was erased: {beside} is not there.\n")
    beside.touch()
    done = run(args=["erase-again", str(beside)])
    assert (done.exit_code, done.output) == (1, f"Error: No list of who was erased: {beside} is empty.\n")
    beside.write_text(tombstones.Stone(7, now(), now()).line(), encoding="ascii")
    done = run(args=["erase-again"])
    assert (done.exit_code, done.output[:31]) == (1, "Error: Nobody is in the databas")
    assert len(done.output.splitlines()) == 1
    gone = factories.buddy().person
    beside.write_text(tombstones.Stone(gone.id, gone.created_at, now()).line(), encoding="ascii")
    for many in (1, 0):
        done = run(args=["erase-again"])
        assert (done.exit_code, done.output) == (0, f"{many} people are erased again\n")


def test_counting_hours_anew_says_how_many_sums_were_wrong(site):
    factories.newcomer()
    run = site.test_cli_runner().invoke
    assert "1 sums" in run(args=["count-hours"]).output
    assert "All sums are right" in run(args=["count-hours"]).output
