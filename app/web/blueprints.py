"""All blueprints, one of each noun."""

from app.web import accounts, offers, pages, privacy, reports

BLUEPRINTS = (pages.bp, accounts.bp, privacy.bp, offers.bp, reports.bp)
