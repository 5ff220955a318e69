"""Kinds of columns that several tables use."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.clock import now
from app.db import UtcDateTime

Instant = Annotated[datetime, mapped_column(UtcDateTime)]
CreatedAt = Annotated[datetime, mapped_column(UtcDateTime, default=now)]
Key = Annotated[int, mapped_column(primary_key=True)]
Name = Annotated[str, mapped_column(String(200))]
Tag = Annotated[str, mapped_column(String(35))]  # a language tag, BCP 47
Words = Annotated[str, mapped_column(Text)]
PersonKey = Annotated[int, mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)]
NetworkKey = Annotated[str, mapped_column(ForeignKey("network.slug"), index=True)]
Tags = Annotated[list[str], mapped_column(JSON)]
Facts = Annotated[dict[str, Any], mapped_column(JSON)]


def choice(kind: type[StrEnum], *, check: str = "", **options: Any) -> Any:
    """A column that holds one value of that enumeration, checked by the database too.

    `check` names that constraint where a table has several columns of one enumeration.
    """
    values = Enum(
        kind, native_enum=False, create_constraint=True, length=40, validate_strings=True,
        values_callable=lambda enum: [member.value for member in enum], name=check or kind.__name__.lower(),
    )  # fmt: skip
    return mapped_column(values, **options)


class Placed:
    """Somewhere in the gazetteer; the network follows from it at the time of writing."""

    postcode: Mapped[str] = mapped_column(String(4))
    locality: Mapped[Name]
    municipality: Mapped[Name]
    province: Mapped[str] = mapped_column(String(20), index=True)

    @declared_attr
    def network_slug(cls) -> Mapped[str]:
        return mapped_column(ForeignKey("network.slug"), index=True)


class Liking:
    """What the matcher needs of a person, buddy or newcomer: tags of app/reference, empty lists = not told."""

    languages: Mapped[Tags] = mapped_column(default=list)
    interests: Mapped[Tags] = mapped_column(default=list)
    availability: Mapped[Tags] = mapped_column(default=list)
    max_km: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(1))
    wished_gender: Mapped[str | None] = mapped_column(String(1))
    words: Mapped[Words] = mapped_column(default="")
    words_language: Mapped[Tag | None]
