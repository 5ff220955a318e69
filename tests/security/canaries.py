"""What betrays a person wherever it turns up, and who may see it, worked out apart from the code that decides it."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

import pypdfium2
from sqlalchemy import select, update

from app.clock import today
from app.db import session, transaction
from app.models import Buddy, ContractVersion, Duo, Grant, Newcomer, Offer, Person, Proposal, SignUp
from app.vocabulary import DuoState, Role
from app.vocabulary.sign_ups import SignUpState
from tests import factories

IN_TOUCH = {DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED}
FIRST_PHONE = 470_100_000
UTILITY = 1_987_650_000
LAST_DAY = date(2041, 4, 1)  # of a year that stands nowhere but at the end of these contracts
GAPS = re.compile(r"[\s\u00a0\u202f\u2066-\u2069./-]|&nbsp;|<[^>]*>")


def plant(counsellor: Person) -> None:
    """A telephone number for everybody, a contract that shows for who has none, and a utility that shows for each pair."""
    with transaction() as db:
        db.execute(update(Proposal).values(utility=UTILITY + Proposal.id))
        for person in db.scalars(select(Person)):
            person.phone = f"+32{FIRST_PHONE + person.id}"
        signed = set(db.scalars(select(ContractVersion.newcomer_id)))
        for newcomer in db.scalars(select(Newcomer).where(Newcomer.id.not_in(signed))):
            factories.contract(
                newcomer, counsellor, days=(LAST_DAY - today()).days, reason=f"contract-{newcomer.id}-canary"
            )


def text_of(data: bytes) -> str:
    """What can be read in an answer; an Excel file is unpacked, the words of a PDF are read, long lines put together."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return " ".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    if data.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(data) as file:
            return " ".join(page.get_textpage().get_text_range() for page in file)
    return data.decode("utf-8", "replace").replace("\r\n ", "")


def people_in(text: str, people: Iterable[Person]) -> set[int]:
    """Whose address or number stands in that text, however it is written."""
    folded = GAPS.sub("", text)
    numbers = {int(found) for found in re.findall(r"470\d{6}", folded)}
    addresses = set(re.findall(r"[\w.+]+@[\w.-]+\w", text.lower()))
    return {
        person.id for person in people
        if FIRST_PHONE + person.id in numbers or (person.email and person.email.lower() in addresses)
    }  # fmt: skip


def contracts_in(text: str) -> set[str]:
    """Whose contract shows in that text: the reason of a change, the year in which all of these end, or a utility."""
    named = set(re.findall(r"contract-(\d+)-canary", text))
    if re.search(r"19876\d{5}", GAPS.sub("", text)):
        named.add("a utility")
    return named | ({"a term"} if re.search(r"(?<!\d)2041(?!\d)", text) else set())


class Rights:
    """Who may see how to reach whom, and whose contract: read from the rows, in the words of the matrix."""

    def __init__(self) -> None:
        db = session()
        self.newcomers = {row.person_id: row for row in db.scalars(select(Newcomer))}
        self.buddies = {row.person_id: row for row in db.scalars(select(Buddy))}
        self.people = [db.get_one(Person, key) for key in {*self.newcomers, *self.buddies}]
        self.pairs = {
            frozenset((duo.newcomer.person_id, duo.buddy.person_id))
            for duo in db.scalars(select(Duo)) if duo.state in IN_TOUCH
        }  # fmt: skip
        self.coming = {
            (row.organisation_id, row.person_id)
            for row in db.execute(
                select(Offer.organisation_id, Newcomer.person_id)
                .join(SignUp, SignUp.offer_id == Offer.id).join(Newcomer, Newcomer.id == SignUp.newcomer_id)
                .where(SignUp.state != SignUpState.STOPPED)
            )
        }  # fmt: skip
        self.grants = list(db.scalars(select(Grant)))

    def reachable_by(self, person_id: int | None) -> set[int]:
        """The buddies and newcomers whose contact details that person may see."""
        if person_id is None:
            return set()
        found = {person_id} | {key for pair in self.pairs if person_id in pair for key in pair}
        for grant in self.grants:
            if grant.person_id != person_id:
                continue
            records = [*self.newcomers.values(), *self.buddies.values()]
            if grant.role is Role.COORDINATOR:
                found |= {row.person_id for row in records if row.network_slug == grant.network_slug}
            if grant.role is Role.ORGANISATION:
                found |= {
                    person for organisation, person in self.coming if organisation == grant.organisation_id
                }
            if grant.role is Role.COUNSELLOR:
                found |= {key for key, row in self.newcomers.items() if row.counsellor_id == person_id}
        return found

    def contracts_of(self, person_id: int | None) -> set[str]:
        """The newcomers, by key, whose contract that person may see; "a term" when there are any."""
        found = {
            str(row.id) for row in self.newcomers.values()
            if person_id is not None and person_id in (row.person_id, row.counsellor_id)
        }  # fmt: skip
        return found | ({"a term"} if found else set())
