"""One spelling of an e-mail address, so that one address is one account; and numbers we refuse to keep."""

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from stdnum.be import bis, nn

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
BIDI_CONTROLS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_BETWEEN = r"[\s./_\u2010-\u2015-]{0,3}"
_NUMBER_LIKE = re.compile(  # looks ahead, so that a number that begins within another one is found too
    rf"(?<![\d+])(?=(\d\d{_BETWEEN}\d\d{_BETWEEN}\d\d{_BETWEEN}\d{{3}}{_BETWEEN}\d\d)(?!\d))"
)
LONGEST_EMAIL = 254
HIDDEN = "xx.xx.xx-xxx.xx"  # stands in a list where a national number stood


def tidy(text: str) -> str:
    """Text as it is kept: NFC, no characters that turn its direction around or hide in it, no blanks around, lines that
    end in a line feed.

    Zero-width (non-)joiners stay: Persian and Indic scripts need them. NUL and other control characters are
    left in place, for a form to refuse.
    """
    plain = unicodedata.normalize("NFC", text).translate(BIDI_CONTROLS).translate(INVISIBLE)
    return plain.replace("\r\n", "\n").replace("\r", "\n").strip()


def tidy_email(text: str) -> str:
    """An address as it is written to: checked, with its domain in one form. Raises ValueError."""
    return _checked(text).normalized


def canonical_email(address: str) -> str:
    """What makes two addresses the same account: case, +tag and the spelling of the domain do not count.

    Domains are compared as the registries keep them (IDNA 2008), where straße.de and strasse.de are two.
    """
    found = _checked(address)
    local = found.local_part.split("+", 1)[0] or found.local_part
    return f"{local.casefold()}@{found.ascii_domain}"


def domain_in_ascii(address: str) -> str:
    """The domain of an address in punycode when letters of it could pass for others; nothing when it is plain."""
    try:
        found = _checked(address)
    except ValueError:
        return ""
    return "" if found.domain == found.ascii_domain else found.ascii_domain


def _checked(text: str) -> ValidatedEmail:
    plain = unicodedata.normalize("NFKC", tidy(text)).rstrip(".").strip()
    if len(plain) > LONGEST_EMAIL:
        raise ValueError("too long")
    try:
        return validate_email(plain, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


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
    """Whether the text holds a Belgian national register or BIS number, in digits of any script, however they are parted.

    Those we may not keep (Act of 8 August 1983). What begins with a plus is a telephone number.
    """
    return next(_national_numbers(text), None) is not None


def without_national_numbers(text: str) -> str:
    """The text with HIDDEN in the place of each national register or BIS number."""
    parts, at = [], 0
    for start, end in _national_numbers(text):
        if start >= at:
            parts += [text[at:start], HIDDEN]
            at = end
    return "".join([*parts, text[at:]])


def _national_numbers(text: str) -> Iterator[tuple[int, int]]:
    for found in _NUMBER_LIKE.finditer(text):
        digits = "".join(str(unicodedata.digit(letter)) for letter in found[1] if letter.isdecimal())
        if nn.is_valid(digits) or bis.is_valid(digits):
            yield found.span(1)
