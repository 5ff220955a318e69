"""Bringing in lists of activities: keep a list, read it, look at it, take it over whole or not at all.

Reading and taking over are work for the worker. Nothing of a list is an activity before its last step, which is one
transaction: a worker that dies, a list that is stopped, and a fault leave everything as it was.
"""

import json
import logging
import zlib
from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from sqlalchemy import Update, select, update

from app.clock import now, today
from app.db import after_commit, lock, session, transaction
from app.errors import Invalid, Moved
from app.extensions import queue
from app.i18n import lazy_gettext as _
from app.models import Network, Offer, OfferList, Organisation, Person
from app.queries.accounts import viewer_of
from app.queries.offer_lists import houses_for, known_offers, list_of, may_come_back
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import listings
from app.services.matchmaking import interests_in
from app.services.offer_lists import own, uitdatabank
from app.services.offer_lists.fetching import fetch, is_allowed, without_secrets
from app.services.offer_lists.reading import LARGEST, Unreadable, contents_of
from app.services.offer_lists.rows import Item, LeftOut, demand_plain, without_full
from app.services.offer_lists.taking import BY_LIST, Answers, changes, days_of, demand_may, take_all
from app.services.records import audit, move
from app.vocabulary.offer_lists import BUSY, WHOLE, OfferListKind, OfferListState

SIGN_OF_LIFE_SECONDS: Final = 1.0
UNNAMED: Final = "file:"
"""Begins the source of what came in a file that names none; then follows the organisation. Shown to nobody."""
DEAD_AFTER: Final = timedelta(minutes=2)
MOST_INTERESTS: Final = 3
AT_ONCE: Final = 200
SAMPLE: Final = 50
SHOWN: Final = 200
"""Rows of a preview that are shown; the file holds the others."""
READERS: Final = {OfferListKind.OWN: own.item_of, OfferListKind.UITDATABANK: uitdatabank.item_of}

log = logging.getLogger(__name__)


def keep_list(
    actor: Viewer,
    *,
    organisation_id: int,
    kind: OfferListKind,
    data: bytes | None,
    address: str = "",
    hosts: Collection[str] = (),
) -> int:
    """Keep a list and ask the worker to read it; returns its number. Raises NotFound, or Invalid at `file` or `address`."""
    demand(actor, Permission.MOVE_OFFERS)
    if data is None and not is_allowed(address, hosts):
        raise Invalid("address", WHOLE["not_allowed"])
    if data is not None and len(data) > LARGEST:
        raise Invalid("file", WHOLE["too_large"])
    with transaction() as db:
        house = one(houses_for(actor).where(Organisation.id == organisation_id))
        kept = OfferList(
            network_slug=house.network_slug, organisation_id=house.id, by_person_id=actor.person_id, kind=kind,
            state=OfferListState.READING, address=without_secrets(address), touched_at=now(),
            content=zlib.compress(address.encode() if data is None else data, 1),
        )  # fmt: skip
        db.add(kept)
        db.flush()
        list_id = kept.id
        audit(actor, "offers-list-kept", "offer_list", list_id, network=house.network_slug, kind=kind.value)
        after_commit(lambda: queue.put("read_offer_list", list_id))
    return list_id


def stop_list(actor: Viewer, list_id: int) -> None:
    """Read or take over that list no further; nothing of it was changed. Raises NotFound or Moved."""
    demand(actor, Permission.MOVE_OFFERS)
    with transaction():
        kept = list_of(actor, list_id)
        move(
            update(OfferList).where(OfferList.id == list_id, OfferList.state.in_((*BUSY, OfferListState.READY)))
            .values(state=OfferListState.STOPPED, content=b"", touched_at=now())
        )  # fmt: skip
        audit(actor, "offers-list-stopped", "offer_list", list_id, network=kept.network_slug)


def begin_again(actor: Viewer, list_id: int) -> None:
    """Ask the worker again for a list whose worker gave no sign of life for minutes. Raises NotFound or Moved."""
    demand(actor, Permission.MOVE_OFFERS)
    with transaction():
        kept = list_of(actor, list_id)
        if not seems_dead(kept):
            raise Moved
        kept.touched_at = now()
        job = "read_offer_list" if kept.state is OfferListState.READING else "take_offer_list"
        after_commit(lambda: queue.put(job, list_id))


def seems_dead(kept: OfferList) -> bool:
    """Whether nobody works on a list that is to be worked on."""
    return kept.state in BUSY and (kept.touched_at is None or kept.touched_at < now() - DEAD_AFTER)


class Watch:
    """Writes how far a list is; raises Moved when it was stopped or another worker has it."""

    def __init__(self, list_id: int, attempt: int, state: OfferListState) -> None:
        self.list_id, self.attempt, self.state = list_id, attempt, state
        self.at = 0.0

    def ours(self) -> Update:
        """The update of the list as long as it is this worker's."""
        return update(OfferList).where(
            OfferList.id == self.list_id, OfferList.state == self.state, OfferList.attempt == self.attempt
        )

    def demand_ours(self) -> None:
        """Raise Moved when it is no longer this worker's; nothing is written or locked."""
        ours = OfferList.id == self.list_id, OfferList.state == self.state, OfferList.attempt == self.attempt
        if session().scalar(select(OfferList.id).where(*ours)) is None:
            raise Moved

    def __call__(self, done: int = 0, total: int = 0) -> None:
        """A sign of life, at most once a second."""
        if monotonic() - self.at < SIGN_OF_LIFE_SECONDS:
            return
        self.at = monotonic()
        with transaction():
            move(self.ours().values(rows_done=done, rows_all=total, touched_at=now()))


def _take_up(list_id: int, state: OfferListState) -> tuple[OfferList, Watch] | None:
    with transaction() as db:
        taken = db.execute(
            update(OfferList).where(OfferList.id == list_id, OfferList.state == state)
            .values(attempt=OfferList.attempt + 1, touched_at=now()).returning(OfferList.attempt)
        ).first()  # fmt: skip
        if taken is None:
            return None
        kept = db.get_one(OfferList, list_id, populate_existing=True)
        db.expunge(kept)
        return kept, Watch(list_id, taken.attempt, state)


def read_list(list_id: int, *, hosts: Collection[str], own_source: str) -> None:
    """Read a list that was kept, for its owner to look at. For the worker; a list of which nothing can be used is FAILED."""
    taken = _take_up(list_id, OfferListState.READING)
    if taken is None:
        return
    kept, watch = taken
    try:
        found, report = _read(kept, watch, hosts=hosts, own_source=own_source)
        with transaction():
            move(watch.ours().values(
                state=OfferListState.READY, content=packed(found), report=report, left_out=len(report["left_out"]),
                rows_done=report["rows"], rows_all=report["rows"], touched_at=now(),
            ))  # fmt: skip
    except Moved:
        log.info("list %s was stopped or taken over by another worker", list_id)
    except Unreadable as refusal:
        _give_up(watch, refusal.code, refusal.line)
    except Exception:
        _give_up(watch, "fault")
        raise


def _give_up(watch: Watch, code: str, line: int = 0) -> None:
    with transaction() as db:
        db.execute(watch.ours().values(
            state=OfferListState.FAILED, failure=code, report={"line": line} if line else {}, content=b"",
            touched_at=now(),
        ))  # fmt: skip


def _read(
    kept: OfferList, watch: Watch, *, hosts: Collection[str], own_source: str
) -> tuple[list[Item], dict[str, Any]]:
    """The rows that can be taken over, and what is said of the others."""
    data = zlib.decompress(kept.content)
    if kept.address:
        data = fetch(data.decode(), hosts, going_on=watch)
    contents = contents_of(data, kept.kind)
    own_list = kept.kind is OfferListKind.OWN
    source = (contents.source or f"{UNNAMED}{kept.organisation_id}") if own_list else uitdatabank.SOURCE
    found: dict[tuple[str, str], Item] = {}
    left_out: list[dict[str, Any]] = []
    for done, (line, row) in enumerate(contents.rows):
        watch(done, len(contents.rows))
        try:
            demand_plain(row)
            item = READERS[kept.kind](line, row, today(), source=source)
        except LeftOut as reason:
            left_out.append(_said(line, _name_of(row), reason))
            continue
        if (item.source, item.source_id) in found:
            left_out.append(_said(line, item.record["title"], LeftOut("twice")))
        else:
            found[item.source, item.source_id] = _with_interests(item)
    fine, report = _sorted_out(kept, list(found.values()), left_out, own_source)
    return fine, {**report, "rows": len(contents.rows), "of": contents.of}


def _sorted_out(
    kept: OfferList, items: list[Item], left_out: list[dict[str, Any]], own_source: str
) -> tuple[list[Item], dict[str, Any]]:
    """The items that concern the one who brought them in, with how many are new, changed, the same or over."""
    actor = viewer_of(session().get_one(Person, kept.by_person_id))
    known = known_offers([(item.source, item.source_id) for item in items], own_source=own_source)
    back = may_come_back(known.values(), reason=BY_LIST)
    counts: Counter[str] = Counter()
    fine: list[Item] = []
    for item in items:
        offer = known.get((item.source, item.source_id))
        try:
            demand_may(actor, item, offer, own_source)
            without_full(item, days_of(offer))
        except LeftOut as reason:
            left_out.append(_said(item.line, item.record["title"], reason))
            continue
        counts[_becomes(item, offer, back)] += 1
        fine.append(item)
    left_out.sort(key=lambda row: row["line"])
    terms: dict[str, list[Any]] = {}
    for item in fine:
        if item.term or item.term_name:
            terms.setdefault(item.term, [item.term_name, 0])[1] += 1
    notes = [
        {"line": item.line, "title": item.record["title"], "code": code, "facts": {}}
        for item in fine
        for code in item.notes
    ]
    sample = [_shown(item) for item in fine if not item.gone][:SAMPLE]
    return fine, {
        "left_out": left_out, "notes": notes, "counts": dict(counts), "terms": terms, "sample": sample,
    }  # fmt: skip


def _becomes(item: Item, offer: Offer | None, back: Collection[int]) -> str:
    """What an item would do: `end`, `add`, `change` or `same`."""
    if item.gone:
        return "end"
    if offer is None:
        return "add"
    return "change" if changes(offer, item, back) else "same"


def _shown(item: Item) -> dict[str, Any]:
    """What of an item stands in a preview."""
    first = item.record["gatherings"][0]
    return {
        "line": item.line, "title": item.record["title"], "place": f"{first['postcode']} {first['locality']}",
        "level": item.record["level"], "interests": item.record["interests"],
    }  # fmt: skip


def _said(line: int, title: str, reason: LeftOut) -> dict[str, Any]:
    return {"line": line, "title": title, "code": reason.code, "facts": dict(reason.facts)}


def _with_interests(item: Item) -> Item:
    """The interests that its title and words mean, where the list says nothing of interests."""
    if not item.gone and item.record["interests"] is None:
        text = f"{item.record['title']}. {item.record['words'][:120]}"
        item.record["interests"] = list(interests_in(text, item.record["language"]))[:MOST_INTERESTS]
    return item


def _name_of(row: Any) -> str:
    """How to recognise a row that is left out: its title as far as it can be shown."""
    title = (row.get("title") or row.get("name")) if isinstance(row, dict) else ""
    if isinstance(title, dict):
        title = title.get("nl") or next(iter(title.values()), "")
    told = title if isinstance(title, str) else ""
    return "".join(letter for letter in told[:80] if letter.isprintable())


def packed(items: list[Item]) -> bytes:
    """Items as they are kept between reading and taking over."""
    return zlib.compress(json.dumps([vars(item) for item in items], ensure_ascii=False).encode(), 1)


def unpacked(content: bytes) -> list[Item]:
    """The items again."""
    return [Item(**values) for values in json.loads(zlib.decompress(content))] if content else []


def take_over(actor: Viewer, list_id: int, answers: Answers) -> None:
    """Ask the worker to make activities of a list that was read. Raises NotFound, Moved, or Invalid at `places`."""
    demand(actor, Permission.MOVE_OFFERS)
    if answers.publish and not (answers.fluent_speakers and answers.meeting_words and answers.insurer):
        raise Invalid("publish", _("To publish at once, first answer the questions above."))
    with transaction():
        list_of(actor, list_id)
        move(
            update(OfferList).where(OfferList.id == list_id, OfferList.state == OfferListState.READY)
            .values(
                state=OfferListState.TAKING, answers=answers.as_facts(), by_person_id=actor.person_id, touched_at=now(),
                rows_done=0,
            )
        )  # fmt: skip
        after_commit(lambda: queue.put("take_offer_list", list_id))


def take_list(list_id: int, *, own_source: str) -> None:
    """Make activities of a list, all or none. For the worker."""
    taken = _take_up(list_id, OfferListState.TAKING)
    if taken is None:
        return
    kept, watch = taken
    actor = viewer_of(session().get_one(Person, kept.by_person_id))
    answers = Answers(**kept.answers)
    try:
        items = unpacked(kept.content)
        with transaction():
            lock(Network, kept.network_slug)
            # read and not written here, so that a list can be stopped while this goes on; the end decides
            watch.demand_ours()
            done, shown = take_all(actor, kept, items, answers, own_source=own_source)
            move(watch.ours().values(
                state=OfferListState.DONE, content=b"", done_at=now(), touched_at=now(),
                left_out=kept.left_out + done.pop("left_out"), rows_done=kept.rows_all, **done,
            ))  # fmt: skip
            audit(actor, "offers-list-taken-over", "offer_list", list_id, network=kept.network_slug, **done)
        # what searches go by follows in parts, so that nobody else has to wait; the night heals what a death leaves
        for at in range(0, len(shown), AT_ONCE):
            listings.refresh(shown[at : at + AT_ONCE])
    except Moved:
        log.info("list %s was stopped or taken over by another worker", list_id)
    except Exception:
        _give_up(watch, "fault")
        raise
