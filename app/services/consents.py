"""People who agreed to an earlier version of a text agree to the one of today."""

from app.db import lock, session, transaction
from app.models import Consent, Person
from app.queries.privacy import outdated_texts
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit
from app.vocabulary.registrations import CONSENT_VERSIONS


def agree_again(actor: Viewer, *, locale: str) -> int:
    """Keep that the actor read and agreed to today's versions, in that language; how many there were. Twice is once."""
    demand(actor, Permission.OWN_ACCOUNT)
    with transaction() as db:
        lock(Person, actor.person_id)
        texts = outdated_texts(actor.person_id)
        for text in texts:
            version = CONSENT_VERSIONS[text]
            db.add(Consent(person_id=actor.person_id, text=text.value, version=version, locale=locale))
            audit(
                actor,
                "agreed-again",
                "person",
                actor.person_id,
                text=text.value,
                version=version,
                read=locale,
            )
        session().flush()
        return len(texts)
