"""Changing one's own answers: the question of the registration again, with what was answered."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.registrations import EDITABLE, step_of
from app.i18n import gettext as _
from app.models import Buddy, Newcomer
from app.services.matchmaking import interests_in
from app.web.showing import put_aside, shown
from app.web.viewing import the_viewer


def edit_answers(
    kind: str, slug: str, record: Buddy | Newcomer, save: Callable[..., None], *, home: str
) -> ResponseReturnValue:
    """Show a step with the answers of that record, and save them by that use-case; then back to `home`."""
    asked = step_of(EDITABLE[kind], slug)
    if asked is None:
        abort(404)
    form = asked.form(data=asked.form.recall(_saved(record)))
    if (
        request.method == "POST"
        and not put_aside()
        and not form.settle(request.form, interests_in)
        and form.validate()
    ):
        try:
            save(the_viewer(), **form.answers())
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Your changes are saved."), "good")
            return redirect(home, 303)
    page = render_template(
        asked.template,
        **shown(asked, form),
        wizard=None,
        number=0,
        total=0,
        back=home,
        first=False,
        missing=[],
        place=None,
    )
    return page, 422 if form.errors else 200


def _saved(record: Buddy | Newcomer) -> dict[str, Any]:
    """The record as the answers of all steps together."""
    return {
        column.key: value if (value := getattr(record, column.key)) is not None else ""
        for column in record.__table__.columns
    }
