"""How the two people of a duo look back on it."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Went(Labelled):
    """How it was, as each of the two says after the end, in private."""

    GOOD = "good", lazy_pgettext("how a duo was", "It was good")
    SO_SO = "so_so", lazy_pgettext("how a duo was", "It was so-so")
    HARD = "hard", lazy_pgettext("how a duo was", "It was hard")
