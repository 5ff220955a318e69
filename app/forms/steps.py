"""What every step of a registration can do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from app.forms.base import Form
from app.i18n import active
from app.reference.writing import language_of

Values = dict[str, Any]
ReadInterests = Callable[[str, str], tuple[str, ...]]
"""Gives the slugs of the interests that words mean, from the words and the language of the page."""


class StepForm(Form):
    """One question of several. `keeps` names the fields whose clean values are the answers of the step."""

    keeps: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, data=data, **kwargs)
        self.before = data or {}

    @classmethod
    def recall(cls, saved: Mapping[str, Any]) -> Values:
        """Saved answers as the fields show them."""
        return dict(saved)

    @classmethod
    def suggest(cls) -> Values:
        """What a step that nobody answered yet begins with."""
        return {}

    def settle(self, pressed: Mapping[str, str], interests_in: ReadInterests) -> bool:
        """Do what only changes the form itself, such as a shortcut; True: show it again before going on."""
        return False

    def check(self) -> None:
        """Refuse what only shows when all fields are looked at together."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check each field, then all together."""
        super().validate(extra_validators)
        self.check()
        return not self.errors

    def language_of(self, words: str, language: str) -> str:
        """The language in which the text of that field was written.

        What the writer says counts; a text that stays as it was keeps its language; of a new one it is that of
        the page, unless its letters contradict that.
        """
        text, before = self._fields[words].data, self.before.get(language)
        if not text:
            return ""
        same = text == self.before.get(words)
        told = self._fields[language].data if language in self._fields else ""
        if told and (same or told != before):
            return str(told)
        return str(before) if same and before else language_of(text, active())

    def answers(self) -> Values:
        """The clean values, as JSON; an empty text stands for nothing told."""
        return {name: "" if (value := self._fields[name].data) is None else value for name in self.keeps}
