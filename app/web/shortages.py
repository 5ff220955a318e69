"""Whom a network misses: the map and the list, and calls for volunteers to share, to print and for a newsletter."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.charts import town_map
from app.errors import NotFound
from app.i18n import active, speak
from app.i18n import gettext as _
from app.i18n import language as language_of
from app.models import VolunteerCall
from app.queries.shortages import call_shown, networks_of, public_call, shortages_of
from app.reference.networks import network as network_named
from app.security.permissions import Permission
from app.services import shortages as services
from app.vocabulary.facts import language_names, slot_names
from app.vocabulary.planning import help_label, level_of, match_sentence
from app.vocabulary.volunteer_calls import (
    asked_sentences,
    call_title,
    register_sentence,
    waiting_sentence,
    what_a_buddy_does,
)
from app.web.addresses import letter_link
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.looks import by_machine
from app.web.qr import qr_picture
from app.web.viewing import the_viewer

bp = Blueprint("shortages", __name__)

TAGS = ("nl", "fr", "en")  # of newsletters and of what is printed


@dataclass(frozen=True)
class CallText:
    """A call in the words of one language, with the absolute address of its page."""

    language: str
    title: str
    network: str
    waiting: str
    asked: list[str]
    does: list[str]
    register: str
    link: str

    @property
    def newsletter(self) -> str:
        """All of it as plain text."""
        parts = [
            f"{self.title}\n{self.network}",
            " ".join([self.waiting, *self.asked]),
            " ".join(self.does),
            f"{self.register}\n{self.link}",
        ]
        return "\n\n".join(parts) + "\n"

    @property
    def qr(self) -> Markup:
        """The address as a picture."""
        return qr_picture(self.link)


def call_text(call: VolunteerCall, language: str) -> CallText:
    """The call in that language, whatever language the page is in."""
    with speak(language):
        return CallText(
            language=language,
            title=call_title(),
            network=network_named(call.network_slug).name_nl,
            waiting=waiting_sentence(call.waiting),
            asked=asked_sentences(
                languages=call.languages, moments=call.moments, towns=call.towns, wish=call.wish
            ),
            does=what_a_buddy_does(),
            register=register_sentence(),
            link=letter_link("shortages.wanted", lang=language, code=call.code),
        )


@bp.get("/<lang>/shortages", defaults={"slug": None})
@bp.get("/<lang>/shortages/<slug>")
@guard(Permission.SEE_PROPOSALS)
def index(slug: str | None) -> ResponseReturnValue:
    """Where people wait without a buddy, whom the network misses, and its calls."""
    viewer = the_viewer()
    own = networks_of(viewer)
    found = shortages_of(viewer, slug or next(iter(own), ""))
    drawn = town_map(found.network, found.towns, _("Map: people without a buddy per municipality"))
    return render_template(
        "shortages/index.html", found=found, drawn=drawn, others=[other for other in own if other != found.network],
        language_names=language_names, slot_names=slot_names, match_sentence=match_sentence,
        help_label=help_label, level_of=level_of,
    )  # fmt: skip


@bp.post("/<lang>/shortages/<slug>/call")
@guard(Permission.CALL_VOLUNTEERS)
def make(slug: str) -> ResponseReturnValue:
    """Make a call for volunteers from the last plan."""
    return redirect(url_for("shortages.call", call_id=services.make_call(the_viewer(), slug)), 303)


@bp.get("/<lang>/shortages/calls/<int:call_id>")
@guard(Permission.CALL_VOLUNTEERS)
def call(call_id: int) -> ResponseReturnValue:
    """Share a call in one of the languages, print it, take its text, and see what came of it."""
    found = call_shown(the_viewer(), call_id)
    asked = request.args.get("to", "")
    language = asked if asked in TAGS else active() if active() in TAGS else TAGS[0]
    return render_template(
        "shortages/call.html",
        found=found,
        call=found.call,
        text=call_text(found.call, language),
        tags=TAGS,
        natives={tag: language_of(tag).native_name for tag in TAGS},
    )


@bp.get("/<lang>/shortages/calls/<int:call_id>/newsletter.txt")
@guard(Permission.CALL_VOLUNTEERS)
def newsletter(call_id: int) -> Response:
    """The text for a newsletter as a file, in the language that is asked for."""
    found = call_shown(the_viewer(), call_id)
    tag = request.args.get("to", TAGS[0])
    if tag not in TAGS:
        raise NotFound
    return file_answer("txt", f"samenspoor-{tag}", call_text(found.call, tag).newsletter.encode())


@bp.post("/<lang>/shortages/calls/<int:call_id>/close")
@guard(Permission.CALL_VOLUNTEERS)
def close(call_id: int) -> ResponseReturnValue:
    """End a call."""
    services.close_call(the_viewer(), call_id)
    flash(_("The call is over. Its page says so from now on."), "good")
    return redirect(url_for("shortages.call", call_id=call_id), 303)


@bp.get("/<lang>/wanted/<code>")
@guard(Permission.SEE_PUBLIC)
def wanted(code: str) -> ResponseReturnValue:
    """The public page of a call. A look by somebody else than staff or a machine is counted, and nothing else."""
    found = public_call(code)
    if not the_viewer().signed_in and not by_machine():
        services.count_visit(found.id)
    return render_template("shortages/wanted.html", call=found, text=call_text(found, active()))


@bp.get("/<lang>/wanted/<code>/poster")
@guard(Permission.SEE_PUBLIC)
def poster(code: str) -> ResponseReturnValue:
    """The call on one sheet of paper."""
    return render_template("shortages/poster.html", text=call_text(public_call(code), active()))
