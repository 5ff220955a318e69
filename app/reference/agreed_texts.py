"""The words of every version of the texts that people agree to, in every language, as they stood when it came into use.

tables/agreed_texts.json is only added to: `flask --app wsgi keep-texts` writes today's versions, and never changes one that
people can have agreed to before.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "tables" / "agreed_texts.json"
Words = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
"""text -> version -> language -> sentences"""


@lru_cache(maxsize=1)
def agreed_texts() -> Words:
    """All versions that are kept."""
    kept: Words = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def words_of(text: str, version: str, language: str) -> list[str]:
    """The sentences of that version in that language; none when it is not kept."""
    return list(agreed_texts().get(text, {}).get(version, {}).get(language, []))
