"""What a browser runs on, in words: all that is kept of where somebody is signed in."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class DeviceKind(Labelled):
    """How a device is called in the list of sign-ins."""

    PHONE = "phone", lazy_pgettext("device", "Phone")
    TABLET = "tablet", lazy_pgettext("device", "Tablet")
    COMPUTER = "computer", lazy_pgettext("device", "Computer")
    OTHER = "other", lazy_pgettext("device", "A device")
