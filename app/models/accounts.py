"""People who can act here, what they may act as, how they come in and where they are signed in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.clock import now
from app.db import Base
from app.models.columns import CreatedAt, Facts, Instant, Key, Name, PersonKey, Tag, Words, choice
from app.reference.folding import fold
from app.reference.sorting import PLAIN, in_order_of, order_key
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose


class Person(Base):
    """One human being: how to call, how to reach, how to come in. At most one per canonical e-mail address.

    `search_key` is the folded name, kept by every flush, so that spellings that people hold equal are found;
    `sort_key` is what lists of names are sorted by, `plain_key` the same for readers of most languages. `latin_name` is as the person wrote it: nothing here
    transliterates (D5). `objects_at`: wants no proposals by the matcher since then. `seen_on`: the day of
    the last sign-in; `stay_asked_on`: of the question whether the person stays, while it has no answer. Of who is erased the row stays
    without anything about the person, so that decisions keep who took them.
    """

    __tablename__ = "person"
    __table_args__ = (
        # While all people are invented the audit log may be dated back; the triggers look here.
        Index("ix_person_real", "id", sqlite_where=text("demo = 0"), postgresql_where=text("NOT demo")),
    )

    id: Mapped[Key]
    full_name: Mapped[Name]
    call_name: Mapped[Name] = mapped_column(default="")
    latin_name: Mapped[Name] = mapped_column(default="")
    search_key: Mapped[Words] = mapped_column(default="", index=True)
    sort_key: Mapped[Words] = mapped_column(default="")
    plain_key: Mapped[str] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), default="", index=True
    )
    locale: Mapped[Tag]
    email: Mapped[str | None] = mapped_column(String(254))
    email_canonical: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[Instant | None]
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    objects_at: Mapped[Instant | None]
    seen_on: Mapped[date | None] = mapped_column(index=True)
    stay_asked_on: Mapped[date | None]
    erased_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="person", foreign_keys="Grant.person_id", cascade="all, delete-orphan"
    )

    @property
    def called(self) -> str:
        """What to call this person: as wished, else the full name as typed."""
        return self.call_name or self.full_name

    @property
    def first_name(self) -> str:
        """What others may see before contact is shared: as wished, else the first word of the name."""
        return self.call_name or self.full_name.split()[0]


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_keys(_mapper: Mapper[Person], _connection: Connection, person: Person) -> None:
    person.search_key = fold(f"{person.full_name} {person.call_name or ''} {person.latin_name or ''}")
    person.sort_key = order_key(person.full_name)
    person.plain_key = in_order_of(person.sort_key, PLAIN)


class Grant(Base):
    """A role of a person, in one network, agency or organisation where the role has one."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("role <> 'coordinator' OR network_slug IS NOT NULL", name="coordinator_has_network"),
        CheckConstraint("role <> 'counsellor' OR agency_slug IS NOT NULL", name="counsellor_has_agency"),
        CheckConstraint("role <> 'organisation' OR organisation_id IS NOT NULL", name="contact_has_organisation"),
        Index("uq_role_grant_network", "person_id", "role", "network_slug", unique=True, sqlite_where=text("network_slug IS NOT NULL"), postgresql_where=text("network_slug IS NOT NULL")),
        Index("uq_role_grant_organisation", "person_id", "organisation_id", unique=True, sqlite_where=text("organisation_id IS NOT NULL"), postgresql_where=text("organisation_id IS NOT NULL")),
        Index("uq_role_grant_plain", "person_id", "role", unique=True, sqlite_where=text("network_slug IS NULL AND organisation_id IS NULL"), postgresql_where=text("network_slug IS NULL AND organisation_id IS NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = choice(Role)
    network_slug: Mapped[str | None] = mapped_column(ForeignKey("network.slug"))
    agency_slug: Mapped[str | None] = mapped_column(ForeignKey("agency.slug"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])


class SignIn(Base):
    """One browser in which a person is signed in; ended by sign-out, by time, or when a password or role changes."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[CreatedAt]
    seen_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship()


class Link(Base):
    """A secret sent to somebody: one purpose, an end, used at most once where that is what it is for.

    Only the hash of the secret is kept. `facts` holds what the purpose needs, never personal data.
    """

    __tablename__ = "link"

    id: Mapped[Key]
    purpose: Mapped[LinkPurpose] = choice(LinkPurpose)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    contact_person_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact_person.id", ondelete="CASCADE"), index=True
    )
    locale: Mapped[Tag]
    facts: Mapped[Facts] = mapped_column(default=dict)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]

    def usable(self, at: datetime) -> bool:
        """Whether the link still opens its door at that instant."""
        return self.used_at is None and at < self.expires_at


class AdministratorRequest(Base):
    """Somebody whom one administrator wants to be an administrator too, until a second one agrees; for a week at most."""

    __tablename__ = "administrator_request"

    id: Mapped[Key]
    full_name: Mapped[Name]
    email: Mapped[str] = mapped_column(String(254))
    email_canonical: Mapped[str] = mapped_column(String(254), unique=True)
    locale: Mapped[Tag]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[Instant] = mapped_column(default=now)

    asked_by: Mapped[Person] = relationship()
