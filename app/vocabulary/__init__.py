"""The enumerations of the domain, each member with its words in the reader's language.

The value is what is stored and what stands in files and addresses; the words come from the catalogues.
"""

from app.vocabulary.facts import Criterion, Rule
from app.vocabulary.interests import Goal, Interest
from app.vocabulary.labels import Labelled, choices, label
from app.vocabulary.offers import offer_sentence
from app.vocabulary.people import (
    Agency,
    BuddyState,
    DutchLevel,
    Gender,
    GenderWish,
    NewcomerState,
    Obligation,
    Province,
    Role,
)
from app.vocabulary.reasons import against_sentence, pair_sentence, reason_sentence
from app.vocabulary.times import DayPart, Slot, Weekday
from app.vocabulary.together import (
    DuoState,
    EndReason,
    EntryState,
    HoursRefusal,
    Mood,
    OfferKind,
    ProposalRefusal,
    ProposalState,
)
from app.vocabulary.unmatched import unlock_sentence, unmatched_sentence

__all__ = [
    "Agency",
    "BuddyState",
    "Criterion",
    "DayPart",
    "DuoState",
    "DutchLevel",
    "EndReason",
    "EntryState",
    "Gender",
    "GenderWish",
    "Goal",
    "HoursRefusal",
    "Interest",
    "Labelled",
    "Mood",
    "NewcomerState",
    "Obligation",
    "OfferKind",
    "ProposalRefusal",
    "ProposalState",
    "Province",
    "Role",
    "Rule",
    "Slot",
    "Weekday",
    "against_sentence",
    "choices",
    "label",
    "offer_sentence",
    "pair_sentence",
    "reason_sentence",
    "unlock_sentence",
    "unmatched_sentence",
]
