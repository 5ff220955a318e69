"""What a person can see and do about the own data."""

import json

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.i18n import active
from app.queries.privacy import agreed_by, held_about
from app.reference.languages import language_name
from app.security.permissions import Permission
from app.vocabulary.held import HELD
from app.vocabulary.registrations import AGREED_TEXTS as TEXTS
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("privacy", __name__)

NOTES = "notes of staff"  # in the file that the law gives a right to, and on no page (app/models/notes.py)


@bp.get("/<lang>/my-data")
@guard(Permission.OWN_ACCOUNT)
def my_data() -> ResponseReturnValue:
    """Everything that is kept about the viewer, in tables."""
    viewer = the_viewer()
    agreed = [consent for consent in agreed_by(viewer.person_id or 0) if consent.text in TEXTS]
    held = held_about(viewer)
    held.pop(NOTES, None)
    return render_template(
        "privacy/my_data.html", held=held, labels=HELD, agreed=agreed, texts=TEXTS,
        name_of=lambda tag: language_name(tag, active()),
    )  # fmt: skip


@bp.get("/<lang>/my-data.json")
@guard(Permission.OWN_ACCOUNT)
def my_data_file() -> ResponseReturnValue:
    """The same as a file to take away, with what staff wrote down about the viewer (GDPR art. 15)."""
    text = json.dumps(held_about(the_viewer()), ensure_ascii=False, indent=1, default=str)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="samenspoor.json"'
    return answer
