"""Where the letters of the demo lead: the addresses that the web layer gives."""

from collections.abc import Callable
from dataclasses import dataclass

from app.services.accounts import LinkFor
from app.services.duo_letters import DuoLinks
from app.services.registrations import Addresses

PageFor = Callable[[str], str]


@dataclass(frozen=True)
class DemoLinks:
    """Absolute addresses: pages by locale, and doors by locale and secret."""

    registration: Addresses
    invitation: LinkFor
    account: PageFor
    confirm_hours: LinkFor
    track: PageFor
    duos: DuoLinks
    choose: LinkFor
    code: LinkFor
    available: LinkFor
    safety: Callable[[str, int], str]
