"""All blueprints, one of each noun."""

from app.web import (
    accounts,
    admin,
    confirmations,
    hours,
    newcomers,
    offers,
    pages,
    privacy,
    reports,
    trajectories,
)

BLUEPRINTS = (pages.bp, accounts.bp, admin.bp, privacy.bp, offers.bp, reports.bp, newcomers.bp, hours.bp, confirmations.bp, trajectories.bp)
