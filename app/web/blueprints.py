"""All blueprints, one of each noun."""

from app.web import (
    accounts,
    activities,
    admin,
    admin_remarks,  # noqa: F401 - more routes of remarks.bp
    api,
    attendance,
    blocks,  # noqa: F401 - more routes of people.bp
    buddies,
    calendars,
    calls,  # noqa: F401 - more routes of trajectories.bp
    caseload,  # noqa: F401 - more routes of trajectories.bp
    confirmations,
    criteria,  # noqa: F401 - more routes of trajectories.bp
    duos,
    duplicates,  # noqa: F401 - more routes of people.bp
    followup,  # noqa: F401 - more routes of trajectories.bp
    hours,
    loans,
    matches,
    network_programmes,
    networks,
    newcomer_answers,  # noqa: F401 - more routes of newcomers.bp
    newcomers,
    offer_feeds,  # noqa: F401 - more routes of offers.bp
    offer_lists,  # noqa: F401 - more routes of offers.bp
    offer_sheets,  # noqa: F401 - more routes of offers.bp
    offers,
    organisations,
    pages,
    people,
    people_lists,  # noqa: F401 - more routes of people.bp
    person,  # noqa: F401 - more routes of people.bp
    person_trainings,  # noqa: F401 - more routes of people.bp
    presence,
    privacy,
    programmes,
    proofs,
    publishing,
    quality,
    recordings,
    registrations,
    remarks,
    reports,
    retention,
    rules,
    safety,
    saved_filters,  # noqa: F401 - more routes of people.bp
    second_factors,
    sharing,
    shortages,
    sign_ups,
    staff_reports,
    staying,
    today,
    together,  # noqa: F401 - more routes of registrations.bp
    trajectories,
    trajectory_history,  # noqa: F401 - more routes of trajectories.bp
    watching,
    wishes,
)

BLUEPRINTS = (
    pages.bp,
    accounts.bp,
    second_factors.bp,
    registrations.bp,
    buddies.bp,
    newcomers.bp,
    hours.bp,
    confirmations.bp,
    attendance.bp,
    proofs.bp,
    matches.bp,
    publishing.bp,
    duos.bp,
    wishes.bp,
    loans.bp,
    safety.bp,
    trajectories.bp,
    offers.bp,
    organisations.bp,
    activities.bp,
    sign_ups.bp,
    presence.bp,
    reports.bp,
    staff_reports.bp,
    privacy.bp,
    staying.bp,
    today.bp,
    people.bp,
    networks.bp,
    network_programmes.bp,
    programmes.bp,
    recordings.bp,
    rules.bp,
    retention.bp,
    admin.bp,
    remarks.bp,
    sharing.bp,
    shortages.bp,
    quality.bp,
    calendars.bp,
    api.bp,
    watching.bp,
)
