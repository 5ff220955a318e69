"""What people fill in to come in, and to keep their account."""

from typing import Any

from wtforms import HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from app.forms.base import EmailField, Form, LatinNameField, NameField, PhoneField, site_languages, tidied
from app.i18n import latin_digits
from app.i18n import lazy_gettext as _
from app.security.passwords import LONGEST, SHORTEST, easy_to_guess


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_("E-mail address"))
    password = PasswordField(_("Password"), [InputRequired()])
    next = HiddenField()


class CodeForm(Form):
    """The personal code of who has no e-mail."""

    code = StringField(
        _("Your code"),
        [InputRequired(), Length(max=40)],
        filters=[tidied, lambda value: latin_digits(value or "")],
    )


class AskLinkForm(Form):
    """The address to which a link is sent."""

    email = EmailField(_("E-mail address"))


class NewPasswordForm(Form):
    """A new password: long, and not the first that a guesser tries."""

    password = PasswordField(_("New password"), [InputRequired(), Length(min=SHORTEST, max=LONGEST)])

    def __init__(self, *args: Any, about: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is soon guessed."""
        if easy_to_guess(field.data or "", *self.about):
            raise ValidationError(
                _("This password is easy to guess. Take three or four words that do not belong together.")
            )


class OtherPasswordForm(NewPasswordForm):
    """Another password, by who knows the one of now: not by whoever finds the browser open."""

    password_now = PasswordField(_("Your password now"), [InputRequired()])


class AccountForm(Form):
    """How to call and to reach this person, and in which language we write."""

    full_name = NameField(_("Your name"))
    latin_name = LatinNameField()
    call_name = NameField(_("What shall we call you?"), required=False)
    phone = PhoneField(_("Telephone number"), required=False)
    locale = SelectField(_("Language of our messages"), choices=site_languages())
