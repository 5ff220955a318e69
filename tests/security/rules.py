"""The rules of app/security as plain checks, each a function that raises AssertionError: for pytest, and for the mutants."""

import hashlib
import unicodedata
from collections.abc import Callable

from sqlalchemy import delete

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, NotFound
from app.models import Erasure, Grant, Person, RecoveryCode, SecondFactor, SignIn
from app.queries.accounts import _viewer, own_sign_ins, sign_in_by_token, viewer_of
from app.queries.admin import audit_for
from app.queries.care import care_owed
from app.queries.criteria import _judged_by
from app.queries.erasures import open_erasure
from app.queries.hours import offers_to_tell
from app.queries.newcomers import newcomers_for
from app.queries.privacy import held_about
from app.queries.programmes import settings_of
from app.queries.reach import one, reach, rows
from app.queries.recordings import recordings_for
from app.queries.safety import reports_for
from app.queries.second_factors import own_factor
from app.security import identity, passwords, secrets
from app.security.permission_map import EVERYBODY, PERMISSION_MAP, scopes
from app.security.permissions import Permission as P
from app.security.permissions import Scope
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import ANONYMOUS, Viewer
from app.services import accounts
from app.vocabulary import Role
from tests import factories
from tests.security.hostile import NUMBERS
from tests.security.sides import Side

BUDDY = Viewer(person_id=7, roles=frozenset({Role.BUDDY}))
BOTH = Viewer(person_id=7, roles=frozenset({Role.BUDDY, Role.COORDINATOR}))


def refuses(error: type[Exception], act: Callable[..., object], *arguments: object) -> bool:
    """Whether that act raises that error."""
    try:
        act(*arguments)
    except error:
        return True
    return False


def scopes_of_roles(sides: dict[str, Side]) -> None:
    """The union of the roles, and the cells of nobody for who has no role."""
    for permission in P:
        cells = PERMISSION_MAP[permission]
        for holder in EVERYBODY:
            held = scopes(frozenset() if holder is None else frozenset({holder}), permission)
            assert held == ({cells[holder]} if holder in cells else set()), (permission, holder)
    assert scopes(BOTH.roles, P.SEE_BUDDIES) == {Scope.OWN, Scope.NETWORK}


def what_a_viewer_can(sides: dict[str, Side]) -> None:
    """No role, no right; the role in which it is used, and who is signed in."""
    assert BUDDY.can(P.OWN_BUDDY) is True
    assert BUDDY.can("own-buddy") is True
    assert BUDDY.can(P.ADMINISTER) is False
    assert BUDDY.scopes("own-buddy") == {Scope.OWN}
    assert BUDDY.signed_in is True
    assert ANONYMOUS.signed_in is False
    assert BOTH.role_for(P.SEE_BUDDIES) is Role.BUDDY
    assert BOTH.role_for(P.JUDGE_BUDDY) is Role.COORDINATOR
    assert BUDDY.role_for(P.JUDGE_BUDDY) is None


def demands(sides: dict[str, Side]) -> None:
    """Forbidden without the permission, and about oneself."""
    assert refuses(Forbidden, demand, BUDDY, P.JUDGE_BUDDY)
    assert not refuses(Forbidden, demand, BOTH, P.JUDGE_BUDDY)
    assert refuses(Forbidden, not_about_oneself, BUDDY, 3, 7)
    assert not refuses(Forbidden, not_about_oneself, BUDDY, 3, None)
    assert not refuses(Forbidden, not_about_oneself, ANONYMOUS, None)


def what_reach_makes(sides: dict[str, Side]) -> None:
    """No scope finds nothing, all finds everything, and one row is one row."""
    here = sides["here"]
    nobody = Viewer(person_id=here.people["newcomer"].id)
    assert refuses(NotFound, one, newcomers_for(nobody))
    own = factories.viewer(here.people["newcomer"])
    assert one(newcomers_for(own)).id == here.keys["newcomer"]
    assert str(reach(nobody, P.SEE_NEWCOMERS, {})) == "false"
    assert str(reach(factories.viewer(sides["here"].people["coordinator"]), P.SEE_NEWCOMERS, {})) == "false"


def who_a_person_is(sides: dict[str, Side]) -> None:
    """Networks only of coordinators, agencies only of counsellors, organisations only of their contact persons."""
    here = sides["here"]
    wanted = {
        "coordinator": {"networks": {here.network}}, "counsellor": {"agencies": {here.agency}},
        "member": {"organisations": {here.keys["club"]}}, "buddy": {"buddy_id": here.keys["buddy"]},
        "newcomer": {"newcomer_id": here.keys["newcomer"]}, "nobody": {}, "helper": {},
    }  # fmt: skip
    for who, fields in wanted.items():
        person = here.people[who]
        viewer = factories.viewer(person)
        nothing = {
            "networks": set(),
            "agencies": set(),
            "organisations": set(),
            "buddy_id": None,
            "newcomer_id": None,
        }
        for name, value in (nothing | fields).items():
            assert getattr(viewer, name) == value, (who, name)
        assert viewer.person_id == person.id
        assert viewer.roles == {grant.role for grant in person.grants}


def what_a_grant_gives(sides: dict[str, Side]) -> None:
    """Whatever else stands in a grant: a network makes no coordinator, and no other role opens one."""
    everything = {"network_slug": "kempen", "agency_slug": "agii", "organisation_id": 5}
    gives = {
        Role.COORDINATOR: ("networks", {"kempen"}), Role.COUNSELLOR: ("agencies", {"agii"}), Role.ORGANISATION: ("organisations", {5}),
    }  # fmt: skip
    for role in Role:
        full = _viewer(
            Person(id=1, full_name="x", locale="nl", grants=[Grant(role=role, **everything)]), 3, 4
        )
        empty = _viewer(Person(id=1, full_name="x", locale="nl", grants=[Grant(role=role)]), 3, 4)
        for name in ("networks", "agencies", "organisations"):
            own, held = gives.get(role, ("", set()))
            assert getattr(full, name) == (held if own == name else set()), role
            assert getattr(empty, name) == set(), role
        assert (full.buddy_id, full.newcomer_id) == (
            3 if role is Role.BUDDY else None,
            4 if role is Role.NEWCOMER else None,
        )


def nobody_handles_a_report_about_oneself(sides: dict[str, Side]) -> None:
    """A coordinator who is one of the two of the duo does not see it, and every other one does."""
    here = sides["here"]
    for who in ("buddy", "newcomer", "helper"):
        viewer = Viewer(
            person_id=here.people[who].id,
            roles=frozenset({Role.COORDINATOR}),
            networks=frozenset({here.network}),
        )
        found = {row.id for row in rows(reports_for(viewer))}
        assert found == ({here.keys["report"]} if who == "helper" else set()), who


def the_log_names_who_acted(sides: dict[str, Side]) -> None:
    """Each entry once, beside the person who did it."""
    here = sides["here"]
    entries = session().execute(audit_for(factories.viewer(here.people["coordinator"]))).all()
    own = [(entry.id, person.id) for entry, person in entries if entry.id == here.keys["audit"]]
    assert own == [(here.keys["audit"], here.people["coordinator"].id)]


def which_sign_ins_hold(sides: dict[str, Side]) -> None:
    """Not one that is ended or over, not of somebody who may no longer come in, and not another token."""
    person = sides["here"].people["helper"]
    token = accounts.sign_in(person.id)
    found = sign_in_by_token(token)
    assert found is not None
    assert found[1].person_id == person.id
    assert found[1].sign_in_id == found[0].id
    assert sign_in_by_token(f"{token}x") is None
    assert viewer_of(found[0].person).sign_in_id is None
    key = found[0].id
    for table, row, name, value in (
        (SignIn, key, "ended_at", found[0].created_at), (SignIn, key, "expires_at", found[0].created_at),
        (Person, person.id, "active", False),
    ):  # fmt: skip
        with transaction() as db:
            before = getattr(db.get_one(table, row), name)
            setattr(db.get_one(table, row), name, value)
        try:
            assert sign_in_by_token(token) is None, name
        finally:
            with transaction() as db:
                setattr(db.get_one(table, row), name, before)


def which_numbers_are_refused(sides: dict[str, Side]) -> None:
    """A register number however it is written; not a telephone number, and not one that fails the check."""
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    for text in (*NUMBERS, NUMBERS[0].translate(arabic), "85/07/30-033/28", "12 85.07.30-033.28"):
        assert identity.names_national_number(text), text
    first, second = "85.07.30-033.28", "85473003317"
    hidden = identity.without_national_numbers(f"{first} en {second}.")
    assert hidden == f"{identity.HIDDEN} en {identity.HIDDEN}."
    assert identity.without_national_numbers("+32470123456") == "+32470123456"
    for text in (
        "85.07.30-033.29",
        "+32 470 12 34 56",
        "0470123456",
        "185.07.30-033.28",
        "85.07.30-033.281",
        "",
        "2026-11-21 10:00",
    ):
        assert not identity.names_national_number(text), text


def which_addresses_are_the_same(sides: dict[str, Side]) -> None:
    """Case, tags, a last dot, full-width letters and the spelling of a domain do not make another account."""
    same = [
        "ann@example.be",
        "Ann@Example.BE",
        "ann+x@example.be",
        " ann@example.be. ",
        "ann＠example.be",
        "an\u200bn@example.be",
    ]
    assert {identity.canonical_email(text) for text in same} == {"ann@example.be"}
    assert identity.canonical_email("a@bücher.be") == identity.canonical_email("a@xn--bcher-kva.be")
    assert identity.canonical_email("a@exаmple.be") != identity.canonical_email("a@example.be")
    assert identity.canonical_email("a@straße.example") != identity.canonical_email("a@strasse.example")
    assert identity.canonical_email("+x@example.be") == "+x@example.be"
    assert identity.domain_in_ascii("a@exаmple.be") == "xn--exmple-4nf.be"
    assert [identity.domain_in_ascii(text) for text in ("a@example.be", "a@", "")] == ["", "", ""]
    for text in (
        "x" * 320 + "@example.be",
        "a@b",
        "a@[127.0.0.1]",
        "Ann <ann@example.be>",
        "a@b.be,c@d.be",
        "a\n@b.be",
        "",
    ):
        assert refuses(ValueError, identity.tidy_email, text), text
    longest = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.be"
    assert len(identity.tidy_email(longest)) == identity.LONGEST_EMAIL
    assert identity.tidy("\u202ee\u0301\u200b ") == unicodedata.normalize("NFC", "é")
    assert identity.tidy("a\r\nb\rc\n\nd\r\n") == "a\nb\nc\n\nd"
    assert identity.tidy_phone("0470 12 34 56") == "+32470123456"
    assert identity.tidy_phone("0470123456" + " " * 30) == "+32470123456"
    for text in ("", "abc", "1", "0470123456" + " " * 31, "+32123456789012"):
        assert refuses(ValueError, identity.tidy_phone, text), text


def which_passwords_fit(sides: dict[str, Side]) -> None:
    """The right one in each Unicode form, no other, none that is too long, none where there is none."""
    stored = passwords.hash_password("korenbloem-é-42")
    assert passwords.password_fits(stored, "korenbloem-e\u0301-42")
    assert not passwords.password_fits(stored, "korenbloem-e-42")
    assert not passwords.password_fits(None, "nobody has this password")
    assert not passwords.password_fits("no hash", "x")
    longest = "é" * passwords.LONGEST
    assert passwords.password_fits(passwords.hash_password(longest), longest)
    assert not passwords.password_fits(passwords.hash_password(f"{longest}x"), f"{longest}x")
    assert passwords.easy_to_guess("password1")
    assert passwords.easy_to_guess("Mariekerke", "Mariekerke")
    assert not passwords.easy_to_guess("korenbloem-vijver-42")
    assert not passwords.easy_to_guess("Tractor7782", "")


def what_secrets_are(sides: dict[str, Side]) -> None:
    """Never the same twice, kept as a hash, and a code that follows from both secrets and from nothing less."""
    assert secrets.new_token() != secrets.new_token()
    assert len(secrets.new_token()) == 32
    assert secrets.token_hash("x") == hashlib.sha256(b"x").hexdigest()
    codes = {secrets.code_of(token, key) for token in ("a", "b") for key in ("c", "d")}
    assert len(codes) == 4
    assert secrets.code_of("a", "c") == secrets.code_of("a", "c")
    for code in (*codes, secrets.new_code()):
        first, _, second = code.partition("-")
        assert (len(first), len(second)) == (5, 5)
        assert set(first + second) <= set(secrets.CODE_LETTERS)
    typed = {secrets.code_hash(code, "key") for code in ("ABCDE-FGHJK", "abcde fghjk", " abcdefghjk.")}
    assert len(typed) == 1
    assert secrets.code_hash("ABCDE-FGHJM", "key") not in typed
    assert secrets.code_hash("ABCDE-FGHJK", "yek") not in typed
    assert secrets.contact_hash("a") == secrets.contact_hash("a") != secrets.contact_hash("b")


def what_belongs_to_no_network(sides: dict[str, Side]) -> None:
    """Who reads texts aloud hears those of all; only an administrator sets the matcher."""
    for side in sides.values():
        for who, viewer in side.viewers().items():
            heard = {row.id for row in rows(recordings_for(viewer))}
            wanted = {one.keys["recording"] for one in sides.values()} if who == "coordinator" else set()
            assert heard == wanted, who
            assert not settings_of(viewer), who
    assert len(settings_of(factories.viewer(factories.administrator()))) > 2


def which_activities_are_told_and_cared_for(sides: dict[str, Side]) -> None:
    """Hours are told for the own duo and for activities near; an activity that does not count is for its own coordinator."""
    for side in sides.values():
        near = {side.keys[name] for name in ("group", "other_group", "unjudged", "spoiled")}
        own = near | {side.keys[name] for name in ("meetings", "informal", "far")}
        told = {"newcomer": own, "alone": near, "guest": near, "buddy": {side.keys["meetings"]}}
        for who, viewer in side.viewers().items():
            assert {row.id for row in rows(offers_to_tell(viewer))} == told.get(who, set()), who
            found = [row[0] for row in session().execute(care_owed(viewer))]
            assert found == ([side.keys["spoiled"]] if who == "coordinator" else []), who


def what_is_of_oneself(sides: dict[str, Side]) -> None:
    """One's own sign-ins, second factor, wish to be erased and page of what is held: never those of others."""
    for who in ("newcomer", "buddy", "coordinator", "counsellor", "member", "helper"):
        person, other = sides["here"].people[who], sides["there"].people[who]
        with transaction() as db:
            db.execute(delete(SignIn).where(SignIn.person_id.in_((person.id, other.id))))
            db.add(wish := Erasure(person_id=person.id, due_at=now()))
            db.add(factor := SecondFactor(person_id=person.id, salt="x", last_step=0))
            db.add(code := RecoveryCode(person_id=person.id, code_hash=f"{person.id}"))
        try:
            _of_oneself_alone(factories.viewer(person), factories.viewer(other), accounts.sign_in(person.id))
        finally:
            with transaction() as db:
                for made in (wish, factor, code):
                    db.delete(made)
    assert own_sign_ins(ANONYMOUS) == []
    assert own_factor(ANONYMOUS) is None
    assert open_erasure(None) is None
    assert held_about(ANONYMOUS) == {}


def _of_oneself_alone(viewer: Viewer, stranger: Viewer, token: str) -> None:
    assert [one.token_hash for one in own_sign_ins(viewer)] == [secrets.token_hash(token)]
    assert own_sign_ins(stranger) == []
    found = own_factor(viewer)
    assert found is not None
    assert found.codes_left == 1
    assert own_factor(stranger) is None
    assert open_erasure(viewer.person_id) is not None
    assert open_erasure(stranger.person_id) is None
    held, of_other = held_about(viewer), held_about(stranger)
    assert {"person", "erasures", "second key", "recovery codes", "sign-ins"} <= set(held)
    assert [row["id"] for row in held["person"]] == [viewer.person_id]
    assert len(held.get("talks", ())) == (viewer.newcomer_id is not None or viewer.buddy_id is not None)
    for table in set(held) & set(of_other):
        keys = [{row["id"] for row in half if "id" in row} for half in (held[table], of_other[table])]
        assert not keys[0] & keys[1], table


RULES = (
    scopes_of_roles, what_a_viewer_can, demands, what_reach_makes, who_a_person_is, what_a_grant_gives, nobody_handles_a_report_about_oneself, the_log_names_who_acted, which_sign_ins_hold,
    which_numbers_are_refused, which_addresses_are_the_same, which_passwords_fit, what_secrets_are,
    what_belongs_to_no_network, which_activities_are_told_and_cared_for, what_is_of_oneself,
)  # fmt: skip
# Selections that ask how far a permission reaches and that a rule here speaks of, not the table of scopes.
RULED = (recordings_for, settings_of, offers_to_tell, care_owed, _judged_by)
