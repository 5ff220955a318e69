"""What a coordinator fills in about buddies and newcomers."""

from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.clock import BRUSSELS
from app.forms.base import (
    EmailField,
    Form,
    NameField,
    WordsField,
    fit_to_keep,
    names,
    one_line,
    options,
    tidied,
)
from app.forms.durations import DurationField
from app.forms.files import FileForm
from app.i18n import lazy_gettext as _
from app.reference.networks import network
from app.vocabulary import Labelled, choices
from app.vocabulary.blocks import BlockReason
from app.vocabulary.channels import Channel
from app.vocabulary.lists import ListKind
from app.vocabulary.screening import BuddyRefusal, LetGoReason

LONGEST_LIST = 1_000_000  # characters; longer lists come as a file


def reason_field(kind: type[Labelled]) -> SelectField:
    """Why, as one of that kind; none is chosen beforehand, for a reason that nobody gave is kept for good."""
    return SelectField(
        _("Reason"),
        choices=options([("", _("Choose a reason.")), *choices(kind)]),
        validators=[InputRequired(_("Choose a reason."))],
    )


class ActForm(Form):
    """An act on a person; `given()` is what its use-case takes. Here nothing but the button."""

    def given(self) -> dict[str, Any]:
        """The values of its fields by name."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


class TalkForm(ActForm):
    """When the first talk is, on a clock in Brussels."""

    day = DateField(_("Day"), [InputRequired()])
    time = TimeField(_("Time"), [InputRequired()])

    def given(self) -> dict[str, Any]:
        """The instant."""
        return {"at": datetime.combine(self.day.data, self.time.data, BRUSSELS)}


class TrainingForm(ActForm):
    """A training that a buddy followed."""

    title = NameField(_("What was it?"))
    on = DateField(_("Day"), [InputRequired()])
    length = DurationField(_("How long was it?"))

    def given(self) -> dict[str, Any]:
        """The whole minutes."""
        return {"title": self.title.data, "on": self.on.data, "minutes": self.length.minutes}


class NoteHandedForm(ActForm):
    """Which version of the information of the organisation was handed over."""

    version = StringField(
        _("Version of the information"),
        [InputRequired(), one_line, fit_to_keep, Length(max=20)],
        filters=[tidied],
    )


class InsurerForm(ActForm):
    """Who insures this volunteer."""

    insurer = NameField(_("Insurer"))


class ExtractForm(ActForm):
    """Whether minors are involved, and the day on which an extract was seen."""

    with_minors = BooleanField(_("This buddy will regularly be with minors"))
    seen_on = DateField(_("Day on which you saw the extract"), [Optional()])


class RefuseForm(ActForm):
    """Why a candidate is not accepted."""

    reason = reason_field(BuddyRefusal)
    note = WordsField(_("Note for staff"))

    def given(self) -> dict[str, Any]:
        """The reason as a member."""
        return {"reason": BuddyRefusal(self.reason.data), "note": self.note.data or ""}


class LetGoForm(ActForm):
    """Why somebody stops."""

    reason = reason_field(LetGoReason)
    note = WordsField(_("Note for staff"))

    def given(self) -> dict[str, Any]:
        """The reason as a member."""
        return {"reason": LetGoReason(self.reason.data), "note": self.note.data or ""}


class PauseForm(ActForm):
    """Until when the break lasts."""

    until = DateField(_("Until"), [InputRequired()])


class StaffNoteForm(ActForm):
    """What staff want to remember."""

    note = WordsField(_("Note for staff"))

    def given(self) -> dict[str, Any]:
        """The note, empty to take it away."""
        return {"note": self.note.data or ""}


class ChannelForm(ActForm):
    """Through whom a newcomer came."""

    channel = SelectField(_("Came through"), choices=options(choices(Channel)))

    def given(self) -> dict[str, Any]:
        """The channel as a member."""
        return {"channel": Channel(self.channel.data)}


class BlockForm(ActForm):
    """Why somebody may not be registered again, and when to look at it again."""

    reason = reason_field(BlockReason)
    review_on = DateField(_("Look at it again on"), [InputRequired()])
    note = WordsField(_("Note for staff"))

    def given(self) -> dict[str, Any]:
        """The reason as a member."""
        return {
            "reason": BlockReason(self.reason.data), "review_on": self.review_on.data, "note": self.note.data or ""
        }  # fmt: skip


class KeepFilterForm(Form):
    """The name under which a filter is kept."""

    name = StringField(
        _("Name of the filter"), [InputRequired(), one_line, fit_to_keep, Length(max=60)], filters=[tidied]
    )


class AgainForm(Form):
    """When to look at a block again."""

    review_on = DateField(_("Look at it again on"), [InputRequired()])


class CounsellorForm(ActForm):
    """Who the counsellor is."""

    email = EmailField(_("E-mail address of the counsellor"))


class ListForm(FileForm):
    """A list of buddies or newcomers: a file, or rows copied from a spreadsheet."""

    kind = RadioField(
        _("Who stands on the list?"),
        choices=options([(ListKind.BUDDY.value, _("Buddies")), (ListKind.NEWCOMER.value, _("Newcomers"))]),
        default=ListKind.BUDDY.value,
    )
    network = SelectField(_("Network"))
    text = TextAreaField(
        _("Or paste the rows here, with the names of the columns"), [Length(max=LONGEST_LIST)]
    )

    def __init__(self, *args: Any, networks: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network.choices = names((slug, network(slug).name_nl) for slug in sorted(networks))

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two is needed."""
        fine = super().validate(extra_validators)
        if not self.data_of_file() and not (self.text.data or "").strip():
            self.refuse("file", _("Choose a file, or paste your rows below."))
            return False
        return bool(fine)


class TakeOverForm(Form):
    """Whether the people of the list are written to."""

    invite = BooleanField(_("Send everybody with an e-mail address a mail that asks to confirm it"))
