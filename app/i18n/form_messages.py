"""The messages of WTForms and Flask-WTF in our own catalogue: WTForms knows no Pashto, Somali or Tigrinya (T6).

The English of the libraries is the msgid; English, like every language, may say it in plainer words. A test
holds MESSAGES and PLURALS against the installed libraries.
"""

from app.i18n.speaking import gettext, translations


class FormTranslations:
    """What `Meta.get_translations` of a form returns; the caller fills in the values."""

    def gettext(self, string: str) -> str:
        """The message in the language spoken now."""
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form that fits n in the language spoken now."""
        return str(translations().ungettext(singular, plural, n))


form_translations = FormTranslations()


def noted(message: str) -> str:
    """Marks a message for extraction and leaves it as it is."""
    return message


def noted_plural(singular: str, plural: str) -> tuple[str, str]:
    """Marks a message with a number for extraction."""
    return singular, plural


MESSAGES = (
    noted("Not a valid choice."),
    noted("Invalid Choice: could not coerce."),
    noted("Invalid choice(s): one or more data inputs could not be coerced."),
    noted("Choices cannot be None."),
    noted("Not a valid datetime value."),
    noted("Not a valid date value."),
    noted("Not a valid time value."),
    noted("Not a valid week value."),
    noted("Not a valid integer value."),
    noted("Not a valid decimal value."),
    noted("Not a valid float value."),
    noted("Field must be equal to %(other_name)s."),
    noted("This field is required."),
    noted("Invalid IP address."),
    noted("Invalid Mac address."),
    noted("Invalid URL."),
    noted("Invalid UUID."),
    noted("Invalid value, must be one of: %(values)s."),
    noted("Invalid value, can't be any of: %(values)s."),
    noted("Number must be at least %(min)s."),
    noted("Number must be at most %(max)s."),
    noted("Number must be between %(min)s and %(max)s."),
    noted("Date must be at least %(min)s."),
    noted("Date must be at most %(max)s."),
    noted("Date must be between %(min)s and %(max)s."),
    noted("Field must be between %(min)d and %(max)d characters long."),
    noted("Invalid input."),
    noted("This field cannot be edited."),
    noted("This field is disabled and cannot have a value."),
    noted("Invalid field name '%s'."),
    noted("Invalid email address."),
    noted("File does not have an approved extension."),
    noted("File does not have an approved extension: {extensions}"),
    noted("Invalid CSRF Token."),
    noted("CSRF token missing."),
    noted("CSRF failed."),
    noted("CSRF token expired."),
    noted("The CSRF token is missing."),
    noted("The CSRF session token is missing."),
    noted("The CSRF token has expired."),
    noted("The CSRF token is invalid."),
    noted("The CSRF tokens do not match."),
    noted("The referrer header is missing."),
    noted("The referrer does not match the host."),
)
"""Messages without a number. Flask-WTF does not translate those about CSRF: say them with form_translations.

FileSize is not here: it asks for a text with the figures already in it, so give it a message of your own.
"""

PLURALS = (
    noted_plural(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
    ),
    noted_plural(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
    ),
    noted_plural(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
    ),
    noted_plural(
        "Field must be exactly %(max)d character long.",
        "Field must be exactly %(max)d characters long.",
    ),
)
"""Messages with a number, as (singular, plural)."""
