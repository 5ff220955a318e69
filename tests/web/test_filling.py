"""Filling in a form afterwards: whatever was typed comes back, and nothing else of the page changes."""

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from app.web.filling import fill

FORM = (
    '<p>a<b</p><form method="post" action="/x"><input type="hidden" name="key" value="k">'
    '<input class="input" name="line" type="text" value="old"><input name="line" value="">'
    '<textarea id="t" name="words" rows="3">old</textarea><input type="password" name="secret">'
    '<input type="checkbox" name="box" value="1" checked><input type="checkbox" name="box" value="2"/>'
    '<input type="radio" name="one" value="a" aria-label="x > y"><input type="radio" name="one" value="b" checked>'
    '<select name="list"><option value="">none</option><option value="&lt;&amp;" selected>x</option><option>plain</option></select>'
    '</form><form method="post" action="/other"><input name="line" value="elsewhere"></form>'
)
# what a browser can send and a page can hold: no control characters, no lone surrogates
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)


def here(action):
    return action == "/x"


def read(page):
    soup = BeautifulSoup(page, "html5lib")
    return soup, {
        "line": [field["value"] for field in soup.select("form[action='/x'] [name=line]")],
        "words": [soup.select_one("textarea").get_text()],
        "box": [field["value"] for field in soup.select("[name=box][checked]")],
        "one": [field["value"] for field in soup.select("[name=one][checked]")],
        "list": [field.get("value", field.get_text()) for field in soup.select("option[selected]")],
    }


@given(
    lines=st.lists(TEXT, min_size=2, max_size=2), words=TEXT, box=st.sets(st.sampled_from("12")),
    one=st.sampled_from("ab"), chosen=st.sampled_from(["", "<&", "plain"]),
)  # fmt: skip
def test_what_was_typed_comes_back_as_it_was(lines, words, box, one, chosen):
    typed = {"line": lines, "words": [words], "box": sorted(box), "one": [one], "list": [chosen], "key": ["other"], "secret": ["x"]}  # fmt: skip
    soup, found = read(fill(FORM, typed, here))
    assert found == {name: typed[name] for name in found}
    assert soup.select_one("[name=key]")["value"] == "k"
    assert not soup.select_one("[name=secret]").has_attr("value")
    assert [field["value"] for field in soup.select("form[action='/other'] input")] == ["elsewhere"]
    assert [form.has_attr("data-kept") for form in soup.select("form")] == [True, False]


def test_the_action_decides_between_forms_of_the_same_names():
    page = fill(FORM, {"line": ["typed"]}, lambda action: action == "/other")
    assert 'value="typed"' in page.split("/other")[1]
    assert 'value="old"' in page


def test_a_page_without_such_a_form_stays_as_it_is():
    assert fill(FORM, {"nothing": ["x"]}, here) == FORM
    searching = FORM.replace('method="post"', 'method="get"')
    assert fill(searching, {"line": ["x"]}, here) == searching
