"""A sentence that is not right: told by anybody, settled by an administrator (LANGUAGES T9, issue of fourteen languages)."""

import csv
import io

import pytest

from app.db import session
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.i18n import LANGUAGES
from app.models import AuditEntry, Remark
from app.queries.remarks import open_remarks, remarks_for
from app.services import remarks
from app.vocabulary.remarks import RemarkState
from tests import factories

SENTENCE = "ما هذا الكلام؟"


def told(**given):
    return remarks.report(**{"locale": "ar", "page": "/ar/help", "sentence": SENTENCE, **given})


@pytest.mark.parametrize("lang", ["nl", "ar", "ti", "x-pseudo"])
def test_a_reader_tells_it_from_the_foot_and_comes_back(browser, lang):
    page = browser.get(f"/{lang}/how-it-works")
    link = page.soup.select_one(f'footer a[href^="/{lang}/remark"]')
    form = browser.get(link["href"])
    assert form.form()["page"] == f"/{lang}/how-it-works"
    back = browser.submit(form, sentence=SENTENCE)
    assert back.response.request.path == f"/{lang}/how-it-works"
    kept = session().query(Remark).one()
    assert (kept.locale, kept.page, kept.sentence, kept.better, kept.contact, kept.state) == (
        lang, f"/{lang}/how-it-works", SENTENCE, "", "", RemarkState.NEW,
    )  # fmt: skip


def test_only_the_sentence_is_needed_and_what_was_typed_stays(browser):
    page = browser.get("/ar/remark")
    refused = browser.submit(page, better="أفضل", status=422)
    assert refused.soup.select_one("#sentence[aria-invalid=true][aria-describedby]")
    assert refused.soup.select_one("#better").get_text(strip=True) == "أفضل"
    assert session().query(Remark).count() == 0


def test_the_secret_of_a_link_is_not_written_down(browser):
    page = browser.get("/fr/register/buddy/continue/a-secret-of-somebody", status=410)
    link = page.soup.select_one('footer a[href*="/remark"]')["href"]
    assert "a-secret-of-somebody" not in link


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_away(browser, back):
    page = browser.submit(browser.get("/nl/remark"), sentence="x", back=back)
    assert page.response.request.path == "/nl/languages"


def test_so_many_an_hour_and_no_more(limited):
    answers = [limited.send("POST", "/nl/remark", data={"sentence": "x"}).status_code for _ in range(21)]
    assert set(answers[:20]) == {303}
    assert answers[20] == 429


@pytest.mark.parametrize("lang", ["nl", "fr", "ar", "x-pseudo"])
def test_the_administrator_filters_and_settles(signed_in, lang):
    first, second = told(), told(locale="ti", sentence="እንታይ?", contact="Sara, 0470 12 34 56")
    keeper = signed_in(factories.administrator())
    listed = keeper.get(f"/{lang}/admin/remarks")
    assert len(listed.soup.select("main tbody tr")) == 2
    assert listed.soup.select_one('.sections a[href$="/admin/remarks"] .count').get_text() == "2"
    assert len(keeper.get(f"/{lang}/admin/remarks?language=ti").soup.select("main tbody tr")) == 1
    page = keeper.get(f"/{lang}/admin/remarks/{second}")
    assert "Sara" in page.text
    keeper.submit(page, state="not_taken", status=422)
    after = keeper.submit(page, state="not_taken", reason="Zo zeggen we het.")
    assert len(after.soup.select("main tbody tr")) == 1
    gone = session().get(Remark, second)
    session().refresh(gone)
    assert (gone.state, gone.reason, gone.contact) == (RemarkState.NOT_TAKEN, "Zo zeggen we het.", "")
    assert keeper.get(f"/{lang}/admin/remarks/{second}").soup.select("main form") == []
    keeper.submit(keeper.get(f"/{lang}/admin/remarks/{first}"), state="mended")
    assert keeper.get(f"/{lang}/admin/remarks").soup.select("main tbody tr, .sections .count") == []
    assert len(keeper.get(f"/{lang}/admin/remarks?state=all").soup.select("main tbody tr")) == 2
    assert len(keeper.get(f"/{lang}/admin/remarks?state=mended").soup.select("main tbody tr")) == 1


def test_a_remark_is_settled_once(site):
    keeper = factories.viewer(factories.administrator())
    remark = told()
    with pytest.raises(Invalid):
        remarks.settle(keeper, remark, RemarkState.NEW)
    remarks.settle(keeper, remark, RemarkState.MENDED)
    with pytest.raises(Moved):
        remarks.settle(keeper, remark, RemarkState.NOT_TAKEN, reason="x")
    with pytest.raises(NotFound):
        remarks.settle(keeper, 987654321, RemarkState.MENDED)
    assert session().query(AuditEntry).filter_by(action="remark-settled").one().facts == {
        "state": "mended",
        "language": "ar",
    }


def test_only_administrators_see_and_settle(site):
    els = factories.viewer(factories.coordinator())
    remark = told()
    assert open_remarks(els) == 0
    with pytest.raises(Forbidden):
        remarks.settle(els, remark, RemarkState.MENDED)
    with pytest.raises(Forbidden):
        remarks.note_export(els)
    assert session().scalars(remarks_for(els)).all() == []


def test_the_file_holds_the_list_without_who_wrote_it(signed_in):
    told(sentence="=1+1", contact="Sara")
    told(locale="so")
    keeper = signed_in(factories.administrator())
    answer = keeper.send("GET", "/nl/admin/remarks.csv?language=ar")
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(lines) == 2
    assert lines[1][:3] == ["ar", "/ar/help", "'=1+1"]
    assert "Sara" not in answer.get_data(as_text=True)
    assert session().query(AuditEntry).filter_by(action="remarks-exported").count() == 1


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_machine_made_text_says_so_and_leads_to_the_dutch(browser, tag):
    """T9: on every page of a language that no native speaker has read."""
    page = browser.get(f"/{tag}/activities?page=1")
    foot = page.soup.select_one("footer")
    dutch = [link["href"] for link in foot.select("p a[hreflang=nl]")]
    assert dutch == ([] if tag == "nl" else ["/nl/activities?page=1"])
    assert foot.select_one(f'a[href^="/{tag}/remark"]')
