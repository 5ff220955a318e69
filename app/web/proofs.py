"""Proofs of participation: the newcomer's own, the guide to them, and the page where everybody can check one."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import in_brussels
from app.errors import NotFound
from app.extensions import limiter
from app.i18n import DEFAULT
from app.i18n import gettext as _
from app.models import Proof
from app.papers import guide as guides
from app.papers import proof as papers
from app.queries import proofs as queries
from app.queries.reach import one
from app.security.permissions import Permission
from app.services import hours
from app.web.addresses import active_language, letter_link
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.hours import keep_link, kept_link, link_for
from app.web.qr import qr_picture
from app.web.viewing import the_viewer

bp = Blueprint("proofs", __name__)


@bp.get("/<lang>/proof/<public_number>")
@guard(Permission.SEE_PUBLIC)
@limiter.limit("30 per minute")
def check(public_number: str) -> ResponseReturnValue:
    """Whether a paper is good: valid, replaced or not known, and nothing of whom it is about."""
    found = queries.validity_of(public_number)
    status = 404 if found is queries.Validity.UNKNOWN else 200
    return render_template("proofs/check.html", validity=found.value), status


@bp.get("/<lang>/proof-guide")
@guard(Permission.SEE_PUBLIC)
def guide() -> ResponseReturnValue:
    """What the Dutch paper is and what its numbered parts mean, in the reader's language."""
    return render_template("proofs/guide.html", words=guides)


@bp.get("/<lang>/proof-guide.pdf")
@guard(Permission.SEE_PUBLIC)
@limiter.limit("30 per minute")
def guide_pdf() -> ResponseReturnValue:
    """The same, to print or to keep."""
    return file_answer("pdf", f"samenspoor-{active_language()}", guides.guide_pdf())


@bp.get("/<lang>/my-track/proofs")
@guard(Permission.OWN_TRACK)
def mine() -> ResponseReturnValue:
    """The own proofs: those that are signed, and those that still collect."""
    own = queries.proofs_for(the_viewer(), Permission.OWN_TRACK)
    collecting, signed = queries.listed(own)
    links = {item.proof.id: kept_link(item.proof.contact_person) for item in collecting}
    return render_template(
        "proofs/mine.html", signed=signed, collecting=collecting, links=links, check_at=check_at, qr=qr_picture,
    )  # fmt: skip


@bp.post("/<lang>/my-track/proofs/<int:proof_id>/ask")
@guard(Permission.OWN_TRACK)
def ask(proof_id: int) -> ResponseReturnValue:
    """Ask the contact person to sign; the link can be passed on too."""
    token = hours.ask_to_sign(the_viewer(), proof_id, link_for)
    proof = one(queries.proofs_for(the_viewer(), Permission.OWN_TRACK).where(Proof.id == proof_id))
    keep_link(proof.contact_person_id, token)
    flash(_("Send this link to your contact person."), "info")
    return redirect(url_for("proofs.mine", _anchor=f"proof-{proof_id}"), 303)


@bp.get("/<lang>/my-track/proofs/<int:proof_id>.pdf")
@guard(Permission.OWN_TRACK)
def own_pdf(proof_id: int) -> ResponseReturnValue:
    """An own proof, in Dutch."""
    return pdf_of(one(queries.proofs_for(the_viewer(), Permission.OWN_TRACK).where(Proof.id == proof_id)))


def pdf_of(proof: Proof) -> Response:
    """A signed proof as a file. Raises NotFound for one that still collects."""
    if proof.paper is None or proof.signed_at is None:
        raise NotFound()
    standing = papers.Standing(
        number=proof.number, public_number=proof.paper.public_number, check_at=check_at(proof), minutes=proof.paper.minutes,
        signed_on=in_brussels(proof.signed_at).date(), decision=proof.state.value, decided_on=_judged_on(proof),
        replaced_by=queries.number_of_replacement(proof),
    )  # fmt: skip
    return file_answer("pdf", f"bewijs-{proof.number}", papers.proof_pdf(proof.paper.content, standing))


def check_at(proof: Proof) -> str:
    """The absolute address where everybody can check a signed proof; in Dutch, as the paper is."""
    return letter_link("proofs.check", lang=DEFAULT, public_number=proof.paper.public_number)


def _judged_on(proof: Proof) -> date | None:
    return in_brussels(proof.judged_at).date() if proof.judged_at else None
