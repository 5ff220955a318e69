"""All blueprints, one of each noun."""

from app.web import (
    accounts,
    admin,
    admin_remarks,  # noqa: F401 - more routes of remarks.bp
    buddies,
    calendars,
    confirmations,
    duos,
    hours,
    matches,
    networks,
    newcomer_answers,  # noqa: F401 - more routes of newcomers.bp
    newcomers,
    offers,
    pages,
    people,
    people_lists,  # noqa: F401 - more routes of people.bp
    person,  # noqa: F401 - more routes of people.bp
    privacy,
    programmes,
    proofs,
    recordings,
    registrations,
    remarks,
    reports,
    sharing,
    staff_reports,
    today,
    together,  # noqa: F401 - more routes of registrations.bp
    trajectories,
)

BLUEPRINTS = (
    pages.bp,
    accounts.bp,
    registrations.bp,
    buddies.bp,
    newcomers.bp,
    hours.bp,
    confirmations.bp,
    proofs.bp,
    matches.bp,
    duos.bp,
    trajectories.bp,
    offers.bp,
    reports.bp,
    staff_reports.bp,
    privacy.bp,
    today.bp,
    people.bp,
    networks.bp,
    programmes.bp,
    recordings.bp,
    admin.bp,
    remarks.bp,
    sharing.bp,
    calendars.bp,
)
