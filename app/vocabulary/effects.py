"""What a choice does to the others of a plan, said to staff in whole sentences.

Said with scores and names of the own network alone: the turn of a newcomer, which betrays facts of contracts, is in none.
"""

from collections.abc import Sequence

from app.i18n import gettext, ngettext, own_words_text, people_list_text, pgettext

POINT = 10_000  # millionths: one percent of a perfect score


def effect_sentences(
    fit: int, own: bool, lost: Sequence[str], gained: Sequence[str], moved: int
) -> list[str]:
    """What a choice would cost the whole plan: scores, who has no buddy any more, who gets one, and who gets another."""
    alone = [] if own else [gettext("This newcomer has no buddy then.")]
    return [*alone, cost_sentence(fit), *_others(lost, gained, moved)]


def cost_sentence(fit: int) -> str:
    """By how much all scores together would be less (`fit`, millionths), in points of a hundred."""
    points = round(abs(fit) / POINT)
    if points == 0:
        return gettext("This costs the whole plan nothing.")
    if fit > 0:
        return ngettext(
            "This costs the whole plan %(num)s point of fit.",
            "This costs the whole plan %(num)s points of fit.",
            points,
        )
    return ngettext(
        "The whole plan fits %(num)s point better.", "The whole plan fits %(num)s points better.", points
    )


def _others(lost: Sequence[str], gained: Sequence[str], moved: int) -> list[str]:
    said = []
    if lost:
        said.append(gettext("Without a buddy then: %(names)s.", names=_names(lost)))
    if gained:
        said.append(gettext("With a buddy then: %(names)s.", names=_names(gained)))
    if moved:
        said.append(ngettext("%(num)s other pair changes.", "%(num)s other pairs change.", moved))
    return said


def consequence_sentences(own: bool, lost: Sequence[str], gained: Sequence[str], moved: int) -> list[str]:
    """What a decision did to the rest of the plan."""
    said = []
    if lost:
        said.append(
            gettext(
                "Because of this, these people have no buddy in the plan any more: %(names)s.",
                names=_names(lost),
            )
        )
    if gained:
        said.append(gettext("These people have a buddy in the plan now: %(names)s.", names=_names(gained)))
    if moved:
        said.append(
            ngettext(
                "%(num)s other pair in the plan has changed.",
                "%(num)s other pairs in the plan have changed.",
                moved,
            )
        )
    if own:
        said.append(gettext("The plan has another buddy for this newcomer now."))
    return said


def history_dimension() -> str:
    """What groups of a plan are made by when they are told apart by earlier duos."""
    return pgettext("how people are grouped", "First time or again")


def history_label(again: bool) -> str:
    """A group of newcomers by whether they were in a duo before."""
    return gettext("Had a buddy before") if again else gettext("Looks for a first buddy")


def _names(first_names: Sequence[str]) -> str:
    return people_list_text(own_words_text(name) for name in first_names)
