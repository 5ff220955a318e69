"""Activities in other languages: written by people, or brought from a machine and looked at by people."""

from app.clock import now
from app.db import session, transaction
from app.errors import Invalid, Refusal
from app.i18n import is_language
from app.i18n import lazy_gettext as _
from app.models import Offer, OfferText
from app.queries.offer_texts import text_of
from app.security.viewer import Viewer
from app.services.offers import held
from app.services.records import audit
from app.vocabulary.activities import TextMaker, TextState
from app.vocabulary.records import Subject


def write_text(
    actor: Viewer, offer_id: int, language: str, *, title: str, words: str, by_machine: bool = False
) -> None:
    """Keep the activity in that language, as fresh as the text it is made from. Raises NotFound or Invalid."""
    with transaction():
        offer = held(actor, offer_id)
        if not is_language(language) or language == offer.words_language:
            raise Invalid("language", _("This site does not speak that language."))
        kept = text_of(offer, language) or OfferText(offer_id=offer.id, language=language)
        kept.title, kept.words = title, words
        kept.made_by = TextMaker.MACHINE if by_machine else TextMaker.PERSON
        kept.source_mark, kept.checked_at, kept.checked_by_id = offer.text_mark, None, None
        session().add(kept)
        _keep(actor, offer, "offer-text-written", language)


def check_text(actor: Viewer, offer_id: int, language: str) -> None:
    """Say that somebody who speaks the language read it and that it says the same.

    Raises NotFound, or Refusal when there is no such text or the Dutch text changed since.
    """
    with transaction():
        offer = held(actor, offer_id)
        kept = text_of(offer, language)
        if kept is None or kept.state is TextState.OUTDATED:
            raise Refusal(_("The Dutch text changed. Change this text too."), code="outdated")
        kept.checked_at, kept.checked_by_id = now(), actor.person_id
        _keep(actor, offer, "offer-text-checked", language)


def remove_text(actor: Viewer, offer_id: int, language: str) -> None:
    """Show the Dutch text again in that language. Raises NotFound."""
    with transaction():
        offer = held(actor, offer_id)
        kept = text_of(offer, language)
        if kept is not None:
            offer.texts.remove(kept)
            _keep(actor, offer, "offer-text-removed", language)


def _keep(actor: Viewer, offer: Offer, action: str, language: str) -> None:
    offer.changed_at = now()
    session().flush()
    audit(actor, action, Subject.OFFER, offer.id, network=offer.network_slug, language=language)
