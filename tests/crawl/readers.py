"""For whom a page is made, and one look at it."""

from dataclasses import dataclass, field
from enum import Enum


class Reader(Enum):
    """For whom a page is made; what must be translated and what stands beside it follows from that."""

    PUBLIC = "public"
    NEWCOMER = "newcomer"
    VOLUNTEER = "volunteer"
    STAFF = "staff"


PUBLIC, NEWCOMER, VOLUNTEER, STAFF = Reader


@dataclass(frozen=True)
class Visit:
    """One look at a page. `who` is a browser and `ids` are names of the world; `status` is the answer expected."""

    endpoint: str
    reader: Reader
    who: str = "nobody"
    ids: str = ""
    values: dict[str, str] = field(default_factory=dict)
    query: str = ""
    method: str = "GET"
    sent: dict[str, str] = field(default_factory=dict)
    status: int = 200
    both: bool = False  # stands in two languages whatever the switch says: a card to carry away
    lands: str = ""  # the page at which it ends, when it leads to another
    always: str = ""  # the language in which it stands whatever is asked: a paper for others than its printer

    def __str__(self) -> str:
        """How pytest names it."""
        parts = (self.endpoint, *self.values.values(), self.ids or self.who, self.query, self.method)
        return "-".join(part.replace(" ", "_") for part in parts if part not in ("", "GET", "nobody"))
