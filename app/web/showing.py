"""What the questions are shown with: pictures, own names of languages, days and parts of the day, Dutch beside."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import request, session
from markupsafe import Markup

from app.forms.registrations import Step
from app.forms.steps import StepForm
from app.i18n import DEFAULT, active, day, dutch, pgettext, phone
from app.i18n import gettext as _
from app.models import Buddy, Network, Newcomer
from app.queries.registrations import network_of
from app.reference import gazetteer
from app.reference.interests import GOALS, INTERESTS
from app.reference.languages import OWN_NAMES, language_name
from app.vocabulary import (
    BuddyState,
    DayPart,
    DutchLevel,
    GenderWish,
    Goal,
    Interest,
    Labelled,
    Province,
    Slot,
    Weekday,
    choices,
)  # fmt: skip
from app.vocabulary.registrations import VOLUNTEER_DUTIES

PICTURES = {item.slug: item.icon for item in (*INTERESTS, *GOALS)}
LANGUAGES_FIRST = 12
# How many of the stations registered, talk, ready lie behind a buddy in each state.
BEHIND = {
    BuddyState.REGISTERED: 1, BuddyState.VERIFIED: 1, BuddyState.INTAKE_PLANNED: 1, BuddyState.SCREENING: 2,
    BuddyState.APPROVED: 3, BuddyState.LAPSED: 2, BuddyState.AWAY: 3, BuddyState.PAUSED: 3,
}  # fmt: skip


def _dutch_words(*kinds: type[Labelled]) -> dict[str, str]:
    return {member.value: dutch(member.label) for kind in kinds for member in kind}


def shown(asked: Step, form: StepForm) -> dict[str, Any]:
    """What the template of that question needs beside the form."""
    return {
        "asked": asked,
        "form": form,
        "pictures": PICTURES,
        "dutch_words": _dutch_words(Interest, Goal, DutchLevel),
        "natives": OWN_NAMES,
        "dutch_names": {tag: language_name(tag, DEFAULT) for tag in OWN_NAMES},
        "languages_first": LANGUAGES_FIRST,
        "days": choices(Weekday),
        "parts": choices(DayPart),
        "duties": VOLUNTEER_DUTIES,
        "found_chips": chips_of,
        "kept": request.method == "POST",
    }


def place_of(answers: dict[str, Any]) -> dict[str, str]:
    """What follows from a postcode and locality: municipality, province and network, for the page to answer with."""
    place = gazetteer.place(answers["postcode"], answers["locality"])
    return {
        "place": place.name,
        "province": str(Province(place.province).label),
        "network": network_of(place.network).name,
    }


def chips_of(interests: Sequence[str]) -> list[dict[str, object]]:
    """Interests as chips with their pictures."""
    return [{"label": Interest(tag).label, "picture": PICTURES[tag], "kind": "both"} for tag in interests]


def who_calls(network: Network, call_before: datetime) -> list[tuple[str, object]]:
    """Who calls a candidate buddy, before which day and when, as the network has set it."""
    caller: object = (
        Markup("<bdi>{}</bdi>").format(network.caller_name)
        if network.caller_name
        else _("Somebody of your network")
    )
    facts = [
        (pgettext("of a call", "Who"), caller),
        (pgettext("of a call", "Network"), Markup('<bdi lang="nl">{}</bdi>').format(network.name)),
    ]
    facts.append((pgettext("of a call", "At the latest"), day(call_before)))
    if network.call_when:
        when = Markup('<span lang="{}" dir="auto">{}</span>').format(
            network.call_when_language, network.call_when
        )
        facts.append((pgettext("of a call", "When"), when))
    if network.help_phone:
        facts.append(
            (
                _("Do you have a question?"),
                Markup('<a href="tel:{}">{}</a>').format(network.help_phone, phone(network.help_phone)),
            )
        )
    return facts


def stations(buddy: Buddy | None = None) -> list[dict[str, str]]:
    """The way from registered to buddy, with what is done and what is next; without a buddy, its beginning."""
    names = (
        pgettext("station of a buddy", "Registered"), pgettext("station of a buddy", "Talk"),
        pgettext("station of a buddy", "Ready"), pgettext("station of a buddy", "Buddy"),
    )  # fmt: skip
    behind = BEHIND.get(buddy.state, 0) + bool(buddy.places_taken) if buddy else 1
    return [
        {"label": name, "state": "done" if at < behind else "now" if at == behind else "", "note": ""}
        for at, name in enumerate(names)
    ]


def _listed(words: Iterable[object]) -> Markup:
    return Markup(" · ").join(words)


def answers_of(record: Buddy | Newcomer) -> list[tuple[str, object]]:
    """What somebody told, in words, as (question, answer)."""
    place = gazetteer.place(record.postcode, record.locality)
    facts: list[tuple[str, object]] = [(_("Town"), Markup('<bdi lang="nl">{}</bdi>').format(place.name))]
    facts.append(
        (
            _("Languages"),
            _listed(Markup("<bdi>{}</bdi>").format(language_name(tag, active())) for tag in record.languages),
        )
    )
    if isinstance(record, Newcomer):
        facts.append((_("Dutch"), str(record.dutch_level.label)))
    facts.append((_("What you like"), _listed(Interest(tag).label for tag in record.interests)))
    facts.append((_("When you are free"), _listed(Slot(slot).label for slot in record.availability)))
    if isinstance(record, Newcomer):
        facts.append((_("What you hope for"), _listed(Goal(goal).label for goal in record.goals)))
    if record.wished_gender:
        facts.append((_("Your wish"), str(GenderWish(record.wished_gender).label)))
    if record.words:
        facts.append(
            (
                _("Your own words"),
                Markup('<span lang="{}" dir="auto">{}</span>').format(
                    record.words_language or "und", record.words
                ),
            )
        )
    return [(question, answer or _("not told")) for question, answer in facts]


def put_aside() -> bool:
    """Whether the form was sent only to be shown again, in another language or with Dutch beside it.

    What is typed is shown as it is, neither checked nor kept.
    """
    if "also_dutch" in request.form:
        session["also_dutch"] = request.form["also_dutch"] == "1"
    return "keep" in request.form
