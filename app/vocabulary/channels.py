"""How newcomers find their way to the buddies, and who did the intake (DOMAIN 5a, P13)."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Channel(Labelled):
    """Through whom a newcomer came: the channels of the answer on the pilots (S0); the empty value is not known."""

    UNKNOWN = "", lazy_pgettext("referral channel", "Not known yet")
    AGENCY = "agency", lazy_pgettext("referral channel", "The agency (counsellor)")
    CVO = "cvo", lazy_pgettext("referral channel", "A school for adults (CVO)")
    OCMW = "ocmw", lazy_pgettext("referral channel", "The public centre for social welfare (OCMW)")
    WORD_OF_MOUTH = "word_of_mouth", lazy_pgettext("referral channel", "Friends, family, other newcomers")
    OTHER = "other", lazy_pgettext("referral channel", "Another way")
