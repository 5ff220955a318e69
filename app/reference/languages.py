"""Languages that people speak, apart from the languages of the site: tags, own names, names in a locale.

Ordered by how often they are met in the courses of civic integration, so that the first page of a picker
serves most people. Dutch is not in the list: its level is asked on its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from babel import Locale, UnknownLocaleError

OWN_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "العربية",
        "en": "English",
        "fr": "Français",
        "tr": "Türkçe",
        "uk": "Українська",
        "ru": "Русский",
        "fa": "فارسی",
        "prs": "دری",
        "ps": "پښتو",
        "ti": "ትግርኛ",
        "so": "Soomaali",
        "es": "Español",
        "pl": "Polski",
        "ro": "Română",
        "ber": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
        "bg": "Български",
        "pt": "Português",
        "sq": "Shqip",
        "ku": "Kurmancî",
        "ckb": "کوردیی ناوەندی",
        "it": "Italiano",
        "de": "Deutsch",
        "am": "አማርኛ",
        "ur": "اردو",
        "hi": "हिन्दी",
        "pa": "ਪੰਜਾਬੀ",
        "bn": "বাংলা",
        "ne": "नेपाली",
        "ta": "தமிழ்",
        "zh": "中文",
        "vi": "Tiếng Việt",
        "th": "ไทย",
        "tl": "Tagalog",
        "id": "Bahasa Indonesia",
        "ja": "日本語",
        "ko": "한국어",
        "hy": "Հայերեն",
        "ka": "ქართული",
        "az": "Azərbaycanca",
        "ce": "Нохчийн",
        "uz": "Oʻzbekcha",
        "rom": "Romani čhib",
        "sr": "Српски",
        "hr": "Hrvatski",
        "bs": "Bosanski",
        "mk": "Македонски",
        "el": "Ελληνικά",
        "hu": "Magyar",
        "sk": "Slovenčina",
        "cs": "Čeština",
        "lt": "Lietuvių",
        "lv": "Latviešu",
        "ln": "Lingála",
        "rw": "Ikinyarwanda",
        "rn": "Ikirundi",
        "sw": "Kiswahili",
        "ff": "Pulaar",
        "wo": "Wolof",
        "ha": "Hausa",
        "ig": "Igbo",
        "yo": "Yorùbá",
        "ak": "Akan",
        "om": "Oromoo",
        "he": "עברית",
        "syr": "ܣܘܪܝܝܐ",
    }
)
"""Tag to the language's name in itself, most used first."""

SPOKEN: Final = tuple(OWN_NAMES)
"""The tags a person can tick, most used first."""

FIRST: Final = 20
"""How many of them a picker shows before the rest is unfolded."""

# Asked before CLDR, which lacks these names, calls Dari Persian, or has a word for Romani that insults.
_OUR_NAMES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "ber": {
            "nl": "Berbers (Tamazight)",
            "en": "Berber (Tamazight)",
            "fr": "Berbère (tamazight)",
            "ar": "الأمازيغية",
            "tr": "Berberice",
            "uk": "берберська",
            "ru": "берберский",
            "fa": "بربری",
            "ps": "بربري",
            "ti": "በርበርኛ",
            "so": "Barbar",
            "es": "bereber",
            "pl": "berberyjski",
            "ro": "berberă",
        },
        "prs": {
            "nl": "Dari",
            "en": "Dari",
            "fr": "dari",
            "ar": "الدرية",
            "tr": "Derice",
            "uk": "дарі",
            "ru": "дари",
            "fa": "دری",
            "ps": "دري",
            "ti": "ዳሪ",
            "so": "Dari",
            "es": "dari",
            "pl": "dari",
            "ro": "dari",
        },
        "rom": {
            "nl": "Romani",
            "en": "Romani",
            "fr": "romani",
            "ar": "لغة الروما",
            "tr": "Romanca",
            "uk": "ромська",
            "ru": "ромский",
            "fa": "زبان روما",
            "ps": "د روما ژبه",
            "ti": "ሮማ",
            "so": "Romani",
            "es": "romaní",
            "pl": "romski",
            "ro": "romani",
        },
        "tl": {"ps": "ټاګالوګ", "ti": "ታጋሎግ", "so": "Tagalog"},
        "syr": {"ps": "سرياني", "ti": "ሲርያክ", "so": "Siriyak"},
        "ku": {"nl": "Koerdisch (Kurmanji)", "en": "Kurdish (Kurmanji)", "fr": "kurde (kurmandji)"},
        "ckb": {"nl": "Koerdisch (Sorani)", "en": "Kurdish (Sorani)", "fr": "kurde (sorani)"},
    }
)


@lru_cache(maxsize=64)
def _cldr(locale: str) -> Mapping[str, str]:
    """Return CLDR's language names in a locale; none for a locale it does not know."""
    try:
        return Locale.parse(locale.replace("-", "_")).languages
    except (UnknownLocaleError, ValueError):
        return {}


def language_name(tag: str, locale: str) -> str:
    """Return the name of the language `tag` in `locale`; else its own name; else the tag. Never raises.

    Follows the writing of the locale: lower case in French or Spanish, so a picker may want a capital.
    """
    ours = _OUR_NAMES.get(tag, {})
    base = locale.replace("_", "-").split("-")[0]
    return ours.get(base) or _cldr(locale).get(tag.replace("-", "_")) or OWN_NAMES.get(tag, tag)
