"""Forms of organisations: register, own page, contact persons, and what a coordinator decides."""

from typing import Any

from wtforms import ValidationError

from app.forms.base import EmailField, Form, LineField, NameField, PhoneField, WordsField, site_languages
from app.forms.fields import ListField, TickField
from app.i18n import lazy_gettext as _
from app.reference.gazetteer import LONGEST_QUERY, Ambiguous, Found, Place, resolve
from app.vocabulary.activities import OrganisationKind


class PlaceField(LineField):
    """A postcode or a place name that names one place; `found` is that place."""

    found: Place | None = None

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, longest=LONGEST_QUERY, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what names no place, or several."""
        if self.errors:
            return
        match resolve(self.data or ""):
            case Found(place):
                self.found = place
            case Ambiguous(options):
                names = ", ".join(option.name for option in options[:6])
                raise ValidationError(
                    _("Several places have this name. Type one of these: %(places)s.", places=names)
                )
            case _:
                raise ValidationError(
                    _("We do not know this place. Type the postcode of four figures, such as 2800.")
                )


class WebsiteField(LineField):
    """An address on the web; https:// is put before it when it is left out."""

    def __init__(self, label: Any, *, longest: int = 300, **kwargs: Any) -> None:
        super().__init__(label, longest=longest, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse anything but a plain web address."""
        if not self.data or self.errors:
            return
        address = self.data if "://" in self.data else f"https://{self.data}"
        host = address.partition("://")[2].partition("/")[0]
        if (
            not address.startswith(("https://", "http://"))
            or "." not in host
            or any(sign in address for sign in " <>\"'@")
        ):
            raise ValidationError(_("This is not a web address. It looks like https://www.example.be."))
        self.data = address


class OrganisationForm(Form):
    """What stands on the page of an organisation."""

    name = NameField(_("Name of the organisation"))
    kind = ListField(
        _("What is it?"), [("", _("Choose")), *[(kind.value, kind.label) for kind in OrganisationKind]]
    )
    place = PlaceField(_("Postcode or municipality"))
    words = WordsField(_("What do you do? Write it in plain Dutch."), longest=1000)
    website = WebsiteField(_("Website"))
    insurer = LineField(_("Who insures participants and volunteers?"), longest=200)

    def about(self) -> dict[str, Any]:
        """The answers as services/organisations takes them."""
        assert self.place.found is not None
        return {
            "name": self.name.data, "kind": OrganisationKind(self.kind.data) if self.kind.data else None,
            "postcode": self.place.found.postcode, "locality": self.place.found.locality, "words": self.words.data or "",
            "website": self.website.data or "", "insurer": self.insurer.data or "",
        }  # fmt: skip


class RegisterForm(OrganisationForm):
    """An organisation that registers itself, with the person who does it."""

    contact_name = NameField(_("Your name"))
    function = LineField(_("What do you do there?"), longest=200)
    email = EmailField(_("Your e-mail address"))
    phone = PhoneField(_("Your telephone number"), required=False)
    agree = TickField(
        _("I read how Samenspoor keeps data and I agree."), unless=_("Without this we cannot register you.")
    )


class ContactForm(Form):
    """One more person who speaks for an organisation."""

    name = NameField(_("Name"))
    function = LineField(_("Function"), longest=200)
    email = EmailField(_("E-mail address"), required=False)
    phone = PhoneField(_("Telephone"), required=False)
    locale = ListField(_("Language of our mails"), [])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locale.choices = site_languages()
        self.locale.data = self.locale.data or "nl"


class RefusalForm(Form):
    """Why a coordinator does not accept an organisation."""

    reason = WordsField(_("Why not? The organisation reads this."), longest=500)
