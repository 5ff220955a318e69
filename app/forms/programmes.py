"""A proposed setting of the matcher: two files, judged by what stands in them."""

from wtforms import FileField, SelectField

from app.forms.base import Form, names
from app.i18n import lazy_gettext as _
from app.i18n import lazy_pgettext


class ProposalForm(Form):
    """The files that `python -m matching learn` writes, or a setting written by hand."""

    programme = SelectField(lazy_pgettext("weights of the matcher", "Programme"), coerce=int)
    weights = FileField(_("The proposed setting (weights.toml)"))
    evidence = FileField(_("Its evidence (evidence.json)"))

    def offer(self, programmes: dict[int, str]) -> None:
        """The programmes to choose from, by key and name."""
        self.programme.choices = names(programmes.items())

    @staticmethod
    def bytes_of(field: FileField) -> bytes | None:
        """The bytes of a file; its name is not looked at. None when none was sent."""
        if not hasattr(field.data, "read"):
            return None
        data: bytes = field.data.read()
        field.data.close()
        return data or None
