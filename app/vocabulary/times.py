"""The week as people plan it: seven days, three parts of a day, twenty-one moments (MATCHING 1)."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Weekday(Labelled):
    """The days of the week, from Monday; the values begin those of Slot."""

    MONDAY = "mon", lazy_pgettext("weekday", "Monday")
    TUESDAY = "tue", lazy_pgettext("weekday", "Tuesday")
    WEDNESDAY = "wed", lazy_pgettext("weekday", "Wednesday")
    THURSDAY = "thu", lazy_pgettext("weekday", "Thursday")
    FRIDAY = "fri", lazy_pgettext("weekday", "Friday")
    SATURDAY = "sat", lazy_pgettext("weekday", "Saturday")
    SUNDAY = "sun", lazy_pgettext("weekday", "Sunday")


class DayPart(Labelled):
    """The parts of a day that a person can be free; the values end those of Slot."""

    MORNING = "morning", lazy_pgettext("part of the day", "morning")
    AFTERNOON = "afternoon", lazy_pgettext("part of the day", "afternoon")
    EVENING = "evening", lazy_pgettext("part of the day", "evening")


class Slot(Labelled):
    """The twenty-one moments of a week, in the order of the week."""

    MON_MORNING = "mon-morning", lazy_pgettext("moment", "Monday morning")
    MON_AFTERNOON = "mon-afternoon", lazy_pgettext("moment", "Monday afternoon")
    MON_EVENING = "mon-evening", lazy_pgettext("moment", "Monday evening")
    TUE_MORNING = "tue-morning", lazy_pgettext("moment", "Tuesday morning")
    TUE_AFTERNOON = "tue-afternoon", lazy_pgettext("moment", "Tuesday afternoon")
    TUE_EVENING = "tue-evening", lazy_pgettext("moment", "Tuesday evening")
    WED_MORNING = "wed-morning", lazy_pgettext("moment", "Wednesday morning")
    WED_AFTERNOON = "wed-afternoon", lazy_pgettext("moment", "Wednesday afternoon")
    WED_EVENING = "wed-evening", lazy_pgettext("moment", "Wednesday evening")
    THU_MORNING = "thu-morning", lazy_pgettext("moment", "Thursday morning")
    THU_AFTERNOON = "thu-afternoon", lazy_pgettext("moment", "Thursday afternoon")
    THU_EVENING = "thu-evening", lazy_pgettext("moment", "Thursday evening")
    FRI_MORNING = "fri-morning", lazy_pgettext("moment", "Friday morning")
    FRI_AFTERNOON = "fri-afternoon", lazy_pgettext("moment", "Friday afternoon")
    FRI_EVENING = "fri-evening", lazy_pgettext("moment", "Friday evening")
    SAT_MORNING = "sat-morning", lazy_pgettext("moment", "Saturday morning")
    SAT_AFTERNOON = "sat-afternoon", lazy_pgettext("moment", "Saturday afternoon")
    SAT_EVENING = "sat-evening", lazy_pgettext("moment", "Saturday evening")
    SUN_MORNING = "sun-morning", lazy_pgettext("moment", "Sunday morning")
    SUN_AFTERNOON = "sun-afternoon", lazy_pgettext("moment", "Sunday afternoon")
    SUN_EVENING = "sun-evening", lazy_pgettext("moment", "Sunday evening")

    @property
    def weekday(self) -> Weekday:
        """The day of this moment."""
        return Weekday(self.value.partition("-")[0])

    @property
    def part(self) -> DayPart:
        """The part of the day of this moment."""
        return DayPart(self.value.partition("-")[2])
