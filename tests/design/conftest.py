"""Renders the components without the application: the globals they are promised, with known answers."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader

from app.icons import icon
from app.security.identity import domain_in_ascii
from app.web import sharing
from app.web.filters import figures

APP = Path(__file__).parents[2] / "app"
COMPONENTS = sorted(path.stem for path in (APP / "templates" / "components").glob("*.html"))
IMPORTS = "".join(f'{{% import "components/{name}.html" as {name} with context %}}' for name in COMPONENTS)
RIGHT_TO_LEFT = {"ar", "fa", "ps"}
NATIVE = {
    "nl": "Nederlands", "en": "English", "fr": "Français", "ar": "العربية", "tr": "Türkçe",
    "uk": "Українська", "ru": "Русский", "fa": "فارسی", "ps": "پښتو", "ti": "ትግርኛ",
    "so": "Soomaali", "es": "Español", "pl": "Polski", "ro": "Română",
}  # fmt: skip


def direction(tag: str) -> str:
    return "rtl" if tag in RIGHT_TO_LEFT else "ltr"


def environment() -> Environment:
    """A template environment as the application builds it, with texts left in their source language."""
    loader = FileSystemLoader(APP / "templates")
    env = Environment(loader=loader, autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    env.install_gettext_callables(
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True
    )
    env.globals.update(
        icon=icon,
        g=SimpleNamespace(language_known=True),
        label=str,
        direction=direction,
        dutch=lambda text: f"NL {text}",
        dutch_of=lambda _text: "",
        csp_nonce=lambda: "nonce-of-test",
        csrf_token=lambda: "token-of-test",
        static_url=lambda path: f"/static/{path}",
        recorded=lambda text, language: None,
        url_for=lambda endpoint, **_: f"/to/{endpoint}",
        get_flashed_messages=lambda **_: [("success", "Saved <b>"), ("error", "Not sent")],
        whatsapp=sharing.whatsapp,
        text_message=sharing.text_message,
        mail_with=sharing.mail,
        short_message=sharing.short_message,
        message_with=sharing.message_with,
        languages=[SimpleNamespace(tag=t, native_name=n, dir=direction(t)) for t, n in NATIVE.items()],
    )
    plain = (
        "day",
        "moment",
        "clock",
        "hours",
        "number",
        "percent",
        "people_list",
        "phone",
        "day_nl",
        "moment_nl",
        "hours_nl",
    )
    env.filters.update(dict.fromkeys(plain, str), figures=figures, domain_in_ascii=domain_in_ascii)
    return env


@pytest.fixture(scope="session")
def env() -> Environment:
    return environment()


@pytest.fixture
def render(env):
    """Return a function that renders template source, in a language, as parsed HTML.

    Every component file stands ready under its own name: {{ forms.field(...) }}, {{ track.steps(4, 7) }}.
    """

    def rendered(source: str, lang: str = "nl", also_dutch: bool = False, **values: object) -> BeautifulSoup:
        values.setdefault("viewer", SimpleNamespace(signed_in=False, name="", can=lambda _: False))
        layout, blocks = re.match(r"(\{% extends [^%]*%\})?(.*)", source, re.DOTALL).groups("")
        html = env.from_string(layout + IMPORTS + blocks).render(
            lang=lang,
            dir=direction(lang),
            also_dutch=also_dutch,
            helping=None,
            page_url=lambda tag: f"/{tag}/here",
            **values,
        )
        return BeautifulSoup(html, "html.parser")

    return rendered
