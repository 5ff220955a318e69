"""Records that may be the same person: the pairs, one pair side by side, and putting the two together."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.people import ActForm
from app.i18n import Lazy, active, lazy_gettext
from app.i18n import gettext as _
from app.models import Buddy, Newcomer
from app.queries.duplicates import Pair, duplicates_of, two_records
from app.reference.languages import language_name
from app.security.permissions import Permission
from app.services import mergers
from app.vocabulary import DutchLevel, Goal, Interest, Slot
from app.vocabulary.channels import Channel
from app.vocabulary.labels import Labelled
from app.vocabulary.lists import ListKind
from app.web.guards import guard
from app.web.people import bp
from app.web.viewing import the_viewer

WORDS: dict[str, Lazy] = {
    "full_name": lazy_gettext("Name"), "call_name": lazy_gettext("Called"), "latin_name": lazy_gettext("Name in Latin letters"),
    "locale": lazy_gettext("Language of our messages"), "email": lazy_gettext("E-mail"), "phone": lazy_gettext("Phone"),
    "place": lazy_gettext("Place"), "languages": lazy_gettext("Languages"), "interests": lazy_gettext("Likes"),
    "availability": lazy_gettext("Free moments"), "max_km": lazy_gettext("Travels at most (km)"),
    "words": lazy_gettext("Own words"), "capacity": lazy_gettext("Newcomers at once"), "dutch_level": lazy_gettext("Dutch"),
    "goals": lazy_gettext("Hopes"), "heard_through": lazy_gettext("Came through"),
}  # fmt: skip
SHARED: dict[str, Lazy] = {
    "email": lazy_gettext("the same e-mail address"), "phone": lazy_gettext("the same number"),
    "place": lazy_gettext("the same municipality"),
}  # fmt: skip
PAGES = {ListKind.BUDDY: ("people.buddy", "buddy_id"), ListKind.NEWCOMER: ("people.newcomer", "newcomer_id")}


def _names(kind: type[Labelled]) -> Callable[[list[str]], str]:
    return lambda values: ", ".join(str(kind(value).label) for value in values if value in set(kind))


SAID: dict[str, Callable[[Any], str]] = {
    "locale": lambda tag: language_name(tag, active()), "interests": _names(Interest), "goals": _names(Goal),
    "languages": lambda tags: ", ".join(language_name(tag, active()) for tag in tags),
    "availability": lambda slots: ", ".join(str(Slot(slot).label) for slot in slots if slot in set(Slot)),
    "dutch_level": lambda level: str(DutchLevel(level).label), "heard_through": lambda value: _names(Channel)([value]),
}  # fmt: skip


def said(record: Buddy | Newcomer, field: str) -> str:
    """What a record holds in a field, in words."""
    if field == "place":
        return f"{record.postcode} {record.locality}"
    value = getattr(record.person if field in mergers.OF_PERSON else record, field)
    return SAID.get(field, str)(value) if value not in (None, "", []) else ""


def address(kind: ListKind, record_id: int) -> str:
    """The page of that record."""
    endpoint, name = PAGES[kind]
    return url_for(endpoint, **{name: record_id})


@bp.get("/<lang>/people/duplicates/<any(buddy,newcomer):people>")
@guard(Permission.JUDGE_BUDDY)
def duplicates(people: str) -> ResponseReturnValue:
    """Pairs of records that may be the same person."""
    of_kind = ListKind(people)
    return render_template(
        "people/duplicates.html", kind=of_kind, pairs=duplicates_of(the_viewer(), of_kind), shared=SHARED
    )


@bp.get("/<lang>/people/duplicates/<any(buddy,newcomer):people>/<int:kept_id>/<int:gone_id>")
@guard(Permission.JUDGE_BUDDY)
def compare(people: str, kept_id: int, gone_id: int) -> ResponseReturnValue:
    """Two records side by side: which values are kept."""
    pair = two_records(the_viewer(), ListKind(people), kept_id, gone_id)
    return _comparison(ListKind(people), pair, ActForm(formdata=None))


def _comparison(kind: ListKind, pair: Pair, form: ActForm) -> str:
    rows = [
        (field, WORDS[field], said(pair.first, field), said(pair.second, field)) for field in mergers.fields_of(kind)
    ]  # fmt: skip
    return render_template(
        "people/compare.html", kind=kind, pair=pair, form=form, shared=SHARED, address=address,
        rows=[row for row in rows if row[2] != row[3]], taken=request.form,
    )  # fmt: skip


@bp.post("/<lang>/people/duplicates/<any(buddy,newcomer):people>/<int:kept_id>/<int:gone_id>")
@guard(Permission.JUDGE_BUDDY)
def merge(people: str, kept_id: int, gone_id: int) -> ResponseReturnValue:
    """Put the two together."""
    of_kind, form = ListKind(people), ActForm()
    taken = [field for field in mergers.fields_of(of_kind) if request.form.get(f"take-{field}") == "second"]
    if form.validate_on_submit():
        try:
            mergers.merge(the_viewer(), of_kind, kept_id, gone_id, from_gone=taken)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The two records are one now."), "good")
            return redirect(address(of_kind, kept_id), 303)
    return _comparison(of_kind, two_records(the_viewer(), of_kind, kept_id, gone_id), form), 422
