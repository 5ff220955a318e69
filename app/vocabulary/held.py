"""What the tables of the own data are called on the page that shows them; the file keeps the names of our tables."""

from app.i18n import lazy_gettext as _

HELD = {
    "person": _("My name and how to reach me"),
    "roles": _("My roles here"),
    "buddy": _("My answers"),
    "newcomer": _("My answers"),
    "contracts": _("My contract"),
    "exemptions": _("My exemption"),
    "employment contracts seen": _("Work contracts that I showed"),
    "decisions": _("Decisions about my track"),
    "warm handovers": _("Talks about a change of counsellor"),
    "counsellors": _("My counsellor"),
    "hours": _("My hours"),
    "proofs": _("My proofs"),
    "papers": _("My proofs on paper"),
    "sheets": _("Paper sheets with my name"),
    "consents": _("What you agreed to"),
    "messages": _("Messages to me"),
    "sign-ins": _("Where you are signed in"),
    "duos": _("My duo"),
    "recordings": _("Sentences that I read aloud"),
}
