"""Each rule of the crawl takes a page that keeps it, and names the fault of one that breaks it."""

from datetime import UTC, datetime

import pytest

from app.i18n import LANGUAGES
from tests.client import invalid
from tests.crawl import basics, isolation, languages, reading
from tests.crawl.isolation import NEWCOMER, VOLUNTEER, WORDS
from tests.crawl.tree import Tree

YEAR = datetime.now(UTC).year
MENU = "".join(
    f'<li><a href="/{item.tag}/help" lang="{item.tag}" hreflang="{item.tag}"'
    f"{' aria-current=true' if item.tag == 'nl' else ''}>{item.native_name}</a></li>"
    for item in LANGUAGES
)
HEAD = '<header class="masthead"><a href="/nl/">Samenspoor</a><a href="/nl/help">Hulp</a></header>'


def page(body: str, lang: str = "nl", direction: str = "ltr", head: str = "<title>Hulp</title>") -> Tree:
    """A small page around the thing that matters."""
    return Tree(
        f'<!doctype html><html lang="{lang}" dir="{direction}"><head>{head}</head>'
        f'<body><main id="main">{body}</main></body></html>'
    )


# rule, a page that keeps it, a page that breaks it
CASES = [
    (basics.direction, page("", "ar", "rtl"), page("", "ar")),
    (basics.direction, page("", "ti"), page("", "ti", "rtl")),
    (basics.one_heading, page("<h1>Hulp</h1>"), page("<h1>Hulp</h1><h1>Nog</h1>")),
    (basics.one_heading, page("<h1>Hulp</h1>"), page("<h1></h1>")),
    (basics.one_heading, page("<h1>Hulp</h1>"), page("<h1>Hulp</h1>", head="")),
    (basics.nested, page("<p><b>Hulp</b></p>"), page("<p><b>Hulp</p></b>")),
    (basics.nested, page("<p>Hulp</p>"), page("<p>Hulp")),
    (basics.names_found, page('<p id="a"></p>'), page('<p id="a"></p><p id="a"></p>')),
    (basics.names_found, page('<p id="a"></p><i aria-labelledby="a"></i>'), page('<i aria-labelledby="a"></i>')),
    (basics.labelled, page('<label>Naam<input name="n"></label>'), page('<input name="n">')),
    (basics.labelled, page('<label for="n">Naam</label><input id="n">'), page('<label for="m">Naam</label><input id="n">')),
    (
        basics.skippable, page('<label for="n">Naam <i class="optional"></i></label><select id="n"><option value=""></select>'),
        page('<label for="n">Naam <i class="optional"></i></label><select id="n"><option value="x"></select>'),
    ),
    (basics.labelled, page("<button>Ja</button>"), page("<button><svg></svg></button>")),
    (basics.own_origin, page('<img src="/a.svg" alt="">'), page('<img src="https://cdn.example/a.svg" alt="">')),
    (basics.own_origin, page('<img src="/a.svg" alt="">'), page('<img src="//cdn.example/a.svg" alt="">')),
    (basics.own_origin, page('<img srcset="/a.svg 2x" alt="">'), page('<img srcset="https://cdn.example/a.svg 2x" alt="">')),
    (basics.own_origin, page('<video poster="/a.svg"></video>'), page('<video poster="//cdn.example/a.svg"></video>')),
    (basics.own_origin, page('<object data="/a.svg"></object>'), page('<object data="http://cdn.example/a.svg"></object>')),
    (basics.own_origin, page('<svg><use href="#a"></use></svg>'), page('<svg><use href="https://cdn.example/a.svg#a"></use></svg>')),
    (basics.own_origin, page('<a href="https://www.vlaanderen.be">x</a>'), page('<link rel="preconnect" href="https://cdn.example">')),
    (basics.own_origin, page('<link rel="canonical" href="https://a.be/">'), page('<link rel="icon" href="https://cdn.example/a.ico">')),
    (basics.own_origin, page("<style>p{color:red}</style>"), page('<style>@import "https://cdn.example/a.css"</style>')),
    (basics.own_origin, page("<style>p{background:url(/a.svg)}</style>"), page("<style>p{background:url(//cdn.example/a)}</style>")),
    (basics.own_origin, page("<p>Hulp</p>"), page('<meta http-equiv="refresh" content="0; url=https://evil.example">')),
    (basics.own_origin, page("<p>Hulp</p>"), page('<p style="color: red">Hulp</p>')),
    (basics.own_origin, page("<p>Hulp</p>"), page('<p onclick="x()">Hulp</p>')),
    (basics.translated, page("<p>⟦Hulp ⟦nu⟧⟧</p>", "x-pseudo", head=""), page("<p>Hulp</p>", "x-pseudo", head="")),
    (basics.translated, page("<p>⟦Een <a>⟦link⟧</a> erin⟧</p>", "x-pseudo", head=""), page("<option>Hulp</option>", "x-pseudo", head="")),
    (basics.translated, page("<bdi>Marleen</bdi>", "x-pseudo", head=""), page('<p title="Hulp"></p>', "x-pseudo", head="")),
    (languages.one_language_menu, page(f"<nav>{MENU}</nav>"), page("")),
    (languages.one_language_menu, page(f"<nav>{MENU}</nav>"), page(f"<nav>{MENU}</nav><nav>{MENU}</nav>")),
    (languages.one_language_menu, page(f"<nav>{MENU}</nav>"), page(f'<nav>{MENU}<img src="/be.svg" alt=""></nav>')),
    (languages.one_language_menu, page(f"<nav>{MENU}</nav>"), page(f"<nav>{MENU}\U0001f1e7\U0001f1ea</nav>")),
    (languages.one_language_menu, page(f"<nav>{MENU}</nav>"), page(f"<nav>{MENU.replace('Polski', 'Pools')}</nav>")),
    (languages.one_language_menu, page(f"<nav>{MENU}</nav>"), page(f"<nav>{MENU}</nav>", "fr")),
    (languages.no_marks_left, page("<p>Hulp</p>"), page("<p>\ue0d1Hulp\ue0d2</p>")),
    (languages.no_marks_left, page("<p>Hulp</p>"), page('<p title="\ue0d1Hulp"></p>')),
    (languages.nothing_missing, page('<span class="dutch" lang="nl" dir="ltr">Hulp</span>', "fr"), page('<span lang="nl" dir="ltr">Hulp</span>', "fr")),
    (languages.names_say_language, page('<b lang="pl">Polski</b>'), page("<b>Polski</b>")),
    (isolation.own_words_isolated, page(f"<bdi>{NEWCOMER}</bdi>"), page(f"<b>{NEWCOMER}</b>")),
    (isolation.own_words_isolated, page(f'<p dir="auto">{WORDS}</p>'), page(f'<p dir="ltr">{WORDS}</p>')),
    (isolation.own_words_isolated, page(f"<option>{VOLUNTEER}</option>"), page(f"<td>{VOLUNTEER}</td>")),
    (isolation.own_words_isolated, page(f"<p>\u2068{NEWCOMER}\u2069</p>"), page(f"<p>\u2068{NEWCOMER}\u2069 {NEWCOMER}</p>")),
    (isolation.own_words_isolated, page(f'<p class="letter">{VOLUNTEER}</p>'), page(f'<p class="letter">{NEWCOMER}</p>')),
    *(
        (isolation.figures_left_to_right, page(f'<bdi dir="ltr">{text}</bdi>', "ar", "rtl"), page(f"<bdi>{text}</bdi>", "ar", "rtl"))
        for text in ("+32 470 12 34 56", "a.b@example.be", "https://example.be/x", "ABCDE-23456", "12/40", "12:30 / 40", "10:00–12:00")
    ),
    (isolation.figures_left_to_right, page("<p>12/40</p>"), page("<p>12/40</p>", "ps", "rtl")),
    (isolation.fields_know_direction, page('<input type="email" dir="ltr">'), page('<input type="email" dir="auto">')),
    (isolation.fields_know_direction, page('<input type="password" dir="ltr">'), page('<input type="password">')),
    (isolation.fields_know_direction, page('<input dir="auto">'), page("<input>")),
    (isolation.fields_know_direction, page('<textarea dir="auto"></textarea>'), page('<textarea dir="ltr"></textarea>')),
    (isolation.dates_marked, page(f'<time datetime="{YEAR}-03-04">4 maart {YEAR}</time>'), page(f"<p>4 maart {YEAR}</p>")),
    (isolation.dates_marked, page(f'<time datetime="{YEAR}-03-04T10:00+01:00">4 maart {YEAR}</time>'), page(f"<time>4 maart {YEAR}</time>")),
    (reading.dutch_beside, page('<h1>Aide<span lang="nl" dir="ltr">Hulp</span></h1>', "fr"), page("<h1>Aide</h1>", "fr")),
    (reading.dutch_beside, page('<a class="next">Oui<i lang="nl" dir="ltr">Ja</i></a>', "fr"), page('<a class="next">Oui</a>', "fr")),
    (reading.no_dutch_beside, page("<h1>Aide</h1>", "fr"), page('<span class="dutch">Hulp</span>', "fr")),
    (
        reading.dutch_switch,
        page('<form action="/fr/also-in-dutch"><button aria-pressed="true">Oui</button></form>', "fr"),
        page('<form action="/fr/also-in-dutch"><button>Oui</button></form>', "fr"),
    ),
    (
        reading.read_aloud,
        page('<h1 id="q">Aide</h1><button class="say" data-say="q" data-lang="fr">Écouter</button>'),
        page("<h1>Aide</h1>"),
    ),
    (
        reading.read_aloud,
        page('<h1 id="q">Aide</h1><button class="say" data-say="q" data-lang="fr">Écouter</button>'),
        page('<button class="say" data-say="q" data-lang="fr">Écouter</button>'),
    ),
    (reading.icons_hidden, page('<svg aria-hidden="true"></svg>'), page("<svg></svg>")),
    (reading.icons_hidden, page('<svg role="img"><title>Kaart</title></svg>'), page('<svg role="img"></svg>')),
    (reading.icons_with_words, page('<a><svg class="icon"></svg>Hulp</a>'), page('<a><svg class="icon"></svg></a>')),
    (reading.help_in_place, page(HEAD), page(HEAD.replace("/nl/help", "/nl/privacy"))),
    (reading.help_in_place, page(HEAD), page(HEAD.replace('<a href="/nl/">Samenspoor</a>', ""))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "kept", "broken"),
    CASES,
    ids=[f"{rule.__name__}-{number}" for number, (rule, *_) in enumerate(CASES)],
)
def test_rule_takes_the_right_and_refuses_the_wrong(rule, kept, broken):
    assert rule(kept) == []
    assert rule(broken) != []


def test_every_rule_is_shown_to_fail():
    asked = {*basics.RULES, *languages.RULES, *isolation.RULES, *reading.RULES}
    alone = {
        languages.nothing_missing,
        reading.dutch_beside,
        reading.no_dutch_beside,
        reading.dutch_switch,
        reading.read_aloud,
    }
    assert asked | alone == {rule for rule, *_ in CASES}


LINKS = "".join(
    f'<link rel="alternate" hreflang="{tag}" href="/{tag if tag != "x-default" else "nl"}/help">'
    for tag in (*languages.TAGS, "x-default")
)


def test_the_menu_and_the_head_lead_to_the_same_page():
    right = page(f"<nav>{MENU}</nav>", head=LINKS)
    assert (
        languages.menu_leads_here(right, "/nl/help")
        == languages.alternates_lead_here(right, "/nl/help")
        == []
    )
    assert languages.menu_leads_here(right, "/nl/privacy")
    assert languages.alternates_lead_here(right, "/nl/privacy")
    assert languages.alternates_lead_here(page("", head=""), "/nl/help")


RIGHT = '<table><tr><td class="a">Hulp</td></tr></table><p>Nog</p>'
# Each is shaped a little otherwise than a page that was right.
WRONG = (
    '<table><input type="text" name="a"><tr><td class="a">Hulp</td></tr></table><p>Nog</p>',
    '<table><tr><td class="a" class="b">Hulp</td></tr></table><p>Nog</p>',
    '<table><tr><td class="a"title="b">Hulp</td></tr></table><p>Nog</p>',
    '<table><tr><td class="a">Hulp &nosuch; nu</td></tr></table><p>Nog</p>',
    '<table><tr><td class="a &nosuch; b">Hulp</td></tr></table><p>Nog</p>',
    '<table><tr><td class="a">Hulp\u0007</td></tr></table><p>Nog</p>',
    '<table><tr><td class="a">Hulp</tr></table></p><p>Nog</p>',
    '<table><tr><td class="a">Hulp</td></tr></table><p>Nog<div>Hulp</div></p>',
    '<table><tr><td class="a">Hulp</td></tr></table><p>Nog < 3</p>',
)


def test_a_page_shaped_as_a_valid_one_is_valid_and_no_other_is():
    whole = "<!doctype html><html><head><title>Hulp</title></head><body>{}</body></html>"
    right = (
        RIGHT,
        RIGHT.replace("Hulp", 'L\'aide "3/40"'),
        RIGHT.replace('"a"', '"b c" id="d"'),
        RIGHT.replace("Nog", "  "),
    )
    for body in right * 2:
        assert invalid(whole.format(body)) == []
    for body in WRONG * 2:
        assert invalid(whole.format(body)) != [], body


def test_the_tree_reads_what_a_browser_reads():
    tree = page("<p>a &amp; <b>c</b></p><script>if (1 < 2) { }</script><br><svg><path d='M0 0'/></svg>")
    assert tree.main.text == "a & c"
    assert tree.misnested == []
    assert [node.tag for node in tree.main.walk()] == ["main", "p", "b", "script", "br", "svg", "path"]
