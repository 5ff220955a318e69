"""The 18 networks, the three agencies, the first programme and the first dated rule.

Their sources stand in app/reference/tables/README.md and in `source`. What is there already is left alone.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NETWORKS = {
    "antwerpen-stad": "Stad Antwerpen",
    "brussel": "Brussel (VGC)",
    "denderregio": "Denderregio",
    "gent-stad": "Stad Gent",
    "halle-vilvoorde": "Halle-Vilvoorde",
    "kempen": "Kempen",
    "limburg": "Limburg",
    "midwest": "Midwest",
    "oost-brabant": "Oost-Brabant",
    "regio-antwerpen": "Regio Antwerpen",
    "regio-brugge": "Regio Brugge",
    "regio-gent": "Regio Gent",
    "regio-oostende": "Regio Oostende",
    "rivierenland": "Rivierenland",
    "vlaamse-ardennen": "Vlaamse Ardennen",
    "waasland": "Waasland",
    "westhoek": "Westhoek",
    "zuid-west-vlaanderen": "Zuid-West-Vlaanderen",
}
AGENCIES = {"agii": "AgII", "atlas": "Atlas", "amal": "Amal"}
WEIGHTS = {
    "version": "2026-1",
    "weights": {"interests": 350, "availability": 250, "place": 250, "languages": 150},
    "neutral": {"interests": 120000, "availability": 500000},
    "rules": {"min_score": 300000, "max_km": 25, "shared_language": True, "min_dutch": "a1"},
    "turn": {"waiting": 400000, "half_days": 180, "owes": 250000, "term": 150000},
}

programme = sa.table(
    "programme",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("weights_version", sa.String),
    sa.column("weights", sa.JSON),
    sa.column("refused_months", sa.Integer),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
agency = sa.table("agency", sa.column("slug", sa.String), sa.column("name", sa.String))
network = sa.table(
    "network",
    sa.column("slug", sa.String),
    sa.column("name", sa.String),
    sa.column("programme_id", sa.Integer),
    sa.column("caller_name", sa.String),
    sa.column("deputy_name", sa.String),
    sa.column("call_within_days", sa.Integer),
    sa.column("call_when", sa.String),
    sa.column("call_when_language", sa.String),
    sa.column("insurer", sa.String),
)
target_rule = sa.table(
    "target_rule",
    sa.column("since", sa.Date),
    sa.column("minutes", sa.Integer),
    sa.column("source", sa.String),
)


def upgrade() -> None:
    """Fill in what no deployment can do without."""
    if is_empty(programme):
        weights = {"weights_version": WEIGHTS["version"], "weights": WEIGHTS, "refused_months": 6}
        op.bulk_insert(
            programme, [{"name": "Samenspoor", "created_at": datetime(2026, 1, 1, tzinfo=UTC), **weights}]
        )
    if is_empty(network):
        first = op.get_bind().scalar(sa.select(sa.func.min(programme.c.id)))
        words = {
            "caller_name": "",
            "deputy_name": "",
            "call_when": "",
            "call_when_language": "nl",
            "insurer": "",
        }
        rows = [{"slug": slug, "name": name} for slug, name in NETWORKS.items()]
        op.bulk_insert(
            network, [{**row, "programme_id": first, "call_within_days": 7, **words} for row in rows]
        )
    if is_empty(agency):
        op.bulk_insert(agency, [{"slug": slug, "name": name} for slug, name in AGENCIES.items()])
    if is_empty(target_rule):
        source = "BVR 17 December 2021; in force on 1 January 2023: at least 40 hours"
        op.bulk_insert(target_rule, [{"since": date(2023, 1, 1), "minutes": 2400, "source": source}])


def downgrade() -> None:
    """Leave the rows: others point to them, and the older version knows them too."""


def is_empty(table: sa.TableClause) -> bool:
    """Tell whether the table has no row."""
    return op.get_bind().execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None
