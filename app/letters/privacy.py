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


def stay_asked(facts: Facts) -> Letter:
    """To who was not heard of for a year: one tap keeps the account, and when it goes otherwise."""
    return Letter(
        gettext("Do you stay with us?"),
        [
            gettext("Hello %(name)s,", name=facts["name"]),
            gettext("We have not heard from you for a long time."),
            gettext(
                "If we hear nothing, we delete what we keep about you on %(day)s.", day=day_of(facts, "until")
            ),
        ],
        gettext("Yes, I want to stay"),
        facts["link"],
    )


LETTERS = {"erasure-asked": erasure_asked, "stay-asked": stay_asked}
