"""The pages on which people see what is kept of them, object, and ask to be deleted; and how long things are kept."""

import json
import re
from datetime import timedelta

import pytest

from app.clock import today
from app.db import session, transaction
from app.i18n import LANGUAGES as LANGUAGES_OF_SITE
from app.i18n import speak
from app.models import (
    AuditEntry,
    Buddy,
    Consent,
    ContractVersion,
    Erasure,
    Exemption,
    Grant,
    HourEntry,
    Loan,
    LookBack,
    Message,
    Newcomer,
    Person,
    Proof,
    ProofPaper,
    RetentionRule,
    SafetyReport,
    SignIn,
    SignUp,
    StaffNote,
    Talk,
    Training,
    TrajectoryDecision,
    WarmHandover,
    Wish,
)
from app.queries.accounts import viewer_of
from app.queries.privacy import SECRET, tables_about
from app.reference.agreed_texts import agreed_texts, words_of
from app.services import accounts, erasures
from app.services.outbox import tell
from app.services.records import audit
from app.vocabulary import DuoState
from app.vocabulary.own_words import IN_THE_ANSWERS, ONLY_IN_THE_FILE, WORDS_OF
from app.vocabulary.registrations import AGREED_WORDS, CONSENT_VERSIONS, ConsentText
from app.vocabulary.retention import RetentionKind
from tests import duo_factories, factories
from tests.architecture.source import ROOT

LANGUAGES = ["nl", "ar", "x-pseudo"]
OWN = (
    Buddy, Consent, ContractVersion, Erasure, Exemption, Grant, HourEntry, Loan, LookBack, Message, Newcomer, Person, Proof,
    ProofPaper, SafetyReport, SignIn, SignUp, Talk, Training, TrajectoryDecision, WarmHandover, Wish,
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("make", [factories.newcomer, factories.buddy])
def test_asked_and_taken_back_by_one_tap(signed_in, lang, make):
    made = make()
    browser = signed_in(made.person)
    page = browser.get(f"/{lang}/my-data")
    assert f"/{lang}/my-data/delete" in page.links()
    page = browser.submit(browser.get(f"/{lang}/my-data/delete"))
    assert page.response.request.path == f"/{lang}/my-data"
    assert not [link for link in page.links() if link.endswith("/my-data/delete")]
    browser.submit(page, "main form[action$='/my-data/stay']")
    session().expire_all()
    assert session().query(Erasure).one().taken_back_at is not None
    browser.post(f"/{lang}/my-data/stay", {}, status=409)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_computer_leaves_somebody_out_and_takes_them_again(signed_in, lang):
    made = factories.newcomer()
    browser = signed_in(made.person)
    page = browser.submit(browser.get(f"/{lang}/my-data"), "main form[action$='/my-data/proposals']")
    session().expire_all()
    assert made.person.objects_at is not None
    browser.submit(page, "main form[action$='/my-data/proposals']")
    session().expire_all()
    assert made.person.objects_at is None


def test_who_takes_no_part_is_not_asked_about_proposals(signed_in):
    page = signed_in(factories.counsellor()).get("/nl/my-data")
    assert not page.soup.select("form[action$='/my-data/proposals']")


def test_who_is_needed_hears_what_to_do_first(signed_in):
    counsellor = factories.counsellor()
    factories.newcomer(counsellor=counsellor)
    signed_in(counsellor).post("/nl/my-data/delete", {}, status=409)
    assert not session().query(Erasure).all()


def test_how_long_papers_are_kept_is_said_to_who_has_some(signed_in):
    counsellor = factories.counsellor()
    newcomer = factories.newcomer(counsellor=counsellor)
    before = signed_in(newcomer.person).get("/nl/my-data/delete")
    factories.contract(newcomer, counsellor)
    after = signed_in(newcomer.person).get("/nl/my-data/delete")
    assert len(after.soup.select("main li")) == len(before.soup.select("main li")) + 1


def test_the_sign_in_ends_when_it_is_done(signed_in):
    buddy = factories.buddy()
    browser = signed_in(buddy.person)
    erasures.erase(buddy.person_id, links=None)
    assert "/sign-in" in browser.get("/nl/my-data").response.request.path


def test_staff_see_no_trace_of_who_was_erased(signed_in):
    els, counsellor = factories.coordinator(), factories.counsellor()
    newcomer, buddy = (
        factories.newcomer(counsellor=counsellor, name="Amina Kanarie"),
        factories.buddy(name="Piet Kanarie"),
    )
    duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=els)
    factories.contract(newcomer, counsellor)
    factories.entry(newcomer, factories.offer())
    for person in (newcomer.person, buddy.person):
        erasures.erase(person.id, links=None)
    coordinator, keeper = signed_in(els), signed_in(counsellor)
    for path in (
        "today",
        "duos",
        f"duos/{duo.id}",
        "people/buddies",
        "people/newcomers",
        "matching",
        "audit",
        "reports",
    ):
        assert "Kanarie" not in coordinator.get(f"/nl/{path}").html
    coordinator.get(f"/nl/people/buddies/{buddy.id}", status=404)
    coordinator.get(f"/nl/people/newcomers/{newcomer.id}", status=404)
    for path in ("caseload", f"caseload/{newcomer.id}", "reports"):
        assert "Kanarie" not in keeper.get(f"/nl/{path}").html


def test_the_notice_shows_the_settings_of_the_day(browser):
    assert "7 dagen" in browser.get("/nl/privacy").main.get_text()
    with transaction() as db:
        db.add(RetentionRule(kind=RetentionKind.LETTERS, since=today(), days=11))
        db.add(RetentionRule(kind=RetentionKind.LETTERS, since=today() + timedelta(days=1), days=12))
    text = browser.get("/nl/privacy").main.get_text()
    assert "11 dagen" in text
    assert "12 dagen" not in text


@pytest.mark.parametrize("lang", ["nl", "x-pseudo"])
def test_an_administrator_sets_how_long(signed_in, lang):
    browser = signed_in(factories.administrator())
    page = browser.get(f"/{lang}/admin/retention/new")
    page = browser.submit(
        page, status=422, kind="audit", since=(today() + timedelta(days=2)).isoformat(), days="30"
    )
    assert page.soup.select("#error-days")
    page = browser.submit(page, kind="audit", days="800")
    assert session().query(RetentionRule).filter_by(days=800).one().kind is RetentionKind.AUDIT
    signed_in(factories.coordinator()).get(f"/{lang}/admin/retention", status=403)


class TestAuditLog:
    def test_a_coordinator_looks_for_who_did_what_about_whom_when(self, signed_in):
        els, jan = (
            factories.coordinator(full_name="Els Peeters"),
            factories.coordinator(full_name="Jan Müller"),
        )
        with transaction() as db:
            for person, action, about in (
                (els, "contact-seen", 7),
                (jan, "contact-seen", 8),
                (jan, "buddy-pause", 7),
            ):
                audit(factories.viewer(person), action, "buddy", about, network="rivierenland")
            audit(
                factories.viewer(factories.coordinator("kempen")),
                "contact-seen",
                "buddy",
                7,
                network="kempen",
            )
            db.flush()
        browser = signed_in(els)

        def lines(query):
            return len(browser.get(f"/nl/audit?{query}").soup.select("main tbody tr"))

        assert lines("") == 3
        assert lines("who=muller") == 2
        assert lines("who=muller&action=contact-seen") == 1
        assert lines("about=7") == 2
        assert lines(f"since={today().isoformat()}") == 3
        assert lines(f"until={(today() - timedelta(days=1)).isoformat()}") == 0
        assert lines("about=7x&since=never&action=nonsense") == 3

    def test_it_has_no_way_to_change_it(self, site):
        rules = [
            rule.rule
            for rule in site.url_map.iter_rules()
            if "audit" in rule.rule and rule.methods - {"GET", "HEAD", "OPTIONS"}
        ]
        assert not rules


def test_the_file_names_the_wish_to_be_deleted(signed_in):
    made = factories.newcomer()
    browser = signed_in(made.person)
    browser.submit(browser.get("/nl/my-data/delete"))
    held = json.loads(browser.send("GET", "/nl/my-data.json").get_data())
    assert len(held["erasures"]) == 1
    assert {row.action for row in session().query(AuditEntry)} >= {"erasure-asked"}
    assert session().get_one(Person, made.person_id).erased_at is None


class TestTextsThatChanged:
    def agreed(self, person, version):
        with transaction() as db:
            db.add(Consent(person_id=person.id, text="privacy", version=version, locale="nl"))

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_who_agreed_to_an_older_text_is_asked_once(self, signed_in, lang):
        made = factories.newcomer()
        self.agreed(made.person, "1999-1")
        browser = signed_in(made.person)
        page = browser.get(f"/{lang}/me")
        assert page.response.request.path == f"/{lang}/my-data/texts"
        assert browser.get(f"/{lang}/me?later=1").response.request.path == f"/{lang}/my-track"
        browser.submit(page)
        assert browser.get(f"/{lang}/me").response.request.path == f"/{lang}/my-track"
        newest = session().query(Consent).order_by(Consent.id.desc()).first()
        assert (newest.text, newest.version, newest.locale) == (
            "privacy",
            CONSENT_VERSIONS[ConsentText.PRIVACY],
            lang,
        )
        browser.post(f"/{lang}/my-data/texts", {})
        assert session().query(Consent).count() == 2

    def test_who_agreed_to_this_one_or_was_never_asked_is_not(self, signed_in):
        made, never = factories.newcomer(), factories.newcomer()
        self.agreed(made.person, CONSENT_VERSIONS[ConsentText.PRIVACY])
        for person in (made.person, never.person):
            assert signed_in(person).get("/nl/me").response.request.path == "/nl/my-track"


class TestPaper:
    """The own data to read: every value in words, of that person alone."""

    def everything_of(self, number):
        made = factories.newcomer(name=f"Canary{number} Own", words=f"words{number}")
        keeper = factories.counsellor()
        factories.contract(made, keeper)
        factories.proof(
            factories.entry(
                made, factories.offer(title=f"offer{number}"), words=f"told{number}", state="confirmed"
            )
        )
        accounts.sign_in(made.person_id, device=f"device{number}")
        with transaction() as db:
            db.add(Consent(person_id=made.person_id, text="privacy", version=f"v{number}", locale="nl"))
            db.add(StaffNote(person_id=made.person_id, network_slug="rivierenland", text=f"note{number}"))
            tell(made.person, "already-known", link=f"http://localhost/link{number}")
        return made

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_it_reads_in_words(self, signed_in, lang):
        made = self.everything_of(1)
        page = signed_in(made.person).get(f"/{lang}/my-data/paper")
        text = page.main.get_text()
        for word in ("Canary1 Own", "words1", "told1", "device1", "note1", made.person.email):
            assert word in text, word
        assert not page.soup.select("main code")
        assert "<" not in text
        assert len(page.soup.select("main time")) > 5
        assert not [name for name in ("starts_at", "newcomer_id", "EntryState", "confirmed") if name in text]

    def test_file_and_paper_hold_nothing_of_anybody_else(self, signed_in):
        """SECURITY 64: whatever is known of others is in neither."""
        mine, other = self.everything_of(1), self.everything_of(2)
        buddy = factories.buddy(name="Canary3 Buddy", words="words3")
        duo_factories.duo(
            newcomer=mine, buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ACTIVE
        )
        browser = signed_in(mine.person)
        file = browser.send("GET", "/nl/my-data.json").get_data(as_text=True)
        paper = browser.get("/nl/my-data/paper").html
        canaries = [
            f"{word}2" for word in ("Canary", "words", "told", "device", "v", "note", "link", "offer")
        ]
        canaries += [
            other.person.email,
            "Canary3",
            "words3",
            buddy.person.email,
            buddy.person.phone or "Canary3",
        ]
        for canary in canaries:
            assert canary not in file, canary
            assert canary not in paper, canary
        for own in ("Canary1", "words1", "told1", "device1", "v1", "note1", "link1"):
            assert own in file, own

    def test_of_every_column_it_is_said_what_it_is_called_or_that_only_the_file_has_it(self, site):
        """A new column of the own data is named for people, or is left to the file, before this holds again."""
        person = self.everything_of(1).person
        with transaction() as db:
            held = tables_about(viewer_of(db.get_one(Person, person.id)))
        named = set(WORDS_OF) | ONLY_IN_THE_FILE | IN_THE_ANSWERS
        assert {
            key for rows in held.values() for row in rows for key in row if not key.endswith("_id")
        } <= named
        columns = {
            column.key for table in OWN for column in table.__table__.columns
            if not column.foreign_keys and not column.primary_key and column.key not in SECRET
        }  # fmt: skip
        assert columns <= named


class TestWordsOfEachVersion:
    def test_todays_words_are_kept_and_are_those_on_the_pages(self):
        """Who changes what people agree to raises the version, and keeps its words: then this holds again."""
        for text, version in CONSENT_VERSIONS.items():
            kept = agreed_texts()[text.value][version]
            assert set(kept) == {item.tag for item in LANGUAGES_OF_SITE}
            assert all(len(words) == len(AGREED_WORDS[text.value]) and all(words) for words in kept.values())
            with speak("en"):
                assert kept["en"] == [str(words) for words in AGREED_WORDS[text.value]]

    def test_no_sentence_of_the_privacy_page_is_left_out(self):
        told = {f"'{words._args[0]}'" for words in AGREED_WORDS["privacy"]}
        for name in ("pages/privacy.html", "registrations/steps/consent.html"):
            source = (ROOT / "app" / "templates" / name).read_text(encoding="utf-8")
            said = set(re.findall(r"both\(_\(('[^']+')\)", source)) - {
                "'How long'",
                "'Read everything about your privacy'",
            }
            assert said <= told, said - told

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_they_are_read_in_the_language_in_which_one_agreed(self, signed_in, lang):
        made = factories.newcomer()
        mine = factories.consent(made.person, locale="ti")
        other = factories.consent(factories.newcomer().person)
        old = factories.consent(made.person, version="1999-1")
        browser = signed_in(made.person)
        page = browser.get(f"/{lang}/my-data")
        assert f"/{lang}/my-data/texts/{mine.id}" in page.links()
        assert f"/{lang}/my-data/texts/{old.id}" not in page.links()
        words = browser.get(f"/{lang}/my-data/texts/{mine.id}").soup.select_one("main [lang=ti]").get_text()
        assert words_of("privacy", mine.version, "ti")[0] in words
        for consent in (other, old):
            browser.get(f"/{lang}/my-data/texts/{consent.id}", status=404)
