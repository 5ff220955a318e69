"""One spelling of an e-mail address, so that one address is one account; and numbers we refuse to keep."""

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum.be import bis, nn

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
BIDI_CONTROLS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_NUMBER_LIKE = re.compile(r"(?<!\d)\d{2}[ .]?\d{2}[ .]?\d{2}[ .-]{0,3}\d{3}[ .-]{0,2}\d{2}(?!\d)")
LONGEST_EMAIL = 254


def tidy(text: str) -> str:
    """Text as it is kept: NFC, no characters that turn its direction around or hide in it, no blanks around.

    Zero-width (non-)joiners stay: Persian and Indic scripts need them. NUL and other control characters are
    left in place, for a form to refuse.
    """
    return unicodedata.normalize("NFC", text).translate(BIDI_CONTROLS).translate(INVISIBLE).strip()


def tidy_email(text: str) -> str:
    """An address as it is written to: checked, with its domain in one form. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", tidy(text)).rstrip(".").strip()
    if len(plain) > LONGEST_EMAIL:
        raise ValueError("too long")
    try:
        return validate_email(plain, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


def canonical_email(address: str) -> str:
    """What makes two addresses the same account: case, +tag and the spelling of the domain do not count."""
    local, _, domain = tidy_email(address).rpartition("@")
    local = local.split("+", 1)[0] or local
    return f"{local.casefold()}@{domain.casefold().encode('idna').decode('ascii')}"


def tidy_phone(text: str) -> str:
    """A telephone number in E.164; without a country it is Belgian. Raises ValueError."""
    try:
        number = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException as error:
        raise ValueError(str(error)) from error
    if not phonenumbers.is_possible_number(number) or len(text) > 40:
        raise ValueError("not a telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def names_national_number(text: str) -> bool:
    """Whether the text holds a Belgian national register or BIS number: those we may not keep (Act of 8 August 1983)."""
    return any(nn.is_valid(found) or bis.is_valid(found) for found in _NUMBER_LIKE.findall(text))
