"""Notes of staff with their author, filters that are kept, the block list, mergers, lists of newcomers, names in order.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 500
# The letters of an order key that change for readers of Dutch and of most languages, and what each becomes, as
# app/reference/sorting.py laid them out on the day of this step.
LETTERS = (
    "\xe7\u011f\u0131\xf6\u015f\xfc\u0105\u0107\u0119\u0142\u0144\xf3\u015b\u017a\u017c\u0103\xe2"
    "\xee\u0219\u021b\xf1\u0430\u0431\u0432\u0433\u0491\u0434\u0435\u0454\u0436\u0437\u0438\u0456"
    "\u0457\u0439\u043a\u043b\u043c\u043d\u043e\u043f\u0440\u0441\u0442\u0443\u045e\u0444\u0445"
    "\u0446\u0447\u0448\u0449\u044a\u044b\u044c\u044d\u044e\u044f\u0621\u0627\u0628\u067e\u062a"
    "\u067c\u062b\u062c\u0686\u0681\u0685\u062d\u062e\u062f\u0689\u0630\u0631\u0693\u0632\u0698"
    "\u0696\u0633\u0634\u069a\u0635\u0636\u0637\u0638\u0639\u063a\u0641\u0642\u06a9\u06af\u0644"
    "\u0645\u0646\u06bc\u0647\u0648\u06cc\u06d0\u06cd"
)
LAID_OUT = (
    "cgiosuacelnoszzaaistn\u0500\u0501\u0502\u0503\u0504\u0505\u0506\u0507\u0508\u0509\u050a"
    "\u050b\u050c\u050d\u050e\u050f\u0510\u0511\u0512\u0513\u0514\u0515\u0516\u0517\u0518\u0519"
    "\u051a\u051b\u051c\u051d\u051e\u051f\u0520\u0521\u0522\u0523\u0524\u0750\u0751\u0752\u0753"
    "\u0754\u0755\u0756\u0757\u0758\u0759\u075a\u075b\u075c\u075d\u075e\u075f\u0760\u0761\u0762"
    "\u0763\u0764\u0765\u0766\u0767\u0768\u0769\u076a\u076b\u076c\u076d\u076e\u076f\u0770\u0771"
    "\u0772\u0773\u0774\u0775\u0776\u0777\u0778\u0779\u077a"
)
PLAIN = str.maketrans(LETTERS, LAID_OUT)

person = sa.table("person", sa.column("id", sa.Integer), sa.column("sort_key", sa.Text))
WHO = ("buddy", "newcomer")
note = sa.table(
    "staff_note",
    *(sa.column(name, sa.Integer) for name in ("id", "person_id")),
    sa.column("network_slug", sa.String),
    sa.column("text", sa.Text),
    sa.column("at", sa.DateTime(timezone=True)),
)


def _people(table: str) -> sa.TableClause:
    return sa.table(
        table,
        sa.column("person_id", sa.Integer),
        sa.column("network_slug", sa.String),
        sa.column("staff_note", sa.Text),
        sa.column("registered_at", sa.DateTime(timezone=True)),
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _to(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", **options)


def upgrade() -> None:
    """Make the tables; the one note of each person becomes the first of many, its author and day not known."""
    _make_notes()
    _make_filters()
    _make_blocks()
    _make_mergers()
    _lay_names_out()
    with op.batch_alter_table("buddy_import") as table:
        table.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default="buddy"))
        table.create_check_constraint(op.f("ck_buddy_import_listkind"), "kind IN ('buddy', 'newcomer')")


def _lay_names_out() -> None:
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("person", sa.Column("plain_key", kind, nullable=False, server_default=""))
    keep = sa.table("person", sa.column("id", sa.Integer), sa.column("plain_key", sa.Text)).update()
    keep = keep.where(sa.column("id") == sa.bindparam("key")).values(plain_key=sa.bindparam("kept"))
    last, connection = 0, op.get_bind()
    some = sa.select(person.c.id, person.c.sort_key).order_by(person.c.id).limit(AT_ONCE)
    while found := connection.execute(some.where(person.c.id > last)).all():
        connection.execute(keep, [{"key": key, "kept": name.translate(PLAIN)} for key, name in found])
        last = found[-1][0]
    for who in WHO:
        op.create_index(f"ix_{who}_place", who, ["network_slug", "municipality"])
    op.create_index("ix_person_plain_key", "person", ["plain_key"])
    op.create_index("ix_person_search_key", "person", ["search_key"])


def _make_notes() -> None:
    op.create_table(
        "staff_note",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("staff_note"),
        _to("staff_note", "person_id", "person.id", ondelete="RESTRICT"),
        _to("staff_note", "network_slug", "network.slug"),
        _to("staff_note", "by_person_id", "person.id"),
    )
    op.create_index("ix_staff_note_person_id", "staff_note", ["person_id"])
    op.create_index("ix_staff_note_network_slug", "staff_note", ["network_slug"])
    for who in map(_people, WHO):
        written = sa.select(who.c.person_id, who.c.network_slug, who.c.staff_note, who.c.registered_at)
        op.get_bind().execute(
            note.insert().from_select(
                ["person_id", "network_slug", "text", "at"], written.where(who.c.staff_note != "")
            )
        )
        op.drop_column(who.name, "staff_note")


def _make_filters() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("is_start", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _key("saved_filter"),
        sa.CheckConstraint("kind IN ('buddy', 'newcomer')", name=op.f("ck_saved_filter_listkind")),
        _to("saved_filter", "person_id", "person.id", ondelete="CASCADE"),
        sa.UniqueConstraint("person_id", "kind", "name", name="uq_saved_filter_person_id_kind_name"),
    )
    op.create_index("ix_saved_filter_person_id", "saved_filter", ["person_id"])
    only = sa.text("is_start")
    op.create_index(
        "uq_saved_filter_start", "saved_filter", ["person_id", "kind"], unique=True, sqlite_where=only,
        postgresql_where=only,
    )  # fmt: skip


def _make_blocks() -> None:
    op.create_table(
        "block",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("email_hash", sa.String(64), nullable=True),
        sa.Column("phone_hash", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer, nullable=True),
        _key("block"),
        sa.CheckConstraint(
            "reason IN ('safety', 'rules', 'false', 'other')", name=op.f("ck_block_blockreason")
        ),
        _to("block", "network_slug", "network.slug"),
        _to("block", "by_person_id", "person.id"),
        _to("block", "lifted_by_id", "person.id"),
    )
    for column in ("network_slug", "email_hash", "phone_hash"):
        op.create_index(f"ix_block_{column}", "block", [column])
    op.create_table(
        "block_hit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("block_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer, nullable=True),
        _key("block_hit"),
        sa.CheckConstraint("outcome IN ('refused', 'admitted')", name=op.f("ck_block_hit_hitoutcome")),
        _to("block_hit", "block_id", "block.id"),
        _to("block_hit", "person_id", "person.id", ondelete="CASCADE"),
        _to("block_hit", "network_slug", "network.slug"),
        _to("block_hit", "decided_by_id", "person.id"),
        sa.UniqueConstraint("person_id", name="uq_block_hit_person_id"),
    )
    op.create_index("ix_block_hit_block_id", "block_hit", ["block_id"])
    op.create_index("ix_block_hit_network_slug", "block_hit", ["network_slug"])


def _make_mergers() -> None:
    op.create_table(
        "merger",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("gone_id", sa.Integer, nullable=False),
        sa.Column("kept_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("merger"),
        sa.CheckConstraint("kind IN ('buddy', 'newcomer')", name=op.f("ck_merger_listkind")),
        _to("merger", "network_slug", "network.slug"),
        _to("merger", "by_person_id", "person.id"),
        sa.UniqueConstraint("kind", "gone_id", name="uq_merger_kind_gone_id"),
    )
    op.create_index("ix_merger_network_slug", "merger", ["network_slug"])


def downgrade() -> None:
    """Drop the tables; the notes of a person become one again, and lists of newcomers, which it cannot hold, go."""
    for who in WHO:
        op.add_column(who, sa.Column("staff_note", sa.Text, nullable=False, server_default=""))
    connection = op.get_bind()
    texts: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(note).order_by(note.c.at, note.c.id)):
        texts.setdefault(row.person_id, []).append(row.text)
    for person_id, lines in texts.items():
        for who in map(_people, WHO):
            one = who.update().where(who.c.person_id == person_id)
            connection.execute(one.values(staff_note="\n\n".join(lines)))
    connection.execute(sa.text("DELETE FROM buddy_import WHERE kind = 'newcomer'"))
    with op.batch_alter_table("buddy_import") as table:
        table.drop_constraint(op.f("ck_buddy_import_listkind"), type_="check")
        table.drop_column("kind")
    for who in WHO:
        op.drop_index(f"ix_{who}_place", who)
    op.drop_index("ix_person_search_key", "person")
    op.drop_index("ix_person_plain_key", "person")
    op.drop_column("person", "plain_key")
    for table_name in ("merger", "block_hit", "block", "saved_filter", "staff_note"):
        op.drop_table(table_name)
