"""The addresses that letters and lines of the demo lead to."""

from app.services.accounts import LinkFor
from app.services.demo import DemoLinks
from app.services.registrations import Addresses
from app.web.addresses import letter_link
from app.web.duos import duo_links


def demo_links() -> DemoLinks:
    """Absolute addresses of the pages that use-cases write about."""
    return DemoLinks(
        registration=Addresses(
            confirm=_door("accounts.confirm_address"),
            sign_in=lambda locale: letter_link("accounts.sign_in", lang=locale),
        ),
        invitation=_door("accounts.new_password"),
        account=lambda locale: letter_link("accounts.home", lang=locale),
        confirm_hours=_door("confirmations.show"),
        track=lambda locale: letter_link("newcomers.track", lang=locale),
        duos=duo_links(),
        choose=_door("wishes.by_link"),
        available=_door("buddies.available"),
        safety=lambda locale, number: letter_link("safety.show", lang=locale, report_id=number),
        code=lambda locale, code: letter_link("accounts.code", lang=locale, code=code),
    )


def _door(endpoint: str) -> LinkFor:
    return lambda locale, token: letter_link(endpoint, lang=locale, token=token)
