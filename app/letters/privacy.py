"""Letters about what is kept of somebody."""

from app.i18n import gettext
from app.letters.letter import Facts, Letter, day_of


def erasure_asked(facts: Facts) -> Letter:
    """To who asked to be erased: until when it can be taken back."""
    until = day_of(facts, "until")
    return Letter(
        gettext("You asked us to delete your data"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("You asked us to delete what we keep about you. We do that on %(day)s.", day=until),
            gettext("Do you want to stay? You can take it back until then."),
        ],
        gettext("Go to my data"),
        facts["link"],
    )


LETTERS = {"erasure-asked": erasure_asked}
