"""What is counted once and kept, so that a caseload of twenty thousand is sorted in one look."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class TrajectorySum(Base):
    """Where one newcomer stands: the term of the valid contract and the minutes within it, counted from the entries.

    Kept in step by app/services/sums.py in the transaction of whatever changes an entry or a contract; nothing else
    writes here, and it can be counted anew from the entries at any time. Days are ordinals (`date.toordinal`), so that
    they can be subtracted in every database; `rules_day` is the day whose rules hold for the contract; minutes are those of `app.queries.hours.Totals`. No row: nothing told and
    no contract.
    """

    __tablename__ = "trajectory_sum"

    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id", ondelete="CASCADE"), primary_key=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract_version.id"), index=True)
    in_contract: Mapped[bool] = mapped_column(default=False)
    starts_day: Mapped[int | None]
    ends_day: Mapped[int | None]
    rules_day: Mapped[int | None]
    told: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    last_day: Mapped[int | None]
