"""Bringing in a list of buddies or newcomers: look at it first, take over what is right, give back the rest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.db import lock, transaction
from app.errors import Invalid, Moved
from app.exports import Cell, csv_file
from app.i18n import Lazy, gettext
from app.i18n import lazy_gettext as _
from app.models import Buddy, BuddyImport, Grant, Network, Newcomer, Person, Transition
from app.queries.imports import known_addresses, known_phones, list_of, taken_over_before
from app.reference.folding import fold
from app.security.identity import canonical_email, without_national_numbers
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.accounts import LinkFor, new_link
from app.services.block_hits import look_up
from app.services.buddy_lists import HEADINGS, Reading, Trouble, read_list, read_text
from app.services.buddy_rows import SOURCE, Candidate, candidate_of
from app.services.outbox import tell
from app.services.placing import place_by_town
from app.services.records import audit, move
from app.vocabulary import BuddyState, NewcomerState, Role
from app.vocabulary.lists import ListKind
from app.vocabulary.records import LinkPurpose, Subject

MADE: Mapping[ListKind, tuple[type[Buddy | Newcomer], Role, Subject, StrEnum]] = {
    ListKind.BUDDY: (Buddy, Role.BUDDY, Subject.BUDDY, BuddyState.REGISTERED),
    ListKind.NEWCOMER: (Newcomer, Role.NEWCOMER, Subject.NEWCOMER, NewcomerState.REGISTERED),
}
ROWS_KEPT = timedelta(days=30)  # rows given back, for who comes back to them
PREVIEW_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Preview:
    """A list as it would be taken over: rows that are right, and what is wrong with the others."""

    reading: Reading
    right: tuple[Candidate, ...]
    wrong: tuple[Trouble, ...]

    def heading(self, column: str) -> str:
        """How the list itself calls that column of ours."""
        return next((words for words in self.reading.header if HEADINGS.get(fold(words)) == column), "")

    @property
    def wrong_lines(self) -> int:
        """How many rows would be given back."""
        return len({trouble.line for trouble in self.wrong})


def keep_list(
    actor: Viewer, *, network: str, data: bytes | None, text: str, kind: ListKind = ListKind.BUDDY
) -> int:
    """Keep a list to look at, from a file or pasted, and return its number.

    Raises Invalid that names the line when it cannot be read, and when the network took it over before.
    """
    demand(actor, Permission.IMPORT_BUDDIES)
    if network not in actor.networks:
        raise Invalid("network", _("Choose one of your networks."))
    field = "file" if data is not None else "text"
    reading = read_text(text) if data is None else read_list(data)
    if reading.refused:
        raise Invalid(field, said(reading.refused))
    if not reading.rows:
        raise Invalid(field, _("Below the names of the columns stands nobody."))
    digest = hashlib.sha256(reading.text.encode("utf-8")).hexdigest()
    with transaction() as db:
        lock(Network, network)
        if taken_over_before(network, digest):
            raise Invalid(field, _("Your network took over this list before. Nobody is added twice."))
        _forget_old_lists()
        kept = BuddyImport(
            network_slug=network, kind=kind, by_person_id=actor.person_id, digest=digest,
            content=without_national_numbers(reading.text),
        )  # fmt: skip
        db.add(kept)
        db.flush()
        audit(actor, "list-kept", "import", kept.id, network=network, rows=len(reading.rows), kind=kind.value)
        return kept.id


def said(trouble: Trouble) -> Lazy | str:
    """What is wrong with a list as a whole, with the line where it is known."""
    if not trouble.line:
        return trouble.message
    if trouble.column:
        return gettext(
            "Line %(line)s, column %(column)s: %(problem)s",
            line=trouble.line, column=trouble.column, problem=str(trouble.message),
        )  # fmt: skip
    return gettext("Line %(line)s: %(problem)s", line=trouble.line, problem=str(trouble.message))


def preview_of(actor: Viewer, kept: BuddyImport) -> Preview:
    """What taking over that list would do now."""
    return _without_doubles(*_checked(actor, kept))


Checked = tuple[Reading, list[Candidate], list[Trouble]]


def _checked(actor: Viewer, kept: BuddyImport) -> Checked:
    """The rows of a list, each looked at on its own."""
    reading = read_text(kept.content)
    found = [candidate_of(row, actor.networks, kept.kind) for row in reading.rows]
    right = [item for item in found if isinstance(item, Candidate)]
    wrong = [trouble for item in found if isinstance(item, list) for trouble in item]
    return reading, right, wrong


def _without_doubles(reading: Reading, right: list[Candidate], wrong: list[Trouble]) -> Preview:
    doubles = _doubles(right)
    lines = {trouble.line for trouble in doubles}
    wrong = sorted(wrong + doubles, key=lambda trouble: trouble.line)
    return Preview(reading, tuple(item for item in right if item.line not in lines), tuple(wrong))


_HERE_ALREADY = _("Somebody with this address or number is here already. Nothing needs to be done.")


def _doubles(candidates: Sequence[Candidate]) -> list[Trouble]:
    """People who are here already, or stand on the list twice: by address, whatever its spelling, or by number."""
    addresses = {
        item.line: canonical_email(item.person["email"]) for item in candidates if item.person["email"]
    }
    phones = {item.line: item.person["phone"] for item in candidates if item.person["phone"]}
    known = known_addresses(set(addresses.values())) | known_phones(set(phones.values()))
    seen: dict[str, int] = {}
    troubles = []
    for item in candidates:
        for column, value in (("email", addresses.get(item.line)), ("phone", phones.get(item.line))):
            if not value:
                continue
            if value in known:
                troubles.append(Trouble(item.line, column, _HERE_ALREADY))
                break
            if value in seen:
                message = _(
                    "The same address or number stands on line %(line)s. Keep one of them.", line=seen[value]
                )
                troubles.append(Trouble(item.line, column, message))
                break
        else:
            seen.update(
                dict.fromkeys(filter(None, (addresses.get(item.line), phones.get(item.line))), item.line)
            )
    return troubles


def take_over(actor: Viewer, import_id: int, *, invite: bool, link_for: LinkFor) -> int:
    """Make candidate buddies or newcomers of the rows that are right, all or none, and return how many.

    With `invite` those with an address are asked to confirm it. The other rows are kept to be given back.
    Raises Moved when it was done already, or somebody of the list registered in this moment.
    """
    demand(actor, Permission.IMPORT_BUDDIES)
    kept = list_of(actor, import_id)
    checked = _checked(actor, kept)  # takes seconds: before others have to wait for this transaction
    with transaction() as db:
        lock(Network, kept.network_slug)
        kept = list_of(actor, import_id)
        if kept.done_at or taken_over_before(kept.network_slug, kept.digest):
            raise Moved()
        preview = _without_doubles(*checked)
        try:
            _add(actor, kept.kind, preview.right, invite=invite, link_for=link_for)
        except IntegrityError as error:
            raise Moved() from error
        added, given_back = len(preview.right), preview.wrong_lines
        move(
            update(BuddyImport).where(BuddyImport.id == kept.id, BuddyImport.done_at.is_(None))
            .values(done_at=now(), added=added, given_back=given_back, content=_rows_back(preview))
        )  # fmt: skip
        audit(
            actor, "list-taken-over", "import", kept.id, network=kept.network_slug, added=added, given_back=given_back,
            invited=invite,
        )  # fmt: skip
        db.flush()
        return added


def rows_given_back(actor: Viewer, import_id: int) -> bytes:
    """The rows that are not taken over, as a CSV that says at each what to do and can be sent again when mended."""
    kept = list_of(actor, import_id)
    content = kept.content if kept.done_at else _rows_back(preview_of(actor, kept))
    return b"\xef\xbb\xbf" + content.encode("utf-8")


def _rows_back(preview: Preview) -> str:
    todo: dict[int, list[str]] = {}
    for trouble in preview.wrong:
        todo.setdefault(trouble.line, []).append(str(trouble.message))
    header = [*preview.reading.header, gettext("Line in your list"), gettext("What to do")]
    width = len(preview.reading.header)
    rows: list[list[Cell]] = [
        [*row.raw, *[""] * (width - len(row.raw)), row.line, " ".join(todo[row.line])]
        for row in preview.reading.rows
        if row.line in todo
    ]
    return csv_file(rows, header).decode("utf-8-sig")


def _add(
    actor: Viewer, kind: ListKind, candidates: Sequence[Candidate], *, invite: bool, link_for: LinkFor
) -> None:
    with transaction() as db:
        people = [
            Person(
                **item.person, email_canonical=item.person["email"] and canonical_email(item.person["email"])
            )
            for item in candidates
        ]
        db.add_all(people)
        db.flush()
        table, role, subject, state = MADE[kind]
        records = [
            table(person_id=person.id, **item.record) for person, item in zip(people, candidates, strict=True)
        ]
        db.add_all(records)
        db.flush()
        place_by_town([record for record in records if isinstance(record, Newcomer)])
        for person, record in zip(people, records, strict=True):
            look_up(person, record.network_slug)
        db.add_all(Grant(person_id=person.id, role=role, granted_by=actor.person_id) for person in people)
        db.flush()
        db.add_all(
            Transition(
                subject=subject, subject_id=record.id, from_state=None, to_state=state.value,
                actor_id=actor.person_id, actor_role=Role.COORDINATOR, reason=SOURCE,
            )
            for record in records
        )  # fmt: skip
        if invite:
            names = {network.slug: network.name for network in db.query(Network)}
            for person, record in zip(people, records, strict=True):
                _ask_to_confirm(person, kind, record.network_slug, names[record.network_slug], link_for)


def _ask_to_confirm(person: Person, kind: ListKind, network: str, name: str, link_for: LinkFor) -> None:
    if not person.email:
        return
    token = new_link(LinkPurpose.CONFIRM_ADDRESS, locale=person.locale, person_id=person.id)
    letter = "imported" if kind is ListKind.BUDDY else "imported-newcomer"
    tell(person, letter, network=network, link=link_for(person.locale, token), network_name=name)


def _forget_old_lists() -> None:
    """Lists hold personal data: those that nobody took over go after a day, rows given back after thirty."""
    with transaction() as db:
        db.execute(
            delete(BuddyImport).where(
                BuddyImport.done_at.is_(None), BuddyImport.created_at < now() - PREVIEW_KEPT
            )
        )
        db.execute(update(BuddyImport).where(BuddyImport.done_at < now() - ROWS_KEPT).values(content=""))
