"""What is not right in a duo, in the words that somebody taps who asks for help."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class SafetyKind(Labelled):
    """What is not right."""

    AFRAID = "afraid", lazy_pgettext("what is not right", "I am afraid")
    HURT = "hurt", lazy_pgettext("what is not right", "Somebody hurt me or touched me")
    WORDS = "words", lazy_pgettext("what is not right", "Bad words or threats")
    MONEY = "money", lazy_pgettext("what is not right", "Money, work or presents")
    OTHER = "other", lazy_pgettext("what is not right", "Something else")
