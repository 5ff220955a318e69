"""Showing buddies to choose from, and choosing."""

from wtforms import RadioField, SelectMultipleField

from app.forms.base import Form, options
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.wishes import NoneReason


class ShowForm(Form):
    """Which other buddies are shown beside the one of the plan; their names are filled in by the page."""

    also = SelectMultipleField(_("Show these buddies too"), coerce=int)


class NoneForm(Form):
    """Why none of these; may be left open."""

    reason = RadioField(_("Why not?"), choices=options(choices(NoneReason)), validate_choice=False)

    @property
    def said(self) -> NoneReason | None:
        """The reason, when one of ours was given."""
        return next((item for item in NoneReason if item.value == self.reason.data), None)
