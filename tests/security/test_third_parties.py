"""B18: nobody but this site is asked for anything by its pages, styles, scripts, drawings and letters.

What pages load is held to that on every page of the crawl and every page that a test fetches (`basics.own_origin`);
here are the files behind them, the letters, and that the list of rules has it.
"""

import re

import pytest
from jinja2 import meta

from app.mailer import compose
from app.web.headers import POLICY
from tests.architecture.source import ROOT
from tests.crawl import basics
from tests.crawl.test_letters import FACTS
from tests.crawl.tree import Tree
from tests.soak.libraries import pins

STATIC = sorted(
    file
    for file in (ROOT / "app/static").rglob("*")
    if file.suffix in (".css", ".js", ".svg", ".html", ".json", ".webmanifest")
)
# The name of a language of drawings, which nobody fetches.
NAMES = re.compile(r"https?://www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml)")
ELSEWHERE = re.compile(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}", re.IGNORECASE)


def elsewhere(text):
    """The addresses of others in a style, script or drawing."""
    return ELSEWHERE.findall(NAMES.sub("", text))


@pytest.mark.parametrize("file", STATIC, ids=lambda file: file.name)
def test_what_pages_load_names_no_other_site(file):
    assert not elsewhere(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    ['@import "//cdn.example/a.css"', "fetch('https://evil.example/x')", "url(http://cdn.example/a.woff2)"],
)
def test_another_site_would_be_seen(text):
    assert elsewhere(text)


def templates_of_letters(environment):
    """The template of each letter, and all that these extend, include or take macros from."""
    found, waiting = set(), environment.list_templates(filter_func=lambda name: name.startswith("letters/"))
    while waiting:
        name = waiting.pop()
        found.add(name)
        tree = environment.parse(environment.loader.get_source(environment, name)[0])
        waiting += [other for other in meta.find_referenced_templates(tree) if other not in found]
    return found


def test_letters_load_nothing(site):
    """No picture that tells when a letter is read, no style or script; also in what stands between conditions."""
    environment = site.jinja_env
    names = templates_of_letters(environment)
    assert {"letters/letter.html", "layouts/mail.html"} <= names
    for name in names:
        source = environment.loader.get_source(environment, name)[0]
        assert not basics.loads_nothing(Tree(source)), name


@pytest.mark.parametrize(
    "part",
    ["<img src=https://evil.example>", "<img alt='' src='/seen?who=1'>", "<p style=\"background:url('//evil.example/x')\">x</p>",
     "<link rel=stylesheet href=/a.css>", "<style>@import '//evil.example/a'</style>", "<script>1</script>", "<td background=/a.png>x</td>"],
)  # fmt: skip
def test_a_letter_that_loads_something_would_be_seen(site, part):
    """In the page of a letter as it is made, with that part in it."""
    written = compose("duo-ended", locale="nl", facts=FACTS, also_dutch=True).html
    assert not basics.loads_nothing(Tree(written))
    assert basics.loads_nothing(Tree(written.replace("</p>", f"</p>{part}", 1)))


def test_every_page_is_held_to_it():
    assert basics.own_origin in basics.RULES
    assert all(set(sources.split()) <= {"'self'", "'none'", "data:"} for sources in POLICY.values())


def test_every_library_is_pinned_for_the_check():
    """What the check of B18 asks about is all that is installed, each with one version."""
    found = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert len(found) > 30
    assert found["flask"].startswith("3.")
    assert pins("flask==3.1.0 \\\n    --hash=sha256:ab\n# via x\nOne.Two==1.2.3\n") == {
        "flask": "3.1.0",
        "one-two": "1.2.3",
    }
