"""What coordinators read about organisations."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Likeness(Labelled):
    """What two organisations have in common that are perhaps one, registered twice."""

    NAME = "name", lazy_pgettext("two organisations have in common", "The same name in the same municipality")
    PERSON = (
        "person",
        lazy_pgettext(
            "two organisations have in common", "A contact person with the same e-mail address or telephone"
        ),
    )
    WEBSITE = "website", lazy_pgettext("two organisations have in common", "The same website")
