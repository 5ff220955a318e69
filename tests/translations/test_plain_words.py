"""Dutch for newcomers: short sentences, no jargon without its explanation, no passive buttons (S4)."""

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import DEFAULT, Scope
from app.i18n.buttons import on_buttons
from app.i18n.catalogues import FOLDER, po_file, read_catalogue
from app.i18n.readability import (
    JOURNEY,
    Term,
    for_newcomers,
    long_sentences,
    passive_buttons,
    score,
    sentences,
    terms,
    unexplained,
    whole_sentences,
)
from app.i18n.scopes import main_scope, scope_of_path

TEMPLATE = read_catalogue(FOLDER / "messages.pot")
DUTCH = read_catalogue(po_file(FOLDER, DEFAULT), DEFAULT)
HOME = "app/templates/pages/home.html"
TRACK = "app/templates/newcomers/track.html"
STAFF = "app/templates/matches/run.html"


def said(*messages):
    """A template and its Dutch from (English, Dutch, file) triples."""
    template, dutch = Catalog(), Catalog(locale="nl")
    for english, text, place in messages:
        template.add(english, locations=[(place, 1)])
        dutch.add(english, text)
    return template, dutch


def test_the_dutch_for_newcomers_is_plain():
    assert list(long_sentences(TEMPLATE, DUTCH)) == []
    assert list(passive_buttons(TEMPLATE, DUTCH, on_buttons(FOLDER.parent / "app" / "templates"))) == []
    assert list(unexplained(TEMPLATE, DUTCH, terms())) == []
    found = score(whole_sentences(TEMPLATE, DUTCH))
    assert found.sentences > 500
    assert 3 < found.mean <= 10
    assert found.longest <= 15


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        (TRACK, Scope.NEWCOMER),
        (HOME, Scope.NEWCOMER),
        ("app/forms/registrations.py", Scope.NEWCOMER),
        ("app/vocabulary/interests.py", Scope.NEWCOMER),
        ("app/templates/duos/mine.html", Scope.NEWCOMER),
        ("app/templates/duos/show.html", Scope.STAFF),
        ("app/templates/confirmations/show.html", Scope.PUBLIC),
        (STAFF, Scope.STAFF),
    ],
)
def test_who_reads_a_file(path, scope):
    assert scope_of_path(path) is scope


def test_a_text_that_a_newcomer_also_reads_is_for_newcomers():
    template = Catalog()
    template.add("Next", locations=[(STAFF, 1), (TRACK, 1)])
    template.add("Plan", locations=[(STAFF, 1)])
    assert [message.id for message in for_newcomers(template)] == ["Next"]
    assert [main_scope(message) for message in template if message.id] == [Scope.NEWCOMER, Scope.STAFF]


def test_sentences_end_at_their_marks():
    text = "Bel %(phone)s. Ze heet <bdi>%(name)s</bdi>! Tot 12.30 uur? Ga naar a.b@example.be of bel"
    assert sentences(text) == [
        "Bel naam.",
        "Ze heet naam!",
        "Tot 12.30 uur?",
        "Ga naar a.b@example.be of bel",
    ]
    assert sentences("  \n ... ") == []
    assert (score([text]).sentences, score([text]).words, score([text]).longest) == (4, 13, 5)
    assert score([]).mean == 0


@given(st.lists(st.sampled_from(["Ja", "nee.", "Kom", "mee!", "(of", "niet?)"]), max_size=30), st.data())
def test_line_breaks_and_blank_lines_change_no_score(words, data):
    gaps = st.sampled_from([" ", "\n", "\n\n", " \n \n\n", "\r\n\r\n", "\t"])
    broken = "".join(word + data.draw(gaps) for word in words)
    assert score([broken]) == score([" ".join(words)])
    assert score(["\n\n" + broken, "\n\n\n"]) == score([broken])


@given(st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_a_sentence_over_fifteen_words_is_found_wherever_it_stands(lengths):
    text = " ".join(" ".join(["woord"] * length) + "." for length in lengths)
    found = [line for line in long_sentences(*said(("Text", text, TRACK))) if "in a sentence:" in line]
    assert len(found) == sum(length > 15 for length in lengths)
    assert list(long_sentences(*said(("Text", text, STAFF)))) == []


def test_an_average_over_ten_is_found_and_labels_do_not_hide_it():
    messages = [(f"Label {number}", "Kort", TRACK) for number in range(50)]
    long = " ".join(["woord"] * 11) + "."
    assert list(long_sentences(*said(*messages, ("A", long, TRACK)))) == [
        "11.0 words in a sentence on average"
    ]
    assert list(long_sentences(*said(*messages, ("A", long.replace("woord ", "", 1), TRACK)))) == []


@pytest.mark.parametrize("text", ["Buddy worden", "Wordt verstuurd", "Uren werden bewaard"])
def test_a_passive_on_a_button_is_found(text):
    template, dutch = said(("Go", text, TRACK))
    assert len(list(passive_buttons(template, dutch, {(None, "Go")}))) == 1
    assert list(passive_buttons(template, dutch, set())) == []
    template, dutch = said(("Go", "Een antwoord geven", TRACK))
    assert list(passive_buttons(template, dutch, {(None, "Go")})) == []


TERMS = [Term("trajectbegeleider", "Counsellor: who helps."), Term("begeleider", "Counsellor: who helps.")]
EXPLAINED = ("Counsellor: who helps.", "Begeleider: wie helpt. Ook: trajectbegeleider.", HOME)


@pytest.mark.parametrize(
    ("messages", "faults"),
    [
        ([], []),
        ([("Hello", "Hallo", TRACK)], []),
        ([EXPLAINED, ("Ask", "Vraag je begeleider.", TRACK)], []),
        ([("Ask", "Vraag je begeleider.", TRACK)], ["not explained, 'begeleider'"]),
        (
            [(*EXPLAINED[:2], TRACK), ("Ask", "Vraag je begeleiders.", HOME)],
            [f"not explained on {HOME.removesuffix('.html')}, 'begeleider'"],
        ),
        (
            [("Counsellor: who helps.", "Wie helpt.", HOME), ("Ask", "Je trajectbegeleider", TRACK)],
            ["not explained"],
        ),
        ([("Ask", "Vraag je begeleider.", STAFF)], []),
    ],
)
def test_a_term_is_explained_where_it_is_met_first(messages, faults):
    found = list(unexplained(*said(*messages), TERMS))
    assert len(found) == len(faults)
    assert all(line.startswith(fault) for line, fault in zip(found, faults, strict=True))


def test_jargon_without_an_explanation_is_refused():
    found = list(unexplained(*said(("A", "Dat is de vierde pijler.", TRACK)), terms()))
    assert found == ["jargon for newcomers, 'vierde pijler': 'A'"]


def test_every_explanation_is_a_text_of_a_page_on_the_way():
    for term in terms():
        if term.explained:
            message = TEMPLATE.get(term.explained)
            assert message is not None, term
            assert any(name.startswith(page) for page in JOURNEY for name, _ in message.locations)
