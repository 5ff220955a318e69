"""The settings of a network, by its coordinators: who calls new people, within how many days, when, and who insures."""

from dataclasses import asdict, dataclass

from sqlalchemy import select

from app.clock import today
from app.db import lock, session, transaction
from app.errors import Invalid, NotFound
from app.i18n import lazy_gettext as _
from app.models import Network, ScreeningRule
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit

SCREENING_MONTHS = 24  # as long as a network has set nothing else
MONTHS = range(3, 61)


@dataclass(frozen=True)
class NetworkSettings:
    """What the coordinators of a network decide; `help_phone` in E.164, `call_when` in that language."""

    caller_name: str
    deputy_name: str
    call_within_days: int
    duo_silent_weeks: int
    check_in_weeks: int
    call_when: str
    call_when_language: str
    help_phone: str | None
    insurer: str
    newcomer_insurer: str = ""
    buddy_ask_weeks: int = 8


def set_network(actor: Viewer, slug: str, wanted: NetworkSettings) -> list[str]:
    """Keep the settings of one of the actor's networks; returns which changed. Raises NotFound for another."""
    demand(actor, Permission.SET_NETWORK)
    if slug not in actor.networks:
        raise NotFound()
    with transaction() as db:
        lock(Network, slug)
        network = db.get_one(Network, slug, populate_existing=True)
        changed = [name for name, value in asdict(wanted).items() if getattr(network, name) != value]
        for name in changed:
            setattr(network, name, getattr(wanted, name))
        if changed:
            audit(actor, "network-set", "network", network=slug, columns=changed)
        return changed


def screening_months(network: str) -> int:
    """For how many months somebody is screened who is screened today in that network."""
    found = session().scalar(
        select(ScreeningRule.months).where(ScreeningRule.network_slug == network, ScreeningRule.since <= today())
        .order_by(ScreeningRule.since.desc()).limit(1)
    )  # fmt: skip
    return found or SCREENING_MONTHS


def set_screening(actor: Viewer, slug: str, *, months: int) -> bool:
    """From today on a screening holds for so many months; those of before keep their end. Returns whether it changed.

    Raises NotFound for a network of others, Invalid outside MONTHS.
    """
    demand(actor, Permission.SET_NETWORK)
    if slug not in actor.networks:
        raise NotFound()
    if months not in MONTHS:
        raise Invalid("screening_months", _("Choose 3 to 60 months."))
    assert actor.person_id is not None
    with transaction() as db:
        lock(Network, slug)
        before = screening_months(slug)
        if before == months:
            return False
        rule = db.scalars(
            select(ScreeningRule).where(ScreeningRule.network_slug == slug, ScreeningRule.since == today())
        ).one_or_none()
        if rule is None:
            rule = ScreeningRule(
                network_slug=slug, since=today(), months=months, by_person_id=actor.person_id
            )
            db.add(rule)
        rule.months, rule.by_person_id = months, actor.person_id
        audit(
            actor,
            "network-set",
            "network",
            network=slug,
            columns=["screening_months"],
            before=before,
            after=months,
        )
        return True


def network_of(actor: Viewer, slug: str | None) -> Network:
    """One of the actor's networks, the first when none is named. Raises NotFound."""
    slug = slug or next(iter(sorted(actor.networks)), "")
    found = session().get(Network, slug) if slug in actor.networks else None
    if found is None:
        raise NotFound()
    return found
