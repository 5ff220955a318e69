"""All blueprints, one of each noun."""

from app.web import (
    accounts,
    admin,
    admin_remarks,  # noqa: F401 - more routes of remarks.bp
    attendance,
    buddies,
    calendars,
    calls,  # noqa: F401 - more routes of trajectories.bp
    caseload,  # noqa: F401 - more routes of trajectories.bp
    confirmations,
    criteria,  # noqa: F401 - more routes of trajectories.bp
    duos,
    followup,  # noqa: F401 - more routes of trajectories.bp
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
    rules,
    sharing,
    staff_reports,
    today,
    together,  # noqa: F401 - more routes of registrations.bp
    trajectories,
    trajectory_history,  # noqa: F401 - more routes of trajectories.bp
)

BLUEPRINTS = (
    pages.bp,
    accounts.bp,
    registrations.bp,
    buddies.bp,
    newcomers.bp,
    hours.bp,
    confirmations.bp,
    attendance.bp,
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
    rules.bp,
    admin.bp,
    remarks.bp,
    sharing.bp,
    calendars.bp,
)
