"""What a proxy, a watcher and Prometheus are told, and a log from which nobody is known."""

import io
import json
import logging
import re
from contextvars import Context
from datetime import timedelta

import pytest
from huey import MemoryHuey
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from app import db, logs, schema
from app.clock import now
from app.config import Settings
from app.extensions import BEAT, queue
from app.jobs import init_app as init_jobs
from app.models import Message, Person, Run
from app.queries.watching import figures
from app.services import readiness
from app.vocabulary.records import Channel, MessageState, RunState
from tests import factories
from tests.site import SECRET

TOKEN = "a-token-for-metrics"


@pytest.fixture
def apart(site, monkeypatch):
    """A queue whose jobs a worker does, as in service."""
    monkeypatch.setattr(queue, "huey", MemoryHuey("apart"))


@pytest.fixture
def beating(apart):
    """A worker that lives."""
    queue.beat()


class TestReady:
    def test_a_site_that_can_do_all_its_work_is_ready(self, browser, beating):
        answer = browser.send("GET", "/ready")
        assert answer.status_code == 200
        assert answer.json == {
            "status": "ready", "database": True, "schema": True, "worker": True, "space": True,
        }  # fmt: skip

    def not_ready(self, browser, name):
        answer = browser.send("GET", "/ready")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert [key for key, well in answer.json.items() if well is False] == [name]

    def test_without_a_worker_it_is_not(self, browser, apart):
        self.not_ready(browser, "worker")
        queue.huey.storage.put_data(BEAT, str(now().timestamp() - 61).encode())
        self.not_ready(browser, "worker")

    def test_with_older_tables_it_is_not(self, browser, beating, monkeypatch):
        monkeypatch.setattr(schema, "version", lambda _engine: "0001")
        self.not_ready(browser, "schema")

    def test_while_a_newer_version_has_added_to_the_tables_it_goes_on(self, browser, beating, monkeypatch):
        monkeypatch.setattr(schema, "version", lambda _engine: "9999")
        assert browser.send("GET", "/ready").json["schema"] is True

    def test_without_space_it_is_not(self, browser, beating, monkeypatch):
        monkeypatch.setattr(readiness, "free", lambda _folder: readiness.LEAST_SPACE - 1)
        self.not_ready(browser, "space")

    def test_without_a_database_it_is_not(self, browser, beating, monkeypatch):
        def away():
            raise OperationalError("SELECT 1", {}, OSError("away"))

        with monkeypatch.context() as patch:
            patch.setattr(db, "session", away)
            assert not readiness.database_answers()
        monkeypatch.setattr(readiness, "database_answers", lambda: False)
        answer = browser.send("GET", "/ready")
        assert (answer.status_code, answer.json["database"], answer.json["schema"]) == (503, False, False)

    def test_a_folder_that_is_not_there_yet_has_the_space_around_it(self, tmp_path):
        assert readiness.free(tmp_path / "not" / "yet") == pytest.approx(readiness.free(tmp_path), rel=0.1)

    def test_where_jobs_are_done_at_once_there_is_no_worker_to_wait_for(self, site):
        assert readiness.worker_lives()

    def test_a_queue_that_is_away_has_no_worker(self, beating, monkeypatch):
        assert readiness.worker_lives()

        def away(*_):
            raise OSError

        monkeypatch.setattr(queue.huey.storage, "peek_data", away)
        monkeypatch.setattr(queue.huey, "pending_count", away)
        assert not readiness.worker_lives()
        assert queue.waiting() == 0
        monkeypatch.setattr(queue, "huey", None)
        queue.beat()
        assert (queue.last_beat(), queue.waiting()) == (None, 0)


@pytest.fixture
def watched(another_site, fresh_database, tmp_path):
    """The site as it runs in service: its log for machines, a token for its figures."""
    app = another_site(
        Settings(
            secret_key=SECRET, database_url=fresh_database, data_dir=str(tmp_path), base_url="http://localhost",
            metrics_token=TOKEN, log_json=True, trusted_proxies=1,
        )
    )  # fmt: skip
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def lines():
    """What is logged, as the lines that would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


class TestMetrics:
    def get(self, app, token):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Context().run(app.test_client().get, "/metrics", headers=headers)

    def test_only_who_has_the_token_sees_them(self, watched, browser):
        nowhere = self.get(watched, "").status_code
        assert (nowhere, self.get(watched, "x" + TOKEN).status_code) == (404, 404)
        assert browser.send("GET", "/metrics", headers={"Authorization": "Bearer "}).status_code == 404

    def test_they_count_requests_mails_and_runs(self, watched, browser):
        with db.transaction() as inside:
            inside.add(
                Message(
                    channel=Channel.MAIL, state=MessageState.QUEUED, kind="x", to_email="kanarie@example.org", locale="nl",
                    subject="x", text="x", message_id="<x>", next_try_at=now() - timedelta(minutes=5),
                )
            )  # fmt: skip
        Context().run(watched.test_client().get, "/nl/")
        Context().run(watched.test_client().open, "/zz/", method="BREW")
        text = self.get(watched, TOKEN).get_data(as_text=True)
        assert re.search(
            r'samenspoor_request_seconds_count\{method="GET",page="pages.home",status="200"\} [1-9]', text
        )
        assert 'method="other"' in text
        assert 'samenspoor_mails{state="queued"} 1.0' in text
        assert 300 <= float(re.search(r"^samenspoor_outbox_age_seconds (\S+)", text, re.MULTILINE)[1]) < 400
        assert "kanarie" not in text
        for state in RunState:
            assert f'samenspoor_matcher_runs{{state="{state.value}"}}' in text
        assert "samenspoor_jobs_waiting 0.0" in text

    def test_several_processes_add_theirs_up(self, watched, tmp_path, monkeypatch):
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
        text = self.get(watched, TOKEN).get_data(as_text=True)
        assert "samenspoor_mails" in text

    def test_a_worker_that_never_lived_has_no_figure(self, apart):
        names = {figure.name for figure in figures()}
        queue.beat()
        assert {figure.name for figure in figures()} - names == {"worker_silent_seconds"}


class TestNumbers:
    def number(self, app, **headers):
        answer = Context().run(app.test_client().get, "/health", headers=headers)
        return answer.headers["X-Request-ID"]

    def test_every_request_has_one_of_its_own(self, site):
        one, other = self.number(site), self.number(site)
        assert one != other
        assert re.fullmatch("[0-9a-f]{32}", one)

    def test_only_a_proxy_of_ours_may_give_it(self, site, watched):
        given = {"X-Request-ID": "from-the-proxy-1"}
        assert self.number(watched, **given) == "from-the-proxy-1"
        assert self.number(site, **given) != "from-the-proxy-1"

    @pytest.mark.parametrize("bad", ["short", "x" * 65, 'a"b{c}d e f', "ada@example.org"])
    def test_what_is_no_number_is_not_taken_over(self, watched, bad):
        assert self.number(watched, **{"X-Request-ID": bad}) != bad


CANARY = "Kanarievogel"
MAIL = "kanarie@example.org"
PHONE = "+32 470 12 34 56"


class TestLog:
    def test_a_request_is_one_line_with_its_number(self, watched, lines):
        answer = Context().run(watched.test_client().get, "/nl/help?q=" + CANARY)
        (line,) = [line for line in lines() if line["from"] == "app.web.watching"]
        assert line["request"] == answer.headers["X-Request-ID"]
        assert (line["page"], line["method"], line["status"], line["level"]) == (
            "pages.help",
            "GET",
            200,
            "info",
        )

    def test_nothing_that_people_type_or_are_called_gets_in(self, watched, lines, monkeypatch):
        """Canaries in every field of a registration, a sign-in, a search, an address, a cookie and a header; and a fault."""
        person = factories.person(full_name=CANARY, email_canonical=MAIL)
        browser = watched.test_client()

        def send(*words, **more):
            return Context().run(browser.open, *words, **more).status_code

        typed = dict.fromkeys(
            ("full_name", "email", "phone", "password", "words", "code", "call_name"), CANARY
        )
        send("/nl/sign-in", method="POST", data={**typed, "email": MAIL, "password": CANARY})
        send("/nl/register/buddy", method="POST", data={**typed, "email": MAIL, "phone": PHONE})
        send(
            f"/nl/activities?q={CANARY}+{MAIL}", headers={"User-Agent": CANARY, "Referer": f"http://x/{MAIL}"}
        )
        send(f"/nl/{CANARY}/{MAIL}")
        monkeypatch.setitem(
            watched.view_functions, "pages.help", lambda: db.session().add(1 / len(person.full_name[99:]))
        )
        monkeypatch.setitem(watched.config, "SHOW_FAULT_PAGE", True)
        watched.view_functions["pages.help"].permission = watched.view_functions["pages.home"].permission
        assert send("/nl/help") == 500
        assert [line for line in lines() if line.get("fault") == ["ZeroDivisionError"]]
        known(lines())

    def test_an_error_of_the_database_quotes_no_row(self, site, lines):
        factories.person(full_name=CANARY, email_canonical=MAIL)
        again = insert(Person).values(full_name=CANARY, locale="nl", email=MAIL, email_canonical=MAIL)
        with pytest.raises(IntegrityError, match=MAIL) as quoting, db.transaction() as inside:
            inside.execute(again)
        logging.getLogger("huey.task").error(
            "Unhandled exception in task %s", f"<{CANARY} {MAIL}>", exc_info=quoting.value
        )
        (line,) = [line for line in lines() if line["from"] == "huey.task"]
        assert line["fault"][0] == "IntegrityError"
        assert line["words"] == "Unhandled exception in task …"
        assert any("tests/web/test_watching.py" in place for place in line["at"])
        known(lines())

    def test_jobs_log_under_a_number_of_their_own_and_without_names(self, watched, lines, monkeypatch):
        made = {}
        with monkeypatch.context() as patch:
            patch.setattr(queue, "bind", lambda _huey, jobs: made.update(jobs))
            patch.setattr("app.jobs.looks.count_looks", count_looks)
            init_jobs(
                watched, Settings(secret_key=SECRET, testing=True, base_url="http://localhost", log_json=True)
            )
        made["count_looks"](CANARY, MAIL)
        said, done = (line for line in lines() if line["from"] in ("app.services", "app.jobs"))
        assert re.fullmatch("count_looks-[0-9a-f]{12}", said["request"])
        assert (said["words"], done["job"], done["request"]) == ("counting", "count_looks", said["request"])
        known(lines())

    def test_a_log_that_quotes_would_be_seen(self, lines):
        logging.getLogger("app.web").info("signed in: %s", CANARY)
        with pytest.raises(AssertionError):
            known(lines())

    def test_words_of_others_lose_their_addresses_and_numbers(self, lines):
        other = logging.getLogger("somebody.else")
        other.warning(f"no mailbox for <{MAIL}>, nor a phone {PHONE}")
        other.warning("%d of %s, %s", 3, CANARY, 2.5)
        other.warning("%(name)s is here", {"name": CANARY})
        other.warning("100% sure", CANARY)
        assert [line["words"] for line in lines()][:3] == [
            "no mailbox for <<mail>>, nor a phone <number>", "3 of …, 2.5", "%(name)s is here",
        ]  # fmt: skip
        known(lines())

    def test_an_error_tells_of_what_it_came(self, lines):
        try:
            try:
                {}[CANARY]
            except KeyError as error:
                raise ValueError(MAIL) from error
        except ValueError:
            logging.getLogger("app").exception("broken")
        assert lines()[-1]["fault"] == ["ValueError", "KeyError"]
        known(lines())

    def test_the_log_begins_once(self, monkeypatch):
        root = logging.getLogger()
        before, level = list(root.handlers), root.level
        logs.begin()
        logs.begin()
        assert len(root.handlers) == len(before) + 1
        root.handlers[:] = before
        root.setLevel(level)


def count_looks(*_):
    logging.getLogger("app.services").info("counting")


def known(lines):
    """Raise AssertionError where somebody can be known from the log."""
    for line in lines:
        text = json.dumps(line, ensure_ascii=False)
        assert CANARY not in text
        assert MAIL not in text
        assert PHONE not in text


def test_runs_are_counted(site):
    assert all(
        value == 0
        for figure in figures()
        if figure.name == "matcher_runs"
        for value in figure.values.values()
    )
    assert Run.__tablename__ == "run"
