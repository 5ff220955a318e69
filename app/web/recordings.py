"""Recordings: staff read the texts aloud, everybody hears them."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid, NotFound
from app.extensions import talisman
from app.forms.recordings import SoundForm
from app.i18n import gettext as _
from app.i18n import is_language, language
from app.models import Recording
from app.queries.reach import one
from app.queries.recordings import Board, board, heard_in, recordings_for, sound
from app.security.permissions import Permission
from app.services import recordings
from app.vocabulary.spoken import (
    LARGEST_SOUND,
    LONGEST_READING_S,
    digest_of,
    languages_to_record,
)
from app.web.guards import guard
from app.web.headers import FEATURES, POLICY
from app.web.viewing import the_viewer

bp = Blueprint("recordings", __name__)

YEAR = 365 * 24 * 3600
# A sound that is opened by itself runs nothing and loads nothing.
SOUND_POLICY = {
    "default-src": "'none'",
    "media-src": "'self'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}
# Only where a text is recorded: the microphone, and hearing back what is not kept yet.
MICROPHONE = {**FEATURES, "microphone": "(self)"}
HEARING_BACK = {**POLICY, "media-src": "'self' blob:"}


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the recording of a text is, and what a browser has to be able to play for it."""

    address: str
    type: str


def recorded(text: object, tag: str) -> Heard | None:
    """The recording of exactly this text in that language; one question to the database for a whole page."""
    kept = g.setdefault("heard", {})
    if tag not in kept:
        kept[tag] = heard_in(tag)
    found = kept[tag].get(digest_of(str(text)))
    return found and Heard(url_for("recordings.listen", lang=tag, digest=found[0]), found[1].told)


@bp.get("/<lang>/listen/<digest>")
@talisman(content_security_policy=SOUND_POLICY)
@guard(Permission.SEE_PUBLIC)
def listen(digest: str) -> ResponseReturnValue:
    """A recording in the language of the address; parts of it too, as phones ask for them."""
    found = sound(g.lang, digest)
    answer = Response(found.content, mimetype=found.kind.value)
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer.set_etag(digest)
    return answer.make_conditional(request, accept_ranges=True, complete_length=found.size)


def _board() -> Board:
    """The texts of the language that the address asks for."""
    asked = request.args.get("language") or languages_to_record()[0]
    if not is_language(asked):
        raise NotFound
    return board(the_viewer(), asked)


@bp.get("/<lang>/recordings")
@guard(Permission.RECORD_TEXTS)
def index() -> ResponseReturnValue:
    """The texts of a language and who read which."""
    return render_template("recordings/index.html", board=_board(), language_of=language)


@bp.route("/<lang>/recordings/<tag>/<digest>", methods=["GET", "POST"])
@talisman(content_security_policy=HEARING_BACK, permissions_policy=MICROPHONE)
@guard(Permission.RECORD_TEXTS)
def text(tag: str, digest: str) -> ResponseReturnValue:
    """One text: read it aloud here, or send a file."""
    if not is_language(tag):
        raise NotFound
    form = SoundForm()
    if form.validate_on_submit():
        try:
            recordings.keep_recording(the_viewer(), tag, digest, form.content)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return _on(tag, digest)
    every = board(the_viewer(), tag)
    at = next((number for number, item in enumerate(every.texts) if item.spoken.digest == digest), None)
    if at is None:
        raise NotFound
    page = render_template(
        "recordings/text.html", form=form, board=every, item=every.texts[at], number=at + 1, spoken_in=language(tag),
        next=every.after(digest), largest=LARGEST_SOUND, longest=LONGEST_READING_S,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _on(tag: str, digest: str) -> ResponseReturnValue:
    """To the next text that nobody has read yet, or to the list when there is none."""
    next_text = board(the_viewer(), tag).after(digest)
    if next_text is None:
        flash(_("The recording is kept. Every text of this language can be heard now."), "good")
        return redirect(url_for("recordings.index", language=tag), 303)
    flash(_("The recording is kept. Here is the next text."), "good")
    return redirect(url_for("recordings.text", tag=tag, digest=next_text.spoken.digest), 303)


@bp.route("/<lang>/recordings/<int:recording_id>/remove", methods=["GET", "POST"])
@guard(Permission.RECORD_TEXTS)
def remove(recording_id: int) -> ResponseReturnValue:
    """Ask, then take a recording away."""
    if request.method == "POST":
        tag = recordings.remove_recording(the_viewer(), recording_id)
        flash(_("The recording is removed."), "good")
        return redirect(url_for("recordings.index", language=tag), 303)
    found = one(recordings_for(the_viewer(), Recording.id == recording_id))
    return render_template("recordings/remove.html", recording=found, spoken_in=language(found.language))
