"""Refusals that a use-case may raise. Each has a code, an HTTP status and a sentence for the reader."""

from app.i18n import lazy_gettext as _


class NoSpace(Exception):
    """Something does not fit on the disk at this moment."""


class Refusal(Exception):
    """A use-case says no. `message` is turned into the reader's language where it is shown."""

    status = 409
    code = "refused"
    message = _("This could not be done.")

    def __init__(self, message: object | None = None, *, code: str | None = None) -> None:
        super().__init__(code or self.code)
        if message is not None:
            self.message = message  # type: ignore[assignment]
        if code is not None:
            self.code = code


class NotFound(Refusal):
    """There is no such thing, or the viewer may not know that there is: both look the same."""

    status = 404
    code = "not_found"
    message = _("We cannot find this page.")


class Forbidden(Refusal):
    """The viewer's roles do not give this right, or it would be a decision about oneself."""

    status = 403
    code = "forbidden"
    message = _("You do not have the right to do this.")


class Gone(Refusal):
    """A link was used already, replaced or has expired."""

    status = 410
    code = "gone"
    message = _("This link no longer works. Ask for a new one.")


class Moved(Refusal):
    """Somebody else changed it first: the state is not what the page showed."""

    status = 409
    code = "moved"
    message = _("Somebody else already dealt with this. Look at the page again.")


class Invalid(Refusal):
    """A value is refused; `field` names the form field that it belongs to, if any."""

    status = 422
    code = "invalid"

    def __init__(self, field: str | None, message: object, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field
