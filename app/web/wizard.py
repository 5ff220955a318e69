"""The walk through the steps of a registration, alone or together with a helper."""

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.errors import Invalid
from app.forms.registrations import STEPS, TOGETHER, Step, step_of
from app.forms.steps import StepForm
from app.i18n import gettext as _
from app.models import Registration
from app.queries.registrations import registration_by_token
from app.services import arrivals, registrations
from app.services.matchmaking import interests_in
from app.vocabulary import Role
from app.web.addresses import active_language
from app.web.cards import Card
from app.web.showing import place_of, put_aside, shown
from app.web.viewing import let_in, the_viewer

ROLES = {"buddy": Role.BUDDY, "newcomer": Role.NEWCOMER}
CARD_SHOWN_S = 30 * 60


@dataclass(frozen=True)
class Wizard:
    """One registration in this browser; its secret is kept in the signed cookie."""

    kind: str
    together: bool = False

    @property
    def role(self) -> Role:
        return ROLES[self.kind]

    @property
    def steps(self) -> tuple[Step, ...]:
        return TOGETHER if self.together else STEPS[self.kind]

    @property
    def token(self) -> str | None:
        """The secret of the registration in this browser, under way or just finished."""
        return session.get("registrations", {}).get(self._key)

    def remember(self, token: str | None) -> None:
        """Keep the secret in this browser, or let go of it."""
        session["registrations"] = {**session.get("registrations", {}), self._key: token}

    @property
    def _key(self) -> str:
        return "together" if self.together else self.kind

    def row(self) -> Registration | None:
        """The registration of this browser, finished or not."""
        return registration_by_token(the_viewer(), self.role, self.token) if self.token else None

    def under_way(self) -> Registration | None:
        """The registration of this browser while it is not finished."""
        found = self.row()
        return found if found and not found.finished_at else None

    def address(self, step: Step) -> str:
        """Where that step is asked."""
        if self.together:
            return url_for("registrations.together_step", slug=step.slug)
        return url_for("registrations.step", kind=self.kind, slug=step.slug)

    def open_step(self) -> Step:
        """The first step without an answer; the last one when all others have theirs."""
        found = self.under_way()
        return [*self.missing(found.answers if found else {}), self.steps[-1]][0]

    def missing(self, answers: dict[str, Any]) -> list[Step]:
        """The steps that have no answer yet, but for the last, which finishes."""
        return [step for step in self.steps[:-1] if step.slug not in answers]


def walk(wizard: Wizard, slug: str) -> ResponseReturnValue:
    """Show a step, keep its answer, go on; the last one finishes."""
    asked = step_of(wizard.steps, slug)
    if asked is None:
        abort(404)
    last, posted = asked is wizard.steps[-1], request.method == "POST"
    row = wizard.row()
    if last and posted and row and row.finished_at:
        return _finish(wizard)
    answers = dict(row.answers) if row and not row.finished_at else {}
    form = asked.form(data=asked.form.recall(answers[slug]) if slug in answers else asked.form.suggest())
    if not posted or put_aside() or form.settle(request.form, interests_in) or not form.validate():
        return _page(wizard, asked, form, answers)
    if not last:
        _keep(wizard, slug, form)
        return redirect(wizard.address(wizard.steps[wizard.steps.index(asked) + 1]), 303)
    if wizard.missing(answers):
        form.refuse(None, _("Some questions have no answer yet. You find them below."))
        return _page(wizard, asked, form, answers)
    try:
        return _finish(wizard, spoken=form.data.get("spoken"))
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.message)
        return _page(wizard, asked, form, answers)


def _page(wizard: Wizard, asked: Step, form: StepForm, answers: dict[str, Any]) -> ResponseReturnValue:
    at = wizard.steps.index(asked)
    before = wizard.steps[at - 1] if at else None
    page = render_template(
        asked.template, **shown(asked, form), wizard=wizard, number=at + 1, total=len(wizard.steps),
        back=wizard.address(before) if before else "", first=not at,
        place=place_of(answers["where"]) if before and before.slug == "where" and "where" in answers else None,
        missing=[(step.question, wizard.address(step)) for step in wizard.missing(answers)] if asked is wizard.steps[-1] else [],
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _keep(wizard: Wizard, slug: str, form: StepForm) -> None:
    """Keep the answers of this step; the first one begins the registration."""
    viewer, language = the_viewer(), active_language()
    if wizard.under_way() is None:
        call = session.get("call", "") if wizard.role is Role.BUDDY else ""
        wizard.remember(registrations.begin(viewer, wizard.role, language, call=call))
    registrations.save_step(viewer, wizard.role, wizard.token or "", slug, form.answers(), locale=language)


def _finish(wizard: Wizard, *, spoken: str | None = None) -> ResponseReturnValue:
    """Hand in, or find that this same form was handed in a moment ago; then show what comes next."""
    viewer, token = the_viewer(), wizard.token or ""
    made = arrivals.hand_in(viewer, wizard.role, token, active_language(), spoken=spoken)
    code = registrations.code_for(viewer, wizard.role, token, secret_key=current_app.config["SECRET_KEY"])
    if wizard.kind == "newcomer" and not wizard.together and made.person_id is not None:
        let_in(made.person_id)
    held = {"token": token, "network": made.network_slug, "at": now().timestamp()}
    session["card"] = held if code else None
    if wizard.together:
        return redirect(url_for("registrations.together_card"), 303)
    return redirect(url_for("registrations.card" if wizard.kind == "newcomer" else "registrations.done"), 303)


def card_held() -> Card | None:
    """The card that this browser may still show, soon after the registration; no longer once somebody came in with it.

    The browser keeps the secret of the registration, never the code.
    """
    held = session.get("card")
    if not held or now().timestamp() - held["at"] >= CARD_SHOWN_S:
        return None
    secret_key = current_app.config["SECRET_KEY"]
    code = registrations.card_still_held(the_viewer(), held["token"], secret_key=secret_key)
    return Card(code, active_language(), held["network"]) if code else None
