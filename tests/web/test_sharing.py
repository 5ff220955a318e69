"""Passing on: activities, invitations, links of one's own; in the receiver's language and without a name (S10)."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.i18n import LANGUAGES, dutch, moment_text, ngettext, speak
from app.models import ContactPerson, Message, Network
from app.reference import gazetteer
from app.services import intake
from app.sms import parts
from app.vocabulary import BuddyState, NewcomerState, OfferKind
from app.web import addresses, qr, sharing
from tests import factories
from tests.hours_world import SUBMITTED, World
from tests.web.walks import answered

HOST = "https://samenspoor.vlaanderen.be"
TAGS = [language.tag for language in LANGUAGES]
LANGS = ("x-pseudo", "nl", "ar")
NASTY = 'Koffie & "thee"\n<b>100%</b> أهلا/سهلا #1 + ?x=1;y'


@pytest.fixture
def long_host(monkeypatch):
    """The site at an address that is longer than most."""
    monkeypatch.setattr(addresses, "absolute", lambda path: HOST + path)


def messages(page):
    """What WhatsApp, a text message and a mail are filled with: (text, text, subject and text)."""
    links = page.soup.select("main .share a[href]")
    by = {link["href"].partition(":")[0]: link["href"] for link in links}
    assert set(by) == {"https", "sms", "mailto"}
    assert by["https"].startswith("https://wa.me/?text=")
    for href in by.values():
        assert not set(' "<>\n') & set(href)
        assert href.isascii()
    mail = parse_qs(by["mailto"].partition("?")[2])
    return (
        parse_qs(urlsplit(by["https"]).query)["text"][0],
        unquote(by["sms"].partition("body=")[2]),
        mail["subject"][0] + mail["body"][0],
    )


@pytest.mark.parametrize("text", [NASTY, "ትግርኛ 😀", "50% & meer", "a\r\nb"])
def test_whatever_is_in_a_text_arrives(text):
    assert parse_qs(urlsplit(sharing.whatsapp(text)).query)["text"] == [text]
    assert unquote(sharing.text_message(text, "+32470000001").partition("&body=")[2]) == text
    mail = sharing.mail(text, "a & b")
    assert unquote(mail.partition("&body=")[2]).replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert "%26" in mail.partition("&body=")[0]


def test_lines_of_a_mail_end_as_its_standard_wants():
    assert sharing.mail("a\nb", "c").endswith("body=a%0D%0Ab")
    assert sharing.mail("a\r\nb", "c").endswith("body=a%0D%0Ab")


# --- activities


@pytest.mark.parametrize("lang", LANGS)
def test_an_activity_has_a_page_to_pass_on(browser, lang):
    club = factories.organisation(name="Zwemclub De Dolfijn")
    offer = factories.offer(
        title="Taalcafé & koffie", words="Iedereen is welkom.", when_words="elke woensdag om 19 uur", place="Bibliotheek",
        price_words="gratis", organisation_id=club.id, dutch_level="a1",
    )  # fmt: skip
    page = browser.get(f"/{lang}/activities")
    assert f"/{lang}/activities/{offer.id}" in page.links()
    page = browser.get(f"/{lang}/activities/{offer.id}")
    for words in (
        offer.title,
        offer.words,
        offer.when_words,
        offer.price_words,
        offer.place,
        "Mechelen",
        club.name,
    ):
        assert words in page.text
    assert page.soup.select_one("h1 bdi[lang=nl]").get_text() == offer.title
    assert page.soup.select_one(".qr svg")
    whatsapp, sms, mail = messages(page)
    link = f"http://localhost/{lang}/activities/{offer.id}"
    assert all(link in text and offer.title in text for text in (whatsapp, sms, mail))


def test_dutch_stands_beside_it(browser):
    offer = factories.offer(when_words="woensdag")
    browser.post("/ar/also-in-dutch", {"on": "1", "next": "/ar/"})
    page = browser.get(f"/ar/activities/{offer.id}")
    assert dutch("When") in [item.get_text() for item in page.soup.select("dt .dutch[lang=nl]")]


def test_what_cannot_be_joined_has_no_page(browser):
    world = World()
    hidden = (
        factories.offer(published_at=None),
        factories.offer(ends_on=factories.days_from_now(-1)),
        factories.offer(organisation_id=factories.organisation(verified=False).id),
        factories.offer(newcomer_id=world.newcomer.id),
        world.offer,
    )
    for offer in hidden:
        browser.get(f"/nl/activities/{offer.id}", status=404)
    browser.get("/nl/activities/987654", status=404)
    assert browser.get(f"/nl/activities/{factories.offer(ends_on=today()).id}")


def test_a_list_is_passed_on_as_it_was_understood_not_as_it_was_typed(browser):
    factories.offer(kind=OfferKind.SPORT)
    page = browser.get("/ar/activities?place=2800&kind=sport")
    whatsapp, _sms, _mail = messages(page)
    assert "http://localhost/ar/activities?place=Mechelen&kind=sport" in whatsapp
    factories.offer(network=gazetteer.resolve("9220 Hamme").place.network)
    page = browser.get("/ar/activities?place=9220+Hamme")
    assert "place=9220+Hamme" in messages(page)[0]
    page = browser.get("/ar/activities?place=Kerkstraat+12+bij+Fatima&kind=")
    assert "Fatima" not in "".join(messages(page))


# --- invitations


@pytest.mark.parametrize("kind", ["buddy", "newcomer"])
@pytest.mark.parametrize("lang", LANGS)
def test_an_invitation_is_in_the_language_of_its_receiver(site, browser, lang, kind):
    for path in ("", "how-it-works"):
        assert f"/{lang}/share/{kind}" in browser.get(f"/{lang}/{path}").links()
    page = browser.get(f"/{lang}/share/{kind}?to=fr")
    with site.test_request_context():
        invited = sharing.invitation(kind, "fr")
    whatsapp, sms, mail = messages(page)
    assert whatsapp == f"{invited.text} http://localhost/fr/register/{kind}"
    assert invited.text in sms + mail
    assert page.soup.select_one("main [lang=fr]").get_text(strip=True)
    assert len(page.soup.select("main [aria-current=true]")) == 1
    assert messages(browser.get(f"/{lang}/share/{kind}?to=zz"))[0].endswith(f"/{lang}/register/{kind}")


@pytest.mark.parametrize("kind", ["buddy", "newcomer"])
@pytest.mark.parametrize("lang", LANGS)
def test_a_poster_is_in_dutch_and_one_more_language(browser, lang, kind):
    page = browser.get(f"/{lang}/share/{kind}/poster?to=ti")
    assert [side["lang"] for side in page.soup.select(".poster section")] == ["nl", "ti"]
    for side, tag in zip(page.soup.select(".poster section"), ("nl", "ti"), strict=True):
        link = f"http://localhost/{tag}/register/{kind}"
        assert side.select_one(".address").get_text() == link.removeprefix("http://")
        drawn = side.select_one(".qr path")["d"]
        assert drawn == qr_path(link)
    other = browser.get(f"/{lang}/share/{kind}/poster?to=nl").soup.select(".poster section")[1]["lang"]
    assert other == {"nl": "en", "ar": "ar", "x-pseudo": "en"}[lang]


def qr_path(link):
    """The modules of the code of that link, drawn anew."""
    picture = str(qr.qr_picture(link))
    return picture.partition(' d="')[2].partition('"')[0]


# --- nothing about who shares; never more than two parts


def shared_pages(site, signed_in, browser, lang):
    """Every page with something to pass on, each as somebody with a name, a number and an address of canaries."""
    canaries = {"full_name": "Kanarie Zonderling", "call_name": "Kanarie", "phone": "+32499123123"}
    world = World()
    entry = world.entry(SUBMITTED)
    buddy = factories.buddy(state=BuddyState.APPROVED)
    with transaction():
        for person in (world.newcomer.person, buddy.person):
            for name, value in canaries.items():
                setattr(person, name, value)
            person.email = f"kanarie{person.id}@example.be"
        session().get_one(ContactPerson, entry.contact_person_id).locale = lang
    offer = factories.offer(title="Ш" * 200, kind=OfferKind.SOCIOCULTURAL_ASSOCIATION)
    hers, his = signed_in(world.newcomer.person), signed_in(buddy.person)
    for kind in ("buddy", "newcomer"):
        for tag in (lang, "nl"):
            yield his.get(f"/{lang}/share/{kind}?to={tag}")
    yield hers.get(f"/{lang}/activities/{offer.id}")
    yield hers.get(f"/{lang}/activities?place=Sint-Katelijne-Waver&kind={offer.kind.value}")
    yield hers.submit(hers.get(f"/{lang}/hours/{entry.id}"), "main form[action$=send]")
    step = browser.get(f"/{lang}/register/newcomer")
    browser.submit(step, call_name="Kanarie", full_name="Kanarie Zonderling", phone="0499123123")
    yield browser.get(f"/{lang}/register/newcomer/later")


@pytest.mark.parametrize("lang", TAGS)
def test_what_is_passed_on(site, signed_in, browser, long_host, lang):
    pages = list(shared_pages(site, signed_in, browser, lang))
    assert len(pages) == 8
    for page in pages:
        whatsapp, sms, mail = messages(page)
        where = page.response.request.path
        assert len(parts(sms)) <= 2, (where, len(sms), sms)
        for text in (whatsapp, sms, mail):
            assert not [word for word in ("anarie", "Zonderling", "499123", "@") if word in text], where
            assert any(f"{HOST}/{tag}/" in text for tag in (lang, "nl")), where
        copied = page.soup.select_one("[data-copy]")["data-copy"]
        assert whatsapp.endswith(copied)
        assert page.soup.select_one("main .share .qr path")["d"] == qr_path(copied), where


@pytest.mark.parametrize("lang", LANGS)
def test_the_card_can_be_sent_to_another_phone(browser, lang):
    page = answered(browser, "newcomer", lang)
    whatsapp, sms, _mail = messages(page)
    code = page.soup.select_one("main code").get_text()
    assert whatsapp.endswith(f"/{lang}/sign-in/code?code={code}")
    assert len(parts(sms)) <= 2
    assert "أمينة" not in whatsapp


# --- staff


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "fr"])
def test_a_text_message_says_in_how_many_parts_it_goes(signed_in, lang):
    els = factories.coordinator()
    newcomer = factories.newcomer(email=False, locale="ar", name="أحمد", state=NewcomerState.REGISTERED)
    with transaction() as db:
        db.get_one(Network, "rivierenland").help_phone = "+3215123456"
    at = now() + timedelta(days=3)
    intake.plan_talk(
        factories.viewer(els), newcomer.id, at=at, page_for=lambda tag: f"http://localhost/{tag}/my-track"
    )
    message = session().query(Message).filter_by(kind="talk-planned").one()
    page = signed_in(els).get(f"/{lang}/today/messages/{message.id}")
    link = next(link for link in page.links() if link.startswith("sms:"))
    sent = unquote(link.partition("&body=")[2])
    assert link.startswith("sms:+32470000002?")
    assert sent.endswith("\nhttp://localhost/ar/my-track")
    with speak("ar"):
        assert moment_text(at) in sent, "in the reader's language"
    whatsapp = next(link for link in page.links() if "wa.me" in link)
    assert len(unquote(whatsapp)) > len(sent)
    if lang == "nl":
        assert ngettext_of(len(parts(sent))) in page.text
    call = page.soup.select_one('.page-head a[href^="tel:"], main a[href^="tel:"]')
    assert call["href"] == "tel:+32470000002"
    assert page.soup.find("bdi", string="+32\u00a0470\u00a000\u00a000\u00a002")["dir"] == "ltr"


def ngettext_of(count):
    """What the page says about that many parts, in Dutch."""
    with speak("nl"):
        return ngettext("It is sent in %(num)s part.", "It is sent in %(num)s parts.", count)
