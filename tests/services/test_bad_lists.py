"""Lists of activities that are broken, hostile or enormous: a sentence for each row, and what was here stays as it was."""

import io
import json
import threading
import tracemalloc
import zipfile
from contextvars import Context
from datetime import timedelta

import pytest
import xlsxwriter

from app import db as database
from app.clock import today
from app.db import session, transaction
from app.exports import csv_file
from app.models import Listing, Offer, OfferList
from app.queries.offer_exports import record
from app.services import offer_endings, offer_lists
from app.services import offers as service
from app.services.offer_lists.reading import Unreadable, contents_of
from app.services.offer_lists.taking import Answers
from app.vocabulary.activities import OfferState
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from tests import factories
from tests.activity_lists import ANSWERS, DAY, activity, codes, counts, event, events, offers

OWN, UIT = OfferListKind.OWN, OfferListKind.UITDATABANK
HEAD = "title;source_id;kind;words;postcode;dates;start;minutes"
LINE = f"Café Zoë {{0}};{{0}};course;Wij praten.;2800;{DAY};19:00;60"


def table(*numbers, between="\n"):
    return between.join([HEAD, *(LINE.format(number) for number in numbers), ""])


def was_here(desk):
    """Something that no bad list may change, as it travels."""
    desk.take({"activities": [activity(1), activity(2)]}, publish=True)
    return [record(offer, source="x") for offer in offers()], session().query(Listing).count()


def is_here():
    session().rollback()
    return [record(offer, source="x") for offer in offers()], session().query(Listing).count()


def workbook(cells):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as made:
        made.add_worksheet().write_row(0, 0, cells)
    return kept.getvalue()


def bomb():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "x")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return kept.getvalue()


class TestWhole:
    @pytest.mark.parametrize(
        ("content", "code", "line"),
        [
            (json.dumps({"activities": [activity(1)]}, indent=1).encode()[:-40], "no_json", 16),
            (b'{"activities": [\n{"title": "x",}\n]}', "no_json", 2),
            (b"[1, 2", "no_json", 1),
            (f'{HEAD}\n{LINE.format(1)}\nX;2;course;"open'.encode(), "csv", 3),
            (table(1, 2).replace("Wij praten.", "W" * 140_000, 1).encode(), "csv", 2),
            (table(1, 2).encode("cp1252"), "letters", 2),
            (f"{HEAD}\n{LINE.format(1)}\n".encode() + LINE.format(2).encode("iso8859-15"), "letters", 3),
            (table(1).encode("utf-16-le"), "letters", 2),
            (json.dumps({"activities": [activity(1)]}).encode("utf-16-be"), "letters", 1),
            (table(1).encode("utf-16")[:-1], "letters", 2),
            (table(1).replace("praten", "pra\0ten").encode(), "letters", 2),
            (f"title;source_id;{';'.join(f'c{number}' for number in range(10_000))}\n".encode(), "empty", 0),
            (HEAD.replace("title", "titel").encode() + b"\n", "columns", 0),
            (b"<svg onload=alert(1)><script>alert(1)</script></svg>", "columns", 0),
            (workbook(["title", "source_id"]), "spreadsheet", 0),
            (bomb(), "spreadsheet", 0),
            (b'{"activities": [], "activities": [{"title": "x"}]}', "doubled", 0),
            (b'{"activities": {"0": {"title": "x"}}}', "no_list", 0),
            (b'{"a":' * 5000 + b"1" + b"}" * 5000, "no_json", 0),
            (b'{"activities": [1e400, -1e400, Infinity]}', "no_json", 0),
        ],
    )  # fmt: skip
    def test_it_is_refused_with_the_line_and_nothing_changes(self, desk, content, code, line):
        before = was_here(desk)
        kept = desk.keep(content)
        assert (kept.state, kept.failure, kept.report.get("line", 0)) == (OfferListState.FAILED, code, line)
        assert is_here() == before

    def test_a_spreadsheet_is_never_opened(self, monkeypatch):
        data = bomb()
        monkeypatch.setattr(zipfile, "ZipFile", lambda *_a, **_k: pytest.fail("opened"))
        tracemalloc.start()
        try:
            with pytest.raises(Unreadable, match="spreadsheet"):
                contents_of(data, OWN)
            assert tracemalloc.get_traced_memory()[1] < 100_000
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize(
        "content",
        [table(1, 2).encode(), table(1, 2).encode("utf-8-sig"), table(1, 2).encode("utf-16"), b"\xfe\xff" + table(1, 2).encode("utf-16-be"), table(1, 2, between="\r\n").encode(), table(1, 2, between="\r").encode(), table(1, 2).replace(";", "\t").encode(), table(1, 2).replace(";", ",").encode()],
        ids=["utf-8", "mark", "utf-16-le", "utf-16-be", "crlf", "cr", "tabs", "commas"],
    )  # fmt: skip
    def test_every_common_form_keeps_its_letters(self, desk, content):
        desk.take(content)
        assert [(offer.title, offer.gatherings[0].dates) for offer in offers()] == [
            ("Café Zoë 1", [DAY]),
            ("Café Zoë 2", [DAY]),
        ]


class TestRows:
    @pytest.mark.parametrize(
        ("row", "code", "facts"),
        [
            ('{"source_id": "2", "title": "A", "title": "B"}', "doubled", {"field": "title"}),
            (json.dumps(activity(2))[:-1] + ', "gatherings": [{"postcode": "2800", "postcode": "9000"}]}', "doubled", {"field": "gatherings"}),
            ('{"gatherings": [{"postcode": "2800", "postcode": "9000"}]}', "doubled", {"field": "postcode"}),
            ('{"title": ' + "[" * 400 + "]" * 400 + "}", "nested", {}),
            (json.dumps({**activity(2), "x": {"a": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}}), "nested", {}),
            (json.dumps({**activity(2), "price_cents": 10**300}), "unfit", {"field": "price_cents"}),
            (json.dumps({**activity(2), "fluent_speakers": 1e300}), "unfit", {"field": "fluent_speakers"}),
            (json.dumps(activity(2, gatherings=[{"postcode": "2800", "rule": "FREQ=WEEKLY;INTERVAL=999999999", "first_on": "2026-01-01"}])), "unfit", {"field": "rule"}),
            (json.dumps(activity(2, gatherings=[{"postcode": "2800", "rule": "FREQ=WEEKLY;BYDAY=XX", "first_on": "2026-01-01"}])), "unfit", {"field": "rule"}),
            (json.dumps(activity(2, gatherings=[{"postcode": "2800", "rule": "FREQ=HOURLY", "first_on": "2026-01-01"}])), "unfit", {"field": "rule"}),
            (json.dumps(activity(2, gatherings=[{"postcode": "0000"}])), "place", {}),
            (json.dumps(activity(2, gatherings=[{"postcode": "", "locality": "Nergens"}])), "place", {}),
            (json.dumps(activity(2, gatherings=[{"postcode": "2800", "dates": ["1999-01-01"], "start": "10:00", "minutes": 60}])), "past", {}),
            (json.dumps(activity(2, gatherings=[{"postcode": "9000", "slots": ["mon-morning"]}])), "other_network", {"network": "Stad Gent"}),
        ],
    )  # fmt: skip
    def test_a_bad_row_is_named_and_the_good_one_taken(self, desk, row, code, facts):
        kept = desk.take(f'{{"activities": [{json.dumps(activity(1))}, {row}]}}'.encode())
        assert [(one["line"], one["code"]) for one in kept.report["left_out"]] == [(2, code)]
        assert kept.report["left_out"][0]["facts"] == facts
        assert [offer.title for offer in offers()] == ["Koken 1"]

    def test_a_table_that_was_cut_off_says_so(self, desk):
        whole = table(1, 2, 3).encode()
        kept = desk.take(whole[: whole.rindex(b"2800") + 2])
        assert codes(kept) == [(4, "cells")]
        assert len(offers()) == 2

    def test_a_separator_too_many_is_not_guessed(self, desk):
        kept = desk.take(table(1, 2).replace("Wij praten.", "Wij; praten.", 1).encode())
        assert codes(kept) == [(2, "cells")]

    def test_two_activities_under_one_key(self, desk):
        lines = f"{HEAD}\n{LINE.format(1)}\n{LINE.format(2)}\n" + LINE.format(1).replace(
            "Café Zoë", "Voetbal"
        )
        kept = desk.take(lines.encode())
        assert codes(kept) == [(2, "twice")]
        assert [offer.source_id for offer in offers()] == ["2"]

    def test_formulas_come_in_as_text_and_go_out_harmless(self, desk):
        evil = ['=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", "\r=1"]
        rows = [activity(number, title=title, words=title) for number, title in enumerate(evil)]
        desk.take({"activities": rows})
        titles = [offer.title for offer in offers()]
        assert titles == ['=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "=1", "＝1+1", "=1"]
        told = csv_file([[title] for title in titles], ["title"]).decode("utf-8-sig").split("\r\n")[1:-1]
        assert all(cell.strip('"')[0] == "'" for cell in told)

    def test_what_no_database_can_hold(self, desk):
        strange = "a\0b\ud800c\u202ed\ue000e"
        term = {"id": strange, "label": strange, "domain": "eventtype"}
        told = event(1, name={"nl": strange}, terms=[term], organizer={"name": {"nl": strange}})
        kept = desk.keep(events(told, {"name": strange}, {"@id": strange}), UIT)
        assert kept.state is OfferListState.READY
        assert list(kept.report["terms"].values()) == [["abcde", 1]]
        offer_lists.take_over(desk.actor, kept.id, Answers(**ANSWERS, kinds={"abcde": "sport"}))
        assert [offer.title for offer in offers()] == ["abcde"]

    def test_ten_thousand_rows_that_are_all_wrong(self, desk):
        kept = desk.keep(b"[" + b",".join([b'{"title": "<script>alert(1)</script>"}'] * 10_000) + b"]")
        assert (kept.left_out, kept.rows_all, kept.report["left_out"][0]["code"]) == (
            10_000,
            10_000,
            "missing",
        )


class TestComingBack:
    def gone(self, **values):
        return events(event(1, subEvent=[], **values))

    @pytest.mark.parametrize("status", ["Unavailable", "TemporarilyUnavailable"])
    @pytest.mark.parametrize(
        ("publish", "state"), [(True, OfferState.PUBLISHED), (False, OfferState.TO_CHECK)]
    )
    def test_what_a_list_ended_comes_back_with_it(self, desk, status, publish, state):
        desk.take(events(event(1)), UIT, publish=True)
        desk.take(self.gone(status={"type": status}), UIT)
        assert (offers()[0].state, session().query(Listing).count()) == (OfferState.ENDED, 0)
        kept = desk.take(events(event(1)), UIT, publish=publish)
        assert kept.report["counts"] == {"change": 1}
        assert (counts(kept), offers()[0].state) == ((0, 1, 0, 0, 0), state)
        assert session().query(Listing).count() == int(publish)

    def test_what_was_over_comes_back_with_new_dates(self, desk):
        desk.take(events(event(1)), UIT, publish=True)
        with transaction() as db:
            db.query(Offer).update({"ends_on": today() - timedelta(days=1)})
        assert offer_endings.end_offers() == 1
        assert counts(desk.take(events(event(1)), UIT, publish=True)) == (0, 1, 0, 0, 0)
        assert (offers()[0].state, offers()[0].ends_on.isoformat()) == (OfferState.PUBLISHED, DAY)

    def test_what_somebody_here_ended_stays_so(self, desk):
        desk.take(events(event(1)), UIT, publish=True)
        person = factories.organisation_contact(desk.house)
        service.end(factories.viewer(person), offers()[0].id)
        kept = desk.take(events(event(1)), UIT, publish=True)
        assert (counts(kept), offers()[0].state) == ((0, 0, 1, 0, 0), OfferState.ENDED)

    def test_a_full_date_is_not_added_and_not_taken_away(self, desk):
        full = {
            "startDate": f"{DAY}T19:00:00",
            "endDate": f"{DAY}T20:30:00",
            "bookingAvailability": {"type": "Unavailable"},
        }
        kept = desk.take(events(event(1, subEvent=[full])), UIT)
        assert (codes(kept), offers()) == ([(1, "full")], [])
        desk.take(events(event(1)), UIT, publish=True)
        kept = desk.take(events(event(1, subEvent=[full])), UIT)
        assert (counts(kept), offers()[0].state) == ((0, 0, 1, 0, 0), OfferState.PUBLISHED)


class TestAtOnce:
    def test_the_same_list_twice_at_once_doubles_nothing(self, site, desk):
        content = {"source": "there", "activities": [activity(number) for number in range(12)]}
        keys = [desk.keep(content).id for _ in range(2)]
        start, outcomes = threading.Barrier(2), []

        def take(key):
            with site.app_context():
                start.wait()
                offer_lists.take_over(desk.actor, key, Answers(**ANSWERS, publish=True))
                database.release()

        threads = [threading.Thread(target=lambda key=key: Context().run(take, key)) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        session().rollback()
        outcomes = sorted(counts(desk.kept(key)) for key in keys)
        assert outcomes == [(0, 0, 12, 0, 0), (12, 0, 0, 0, 0)]
        assert (len(offers()), session().query(Listing).count()) == (12, 12)

    @pytest.mark.postgresql
    def test_stopped_while_it_is_taken_over(self, desk, monkeypatch):
        before = was_here(desk)
        kept = desk.keep({"activities": [activity(1, title="Anders"), activity(3)]})
        stopper, whole = desk.actor, offer_lists.take_all

        def stop_after(*given, **more):
            done = whole(*given, **more)
            apart = Context()
            apart.run(offer_lists.stop_list, stopper, kept.id)
            apart.run(database.release)
            return done

        monkeypatch.setattr(offer_lists, "take_all", stop_after)
        offer_lists.take_over(desk.actor, kept.id, Answers(**ANSWERS))
        assert is_here() == before
        assert desk.kept(kept.id).state is OfferListState.STOPPED

    def test_how_far_it_is_can_be_seen_while_it_is_read(self, desk, monkeypatch):
        monkeypatch.setattr(offer_lists, "SIGN_OF_LIFE_SECONDS", 0)
        seen = []

        def look(*_args):
            apart = Context()
            seen.append(apart.run(lambda: session().query(OfferList.rows_done, OfferList.rows_all).one()))
            apart.run(database.release)
            return []

        monkeypatch.setattr(offer_lists, "interests_in", look)
        desk.keep({"activities": [activity(number, interests=None) for number in range(4)]})
        assert [tuple(one) for one in seen] == [(0, 4), (1, 4), (2, 4), (3, 4)]
