"""Public activities: what belongs to a duo is shown to nobody else, however it was dated."""

from app.clock import now
from app.queries.hours import offers_to_tell
from app.queries.offers import joinable
from app.queries.reach import rows
from app.services.matchmaking.activities import starting_soon
from app.vocabulary import OfferKind
from tests import duo_factories, factories
from tests.factories import viewer


def test_a_duo_is_no_activity(site):
    duo = duo_factories.duo(
        newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=factories.coordinator()
    )
    shown = factories.offer(title="Taalcafé")
    factories.offer(kind=OfferKind.BUDDY, title="Jef", duo_id=duo.id, published_at=now())
    factories.offer(title="Own walk", newcomer_id=duo.newcomer_id, published_at=now())
    other = factories.newcomer()
    for query in (joinable(), offers_to_tell(viewer(other.person))):
        assert [offer.id for offer in rows(query)] == [shown.id]
    assert [fit.hit.offer.id for fit in starting_soon(other, "nl")] == [shown.id]
