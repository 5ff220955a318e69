"""What the components promise to the screens that are built of them."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    EmailField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired

TAGS = ["nl", "en", "fr", "ar", "tr", "uk", "ru", "fa", "ps", "ti", "so", "es", "pl", "ro"]
NASTY = '<script>alert(1)</script>" onmouseover="x'
DAYS = [(day, day.title()) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
PARTS = [("morning", "Morning"), ("afternoon", "Afternoon"), ("evening", "Evening")]


class Sample(Form):
    name = StringField("Name", [DataRequired("Write your name.")])
    mail = EmailField("E-mail")
    phone = TelField("Phone")
    hope = TextAreaField("Hope")
    province = SelectField("Province", choices=[SelectChoice("a", "A")])
    level = RadioField(
        "Dutch",
        choices=[SelectChoice(str(n), f"Level {n}") for n in range(5)],
        validators=[DataRequired("Choose.")],
    )
    likes = SelectMultipleField(
        "Likes", choices=[SelectChoice("cook", "Cooking"), SelectChoice("walk", NASTY)]
    )
    moments = SelectMultipleField("Moments", choices=[])
    speaks = SelectMultipleField("Languages", choices=[SelectChoice(tag, tag) for tag in TAGS])


def refused() -> Sample:
    form = Sample(MultiDict())
    del form.province
    form.validate()
    return form


def test_a_refused_form_names_the_field_and_says_what_to_do(render):
    page = render(
        "{% call forms.form(form) %}"
        '{{ forms.field(form.name, hint="As you say it") }}{{ forms.choices(form.level) }}{% endcall %}',
        form=refused(),
    )
    summary = page.select_one("[role=alert]")
    assert summary.has_attr("data-focus")
    assert summary["tabindex"] == "-1"
    for link in summary.select("a"):
        assert page.find(id=link["href"][1:]), "the summary leads to the field"
    field = page.find("input", id="name")
    tied = [page.find(id=name).get_text() for name in field["aria-describedby"].split()]
    assert tied == ["As you say it", "Write your name."]
    assert field["aria-invalid"] == "true"
    group = page.find("fieldset", id="level")
    assert page.find(id=group["aria-describedby"]).get_text() == "Choose."
    assert page.find("input", attrs={"name": "csrf_token"})["value"] == "token-of-test"


def test_free_text_follows_its_script_and_addresses_do_not(render):
    """B5: text fields take the direction of what is typed; e-mail and phone run left to right."""
    source = "".join(
        "{{ forms.field(form." + name + ") }}" for name in ("name", "hope", "mail", "phone", "province")
    )
    page = render(source, "ar", form=Sample())
    directions = {field["name"]: field.get("dir") for field in page.select("input, textarea, select")}
    assert directions == {"name": "auto", "hope": "auto", "mail": "ltr", "phone": "ltr", "province": None}
    assert page.select_one(".select > select.input")


def test_a_label_carries_dutch_only_when_asked(render):
    source = '{{ forms.field(form.name, nl="Naam") }}'
    dutch = render(source, "ar", also_dutch=True, form=Sample()).select_one("label .dutch")
    assert (dutch["lang"], dutch["dir"], dutch.get_text()) == ("nl", "ltr", "Naam")
    assert not render(source, "ar", form=Sample()).select(".dutch")
    assert not render(source, "nl", also_dutch=True, form=Sample()).select(".dutch")


def test_picture_cards_are_boxes_with_a_picture_and_a_word(render):
    form = Sample(MultiDict([("likes", "cook")]))
    page = render(
        '{{ picture_cards.picture_cards(form.likes, {"cook": "chef-hat"}) }}',
        form=form,
    )
    cards = page.select(".cards label")
    assert [card.input["type"] for card in cards] == ["checkbox", "checkbox"]
    assert [card.input.has_attr("checked") for card in cards] == [True, False]
    assert all(card.svg["aria-hidden"] == "true" and card.span.get_text() for card in cards)
    assert cards[1].span.get_text() == NASTY
    assert not page.find("script")


def test_the_week_has_21_named_boxes_and_shortcuts_that_post(render):
    form = Sample()
    form.moments.data = ["sat-morning"]
    page = render(
        "{{ week_grid.week_grid(form.moments, days, parts) }}",
        form=form,
        days=DAYS,
        parts=PARTS,
    )
    boxes = page.select("td input[type=checkbox]")
    assert len({box["value"] for box in boxes}) == 21
    assert [box["value"] for box in boxes if box.has_attr("checked")] == ["sat-morning"]
    assert boxes[0].find_next_sibling("span").get_text() == "Mon, Morning"
    assert all(head.svg and head.get_text() for head in page.select("thead th"))
    submits = page.select("button[type=submit]")
    assert not submits[0].has_attr("name"), "Enter goes on; it does not press a shortcut"
    assert [button["value"] for button in submits[1:]] == ["evenings", "weekends", "none"]


def test_faces_are_five_radio_buttons_and_none_is_sad(render):
    page = render("{{ faces.faces(form.level) }}", form=Sample())
    assert len(page.select("input[type=radio][name=level]")) == 5
    assert len({path["d"] for path in page.select(".face path")}) == 5
    assert all(label.span.get_text() for label in page.select(".faces label"))


def test_most_used_languages_come_first_and_a_chosen_one_is_never_hidden(render):
    source = "{{ languages_picker.languages_picker(form.speaks, first=4) }}"
    closed = render(source, form=Sample(MultiDict([("speaks", "nl")])))
    assert len(closed.select("fieldset > .options input")) == 4
    assert len(closed.select("details input[type=checkbox]")) == len(TAGS) - 4
    assert not closed.details.has_attr("open")
    assert render(source, form=Sample(MultiDict([("speaks", "ro")]))).details.has_attr("open")


@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_the_hours_line_shows_three_shades_in_reading_order(render, lang):
    page = render(
        '{{ hours_line.hours_line(180, 240, 1020, label="17 of 40", legend=["a", "b", "c"]) }}',
        lang,
    )
    bars = {cls: page.find("rect", class_=cls) for cls in ("accepted", "confirmed", "told")}
    widths = {cls: float(bar["width"].rstrip("%")) for cls, bar in bars.items()}
    assert widths == {"accepted": 42.5, "confirmed": 10, "told": 7.5}
    starts = [float(bar["x"].rstrip("%")) for bar in bars.values()]
    assert starts == ([0, 42.5, 52.5] if lang == "nl" else [57.5, 47.5, 40])
    assert page.svg["aria-label"] == "17 of 40"


def test_more_than_forty_hours_stay_inside_the_line(render):
    page = render("{{ hours_line.hours_line(600, 0, 2700) }}")
    assert [bar["width"] for bar in page.select("rect")] == ["100.00%"]


def test_the_score_is_made_of_its_parts(render):
    parts = [
        {"label": name, "points": points}
        for name, points in (("interests", 29), ("moments", 25), ("talk", 3))
    ]
    page = render(
        '{{ score_bar.score_bar(parts, "57 %") }}',
        parts=parts,
    )
    assert [bar["x"] for bar in page.select("rect")] == ["0.00%", "29.00%", "54.00%"]
    assert [text.get_text() for text in page.select("svg text")] == ["29", "25"], (
        "no number in a part too thin for it"
    )
    assert [line.get_text(" ", strip=True) for line in page.select(".legend li")] == [
        "interests 29", "moments 25", "talk 3",
    ]  # fmt: skip


def test_steps_and_stations_tell_where_one_is(render):
    page = render(
        "{{ track.steps(4, 7) }}"
        '{{ track.stations([{"label": "Registered", "state": "done"}, {"label": "Talk", "state": "now"}]) }}'
    )
    assert page.select_one(".step-of").get_text() == "Step 4 of 7"
    classes = [" ".join(item.get("class", [])) for item in page.select(".steps li")]
    assert classes == ["done"] * 3 + ["now"] + [""] * 3
    assert page.select_one("[aria-current=step]").get_text(strip=True) == "Talk"


def test_a_link_to_pass_on_is_percent_encoded_and_keeps_its_language(render):
    """S10."""
    text, url = "Wil je 100% mee? & neem أحمد mee/thuis", "https://example.org/ar/c/8K?x=1&y=2"
    page = render(
        "{{ share.share(url, text) }}",
        "ar",
        text=text,
        url=url,
    )
    address = page.select_one('a[href^="https://wa.me/"]')["href"]
    assert parse_qs(urlsplit(address).query)["text"] == [f"{text} {url}"]
    assert " " not in address
    assert page.select_one("[data-copy]")["data-copy"] == url
    assert page.select_one("[data-copy]").has_attr("hidden"), "copying needs a script, which shows the button"
    assert not page.select("script, iframe, img")


def test_names_are_isolated_and_escaped(render):
    page = render(
        '{{ cards.person(name, "Buddy") }}{{ cards.ltr(name) }}'
        '{{ queue.queue([{"names": [name, "B"], "url": "#"}], "q") }}',
        name=NASTY,
    )
    assert [bdi.get_text() for bdi in page.select("bdi")] == [NASTY, NASTY, NASTY, "B"]
    assert not page.find("script")


def test_a_table_sorts_by_links_and_says_what_to_do_when_empty(render):
    source = (
        '{% call(row) table.data_table("People", columns, rows, "Nobody yet") %}'
        "<td>{{ row }}</td>{% endcall %}"
    )
    columns = [{"label": "Name", "url": "?s=name", "sorted": "ascending"}, {"label": "Days", "numeric": True}]
    page = render(source, columns=columns, rows=["a", "b"])
    assert page.caption.get_text() == "People"
    assert page.select_one("th[aria-sort=ascending] a")["href"] == "?s=name"
    assert len(page.select("tbody tr")) == 2
    assert page.select_one("[role=region]")["aria-labelledby"] == page.caption["id"]
    assert render(source, columns=columns, rows=[]).get_text(strip=True) == "Nobody yet"


def test_pages_of_a_list_name_the_current_one(render):
    source = "{{ table.pagination(4, 12, url) }}"
    page = render(source, url="?p={}".format)
    assert page.select_one("[aria-current=page]").get_text() == "4"
    assert [link.get_text() for link in page.select("a:not([rel])")] == ["1", "3", "4", "5", "12"]
    assert render(source.replace("12", "1").replace("4", "1"), url=str).get_text() == ""


def test_what_cannot_be_undone_is_asked_in_words_also_without_scripts(render):
    page = render(
        '{{ confirm.confirm_link("Stop", "/stop", "ask") }}'
        '{{ confirm.confirm_dialog("ask", "Stop?", "Her place stays.", "/go", "Yes") }}'
        '{{ confirm.confirm_body("Stop?", "Her place stays.", "/go", "Yes", no_url="/back", id="page") }}'
    )
    link = page.select_one("a[data-opens]")
    assert link["href"] == "/stop"
    assert page.find("dialog", id=link["data-opens"])
    assert [form["action"] for form in page.select("form[method=post]")] == ["/go", "/go"]
    assert page.select_one('a[href="/back"]')


def test_a_button_tells_its_key_and_a_post_carries_the_token(render):
    page = render(
        '{{ buttons.primary("Approve", key="a") }}'
        '{{ buttons.next(url="/on") }}{{ buttons.post_button("Stop", "/stop", fields={"id": "3"}) }}'
    )
    assert page.select_one("button[data-key=a]")["aria-keyshortcuts"] == "a"
    assert page.select_one("a.next[href='/on'] .icon.mirror")
    form = page.form
    assert {field["name"] for field in form.select("input[type=hidden]")} == {"csrf_token", "id"}


class TestEveryPage:
    PAGE = '{% extends "layouts/LAYOUT.html" %}{% block content %}<p>x</p>{% endblock %}'

    def page(self, render, layout="base", lang="ar", **values):
        return render(self.PAGE.replace("LAYOUT", layout), lang, **values)

    @pytest.mark.parametrize("lang", TAGS)
    @pytest.mark.parametrize("layout", ["base", "narrow", "staff", "print"])
    def test_it_says_its_language_and_direction(self, render, layout, lang):
        page = self.page(render, layout, lang)
        assert page.html["lang"] == lang
        assert page.html["dir"] == ("rtl" if lang in ("ar", "fa", "ps") else "ltr")
        assert page.main.p.get_text() == "x"

    @pytest.mark.parametrize("layout", ["base", "narrow", "staff"])
    def test_it_links_to_itself_in_every_language(self, render, env, layout):
        """L5: own names, lang and hreflang, the current one marked, no flags, nothing that needs a script."""
        menu = self.page(render, layout).select_one('header nav[aria-label="Languages"]')
        links = menu.select("a")
        own_names = {language.tag: language.native_name for language in env.globals["languages"]}
        assert {a["hreflang"]: a.get_text() for a in links} == own_names
        assert all(a["lang"] == a["hreflang"] and a["href"] == f"/{a['lang']}/here" for a in links)
        assert [a["lang"] for a in links if a.has_attr("aria-current")] == ["ar"]
        assert menu.details
        assert not menu.select("img")

    def test_public_pages_name_their_translations(self, render):
        tags = [link["hreflang"] for link in self.page(render).select("link[rel=alternate]")]
        assert tags == [*TAGS, "x-default"]

    @pytest.mark.parametrize("layout", ["base", "narrow", "staff"])
    def test_help_stands_at_the_same_spot(self, render, layout):
        """A3."""
        head = self.page(render, layout).select_one("header .masthead-in")
        children = [child for child in head.children if child.name]
        assert children[0]["class"] == ["brand"]
        assert children[1]["href"] == "/to/pages.help"

    def test_messages_are_announced_and_escaped(self, render):
        status = self.page(render).select_one("[role=status]")
        assert [notice["class"][1] for notice in status.select(".notice")] == ["good", "bad"]
        assert "Saved <b>" in status.get_text()

    def test_a_skip_link_leads_to_the_text(self, render):
        page = self.page(render)
        assert page.body.find("a")["href"] == "#main"
        assert page.find(id="main").name == "main"

    def test_signing_out_is_a_post(self, render):
        viewer = SimpleNamespace(signed_in=True, name=NASTY, can=lambda _: True)
        account = self.page(render, viewer=viewer).select_one(".account")
        assert account.bdi.get_text() == NASTY
        assert account.form["method"] == "post"
        assert account.select_one("[name=csrf_token]")

    def test_staff_sections_mark_where_one_is(self, render):
        sections = [
            {"label": "Mine"},
            {"label": "Today", "url": "/t", "icon": "sun", "count": 3, "current": "page"},
        ]
        links = self.page(render, "staff", sections=sections).select("nav.sections a")
        assert [(a["href"], a["aria-current"], a.select_one(".count").get_text()) for a in links] == [
            ("/t", "page", "3")
        ]

    def test_dutch_is_one_touch_away_and_not_offered_to_its_readers(self, render):
        """S1."""
        switch = self.page(render, "narrow", also_dutch=True).select_one("button[name=on]")
        assert (switch["aria-pressed"], switch["value"]) == ("true", "0")
        assert not self.page(render, "narrow", "nl").select("button[name=on]")

    def test_a_mail_carries_dutch_below_only_where_there_is_some(self, render):
        """M2."""
        source = '{% extends "layouts/mail.html" %}{% block content %}<p>x</p>{% endblock %}'
        both = render(source + "{% block dutch %}<p>hallo</p>{% endblock %}", "ar", subject="S")
        part = both.select_one("[lang=nl][dir=ltr]")
        assert part.get_text(" ", strip=True).endswith("hallo")
        assert not render(source, "nl", subject="S").select(".in-dutch")
