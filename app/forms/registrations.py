"""The questions of registering, one form a step, and the order in which they are asked.

Each step gives its clean values as JSON; the names of the values are those of the use-case that takes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wtforms import HiddenField, SelectChoice

from app.forms.base import EmailField, LatinNameField, LineField, NameField, PhoneField, WordsField, called
from app.forms.fields import ListField, OneField, SeveralField, TickField, WrittenField
from app.forms.places import WhereForm
from app.forms.steps import ReadInterests, StepForm, Values
from app.forms.weeks import WhenForm
from app.i18n import Lazy, active, language, lazy_pgettext
from app.i18n import lazy_gettext as _
from app.reference.languages import OWN_NAMES, SPOKEN, language_name
from app.vocabulary import DutchLevel, Gender, GenderWish, Goal, Interest, choices
from app.vocabulary.registrations import HeardThrough, MeetingWish

LONGEST_PHRASE = 300
DISTANCES_KM = (5, 10, 15, 25, 50)
ANY_DISTANCE_KM = 200
MOST_NEWCOMERS = 3
SILENT = lazy_pgettext("gender", "I do not say")


class WhoForm(StepForm):
    """Who a candidate buddy is; reachable by mail or by telephone."""

    keeps: ClassVar = ("full_name", "latin_name", "call_name", "email", "phone", "adult", "clear_dutch")

    full_name = NameField(_("Your full name"))
    latin_name = LatinNameField()
    call_name = NameField(_("What shall we call you?"), required=False)
    email = EmailField(_("E-mail address"), required=False)
    phone = PhoneField(_("Telephone number"), required=False)
    adult = TickField(_("I am 18 or older"), unless=_("A buddy is at least 18 years old."))
    clear_dutch = TickField(
        _("I speak clear Dutch"), unless=_("Buddies practise Dutch with newcomers. So they speak it well.")
    )

    def check(self) -> None:
        """One way to reach somebody suffices, none does not."""
        if not (self.email.data or self.phone.data or self.email.errors or self.phone.errors):
            self.refuse("email", _("Fill in an e-mail address or a telephone number. One is enough."))


class NameForm(StepForm):
    """What to call a newcomer; everything else about reaching may stay open."""

    keeps: ClassVar = ("full_name", "latin_name", "email", "phone")

    full_name = NameField(_("Your name"))
    latin_name = LatinNameField()
    phone = PhoneField(_("Telephone number"), required=False)
    email = EmailField(_("E-mail address"), required=False)


class LanguagesForm(StepForm):
    """Languages beside Dutch."""

    keeps: ClassVar = ("languages",)

    languages = SeveralField(_("Which languages do you speak?"), [(tag, tag) for tag in SPOKEN])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in self.languages.choices:
            name = language_name(choice.value, active())
            choice.label = (
                name[:1].title() + name[1:]
            )  # title case: Georgian has capitals that nobody writes in running text


class LanguagesAndDutchForm(LanguagesForm):
    """Languages of a newcomer, and how much Dutch."""

    keeps: ClassVar = ("languages", "dutch_level")

    dutch_level = OneField(_("How well do you speak Dutch?"), DutchLevel, required=_("Tap one face."))

    @classmethod
    def suggest(cls) -> Values:
        """The language in which somebody reads is most often one that she speaks."""
        return {"languages": [active()] if active() in SPOKEN else []}

    def check(self) -> None:
        """A newcomer speaks at least one language."""
        if not self.languages.data and not self.languages.errors:
            self.refuse("languages", _("Tap at least one language."))


class LikesForm(StepForm):
    """What somebody likes: pictures, or own words in which pictures are looked up, to be confirmed."""

    keeps: ClassVar = ("interests", "likes_words")
    needed: ClassVar = False

    interests = SeveralField(_("What do you like to do?"), Interest)
    likes_words = LineField(_("Or write it in your own words"), longest=LONGEST_PHRASE)
    understood = HiddenField()
    found: tuple[str, ...] | None = None

    def settle(self, pressed: Mapping[str, str], interests_in: ReadInterests) -> bool:
        """Look up new words: what they name is ticked, for the writer to confirm."""
        words = self.likes_words.data or ""
        if not words or (words == self.understood.data and "understand" not in pressed):
            return not words and "understand" in pressed
        if not self.likes_words.validate(self):
            return False
        self.found = interests_in(words, active())
        chosen = {*(self.interests.data or []), *self.found}
        self.interests.data = [interest.value for interest in Interest if interest in chosen]
        self.understood.data = words
        return True

    def check(self) -> None:
        """A newcomer tells something that she likes."""
        if self.needed and not (self.interests.data or self.likes_words.data or self.interests.errors):
            self.refuse("interests", _("Tap at least one picture, or write what you like."))

    def answers(self) -> Values:
        """The words keep the language in which they were written."""
        return {**super().answers(), "likes_language": self.language_of("likes_words", "likes_language")}


class NewcomerLikesForm(LikesForm):
    """What a newcomer likes: this is what the matcher begins with."""

    needed: ClassVar = True


class _WishGenderForm(StepForm):
    """A wish about the other person, and beside it, for no other use, who one is."""

    wished_gender = OneField(_("With whom do you like to be?"), GenderWish, default="")
    gender = OneField(_("And you? You are"), [*choices(Gender), ("", SILENT)], default="")
    words = WordsField(_("In your own words"), longest=1000)
    words_language = WrittenField()

    def answers(self) -> Values:
        """The words keep the language in which they were written."""
        return {**super().answers(), "words_language": self.language_of("words", "words_language")}


class WishesForm(_WishGenderForm):
    """How far, how many, with whom and why somebody wants to be a buddy."""

    keeps: ClassVar = (
        "max_km",
        "capacity",
        "meeting_wish",
        "wished_gender",
        "gender",
        "words",
        "heard_through",
    )

    max_km = OneField(
        _("How far do you want to travel?"),
        [*((str(km), _("%(km)s km", km=km)) for km in DISTANCES_KM), (str(ANY_DISTANCE_KM), lazy_pgettext("distance", "It does not matter"))],
        required=_("Tap a distance."), default="25",
    )  # fmt: skip
    capacity = OneField(
        _("How many newcomers at the same time?"), [(str(count), str(count)) for count in range(1, MOST_NEWCOMERS + 1)],
        required=_("Tap a number."), default="1",
    )  # fmt: skip
    meeting_wish = OneField(_("Whom do you like to meet?"), MeetingWish, default="")
    words = WordsField(_("Why do you want to be a buddy?"), longest=1000)
    heard_through = OneField(_("How did you hear of us?"), HeardThrough, default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_too(self.max_km, lambda km: _("%(km)s km", km=km))
        _show_too(self.capacity, str)

    @classmethod
    def recall(cls, saved: Mapping[str, Any]) -> Values:
        """Numbers as the taps have them."""
        return {
            **saved,
            "max_km": str(saved.get("max_km") or ""),
            "capacity": str(saved.get("capacity") or ""),
        }

    def answers(self) -> Values:
        """Whole numbers of kilometres and of people."""
        given = super().answers()
        return {**given, "max_km": int(given["max_km"]), "capacity": int(given["capacity"])}


class HopesForm(_WishGenderForm):
    """What a newcomer hopes for."""

    keeps: ClassVar = ("goals", "wished_gender", "gender", "words")

    goals = SeveralField(_("What do you hope for?"), Goal)


class AgreeForm(StepForm):
    """What a candidate buddy has read and agrees to (R42)."""

    keeps: ClassVar = ("duties", "privacy")

    duties = TickField(
        _("I read this and I agree"), unless=_("Tick this when you agree. Without it you cannot be a buddy.")
    )
    privacy = TickField(
        _("You may keep and use my answers to find a newcomer for me"),
        unless=_("Tick this when you agree. Without it we may not keep your answers."),
    )


class NewcomerAgreeForm(StepForm):
    """What a newcomer agrees to."""

    keeps: ClassVar = ("adult", "privacy")

    adult = TickField(_("I am 18 or older"), unless=_("You must be 18 or older."))
    privacy = TickField(
        _("You may keep and use my answers to find a buddy for me"),
        unless=_("Tick this if you agree. Without it we cannot keep your answers."),
    )


class HelpedAgreeForm(NewcomerAgreeForm):
    """What a newcomer agrees to when somebody helps: asked aloud, in a language that both name (S7)."""

    spoken = ListField(
        _("In which language did you talk about this?"), [], required=_("Say in which language you asked it.")
    )
    asked_aloud = TickField(
        _("The helper read this aloud and asked. The newcomer said yes."),
        unless=_("Read it aloud and ask. Tick this when the newcomer says yes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken.choices = called({"nl": language("nl").native_name, **OWN_NAMES}.items())

    @classmethod
    def suggest(cls) -> Values:
        """Most often it is the language of the page."""
        return {"spoken": active()}


def _show_too(field: OneField, words: Callable[[str], object]) -> None:
    """Keep a number that was given elsewhere, as in an imported list, although it is none of those to tap."""
    own = str(field.object_data or "")
    if own.isascii() and own.isdigit() and own not in {choice.value for choice in field.choices}:
        field.choices = [*field.choices, SelectChoice(own, words(own))]


@dataclass(frozen=True)
class Step:
    """One screen: the end of its address, its form, its template, and what it asks."""

    slug: str
    form: type[StepForm]
    question: Lazy

    @property
    def template(self) -> str:
        """Where the screen is written."""
        return f"registrations/steps/{self.slug}.html"


STEPS: Mapping[str, tuple[Step, ...]] = {
    "buddy": (
        Step("who", WhoForm, _("Who are you?")),
        Step("where", WhereForm, _("Where do you live?")),
        Step("languages", LanguagesForm, _("Which languages do you speak, beside Dutch?")),
        Step("likes", LikesForm, _("What do you like to do?")),
        Step("when", WhenForm, _("When are you free?")),
        Step("wishes", WishesForm, _("How do you want to do it?")),
        Step("agree", AgreeForm, _("Read this. Do you agree?")),
    ),
    "newcomer": (
        Step("name", NameForm, _("What shall we call you?")),
        Step("where", WhereForm, _("Where do you live?")),
        Step("dutch", LanguagesAndDutchForm, _("Which languages do you speak?")),
        Step("likes", NewcomerLikesForm, _("What do you like to do?")),
        Step("when", WhenForm, _("When are you free?")),
        Step("hopes", HopesForm, _("What do you hope for?")),
        Step("consent", NewcomerAgreeForm, _("Do you agree?")),
    ),
}
"""The steps of a registration in order; the last one finishes it."""

TOGETHER = (*STEPS["newcomer"][:-1], Step("consent", HelpedAgreeForm, _("Do you agree?")))
"""The same for a newcomer with a helper beside."""

EDITABLE: Mapping[str, tuple[Step, ...]] = {
    kind: tuple(step for step in steps[1:-1]) for kind, steps in STEPS.items()
}
"""What people can change of their own answers; name and address are changed with the account."""


def step_of(steps: tuple[Step, ...], slug: str) -> Step | None:
    """The step with that slug, if it is one of these."""
    return next((step for step in steps if step.slug == slug), None)
