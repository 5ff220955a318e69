"""Accepted proofs as a file for the agency's own database (KBI), which is the record; docs/proofs-export.md tells all.

A file always holds everything that was ever accepted, in one order, and nothing of the moment at which it was made: two
files of the same proofs are equal. Who reads it in puts each line over the one of the same proof number, so that a file
can be read in again without anything being counted twice.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.clock import in_brussels
from app.db import transaction
from app.errors import NotFound
from app.models import Proof
from app.queries.accepted_proofs import AcceptedProof, accepted_proofs
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit

FORMAT = "samenspoor-accepted-proofs"
VERSION = 1
RECORD = "The agency's own database is the record. This file is a help to keep it, and decides nothing."
ACCEPTED, WITHDRAWN = "accepted", "withdrawn"
Value = str | int | date


@dataclass(frozen=True)
class ProofFile:
    """What is taken away: for each proof the values of COLUMNS by name, and its lines."""

    agency: str
    proofs: list[dict[str, Value]]
    lines: list[list[dict[str, Any]]]

    def rows(self) -> list[list[Value]]:
        """The lines of a CSV, one for each proof, in the order of COLUMNS."""
        return [[proof[name] for name in COLUMNS] for proof in self.proofs]

    def as_json(self) -> bytes:
        """The same as JSON in UTF-8, with the lines of each proof."""
        proofs = [
            {**{name: _plain(proof[name]) for name in COLUMNS}, "lines": lines}
            for proof, lines in zip(self.proofs, self.lines, strict=True)
        ]
        whole = {
            "format": FORMAT,
            "version": VERSION,
            "record": RECORD,
            "agency": self.agency,
            "proofs": proofs,
        }
        return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


# The columns of the CSV and the fields of the JSON, in this order; each is defined in docs/proofs-export.md.
COLUMNS = (
    "proof_number", "state", "replaces", "agency", "newcomer_number", "newcomer_name", "counsellor_name", "kind",
    "activities", "organisation", "contact_name", "contact_function", "first_day", "last_day", "minutes_signed",
    "minutes_accepted", "hours_accepted", "signed_on", "signed_by", "signed_way", "decided_on", "check_code",
)  # fmt: skip


def take(actor: Viewer, agency: str, kind: str) -> ProofFile:
    """The accepted proofs of the actor's newcomers at that agency; `kind` of file is for the audit log.

    Raises Forbidden, or NotFound for an agency that the actor does not work for.
    """
    demand(actor, Permission.EXPORT_PROOFS)
    if agency not in actor.agencies:
        raise NotFound()
    with transaction():
        found = accepted_proofs(actor, agency)
        audit(actor, "proofs-exported", agency=agency, rows=len(found), kind=kind)
        return ProofFile(agency, [_values(item, agency) for item in found], [_lines(item) for item in found])


def _values(item: AcceptedProof, agency: str) -> dict[str, Value]:
    proof, content = item.proof, _content(item.proof)
    minutes = sum(line["minutes"] for line in content["lines"] if line["entry"] in item.accepted)
    return {
        "proof_number": proof.number, "state": ACCEPTED if item.stands else WITHDRAWN, "replaces": content["replaces"],
        "agency": agency, "newcomer_number": proof.newcomer_id, "newcomer_name": content["newcomer"],
        "counsellor_name": content["counsellor"], "kind": proof.kind.value, "activities": "; ".join(content["titles"]),
        "organisation": content["organisation"], "contact_name": content["contact"]["name"],
        "contact_function": content["contact"]["function"], "first_day": date.fromisoformat(content["from"]),
        "last_day": date.fromisoformat(content["until"]), "minutes_signed": proof.paper.minutes if proof.paper else 0,
        "minutes_accepted": minutes, "hours_accepted": f"{minutes // 60}:{minutes % 60:02}",
        "signed_on": in_brussels(proof.signed_at).date() if proof.signed_at else "",
        "signed_by": content["signature"]["name"], "signed_way": content["signature"]["way"],
        "decided_on": in_brussels(proof.judged_at).date() if proof.judged_at else "",
        "check_code": proof.paper.public_number if proof.paper else "",
    }  # fmt: skip


def _lines(item: AcceptedProof) -> list[dict[str, Any]]:
    return [
        {
            "day": line["day"], "start": line["start"], "end": line["end"], "activity": line["title"],
            "minutes": line["minutes"], "counts": line["entry"] in item.accepted,
        }
        for line in _content(item.proof)["lines"]
    ]  # fmt: skip


def _content(proof: Proof) -> dict[str, Any]:
    """What was signed; a proof that was accepted always has its paper."""
    assert proof.paper is not None
    return proof.paper.content


def _plain(value: Value) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
