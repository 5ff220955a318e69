"""The quality of what a network offers: activities that somebody should look at, and what is missing where."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.i18n import LANGUAGES, Lazy, active
from app.i18n import gettext as _
from app.queries.care import Asked, Care, care_of
from app.queries.disclosure import LEAST, Figure
from app.queries.gaps import Gap, Gaps, gaps_of
from app.queries.shortages import networks_of
from app.queries.text_reports import Languages, languages_of
from app.reference.languages import language_name
from app.reference.networks import members
from app.security.permissions import Permission, Scope
from app.services import offer_endings
from app.vocabulary import DutchLevel, OfferKind, Slot, choices
from app.vocabulary.activities import KIND_ICONS, TextState
from app.vocabulary.care import ADVICE, Finding, Lack
from app.vocabulary.interests import Interest
from app.web.addresses import letter_link
from app.web.downloads import TABLES, table_file
from app.web.guards import guard
from app.web.reports import NONE, Table
from app.web.viewing import the_viewer

bp = Blueprint("quality", __name__)

MOST_ROWS_OF_A_FILE: Final = 20_000
NAMED: Final = 3
"""So many missing things of a municipality are named, and of a network in the words to pass on."""
WORDS: Final[dict[Lack, Any]] = {
    Lack.INTEREST: Interest, Lack.KIND: OfferKind, Lack.MOMENT: Slot, Lack.LEVEL: DutchLevel,
}  # fmt: skip


@bp.get("/<lang>/quality")
@bp.get("/<lang>/quality/<slug>")
@guard(Permission.PUBLISH_OFFER)
def index(slug: str = "") -> ResponseReturnValue:
    """Activities that nobody finds, that are stale, or that do not count, the most urgent first."""
    network, others = _network(slug)
    asked = _asked(network)
    found = care_of(asked, request.args.get("page", 1, type=int))
    return render_template(
        "quality/index.html", network=network, others=others, asked=asked, found=found, icons=KIND_ICONS, Finding=Finding,
        advice=ADVICE, kinds=choices(OfferKind), towns=_pairs(network), languages_known=_languages(),
        files={form: url_for("quality.file", slug=network, form=form, **_kept(asked)) for form in TABLES},
        page_of=lambda number: url_for("quality.index", slug=network, page=number, **_kept(asked)),
        back=url_for("quality.index", slug=network, page=found.page, **_kept(asked)),
    )  # fmt: skip


@bp.get("/<lang>/quality/<slug>/activities.<any(csv,xlsx):form>")
@guard(Permission.PUBLISH_OFFER)
def file(slug: str, form: str) -> ResponseReturnValue:
    """The list as it is filtered, all pages of it."""
    network, _others = _network(slug)
    found = care_of(_asked(network), size=MOST_ROWS_OF_A_FILE)
    header = [
        _("Activity"), _("Organisation"), _("Kind"), _("Municipality"), _("What to look at"), _("Shown in four weeks"),
        _("Opened in four weeks"), _("Places taken"), _("Published on"), _("Last changed"), _("Last day"), _("Asked on"),
    ]  # fmt: skip
    return table_file(form, f"activities-{network}", _("Care for activities"), header, _cells(found))


def _cells(found: Care) -> list[list[Any]]:
    return [
        [
            offer.title, offer.organisation.name if offer.organisation else "", str(offer.kind.label), offer.municipality,
            " · ".join(str(finding.label) for finding in line.findings), line.shown, line.opened, offer.places_taken,
            offer.published_at, offer.changed_at, offer.ends_on, offer.asked_at,
        ]
        for line, offer in found.lines
    ]  # fmt: skip


@bp.post("/<lang>/quality/ask/<int:offer_id>")
@guard(Permission.PUBLISH_OFFER)
def ask(offer_id: int) -> ResponseReturnValue:
    """Ask the organisation whether it goes on, by the letter that it gets before every end."""
    network = offer_endings.ask_now(
        the_viewer(),
        offer_id,
        lambda locale, token: letter_link("activities.goes_on", lang=locale, token=token),
    )
    flash(_("The organisation gets a letter with the question whether it goes on."), "good")
    kept = {
        name: request.form[name] for name in ("finding", "kind", "town", "without") if request.form.get(name)
    }
    return redirect(url_for("quality.index", slug=network, **kept), 303)


@bp.get("/<lang>/quality/<slug>/missing")
@guard(Permission.PUBLISH_OFFER)
def missing(slug: str) -> ResponseReturnValue:
    """What newcomers want and cannot join, in the network or in one municipality."""
    network, others = _network(slug)
    town, lack = _town(network), _one_of(Lack, "lack")
    found, everything = gaps_of(network, town), request.args.get("show") == "all"
    shown = [gap for gap in found.gaps if lack in (None, gap.lack) and (everything or gap.scarce)]
    kept = {
        key: value
        for key, value in {"town": town, "lack": lack, "show": "all" if everything else ""}.items()
        if value
    }
    return render_template(
        "quality/missing.html", network=network, others=others, found=found, gaps=shown, town=town, lack=lack, least=LEAST,
        everything=everything, towns=_pairs(network), lacks=choices(Lack), word=_word, named=_named,
        files={form: url_for("quality.missing_file", slug=network, form=form, **kept) for form in TABLES},
        link=letter_link("organisations.register", lang=active()), wanted=_named(found.gaps),
    )  # fmt: skip


@bp.get("/<lang>/quality/<slug>/missing.<any(csv,xlsx):form>")
@guard(Permission.PUBLISH_OFFER)
def missing_file(slug: str, form: str) -> ResponseReturnValue:
    """Everything that can be wanted there, with what is there, as a file."""
    network, _others = _network(slug)
    lack = _one_of(Lack, "lack")
    found: Gaps = gaps_of(network, _town(network))
    rows = [
        [str(gap.lack.label), str(_word(gap)), gap.wanted or f"<{LEAST}", gap.offered]
        for gap in found.gaps
        if lack in (None, gap.lack)
    ]
    header = [_("What"), _("Which"), _("Newcomers, at least"), _("Activities")]
    return table_file(form, f"missing-{network}", _("Missing activities"), header, rows)


@bp.get("/<lang>/reports/languages")
@guard(Permission.SEE_REPORT)
def languages() -> ResponseReturnValue:
    """In which languages activities can be read, and how far the texts can be trusted."""
    found = _languages_found()
    own = not _sees_all()
    return render_template("quality/languages.html", table=_languages_table(found), found=found, own=own)


@bp.get("/<lang>/reports/languages.<any(csv,xlsx):form>")
@guard(Permission.SEE_REPORT)
def languages_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    table = _languages_table(_languages_found())
    return table_file(form, "samenspoor-languages", table.title, table.head, table.lines)


def _languages_found() -> Languages:
    return languages_of(None if _sees_all() else the_viewer().networks)


def _sees_all() -> bool:
    """Activities are public: who has no network of the own sees those of all."""
    viewer = the_viewer()
    return Scope.ALL in viewer.scopes(Permission.SEE_REPORT) or not viewer.networks


def _languages_table(found: Languages) -> Table:
    """A line for each language of the site and one of all texts; the Dutch ones are those that are translated."""
    states = (TextState.CHECKED, TextState.FRESH, TextState.MACHINE_MADE, TextState.OUTDATED)
    rows = [
        [
            name, Figure(found.written.get(tag, 0)), *(Figure(found.texts.get(tag, {}).get(state, 0)) for state in states),
            Figure(found.without(tag)),
        ]
        for tag, name in _languages()
    ]  # fmt: skip
    sums = [Figure(sum(texts.get(state, 0) for texts in found.texts.values())) for state in states]
    return Table(
        "languages",
        _("Activities by language"),
        [_("Language"), _("First text"), *(str(state.label) for state in states), _("No text")],
        rows,
        [_("Total"), Figure(found.published), *sums, NONE],
        own_names=True,
    )


def _network(slug: str) -> tuple[str, list[str]]:
    """The network that is asked for, or the first own one, and the others in reach. Raises NotFound for a foreign one."""
    own = networks_of(the_viewer(), Permission.PUBLISH_OFFER)
    network = slug or next(iter(own), "")
    if network not in own:
        raise NotFound
    return network, [other for other in own if other != network]


def _asked(network: str) -> Asked:
    without = request.args.get("without", "")
    return Asked(
        network, _one_of(Finding, "finding"), _one_of(OfferKind, "kind"), _town(network),
        without if without in dict(_languages()) else "",
    )  # fmt: skip


def _kept(asked: Asked) -> dict[str, str]:
    """What is filtered, as the address keeps it."""
    kept = {"finding": asked.finding, "kind": asked.kind, "town": asked.town, "without": asked.without}
    return {name: str(value) for name, value in kept.items() if value}


def _one_of(kind: Any, name: str) -> Any:
    """The member of that enumeration that the address names, or None."""
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else None


def _towns(network: str) -> list[str]:
    return sorted(town.name for town in members(network))


def _pairs(network: str) -> list[tuple[str, str]]:
    return [(town, town) for town in _towns(network)]


def _town(network: str) -> str:
    town = request.args.get("town", "")
    return town if town in _towns(network) else ""


def _languages() -> list[tuple[str, str]]:
    return [(one.tag, language_name(one.tag, active())) for one in LANGUAGES]


def _word(gap: Gap) -> Lazy:
    label: Lazy = WORDS[gap.lack](gap.tag).label
    return label


def _named(gaps: list[Gap]) -> str:
    """The first things that are missing, in words."""
    return ", ".join(str(_word(gap)) for gap in [gap for gap in gaps if gap.missing][:NAMED])
