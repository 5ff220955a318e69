"""All blueprints, one of each noun."""

from app.web import (
    accounts,
    admin,
    buddies,
    confirmations,
    duos,
    hours,
    matches,
    newcomer_answers,  # noqa: F401 - more routes of newcomers.bp
    newcomers,
    offers,
    pages,
    privacy,
    registrations,
    reports,
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
    matches.bp,
    duos.bp,
    trajectories.bp,
    offers.bp,
    reports.bp,
    privacy.bp,
    admin.bp,
)
