"""The mother of all forms: our words for every error, and the same care for every text."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField as PlainEmailField
from wtforms import Field, SelectChoice, StringField, TelField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from app.i18n import LANGUAGES, form_translations, latin_digits
from app.i18n import lazy_gettext as _
from app.reference.writing import in_latin_letters
from app.security.identity import names_national_number, tidy, tidy_email, tidy_phone

LONGEST_NAME = 200
LONGEST_WORDS = 2000


class Form(FlaskForm):  # type: ignore[misc]
    """A form with CSRF whose errors come from our own catalogues."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> Any:
            return form_translations

    def refuse(self, field: str | None, message: object) -> None:
        """Show a refusal of a use-case at that field, or on top when it names none."""
        if field and field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, message]
        else:
            self.form_errors.append(message)


def tidied(value: str | None) -> str | None:
    """Filter: text as it is kept."""
    return tidy(value) if isinstance(value, str) else value


def showable(text: str | None) -> str:
    """Text without the control characters that may stand in no page; with them it is never kept."""
    return "".join(
        letter
        for letter in text or ""
        if letter in "\n\r\t" or unicodedata.category(letter) not in ("Cc", "Cs")
    )


def fit_to_keep(form: Form, field: Field) -> None:
    """Validator: no control characters, and no national register number in any free text."""
    text = field.data or ""
    if showable(text) != text:
        raise StopValidation(_("This text has a character that we cannot keep. Type it again."))
    if names_national_number(text):
        raise StopValidation(_("Do not write a national register number here. We may not keep it."))


def one_line(form: Form, field: Field) -> None:
    """Validator: no line breaks, as in names and subjects."""
    if field.data and any(letter in field.data for letter in "\r\n"):
        raise StopValidation(_("Write this on one line."))


def options(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """(value, words) pairs, such as `choices(OfferKind)`, as a select or radio field takes them."""
    return [SelectChoice(value, words) for value, words in pairs]


def names(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(value, own name) pairs of networks and the like, which are not translated."""
    return [SelectChoice(value, words, render_kw={"translate": "no"}) for value, words in pairs]


def site_languages() -> list[SelectChoice]:
    """The languages of the site to choose from."""
    return called((item.tag, item.native_name) for item in LANGUAGES)


def called(languages: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Languages to choose from as (tag, own name), each marked as what it is (LANGUAGES A4)."""
    return [SelectChoice(tag, name, render_kw={"translate": "no", "lang": tag}) for tag, name in languages]


class _Showable:
    """What was typed comes back in the form, but for what no page can show."""

    def _value(self) -> str:
        return showable(self.data)


class LineField(_Showable, StringField):
    """One line of free text that may stay empty."""

    def __init__(self, label: Any, *, longest: int, **kwargs: Any) -> None:
        super().__init__(
            label, [Optional(), one_line, fit_to_keep, Length(max=longest)], filters=[tidied], **kwargs
        )


class NameField(_Showable, StringField):
    """A name in any script, as typed: one word suffices, nothing is transliterated (D3, D5)."""

    def __init__(
        self, label: Any, *, required: bool = True, longest: int = LONGEST_NAME, **kwargs: Any
    ) -> None:
        first = DataRequired() if required else Optional()
        super().__init__(
            label, [first, one_line, fit_to_keep, Length(max=longest)], filters=[tidied], **kwargs
        )


class LatinNameField(NameField):
    """The same name in Latin letters, as its owner writes it or as it stands on a card; never made by us (D5)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_("Your name in Latin letters"), required=False, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and not in_latin_letters(self.data or ""):
            raise ValidationError(_("Use the letters A to Z here. Your own letters go in the field above."))


class WordsField(_Showable, TextAreaField):
    """Free text in any language."""

    def __init__(
        self, label: Any, *, required: bool = False, longest: int = LONGEST_WORDS, **kwargs: Any
    ) -> None:
        first = DataRequired() if required else Optional()
        super().__init__(label, [first, fit_to_keep, Length(max=longest)], filters=[tidied], **kwargs)


class EmailField(_Showable, PlainEmailField):
    """An e-mail address, kept as it is written to."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        first = DataRequired() if required else Optional()
        super().__init__(label, [first, one_line], filters=[tidied], **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        try:
            self.data = tidy_email(self.data)
        except ValueError:
            raise ValidationError(
                _("This is not an e-mail address. It looks like name@example.be.")
            ) from None


class PhoneField(_Showable, TelField):
    """A telephone number with digits of any script, kept as E.164."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        first = DataRequired() if required else Optional()
        super().__init__(label, [first, one_line], filters=[tidied], **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        try:
            self.data = tidy_phone(latin_digits(self.data))
        except ValueError:
            raise ValidationError(_("This is not a telephone number. It looks like 0470 12 34 56.")) from None
