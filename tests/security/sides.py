"""Two networks that mirror each other, with one of everything: what one side sees of the other is a leak."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.clock import now, start_of_day, today
from app.db import transaction
from app.models import (
    AdministratorRequest,
    AttendanceName,
    AttendanceSheet,
    AuditEntry,
    BuddyImport,
    Loan,
    LoanRequest,
    Message,
    OfferList,
    Person,
    Programme,
    ProgrammeVersion,
    Proposal,
    Recording,
    Remark,
    Run,
    SavedFilter,
    SignUp,
    StaffNote,
    Talk,
    Training,
    VolunteerCall,
)
from app.queries.admin import AuditWanted
from app.security.viewer import ANONYMOUS, Viewer
from app.vocabulary import BuddyState, DuoState, EntryState, OfferKind, Role
from app.vocabulary.blocks import HitOutcome
from app.vocabulary.lists import ListKind
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from app.vocabulary.records import Channel, MessageState, RunState
from app.vocabulary.remarks import RemarkState
from app.vocabulary.sign_ups import SignUpState
from app.vocabulary.spoken import AudioKind
from tests import duo_factories, factories

NETWORKS = {"here": ("rivierenland", "2800", "agii"), "there": ("kempen", "2300", "atlas")}
# What is looked for in the audit log: of two days, in which each side has six entries that differ in one thing.
LOOKED_FOR = AuditWanted(
    who="person", action="looked-for", about=7, since=date(2026, 3, 2), until=date(2026, 3, 3)
)


@dataclass
class Side:
    """One network: who stands there by name, and the key of each record by name."""

    network: str
    postcode: str
    agency: str
    people: dict[str, Person] = field(default_factory=dict)
    keys: dict[str, int | str] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._people()
        self._duos()
        self._activities()
        self._hours()
        self._staff_work()
        self.keys["network"] = self.network

    def keep(self, **records: Any) -> None:
        """Remember records by name, those that are new in the database too."""
        with transaction() as db:
            for name, record in records.items():
                if record.id is None:
                    db.add(record)
                    db.flush()
                self.made[name], self.keys[name] = record, record.id

    def _people(self) -> None:
        coordinator, counsellor = factories.coordinator(self.network), factories.counsellor(self.agency)
        self.keep(
            buddy=factories.buddy(self.postcode, capacity=5), alone_buddy=factories.buddy(self.postcode, capacity=5),
            lender=factories.buddy(self.postcode, capacity=5), full=factories.buddy(self.postcode, places_taken=1),
            unready=factories.buddy(self.postcode, state=BuddyState.REGISTERED), stopped=factories.buddy(self.postcode),
            newcomer=factories.newcomer(self.postcode, counsellor=counsellor),
            alone=factories.newcomer(self.postcode), guest=factories.newcomer(self.postcode),
            club=factories.organisation(self.network), other_club=factories.organisation(self.network),
            unverified=factories.organisation(self.network, verified=False), silent=factories.organisation(self.network),
        )  # fmt: skip
        factories.contact(organisation_id=self.keys["unverified"])
        factories.contact(organisation_id=self.keys["silent"], left_at=now())
        with transaction() as db:
            db.get_one(Person, self.made["stopped"].person_id).active = False
        self.people = {
            "coordinator": coordinator, "counsellor": counsellor, "colleague": factories.counsellor(self.agency),
            "member": factories.organisation_contact(self.made["club"]),
            "other member": factories.organisation_contact(self.made["other_club"]),
            "helper": factories.person(roles=(Role.HELPER,)), "nobody": factories.person(),
            **{who: self.made[who].person for who in ("buddy", "alone_buddy", "lender", "newcomer", "alone", "guest")},
        }  # fmt: skip

    def _duos(self) -> None:
        made, by = self.made, self.people["coordinator"]
        self.keep(duo=duo_factories.duo(newcomer=made["newcomer"], buddy=made["buddy"], approved_by=by))
        asked = {"approved_by": by, "state": DuoState.ASKED}
        self.keep(asked=duo_factories.duo(newcomer=made["alone"], buddy=made["alone_buddy"], **asked))
        self.keep(report=duo_factories.safety_report(made["duo"], self.people["newcomer"]))

    def _activities(self) -> None:
        with transaction() as db:
            found = {
                name: db.query(factories.ContactPerson).filter_by(organisation_id=self.keys[name]).one()
                for name in ("club", "other_club")
            }
        self.contacts = found
        self.keep(
            group=factories.offer(
                network=self.network, organisation_id=self.keys["club"], contact_person=found["club"]
            ),
            other_group=factories.offer(
                network=self.network, organisation_id=self.keys["other_club"], contact_person=found["other_club"]
            ),
            informal=factories.offer(
                network=self.network, newcomer_id=self.keys["newcomer"], dutch_spoken=None, people_met=None
            ),
        )  # fmt: skip
        self.keep(
            unjudged=factories.offer(
                network=self.network,
                organisation_id=self.keys["club"],
                contact_person=found["club"],
                dutch_spoken=None,
            )
        )
        self.keep(spoiled=factories.offer(network=self.network, dutch_spoken=False))
        by = self.people["newcomer"]
        self.keep(
            sign_up=SignUp(
                offer_id=self.keys["group"], newcomer_id=self.keys["newcomer"], state=SignUpState.JOINED, entered_by_id=by.id,
                joined_at=now(),
            ),
            list=OfferList(
                network_slug=self.network, organisation_id=self.keys["club"], by_person_id=self.people["coordinator"].id,
                kind=OfferListKind.OWN, state=OfferListState.STOPPED,
            ),
        )  # fmt: skip

    def _hours(self) -> None:
        made = self.made
        signer = factories.contact(person_id=self.people["buddy"].id)
        meetings = factories.offer(
            kind=OfferKind.BUDDY, network=self.network, contact_person=signer, duo_id=self.keys["duo"], published_at=None
        )  # fmt: skip
        self.keep(meetings=meetings)
        self.keep(entry=factories.entry(made["newcomer"], made["group"], state=EntryState.SUBMITTED))
        self.keep(
            duo_entry=factories.entry(
                made["newcomer"], meetings, state=EntryState.SUBMITTED, duo_id=self.keys["duo"]
            )
        )
        self.keep(alone_entry=factories.entry(made["alone"], made["other_group"], state=EntryState.SUBMITTED))
        self.keep(signed=factories.entry(made["newcomer"], made["other_group"], state=EntryState.CONFIRMED))
        self.keep(proof=factories.proof(made["signed"]))
        far = factories.organisation("gent-stad")
        self.keep(far=factories.offer(network="gent-stad", organisation_id=far.id, dutch_spoken=None))
        factories.entry(made["newcomer"], self.made["far"], state=EntryState.SUBMITTED)
        self.keep(
            sheet=AttendanceSheet(code=f"CODE-{self.network}"[:20], offer_id=self.keys["group"], day=today())
        )
        self.keep(name=AttendanceName(sheet_id=self.keys["sheet"], newcomer_id=self.keys["newcomer"]))
        self._of_who_is_gone()
        self._of_no_counsellor()

    def _of_who_is_gone(self) -> None:
        """Hours of somebody who was erased and of whom nothing is kept, and of two of whom one of both holds."""
        for name, emptied, erased in (
            ("gone", True, True), ("emptied", True, False), ("erased", False, True),
        ):  # fmt: skip
            newcomer = factories.newcomer(self.postcode, records_emptied_at=now() if emptied else None)
            entry = factories.entry(newcomer, self.made["group"], state=EntryState.SUBMITTED)
            with transaction() as db:
                db.get_one(Person, newcomer.person_id).erased_at = now() if erased else None
            self.keep(**{f"{name}_entry": entry})

    def _of_no_counsellor(self) -> None:
        """A name on the sheet of a newcomer whose counsellor is none any more, and has the agency in another grant."""
        former = factories.person()
        factories.grant(former, Role.HELPER, agency=self.agency)
        newcomer = factories.newcomer(self.postcode, counsellor=former)
        self.keep(stray_name=AttendanceName(sheet_id=self.keys["sheet"], newcomer_id=newcomer.id))

    def _staff_work(self) -> None:
        by, network, keys = self.people["coordinator"].id, self.network, self.keys
        self.keep(run=finished_run(network, by))
        self.keep(
            proposal=Proposal(
                run_id=keys["run"], newcomer_id=keys["newcomer"], buddy_id=keys["alone_buddy"], score=1, utility=1,
                explanation={},
            )
        )  # fmt: skip
        self.keep(
            wish=duo_factories.wish(self.made["newcomer"], self.made["proposal"], self.people["coordinator"])
        )
        hit = factories.blocked(self.people["coordinator"], self.made["lender"])
        self.keep(hit=hit, block=hit.block)
        settled = factories.blocked(
            self.people["coordinator"], self.made["alone_buddy"], lifted_at=now(), lifted_by_id=by
        )
        with transaction():
            settled.outcome, settled.decided_at, settled.decided_by_id = HitOutcome.ADMITTED, now(), by
        self.keep(settled=settled, lifted=settled.block)
        self.keep(
            note=StaffNote(person_id=self.people["buddy"].id, network_slug=network, text="x"),
            lines=BuddyImport(network_slug=network, by_person_id=by, digest=network, content="x"),
            call=VolunteerCall(network_slug=network, code=f"call-{network}"[:24], by_person_id=by),
            training=Training(
                buddy_id=keys["buddy"], title="x", on=today(), minutes=60, told_by_id=self.people["buddy"].id
            ),
            filter=SavedFilter(person_id=by, kind=ListKind.BUDDY, name="x", query=""),
            audit=AuditEntry(actor_id=by, action="x", network_slug=network),
            programme=Programme(network_slug=network, name=f"Own {network}", weights_version="x", weights={}),
        )  # fmt: skip

        self.keep(
            talk=Talk(newcomer_id=keys["newcomer"], by_person_id=by, at=now()), other_talk=Talk(buddy_id=keys["buddy"], by_person_id=by, at=now()),
        )  # fmt: skip
        self.keep(version=ProgrammeVersion(programme_id=keys["programme"], version="x", weights={}))
        self._of_the_site(by)
        self._administrators()
        self._looked_for(by)
        self._messages()

    def _of_the_site(self, by: int) -> None:
        """What is of no network: who works here, texts read aloud, and what readers say about sentences."""
        of_work = ("coordinator", "counsellor", "member", "helper", "buddy", "nobody")
        self.keys |= {f"staff_{who}": self.people[who].id for who in of_work}
        self.keep(
            recording=Recording(
                language="ti", message="x", text="x", text_digest=self.network, kind=AudioKind.OGG, content=b"x", content_digest="x",
                size=1, milliseconds=1, by_person_id=by,
            ),
            remark=Remark(locale="nl", sentence="x"), other_remark=Remark(locale="fr", sentence="x"),
            settled_remark=Remark(locale="nl", sentence="x", state=RemarkState.MENDED),
        )  # fmt: skip
        made = {
            name: factories.person(roles=(Role.HELPER,))
            for name in ("by_name", "by_mail", "not_by_name", "not_by_mail")
        }
        with transaction():
            made["by_name"].full_name, made["not_by_name"].full_name = "Zoek_Naam", "ZoekXnaam"
            made["by_mail"].email = f"zoek_naam.{self.network}@example.be"
            made["not_by_mail"].email = f"zoekxnaam.{self.network}@example.be"
        self.keys |= {name: person.id for name, person in made.items()}

    def _administrators(self) -> None:
        """Who is to become one: asked lately, too long ago, and by people who may not ask any more."""
        by, stopped = factories.administrator(), factories.administrator()
        former = factories.person(roles=(Role.HELPER,))
        with transaction():
            stopped.active = False
        for name, asked_by, days in (
            ("asked_for", by, 0), ("too_long", by, 8), ("by_former", former, 0), ("by_stopped", stopped, 0),
        ):  # fmt: skip
            address = f"{name}.{self.network}@example.be"
            made = AdministratorRequest(
                full_name="x", email=address, email_canonical=address, locale="nl", asked_by_id=asked_by.id,
                asked_at=now() - timedelta(days=days),
            )  # fmt: skip
            self.keep(**{name: made})

    def _looked_for(self, by: int) -> None:
        first, over = start_of_day(date(2026, 3, 2)), start_of_day(date(2026, 3, 4))
        stranger = factories.person(full_name="Somebody").id
        for name, other in {
            "first_act": {}, "last_act": {"at": over - timedelta(seconds=1)}, "other_act": {"action": "other"},
            "about_other": {"subject_id": 8}, "by_other": {"actor_id": stranger}, "too_early": {"at": first - timedelta(seconds=1)},
            "too_late": {"at": over},
        }.items():  # fmt: skip
            found = {"actor_id": by, "action": "looked-for", "subject_id": 7, "at": first, **other}
            self.keep(**{name: AuditEntry(network_slug=self.network, **found)})

    def _messages(self) -> None:
        """One that has to be called, one that did not arrive, and others with which nothing has to be done now."""
        before, ahead = now() - timedelta(hours=1), now() + timedelta(hours=1)
        for name, channel, state, at in (
            ("task", Channel.TASK, MessageState.QUEUED, before), ("failed", Channel.MAIL, MessageState.FAILED, ahead),
            ("done", Channel.TASK, MessageState.SENT, before), ("later", Channel.TASK, MessageState.QUEUED, ahead),
            ("lost", Channel.TASK, MessageState.FAILED, before),
            ("queued", Channel.MAIL, MessageState.QUEUED, before), ("sent", Channel.MAIL, MessageState.SENT, before),
        ):  # fmt: skip
            made = Message(
                channel=channel, state=state, kind="x", network_slug=self.network, locale="nl", subject="x", text="x",
                message_id=f"{name}-{self.network}", next_try_at=at,
            )  # fmt: skip
            self.keep(**{name: made})

    def viewers(self) -> dict[str, Viewer]:
        """Everybody of this side as they are at this moment."""
        return {who: factories.viewer(person) for who, person in self.people.items()}


def finished_run(network: str, by: int) -> Run:
    """A run of the matcher of that network that is over."""
    return Run(
        network_slug=network, programme_id=1, state=RunState.DONE, by_person_id=by, as_of=today(),
        weights_version="x", weights={},
    )  # fmt: skip


def between(one: Side, other: Side) -> None:
    """What lies between two networks: a place lent, a question for one, and a newcomer with a buddy of the other."""
    ahead = today() + timedelta(days=60)
    one.keep(
        loan=Loan(
            buddy_id=one.keys["lender"], from_slug=one.network, to_slug=other.network, until=ahead,
            offered_by_id=one.people["coordinator"].id,
        ),
        request=LoanRequest(
            by_slug=one.network, to_slug=other.network, until=ahead, words="x", asked_by_id=one.people["coordinator"].id,
        ),
    )  # fmt: skip
    one.keep(
        lent=duo_factories.duo(
            newcomer=one.made["guest"], buddy=other.made["lender"], approved_by=one.people["coordinator"]
        )
    )


def both_sides() -> dict[str, Side]:
    """The two networks, with what lies between them."""
    sides = {name: Side(*where) for name, where in NETWORKS.items()}
    between(sides["here"], sides["there"])
    between(sides["there"], sides["here"])
    return sides


def of_no_side() -> dict[str, Viewer]:
    """Who belongs nowhere: a visitor, and roles whose network, agency or organisation is not known."""
    return {
        "visitor": ANONYMOUS,
        "coordinator of nothing": Viewer(person_id=10**6, roles=frozenset({Role.COORDINATOR})),
        "counsellor of nobody": Viewer(person_id=10**6, roles=frozenset({Role.COUNSELLOR})),
        "member of nothing": Viewer(person_id=10**6, roles=frozenset({Role.ORGANISATION})),
        "buddy without a record": Viewer(person_id=10**6, roles=frozenset({Role.BUDDY})),
        "newcomer without a record": Viewer(person_id=10**6, roles=frozenset({Role.NEWCOMER})),
        "networks without a role": Viewer(
            person_id=10**6, networks=frozenset({"rivierenland"}), agencies=frozenset({"agii"})
        ),
    }
