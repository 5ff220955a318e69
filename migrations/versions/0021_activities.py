"""Organisations that register themselves, and activities with where and when, states, places, prices and texts.

What was published before is published; its moment of the week becomes its gathering. Organisations that were there
count as confirmed.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PURPOSES = (
    "confirm_address", "reset_password", "sign_in", "invitation", "confirm_hours", "link_counsellor", "answer_duo",
    "still_available", "report_duo",
)  # fmt: skip
NEW_PURPOSES = (*PURPOSES, "goes_on")
SUBJECTS = ("buddy", "newcomer", "proposal", "duo", "hour_entry", "proof")
NEW_SUBJECTS = (*SUBJECTS, "offer", "organisation")
OFFER_STATES = ("draft", "to_check", "published", "ended", "taken_back")
ORGANISATION_KINDS = ("association", "local_authority", "school", "welfare", "company", "other")
MAKERS = ("person", "machine")
KINDS = (
    "conversation_group", "volunteering", "course", "sociocultural_association", "sport", "other", "buddy",
    "informal_participation", "work_placement",
)  # fmt: skip
TABLES = ("gathering", "occurrence", "listing", "offer_text")
OFFER_CHECKS = {
    "offerstate": f"state IN ({', '.join(repr(state) for state in OFFER_STATES)})",
    "state_of_activity": "state IS NULL OR (duo_id IS NULL AND newcomer_id IS NULL)",
    "published": "state IS NULL OR state <> 'published' OR published_at IS NOT NULL",
    "places": "places_taken >= 0 AND (places IS NULL OR places_taken <= places)",
    "waiting": "waiting_taken >= 0 AND waiting_taken <= waiting_places",
    "price": "price_cents >= 0 AND reduced_cents >= 0",
    "speakers": "fluent_speakers >= 0",
}
INSTANT = sa.DateTime(timezone=True)

offer = sa.table(
    "offer",
    sa.column("id", sa.Integer), sa.column("slot", sa.String), sa.column("interest", sa.String),
    sa.column("interests", sa.JSON), sa.column("state", sa.String), sa.column("place", sa.String),
    sa.column("municipality", sa.String), sa.column("created_at", INSTANT), sa.column("changed_at", INSTANT),
)  # fmt: skip
gathering = sa.table(
    "gathering",
    sa.column("offer_id", sa.Integer), sa.column("position", sa.Integer), sa.column("place", sa.String),
    sa.column("address", sa.String), sa.column("postcode", sa.String), sa.column("locality", sa.String),
    sa.column("municipality", sa.String), sa.column("route", sa.Text), sa.column("rule", sa.String),
    sa.column("start", sa.String), sa.column("dates", sa.JSON), sa.column("except_dates", sa.JSON),
    sa.column("skips_public_holidays", sa.Boolean), sa.column("skips_school_holidays", sa.Boolean),
    sa.column("slots", sa.JSON),
)  # fmt: skip


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The check that a column holds one of these."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Let a unique index count only the rows that fulfil the condition, in the words of both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Widen organisations, contact persons and offers; make the tables of activities."""
    change_words(NEW_PURPOSES, NEW_SUBJECTS)
    widen_organisations()
    op.create_index(
        "uq_role_grant_organisation", "role_grant", ["person_id", "organisation_id"], unique=True,
        **only_where("organisation_id IS NOT NULL"),
    )  # fmt: skip
    widen_offers()
    make_gatherings()
    make_listings()
    make_texts()
    move_to_gatherings()
    with op.batch_alter_table("offer") as table:
        table.drop_column("slot")
        table.drop_column("interest")


def downgrade() -> None:
    """Take the tables back; each activity keeps its first interest and first moment, and is shown if it was."""
    with op.batch_alter_table("offer") as table:
        table.add_column(sa.Column("slot", sa.String(20), nullable=True))
        table.add_column(sa.Column("interest", sa.String(40), nullable=True))
    move_back()
    op.execute("DELETE FROM link WHERE purpose = 'goes_on'")
    op.execute("DELETE FROM transition WHERE subject IN ('offer', 'organisation')")
    op.execute("UPDATE offer SET published_at = NULL WHERE state IN ('draft', 'to_check', 'taken_back')")
    for name in reversed(TABLES):
        op.drop_table(name)
    for name in ("ix_offer_state", "uq_offer_source"):
        op.drop_index(name, "offer")
    with op.batch_alter_table("offer") as table:
        for name in OFFER_CHECKS:
            table.drop_constraint(op.f(f"ck_offer_{name}"), type_="check")
        for column in (
            "state", "check_note", "price_cents", "reduced_cents", "goals", "interests", "suited", "places",
            "places_taken", "waiting_places", "waiting_taken", "fluent_speakers", "meeting_words", "asked_at", "link",
            "source", "source_id", "changed_at",
        ):  # fmt: skip
            table.drop_column(column)
    op.drop_index("uq_role_grant_organisation", "role_grant")
    with op.batch_alter_table("contact_person") as table:
        table.drop_column("left_at")
    op.drop_index("ix_organisation_decided", "organisation")
    with op.batch_alter_table("organisation") as table:
        table.drop_constraint(op.f("ck_organisation_one_decision"), type_="check")
        table.drop_constraint(op.f("ck_organisation_organisationkind"), type_="check")
        for column in (
            "kind", "postcode", "locality", "municipality", "words", "words_language", "website", "insurer",
            "confirmed_at", "refused_at", "refusal",
        ):  # fmt: skip
            table.drop_column(column)
    change_words(PURPOSES, SUBJECTS)


def change_words(purposes: tuple[str, ...], subjects: tuple[str, ...]) -> None:
    """Let links have these purposes and transitions these subjects."""
    with op.batch_alter_table("link") as table:
        table.drop_constraint(op.f("ck_link_linkpurpose"), type_="check")
        table.create_check_constraint(op.f("ck_link_linkpurpose"), one_of("purpose", purposes))
    with op.batch_alter_table("transition") as table:
        table.drop_constraint(op.f("ck_transition_subject"), type_="check")
        table.create_check_constraint(op.f("ck_transition_subject"), one_of("subject", subjects))


def widen_organisations() -> None:
    """Let organisations say who they are, and be confirmed and refused; contact persons can leave."""
    texts = {
        "postcode": sa.String(4), "locality": sa.String(200), "municipality": sa.String(200), "words": sa.Text,
        "website": sa.String(300), "insurer": sa.String(200), "refusal": sa.Text,
    }  # fmt: skip
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("kind", sa.String(40), nullable=True))
        for name, kind in texts.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        table.add_column(sa.Column("words_language", sa.String(35), nullable=False, server_default="nl"))
        table.add_column(sa.Column("confirmed_at", INSTANT, nullable=True))
        table.add_column(sa.Column("refused_at", INSTANT, nullable=True))
        table.create_check_constraint(
            op.f("ck_organisation_organisationkind"), one_of("kind", ORGANISATION_KINDS)
        )
        table.create_check_constraint(
            op.f("ck_organisation_one_decision"), "verified_at IS NULL OR refused_at IS NULL"
        )
    op.execute("UPDATE organisation SET confirmed_at = created_at")
    with op.batch_alter_table("organisation") as table:
        for name, kind in {**texts, "words_language": sa.String(35)}.items():
            table.alter_column(name, existing_type=kind, server_default=None)
    op.create_index("ix_organisation_decided", "organisation", ["network_slug", "verified_at", "refused_at"])
    with op.batch_alter_table("contact_person") as table:
        table.add_column(sa.Column("left_at", INSTANT, nullable=True))


def widen_offers() -> None:
    """Give offers a state, places, prices and answers; what was shown is published."""
    filled = {
        "check_note": (sa.Text, ""), "goals": (sa.JSON, "[]"), "interests": (sa.JSON, "[]"), "suited": (sa.JSON, "[]"),
        "places_taken": (sa.Integer, "0"), "waiting_places": (sa.Integer, "0"), "waiting_taken": (sa.Integer, "0"),
        "meeting_words": (sa.Text, ""), "link": (sa.String(500), ""),
    }  # fmt: skip
    with op.batch_alter_table("offer") as table:
        table.add_column(sa.Column("state", sa.String(40), nullable=True))
        for name in ("price_cents", "reduced_cents", "places", "fluent_speakers"):
            table.add_column(sa.Column(name, sa.Integer, nullable=True))
        for name, (kind, default) in filled.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.add_column(sa.Column("asked_at", INSTANT, nullable=True))
        table.add_column(sa.Column("source", sa.String(40), nullable=True))
        table.add_column(sa.Column("source_id", sa.String(200), nullable=True))
        table.add_column(sa.Column("changed_at", INSTANT, nullable=True))
    of_nobody = "duo_id IS NULL AND newcomer_id IS NULL"
    op.execute(f"UPDATE offer SET state = 'published' WHERE published_at IS NOT NULL AND {of_nobody}")  # noqa: S608
    op.execute(
        f"UPDATE offer SET state = 'draft' WHERE published_at IS NULL AND organisation_id IS NOT NULL AND {of_nobody}"  # noqa: S608
    )
    op.execute("UPDATE offer SET changed_at = created_at")
    with op.batch_alter_table("offer") as table:
        for name, (kind, _) in filled.items():
            table.alter_column(name, existing_type=kind, server_default=None)
        table.alter_column("changed_at", existing_type=INSTANT, nullable=False)
        for name, words in OFFER_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_offer_{name}"), words)
    op.create_index("ix_offer_state", "offer", ["state", "network_slug"])
    op.create_index("uq_offer_source", "offer", ["source", "source_id"], unique=True)


def make_gatherings() -> None:
    """Make gathering and occurrence."""
    op.create_table(
        "gathering",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("postcode", sa.String(4), nullable=False),
        sa.Column("locality", sa.String(200), nullable=False),
        sa.Column("municipality", sa.String(200), nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("first_on", sa.Date, nullable=True),
        sa.Column("start", sa.String(5), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=True),
        sa.Column("dates", sa.JSON, nullable=False),
        sa.Column("except_dates", sa.JSON, nullable=False),
        sa.Column("skips_public_holidays", sa.Boolean, nullable=False),
        sa.Column("skips_school_holidays", sa.Boolean, nullable=False),
        sa.Column("slots", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gathering"),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes BETWEEN 5 AND 1440", name=op.f("ck_gathering_minutes")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_gathering_offer_id", ondelete="CASCADE"),
    )
    op.create_index("ix_gathering_offer_id", "gathering", ["offer_id"])
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("gathering_id", sa.Integer, nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_occurrence"),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name="fk_occurrence_offer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name="fk_occurrence_gathering_id", ondelete="SET NULL"
        ),
    )
    op.create_index("uq_occurrence_gathering", "occurrence", ["gathering_id", "starts_at"], unique=True)
    op.create_index("ix_occurrence_offer", "occurrence", ["offer_id", "starts_at"])
    op.create_index("ix_occurrence_starts_at", "occurrence", ["starts_at"])


def make_listings() -> None:
    """Make listing, which searches go by; a job fills it."""
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("gathering_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("municipality", sa.String(200), nullable=False),
        sa.Column("lat", sa.Float, nullable=True),
        sa.Column("lon", sa.Float, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("goal_bits", sa.Integer, nullable=False),
        sa.Column("interest_bits", sa.BigInteger, nullable=False),
        sa.Column("slot_bits", sa.Integer, nullable=False),
        sa.Column("suited_bits", sa.Integer, nullable=False),
        sa.Column("price_cents", sa.Integer, nullable=True),
        sa.Column("joinable", sa.Boolean, nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.Column("search_key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_listing_offerkind")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_listing_offer_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name="fk_listing_gathering_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_listing_network_slug"),
        sa.UniqueConstraint("gathering_id", name="uq_listing_gathering_id"),
    )
    op.create_index("ix_listing_offer_id", "listing", ["offer_id"])
    op.create_index("ix_listing_network_slug", "listing", ["network_slug"])
    op.create_index("ix_listing_network", "listing", ["network_slug", "kind"])
    op.create_index("ix_listing_point", "listing", ["lat", "lon"])
    op.create_index("ix_listing_next", "listing", ["joinable", "next_at"])


def make_texts() -> None:
    """Make offer_text."""
    op.create_table(
        "offer_text",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("source_mark", sa.String(64), nullable=False),
        sa.Column("checked_by_id", sa.Integer, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer_text"),
        sa.CheckConstraint(one_of("made_by", MAKERS), name=op.f("ck_offer_text_textmaker")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name="fk_offer_text_offer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name="fk_offer_text_checked_by_id"),
    )
    op.create_index("uq_offer_text_language", "offer_text", ["offer_id", "language"], unique=True)


def move_to_gatherings() -> None:
    """The moment of the week of each activity becomes a gathering, its interest a list."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(offer).where(offer.c.interest.is_not(None))).all():
        connection.execute(offer.update().where(offer.c.id == row.id).values(interests=[row.interest]))
    shown = connection.execute(sa.select(offer).where(offer.c.state.is_not(None))).all()
    made = [
        {
            "offer_id": row.id, "position": 0, "place": row.place, "address": "", "postcode": "", "locality": "",
            "municipality": row.municipality, "route": "", "rule": "", "start": "", "dates": [], "except_dates": [],
            "skips_public_holidays": False, "skips_school_holidays": False, "slots": [row.slot] if row.slot else [],
        }
        for row in shown
    ]  # fmt: skip
    if made:
        connection.execute(gathering.insert(), made)


def move_back() -> None:
    """The first interest and the first moment of each activity, as the older version keeps them."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(offer.c.id, offer.c.interests)).all():
        if first := first_of(row.interests):
            connection.execute(offer.update().where(offer.c.id == row.id).values(interest=first))
    found = sa.select(gathering.c.offer_id, gathering.c.slots).order_by(gathering.c.position.desc())
    for row in connection.execute(found).all():
        if first := first_of(row.slots):
            connection.execute(offer.update().where(offer.c.id == row.offer_id).values(slot=first))


def first_of(tags: object) -> str | None:
    """The first tag of a list, None where there is none."""
    tags = json.loads(tags) if isinstance(tags, str) else tags
    return str(tags[0])[:20] if isinstance(tags, list) and tags else None
