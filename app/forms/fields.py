"""Fields that people tap: several of a list, one of a list, a tick."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Optional

from app.forms.base import called, options
from app.i18n import language
from app.i18n import lazy_gettext as _
from app.reference.languages import OWN_NAMES
from app.reference.writing import UNKNOWN
from app.vocabulary import Labelled, choices

NOT_SHOWN = _("Choose from what is shown here.")


def _pairs(shown: type[Labelled] | Iterable[tuple[str, object]]) -> list[SelectChoice]:
    return options(choices(shown) if isinstance(shown, type) else shown)


class SeveralField(SelectMultipleField):
    """Any number of values of an enumeration or list of pairs: each once, in the order in which they are shown."""

    def __init__(
        self, label: Any, shown: type[Labelled] | Iterable[tuple[str, object]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(label, *args, choices=_pairs(shown), **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not shown; keep the others in order."""
        known = [choice.value for choice in self.choices]
        chosen = set(self.data or [])
        self.data = [value for value in known if value in chosen]
        if chosen - set(known):
            raise ValidationError(NOT_SHOWN)


class _One:
    """One value of those shown; nothing chosen is the empty text."""

    def __init__(
        self,
        label: Any,
        shown: type[Labelled] | Iterable[tuple[str, object]],
        *,
        required: object = None,
        **kwargs: Any,
    ) -> None:
        first = InputRequired(message=required) if required else Optional()
        super().__init__(label, [first], choices=_pairs(shown), coerce=_text, **kwargs)  # type: ignore[call-arg]

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not shown."""
        chosen = self.data or ""  # type: ignore[attr-defined]
        self.data = chosen
        if chosen and chosen not in {choice.value for choice in self.choices}:  # type: ignore[attr-defined]
            raise ValidationError(NOT_SHOWN)


class OneField(_One, RadioField):
    """One value, tapped."""


class ListField(_One, SelectField):
    """One value out of a longer list that unfolds."""


class WrittenField(SelectField):
    """In which language a text was written, for its writer to correct; empty is what the page and the letters tell."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("In which language did you write this?"), [Optional()], choices=options([("", _("The language of this page"))]),
            validate_choice=False, **kwargs,
        )  # fmt: skip
        own = {"nl": language("nl").native_name, **OWN_NAMES}
        self.choices = [*self.choices, *called(own.items()), *options([(UNKNOWN, _("Another language"))])]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """What is not in the list says nothing."""
        if self.data not in {choice.value for choice in self.choices}:
            self.data = ""


class TickField(BooleanField):
    """A sentence to agree with; `unless` is what is said when it is not ticked, none when it may stay open."""

    def __init__(self, label: Any, *, unless: object = None, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(message=unless)] if unless else [], **kwargs)


def _text(value: object) -> str:
    return "" if value is None else str(value)
