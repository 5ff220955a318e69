"""All blueprints, one of each noun."""

from app.web import (
    accounts,
    admin,
    buddies,
    newcomer_answers,
    offers,
    pages,
    privacy,
    registrations,
    reports,
)

BLUEPRINTS = (
    pages.bp,
    accounts.bp,
    registrations.bp,
    buddies.bp,
    newcomer_answers.bp,
    admin.bp,
    privacy.bp,
    offers.bp,
    reports.bp,
)
