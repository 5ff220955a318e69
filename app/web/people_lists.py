"""Bringing in a list of buddies or newcomers: send it, look at it, take over what is right, take the rest back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.people import ListForm, TakeOverForm
from app.i18n import active, ngettext
from app.queries.imports import list_of, lists_for
from app.queries.reach import rows
from app.reference.languages import language_name
from app.security.permissions import Permission
from app.services import imports
from app.services.buddy_lists import columns_of
from app.vocabulary.lists import ListKind
from app.web.addresses import letter_link
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.people import bp
from app.web.viewing import the_viewer

SHOWN = 100  # rows of a preview; the file holds all that is wrong
EARLIER = 20


@bp.route("/<lang>/people/import", methods=["GET", "POST"])
@guard(Permission.IMPORT_BUDDIES)
def import_list() -> ResponseReturnValue:
    """Send a list, as a file or pasted."""
    viewer = the_viewer()
    form = ListForm(networks=viewer.networks, data={"kind": request.args.get("kind", ListKind.BUDDY.value)})
    if form.validate_on_submit():
        try:
            kept = imports.keep_list(
                viewer, network=form.network.data, data=form.data_of_file(), text=form.text.data or "",
                kind=ListKind(form.kind.data),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return redirect(url_for("people.import_preview", import_id=kept), 303)
    earlier = rows(lists_for(viewer).limit(EARLIER))
    page = render_template(
        "people/import.html",
        form=form,
        earlier=earlier,
        columns={kind: columns_of(kind) for kind in ListKind},
    )
    return page, 422 if form.errors else 200


@bp.get("/<lang>/people/import/<int:import_id>")
@guard(Permission.IMPORT_BUDDIES)
def import_preview(import_id: int) -> ResponseReturnValue:
    """The list as it would be taken over; or what became of it."""
    kept = list_of(the_viewer(), import_id)
    if kept.done_at:
        return render_template("people/imported.html", kept=kept)
    preview = imports.preview_of(the_viewer(), kept)
    return render_template(
        "people/import_preview.html", kept=kept, preview=preview, form=TakeOverForm(), shown=SHOWN,
        language_name=lambda tag: language_name(tag, active()),
    )  # fmt: skip


@bp.post("/<lang>/people/import/<int:import_id>")
@guard(Permission.IMPORT_BUDDIES)
def take_over(import_id: int) -> ResponseReturnValue:
    """Take over the rows that are right."""
    form = TakeOverForm()
    added = imports.take_over(
        the_viewer(), import_id, invite=bool(form.invite.data),
        link_for=lambda locale, token: letter_link("accounts.confirm_address", lang=locale, token=token),
    )  # fmt: skip
    if list_of(the_viewer(), import_id).kind is ListKind.BUDDY:
        flash(ngettext("%(num)s buddy is added.", "%(num)s buddies are added.", added), "good")
    else:
        flash(ngettext("%(num)s newcomer is added.", "%(num)s newcomers are added.", added), "good")
    return redirect(url_for("people.import_preview", import_id=import_id), 303)


@bp.get("/<lang>/people/import/<int:import_id>/rows.csv")
@guard(Permission.IMPORT_BUDDIES)
def import_rows(import_id: int) -> ResponseReturnValue:
    """The rows that are not taken over, with what to do."""
    return file_answer("csv", "rows-to-mend", imports.rows_given_back(the_viewer(), import_id))
