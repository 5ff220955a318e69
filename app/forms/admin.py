"""What administrators fill in."""

from wtforms import SelectField

from app.forms.base import EmailField, Form, NameField, names, options, site_languages
from app.i18n import lazy_gettext as _
from app.reference.networks import networks
from app.vocabulary import Agency, Role, choices, label

STAFF = (Role.COORDINATOR, Role.COUNSELLOR, Role.HELPER, Role.ADMINISTRATOR)


class StaffForm(Form):
    """A person of staff and the role."""

    full_name = NameField(_("Name"))
    email = EmailField(_("E-mail address"))
    locale = SelectField(
        _("Language of our messages"),
        choices=site_languages(),
        default="nl",
    )
    role = SelectField(_("Role"), choices=options((role.value, label(role)) for role in STAFF))
    network = SelectField(
        _("Network, for a coordinator"),
        choices=[
            *options([("", _("Choose a network"))]),
            *names((item.slug, item.name_nl) for item in networks()),
        ],
    )
    agency = SelectField(
        _("Agency, for a counsellor"), choices=options([("", _("Choose an agency")), *choices(Agency)])
    )
