"""Whether both of a pair that the matcher made still take part (GDPR art. 21): asked at each decision that goes on with it."""

from sqlalchemy import select

from app.db import session
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Person, Proposal
from app.queries.erasures import takes_part


class Objected(Refusal):
    """A pair that the matcher made has somebody in it who wants no such proposals; `name` is what that person is called."""

    code = "objected"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "%(name)s wants no proposals by the computer. Ask first. It can be changed under My data.",
                name=name,
            )
        )


def refuse_who_objects(proposal: Proposal) -> None:
    """Before a coordinator goes on with what the matcher proposed. Raises Objected, or Refusal for who is to be deleted."""
    found = select(Person).where(
        Person.id.in_((proposal.newcomer.person_id, proposal.buddy.person_id)), ~takes_part()
    )
    for person in session().scalars(found.order_by(Person.id).execution_options(populate_existing=True)):
        if person.objects_at is not None:
            raise Objected(person.first_name)
        raise Refusal(_("One of these two people is not available any more."), code="leaves")
