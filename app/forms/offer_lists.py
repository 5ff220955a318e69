"""What staff fill in to bring in a list of activities."""

from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from app.forms.base import Form, LineField, WordsField, names, one_line, options, tidied
from app.forms.files import FileForm
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.offer_lists import OfferListKind


class OfferListForm(FileForm):
    """A list of activities: a file, or an address where the site may fetch it."""

    kind = RadioField(
        _("In which form is the list?"),
        choices=options(choices(OfferListKind)),
        default=OfferListKind.UITDATABANK.value,
    )
    organisation = SelectField(_("Organisation that answers for these activities"), coerce=int)
    address = StringField(
        _("Or the address of the list"), [Optional(), one_line, Length(max=1000)], filters=[tidied]
    )

    def __init__(self, *args: Any, houses: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation.choices = names((str(key), name) for key, name in houses)

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two is needed."""
        fine = super().validate(extra_validators)
        if not self.data_of_file() and not self.address.data:
            self.refuse("file", _("Choose a file."))
            return False
        return bool(fine)


class TakeOffersForm(Form):
    """What holds for every activity of the list that does not say it itself, and whether they are published at once."""

    fluent_speakers = IntegerField(
        _("How many people are there who speak Dutch well?"), [Optional(), NumberRange(min=1, max=10_000)]
    )
    meeting_words = WordsField(_("How do people meet each other there?"))
    insurer = LineField(_("Who insures the participants?"), longest=200)
    publish = BooleanField(_("Publish at once what is complete"))
