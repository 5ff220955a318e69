"""What an activity says in a language: its own text there, else the text it was written in, marked as that."""

from dataclasses import dataclass

from app.models import Offer, OfferText
from app.vocabulary.activities import TextState


@dataclass(frozen=True)
class Said:
    """Title and words as they are shown, and in which language; `state` None = the text that all others come from."""

    title: str
    words: str
    language: str
    state: TextState | None


def text_of(offer: Offer, language: str) -> OfferText | None:
    """The text of that activity in that language, if there is one."""
    return next((text for text in offer.texts if text.language == language), None)


def said_in(offer: Offer, language: str) -> Said:
    """What to show to a reader of that language."""
    text = text_of(offer, language)
    if text is None or language == offer.words_language:
        return Said(offer.title, offer.words, offer.words_language, None)
    return Said(text.title, text.words, text.language, text.state)
