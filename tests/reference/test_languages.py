"""Every spoken language has a name in every language of the site, also where CLDR has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.languages import FIRST, OWN_NAMES, SPOKEN, language_name

SITE = ("nl", "en", "fr", "ar", "tr", "uk", "ru", "fa", "ps", "ti", "so", "es", "pl", "ro")


def test_more_languages_are_spoken_than_the_site_has():
    assert set(SITE) - {"nl"} <= set(SPOKEN)
    assert {"ber", "ku", "ckb", "ln", "rw", "rom", "prs", "am", "sq", "bg", "pt", "ur", "hy", "ka"} <= set(
        SPOKEN
    )
    assert 60 <= len(SPOKEN) <= 70
    assert "nl" not in SPOKEN


def test_the_languages_of_the_site_come_first():
    assert set(SITE) - {"nl"} <= set(SPOKEN[:FIRST])


@pytest.mark.parametrize("locale", SITE)
def test_every_language_has_a_name_of_its_own(locale):
    names = [language_name(tag, locale) for tag in SPOKEN]
    assert len(set(names)) == len(SPOKEN)
    assert not set(names) & (set(SPOKEN) - {"tl"})


@pytest.mark.parametrize(
    ("tag", "locale", "name"),
    [
        ("ber", "nl", "Berbers (Tamazight)"),
        ("prs", "fr", "dari"),
        ("prs", "so", "Dari"),
        ("rw", "en", "Kinyarwanda"),
        ("rom", "uk", "ромська"),
        ("ckb", "nl", "Koerdisch (Sorani)"),
        ("ar", "nl-BE", "Arabisch"),
        ("ar", "nl_BE", "Arabisch"),
        ("ti", "xx", "ትግርኛ"),
        ("qqq", "nl", "qqq"),
    ],
)
def test_names(tag, locale, name):
    assert language_name(tag, locale) == name


def test_own_names_are_different():
    assert len(set(OWN_NAMES.values())) == len(OWN_NAMES)


@given(st.text(), st.text())
def test_never_raises(tag, locale):
    assert isinstance(language_name(tag, locale), str)
