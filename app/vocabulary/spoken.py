"""The texts that can be heard: every question and heading with a read-aloud button, and what a recording of one is.

A test holds this list to the templates and to the steps of the registration: whoever writes `ask(_('…'))` adds the
words here, so that staff can record them (LANGUAGES S2, S3).
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from app.i18n import LANGUAGES, Lazy, dutch, gettext, settle_text, speak
from app.i18n import lazy_gettext as _
from app.i18n.form_messages import noted

LARGEST_SOUND = 200_000
"""Bytes of a recording at most (LANGUAGES S3)."""

LONGEST_READING_S = 40
"""Seconds after which recording in the browser stops by itself: at 32 kbit/s that is 160 kB."""

FIRST_LANGUAGES = ("ti", "so", "ps")
"""Few devices have a voice for these: they are recorded first (LANGUAGES S3)."""


class AudioKind(StrEnum):
    """A kind of sound that is kept; the value is the media type with which it is served."""

    OGG = "audio/ogg"
    WEBM = "audio/webm"
    MP3 = "audio/mpeg"
    MP4 = "audio/mp4"
    AAC = "audio/aac"

    @property
    def told(self) -> str:
        """The type with its codec, by which a browser can say whether it plays that."""
        return f"{self.value}; codecs=opus" if self in (AudioKind.OGG, AudioKind.WEBM) else self.value


@dataclass(frozen=True, slots=True)
class Screens:
    """Where texts are heard, in words for staff, and these texts as they stand in the code."""

    title: Lazy
    messages: tuple[str, ...]


SCREENS: tuple[Screens, ...] = (
    Screens(
        _("A newcomer registers"),
        (
            noted("What shall we call you?"),
            noted("Where do you live?"),
            noted("Which languages do you speak?"),
            noted("What do you like to do?"),
            noted("When are you free?"),
            noted("What do you hope for?"),
            noted("Do you agree?"),
            noted("You are registered. Welcome!"),
            noted("You began before"),
            noted("The newcomer is registered"),
        ),
    ),
    Screens(
        _("The pages of a newcomer"),
        (
            noted("My track"),
            noted("I cannot come"),
            noted("Sign up together"),
            noted("My hours"),
            noted("What did you do?"),
            noted("Tell us what you did"),
            noted("When was it, and how long?"),
            noted("Your hours are kept"),
            noted("Print a paper sheet"),
            noted("My duo"),
            noted("Choose your buddy"),
            noted("My answers"),
            noted("My counsellor"),
            noted("Do you want to stop?"),
            noted("My account"),
            noted("Come in with a link"),
            noted("Choose a new password"),
            noted("Come in with your code"),
            noted("Is this your e-mail address?"),
            noted("Look at your e-mail"),
            noted("Choose a password"),
            noted("Sign in"),
            noted("Welcome back"),
            noted("Stop with this duo"),
            noted("There is a problem"),
            noted("Activities"),
            noted("Ask a person"),
            noted("How it works"),
            noted("Privacy"),
            noted("My data"),
            noted("Must we delete you here?"),
            noted("Our texts changed"),
            noted("What you agreed to"),
            noted("Do you stay with us?"),
            noted("My proofs"),
            noted("This is your own page now"),
            noted("What is your e-mail address?"),
            noted("What can you do near here?"),
            noted("Pass it on"),
            noted("Is a sentence not right?"),
            noted("What is this paper?"),
            noted("Go on later"),
            noted("This registration is finished or too old"),
        ),
    ),
    Screens(
        _("A volunteer registers"),
        (
            noted("Who are you?"),
            noted("Which languages do you speak, beside Dutch?"),
            noted("How do you want to do it?"),
            noted("Read this. Do you agree?"),
            noted("Are you still available as a buddy?"),
        ),
    ),
)

WITH_A_NAME = frozenset({
    "Do you want to meet %(other)s?", "Do you want to go on with %(other)s?", "How was it with %(other)s?",
})  # fmt: skip
"""Asked aloud by the voice of the device only: they name somebody, so no recording says what is shown."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """One text in one language; `text` and `digest` are empty where the language has no translation of it."""

    message: str
    text: str
    dutch: str
    digest: str


def digest_of(text: str) -> str:
    """Names the exact words of a text, 64 hexadecimal digits; blanks and line breaks do not count."""
    return sha256(" ".join(text.split()).encode()).hexdigest()


def spoken_text(message: str, language: str) -> SpokenText:
    """A text of the code as it is shown in that language. Raises ValueError for no language of the site."""
    with speak(language):
        shown = gettext(message)
    text = (
        "" if settle_text(shown) != shown else shown
    )  # a fallback is Dutch, and nobody reads it in another language
    return SpokenText(message, text, str(dutch(message)), digest_of(text) if text else "")


def spoken_texts(language: str) -> list[tuple[Screens, list[SpokenText]]]:
    """All texts in that language, screen by screen; words that come twice are listed once."""
    seen: set[str] = set()
    listed = []
    for screens in SCREENS:
        texts = [spoken_text(message, language) for message in screens.messages]
        fresh = [text for text in texts if not text.digest or text.digest not in seen]
        seen |= {text.digest for text in fresh}
        listed.append((screens, list({text.digest or text.message: text for text in fresh}.values())))
    return listed


def languages_to_record() -> list[str]:
    """The languages of the site, those that need recordings most in front."""
    tags = [language.tag for language in LANGUAGES]
    return [*FIRST_LANGUAGES, *(tag for tag in tags if tag not in FIRST_LANGUAGES)]
