"""Remarks about sentences, as administrators find, settle and take them along; more routes of remarks.bp."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.admin_remarks import SETTLED, SettleForm
from app.i18n import DEFAULT, LANGUAGES, is_language, language
from app.i18n import gettext as _
from app.models import Remark
from app.queries.pages import cut
from app.queries.reach import one, rows
from app.queries.remarks import remarks_for
from app.security.permissions import Permission
from app.services import remarks
from app.vocabulary.remarks import RemarkState
from app.web.addresses import safe_path
from app.web.downloads import table_file
from app.web.guards import guard
from app.web.remarks import bp
from app.web.viewing import the_viewer

STATES = {state.value: state for state in RemarkState}


@bp.get("/<lang>/admin/remarks")
@guard(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """What readers said, the oldest first; without a filter what is new."""
    chosen, state = _wanted()
    return render_template(
        "admin/remarks.html", chosen=chosen, state=state.value if state else "all", native=_native,
        languages_of_site=[(item.tag, item.native_name) for item in LANGUAGES],
        states=[(item.value, item.label) for item in RemarkState],
        cut=cut(remarks_for(the_viewer(), language=chosen, state=state), request.args.get("page", 1, type=int)),
        file=url_for("remarks.file", language=chosen or None, state=state.value if state else "all"),
    )  # fmt: skip


@bp.get("/<lang>/admin/remarks.csv")
@guard(Permission.ADMINISTER)
def file() -> ResponseReturnValue:
    """The same list as a file, for who mends the translations; without who wrote it."""
    chosen, state = _wanted()
    header = [_("Language"), _("Page"), _("Sentence"), _("Should be"), _("State"), _("Why"), _("Told on"), _("Settled on")]  # fmt: skip
    found = rows(remarks_for(the_viewer(), language=chosen, state=state))
    remarks.note_export(the_viewer())
    return table_file(
        "csv", "remarks", _("Remarks about sentences"), header,
        ([row.locale, row.page, row.sentence, row.better, str(row.state.label), row.reason, row.created_at, row.settled_at] for row in found),
    )  # fmt: skip


@bp.route("/<lang>/admin/remarks/<int:remark_id>", methods=["GET", "POST"])
@guard(Permission.ADMINISTER)
def show(remark_id: int) -> ResponseReturnValue:
    """One remark, and what was or will be done with it."""
    remark = one(remarks_for(the_viewer()).where(Remark.id == remark_id))
    form = SettleForm()
    if form.validate_on_submit():
        try:
            remarks.settle(
                the_viewer(), remark_id, RemarkState(form.state.data), reason=form.reason.data or ""
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The remark is settled."), "good")
            return redirect(url_for("remarks.index"), 303)
    page = render_template(
        "admin/remark.html", remark=remark, form=form, native=_native, settled=dict(SETTLED),
        place=safe_path(remark.page), is_open=remark.state is RemarkState.NEW,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _wanted() -> tuple[str, RemarkState | None]:
    """The language and state asked for; what is new when no state is named, every state for `all`."""
    chosen = request.args.get("language", "")
    state = request.args.get("state", RemarkState.NEW.value)
    return chosen if is_language(chosen) else "", STATES.get(state)


def _native(tag: str) -> str:
    """The own name of a language of the site."""
    return language(tag if is_language(tag) else DEFAULT).native_name
