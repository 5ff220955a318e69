"""The PDF of a proof: Dutch, tagged, every script in its order, long lists over pages; and the guide in each language."""

import io
import logging
import re
from datetime import date, timedelta

import pypdf
import pypdfium2
import pytest

from app import papers
from app.i18n import LANGUAGES, settle_text, speak
from app.papers import draw, missing_scripts
from app.papers.guide import PARTS, guide_pdf
from app.papers.proof import Standing, proof_pdf

NAMES = (
    "أحمد الخطيب", "فریبا رضایی", "ټوریالی ښادمن", "ሰላም ገብረ", "Ґалина Їжак", "Nguyễn Thị Ánh", "Çiğdem Işık", "Łukasz Żółć",
    "Zoë d'Hondt", "Ștefania", "<script>", '#eval("1") *x* $y$ [z] \\ @a',
)  # fmt: skip


def content(count=3, **values):
    days = [(date(2026, 1, 1) + timedelta(days=at)).isoformat() for at in range(count)]
    lines = [
        {"entry": at, "day": day, "start": "10:00", "end": "12:30", "title": f"Taalcafé {at + 1}", "minutes": 150}
        for at, day in enumerate(days)
    ]  # fmt: skip
    return {
        "newcomer": "Amina", "agency": "Agentschap", "counsellor": "Els Peeters", "kind": "conversation_group", "titles": ["Taalcafé"],
        "organisation": "De Brug", "contact": {"name": "Olena", "function": "Vrijwilliger", "phone": "+32470000001", "email": ""},
        "from": days[0], "until": days[-1], "lines": lines, "signature": {"name": "Olena", "way": "mailed-link"}, "remark": "",
        "taken_back": [], "replaces": "", **values,
    }  # fmt: skip


def standing(count=3, **values):
    return Standing(
        **{
            "number": "2026-0000012-41", "public_number": "ABCD-EFGH-JKMN-PQRS", "minutes": 150 * count, "decision": "signed",
            "check_at": "https://samenspoor.example/nl/proof/ABCD-EFGH-JKMN-PQRS", "signed_on": date(2026, 3, 5), **values,
        }
    )  # fmt: skip


def words_of(pdf: bytes) -> list[str]:
    """The text of each page, as a browser's own reader takes it out."""
    with pypdfium2.PdfDocument(pdf) as read:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in read]


def root(pdf: bytes):
    return pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def test_it_is_tagged_dutch_and_a4():
    with speak("ar"):
        pdf = proof_pdf(content(), standing())
    read = pypdf.PdfReader(io.BytesIO(pdf))
    assert root(pdf)["/MarkInfo"]["/Marked"]
    assert root(pdf)["/Lang"] == "nl"
    assert "/StructTreeRoot" in root(pdf)
    assert b"pdfuaid:part" in pdf or "pdfuaid" in str(read.xmp_metadata.stream.get_data())
    assert [round(float(side)) for side in read.pages[0].mediabox[2:]] == [595, 842]
    assert read.metadata.title.endswith("2026-0000012-41")


def test_what_stands_on_it():
    (text,) = words_of(proof_pdf(content(), standing()))
    for words in (
        "2026-0000012-41", "ABCD-EFGH-JKMN-PQRS", "Amina", "Agentschap", "Els Peeters", "Conversatiegroep", "De Brug", "Olena",
        "Vrijwilliger", "+32470000001", "donderdag 1 januari 2026", "zaterdag 3 januari 2026", "10:00 – 12:30", "2:30", "7:30",
        "donderdag 5 maart 2026",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_keep_their_letters_and_their_order(name):
    """Blanks are not compared: readers guess them from the space between letters, also inside of a word."""
    who = {"name": name, "function": name, "phone": "", "email": ""}
    pdf = proof_pdf(content(newcomer=name, contact=who, remark=name, titles=[name]), standing())
    plain = lambda line: re.sub(r"[\s\u200e\u200f\u2066-\u2069]", "", line)  # noqa: E731
    lines = [plain(line) for line in words_of(pdf)[0].splitlines()]
    assert sum(line == plain(name) for line in lines) >= 3, lines


def test_two_hundred_lines_go_over_pages_with_their_head_and_number():
    pages = words_of(proof_pdf(content(200), standing(200)))
    assert len(pages) >= 6
    assert all(f"{at} van {len(pages)}" in page for at, page in enumerate(pages, start=1))
    assert all("2026-0000012-41" in page for page in pages)
    assert all("Uren" in page for page in pages if "Taalcafé" in page)
    told = [int(found) for page in pages for found in re.findall(r"Taalcafé (\d+)\s+2:30", page)]
    assert told == list(range(1, 201))
    assert "500:00" in pages[-1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"decision": "accepted", "decided_on": date(2026, 3, 9)}, "maandag 9 maart 2026"),
        ({"decision": "in_verification"}, "contactpersoon"),
        ({"decision": "returned", "decided_on": date(2026, 3, 9)}, "geldt niet meer"),
        ({"decision": "accepted", "decided_on": date(2026, 3, 9), "replaced_by": "2026-0000099-01"}, "2026-0000099-01"),
    ],
)  # fmt: skip
def test_how_it_stands_is_said(values, words):
    pdf = proof_pdf(
        content(replaces="2026-0000001-11", taken_back=["2026-02-02"], counsellor=""), standing(**values)
    )
    text = " ".join(words_of(pdf)[0].split())
    assert words in text
    assert "2026-0000001-11" in text
    assert "maandag 2 februari 2026" in text


def test_the_record_is_the_agencys():
    text = " ".join(words_of(proof_pdf(content(), standing()))[0].split())
    assert "De databank van het agentschap" in text


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_the_guide_in_each_language(language):
    with speak(language.tag):
        pdf = guide_pdf()
        texts = [settle_text(str(part.label)) for part in PARTS]
    assert root(pdf)["/Lang"] == language.tag
    assert root(pdf)["/MarkInfo"]["/Marked"]
    text = " ".join(words_of(pdf))
    assert len(words_of(pdf)) == 1
    assert "\ue0d1" not in text
    if language.dir == "ltr":
        assert all(label in text for label in texts)
    assert all(part.dutch in text for part in PARTS)


def test_the_made_up_language_gets_dutch():
    with speak("x-pseudo"):
        assert root(guide_pdf())["/Lang"] == "nl"


def test_letters_that_our_fonts_lack_come_from_the_machine_or_are_boxes(monkeypatch, caplog):
    assert words_of(proof_pdf(content(newcomer="Jan 王小明"), standing()))
    monkeypatch.setattr(papers, "all_fonts", papers.own_fonts)
    with caplog.at_level(logging.WARNING):
        pdf = proof_pdf(content(newcomer="Jan 王小明"), standing())
    assert "no font" in caplog.text
    assert root(pdf)["/MarkInfo"]["/Marked"]
    assert "Jan" in words_of(pdf)[0]
    assert "Bengali" in missing_scripts()


@pytest.mark.parametrize("which", ["own", "all"])
def test_a_mistake_in_a_paper_is_not_hidden(monkeypatch, which):
    error = papers.typst.TypstError("could not be displayed", "")
    outcomes = iter([error] if which == "all" else [])

    def compile_(*_args):
        raise next(outcomes, papers.typst.TypstError("unknown variable", ""))

    monkeypatch.setattr(papers, "_compile", compile_)
    with pytest.raises(papers.typst.TypstError, match="unknown variable"):
        draw("proof", {})


def test_all_scripts_of_our_languages_are_there_without_the_machine():
    assert {"Noto Sans", "Amiri", "Noto Sans Ethiopic"} <= set(papers.own_fonts().families())
