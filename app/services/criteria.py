"""A counsellor judges whether an activity is one that counts: Dutch is spoken, and people meet (R06, R07, R09)."""

from collections.abc import Iterable

from app.clock import today
from app.db import transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import HourEntry, Offer
from app.queries.criteria import offers_to_judge
from app.queries.organisations import contacts_of
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.records import audit


def judge_criteria(actor: Viewer, offer_id: int, *, dutch_spoken: bool, people_met: bool) -> Offer:
    """Write down who judged the activity, when and how. Hours that were accepted before stay accepted (R50).

    Raises NotFound, or Forbidden when the actor is a contact person of the activity.
    """
    with transaction():
        demand(actor, Permission.JUDGE_CRITERIA)
        offer = one(offers_to_judge(actor).where(Offer.id == offer_id))
        contacts = rows(contacts_of(offer.organisation_id or 0))
        not_about_oneself(actor, offer.contact_person.person_id, *(contact.person_id for contact in contacts))
        offer.dutch_spoken, offer.people_met = dutch_spoken, people_met
        offer.criteria_by_id, offer.criteria_on = actor.person_id, today()
        audit(
            actor, "criteria-judged", "offer", offer.id, network=offer.network_slug,
            dutch_spoken=dutch_spoken, people_met=people_met,
        )  # fmt: skip
        return offer


def refuse_unfit(entries: Iterable[HourEntry]) -> None:
    """Refuse to accept hours on an activity that was not judged yet, or that fails one of the criteria (R06, R09)."""
    for entry in entries:
        if entry.offer.meets_criteria is None:
            raise Refusal(
                _("Judge first whether this activity counts: is Dutch spoken, and does one meet new people?"),
                code="criteria-not-judged",
            )
        if not entry.offer.meets_criteria:
            raise Refusal(
                _("This activity does not meet both criteria. Its hours do not count."), code="criteria"
            )
