"""What a counsellor fills in beside contract and hours: extension, exemption, decision, transfer, warm handover."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from app.forms.base import Form, NameField, WordsField, names, options
from app.forms.clocks import DayField
from app.i18n import lazy_gettext as _
from app.vocabulary import choices
from app.vocabulary.contracts import Evidence, ExemptionGround, ExtensionCause
from app.vocabulary.terms import Span

CONTRACTS = (1, 2, 3, 4)


class ExtensionForm(Form):
    """A later end of the term, and what happened."""

    ends_on = DayField(_("The term ends on"))
    cause = RadioField(_("What is the cause?"), [InputRequired()], choices=options(choices(ExtensionCause)))
    reason = WordsField(_("What happened?"), required=True, longest=500)


class ExemptionForm(Form):
    """A ground, the paper that was seen, and from when to when; up to four employment contracts."""

    ground = RadioField(_("Ground"), [InputRequired()], choices=options(choices(ExemptionGround)))
    half_time = BooleanField(_("At least half-time"))
    evidence = SelectField(_("Paper that you saw"), [InputRequired()], choices=options(choices(Evidence)))
    seen_on = DayField(_("Seen on"))
    valid_from = DayField(_("Exempt from"))
    valid_to = DayField(_("Exempt until"), required=False)
    from_1 = DayField(_("First contract: first day"), required=False)
    to_1 = DayField(_("First contract: last day"), required=False)
    from_2 = DayField(_("Second contract: first day"), required=False)
    to_2 = DayField(_("Second contract: last day"), required=False)
    from_3 = DayField(_("Third contract: first day"), required=False)
    to_3 = DayField(_("Third contract: last day"), required=False)
    from_4 = DayField(_("Fourth contract: first day"), required=False)
    to_4 = DayField(_("Fourth contract: last day"), required=False)
    note = WordsField(_("Note"), longest=500)

    def contracts(self) -> list[Span]:
        """The employment contracts that were filled in."""
        pairs = ((self[f"from_{number}"].day, self[f"to_{number}"].day) for number in CONTRACTS)
        return [Span(first, last) for first, last in pairs if first is not None]


class EndForm(Form):
    """The last day of a ground."""

    ended_on = DayField(_("Last day of the ground"))


class DecisionForm(Form):
    """A decision in the counsellor's own words."""

    words = WordsField(_("What did you see, and why do you decide this?"), longest=2000)


class TransferForm(Form):
    """A colleague, and what she should know."""

    to = SelectField(_("Colleague"), [InputRequired()], coerce=int)
    note = WordsField(_("What should your colleague know?"), longest=1000)

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody is chosen beforehand: one tap on the button must not hand a newcomer to whoever stands first.
        self.to.choices = [*names([("0", "–")]), *names((str(key), name) for key, name in colleagues)]


class HandoverForm(Form):
    """To whom a newcomer is announced, when, and that she agreed."""

    to_whom = NameField(_("Organisation or contact person"))
    planned_on = DayField(_("When?"))
    note = WordsField(_("What do you tell? Only what the newcomer agreed to."), longest=1000)
    agreed = BooleanField(_("The newcomer agrees that I announce her and what I tell."))
