"""All blueprints, one of each noun."""

from app.web import accounts, admin, offers, pages, privacy, reports

BLUEPRINTS = (pages.bp, accounts.bp, admin.bp, privacy.bp, offers.bp, reports.bp)
