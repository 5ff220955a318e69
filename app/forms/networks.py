"""What a coordinator decides about the network."""

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.forms.base import Form, NameField, PhoneField, site_languages
from app.i18n import lazy_gettext as _

LONGEST_WAIT = 60
LONGEST_WEEKS = 26
LONGEST_WHEN = 200


class NetworkForm(Form):
    """Who calls new people, within how many days and when; how often one talks with duos; help number; insurer."""

    caller_name = NameField(_("Who calls new people"), required=False)
    deputy_name = NameField(_("Who calls when that person is away"), required=False)
    call_within_days = IntegerField(
        _("Within how many days"),
        [InputRequired(), NumberRange(min=1, max=LONGEST_WAIT)],
    )
    duo_silent_weeks = IntegerField(
        _("After how many weeks without hours or talk a duo is silent"),
        [InputRequired(), NumberRange(min=1, max=LONGEST_WEEKS)],
    )
    check_in_weeks = IntegerField(
        _("Every how many weeks you talk with a duo"),
        [InputRequired(), NumberRange(min=1, max=LONGEST_WEEKS)],
    )
    call_when = NameField(_("On which days and hours you call"), required=False, longest=LONGEST_WHEN)
    call_when_language = SelectField(
        _("Language in which you wrote that"),
        choices=site_languages(),
    )
    help_phone = PhoneField(_("Help number of your network"), required=False)
    insurer = NameField(_("Insurer of your volunteers"), required=False)
    newcomer_insurer = NameField(_("Insurer of your newcomers"), required=False)
    screening_months = IntegerField(
        _("For how many months a screening holds"), [InputRequired(), NumberRange(min=3, max=60)]
    )
    buddy_ask_weeks = IntegerField(
        _("After how many silent weeks a ready buddy is asked: are you still available?"),
        [InputRequired(), NumberRange(min=2, max=52)],
    )
