"""In which languages published activities can be read, and how far their texts can be trusted (LANGUAGES U5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func

from app.db import session
from app.models import Offer, OfferText
from app.queries.offers import joinable
from app.vocabulary.activities import TextMaker, TextState


@dataclass(frozen=True)
class Languages:
    """How many activities are published, and for each language in how many it is the first one, or a text by its state."""

    published: int
    written: Mapping[str, int]
    texts: Mapping[str, Mapping[TextState, int]]

    def without(self, language: str) -> int:
        """How many have no text in that language: who reads it sees the Dutch one, marked as that."""
        return self.published - self.written.get(language, 0) - sum(self.texts.get(language, {}).values())


def languages_of(networks: Collection[str] | None) -> Languages:
    """Of these networks, or of all; in two statements."""
    found = joinable() if networks is None else joinable().where(Offer.network_slug.in_(networks))
    first = found.with_only_columns(Offer.words_language, func.count()).group_by(Offer.words_language)
    written = dict(session().execute(first).all())
    state = case(
        (OfferText.source_mark != Offer.kept_mark, TextState.OUTDATED.value),
        (OfferText.checked_at.is_not(None), TextState.CHECKED.value),
        (OfferText.made_by == TextMaker.MACHINE, TextState.MACHINE_MADE.value),
        else_=TextState.FRESH.value,
    )
    texts: dict[str, dict[TextState, int]] = {}
    counted = (
        found.join(OfferText, OfferText.offer_id == Offer.id)
        .where(OfferText.language != Offer.words_language)
        .with_only_columns(OfferText.language, state, func.count()).group_by(OfferText.language, state)
    )  # fmt: skip
    for language, stands, number in session().execute(counted):
        texts.setdefault(language, {})[TextState(stands)] = number
    return Languages(sum(written.values()), written, texts)
