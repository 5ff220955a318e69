"""The links of letters that lead into the world of the crawl."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import today
from app.db import session, transaction
from app.models import Buddy, LookBack
from app.security.viewer import ANONYMOUS
from app.services import accounts, attendance, confirmations
from app.vocabulary import Role
from app.vocabulary.endings import Went
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.crawl.isolation import VOLUNTEER, WORDS

if TYPE_CHECKING:
    from tests.crawl.world import World


def make_links(world: World) -> None:
    """The links of letters, each to somebody for whom it leads somewhere, by their names in `world.ids`."""
    person = world.duos["asked"].newcomer.person
    for name, purpose in (
        ("sign in", LinkPurpose.SIGN_IN), ("password", LinkPurpose.RESET_PASSWORD), ("address", LinkPurpose.CONFIRM_ADDRESS),
    ):  # fmt: skip
        world.ids[name] = {"token": accounts.new_link(purpose, locale="ar", person_id=person.id)}
    for question, who in (("meet", "asked"), ("go_on", "met"), ("meet", "said-yes")):
        duo = world.duos[who]
        token = accounts.new_link(
            LinkPurpose.ANSWER_DUO,
            locale="ar",
            person_id=duo.newcomer.person_id,
            duo=duo.id,
            question=question,
        )
        world.ids[f"answer {who}"] = {"token": token}
    for who in ("away", "lapsed", "left", "trained"):
        volunteer = session().get_one(Buddy, world.ids[f"buddy {who}"]["buddy_id"]).person_id
        token = accounts.new_link(LinkPurpose.STILL_AVAILABLE, locale="ar", person_id=volunteer)
        world.ids[f"available {who}"] = {"token": token}
        token = accounts.new_link(LinkPurpose.STAY, locale="ar", person_id=volunteer)
        world.ids[f"stay {who}"] = {"token": token}
    with transaction() as db:
        said = {"side": Role.NEWCOMER.value, "went": Went.GOOD, "words": WORDS}
        db.add(LookBack(duo_id=world.duos["completed"].id, **said))
    for who in ("active", "frozen", "ended", "completed"):
        person_id = world.duos[who].newcomer.person_id
        token = accounts.new_link(
            LinkPurpose.REPORT_DUO, locale="ar", person_id=person_id, duo=world.duos[who].id
        )
        world.ids[f"report {who}"] = {"token": token}
    token = accounts.new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=world.signer.id)
    world.ids["confirm"] = {"token": token}
    alone = factories.contact(name=VOLUNTEER).id
    token_alone = accounts.new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=alone)
    world.ids["without an account"] = {"token": token_alone}
    asked = world.ids["entry sent submitted"]["entry_id"]
    world.ids["differ"] = {"token": token, "entry_id": asked}
    signer = confirmations.signer_by_link(token, ANONYMOUS)
    sheet = attendance.sheet_for_group(
        signer, int(world.ids["offer entries"]["offer_id"]), today() - timedelta(days=1)
    )
    world.ids["sheet"] = {"token": sheet.code}
    world.ids["signed"] = {"token": token, "proof_id": world.ids["proof"]["proof_id"]}
