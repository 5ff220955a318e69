"""Two programmes of the city of Ghent: everybody's, and one for families with a meeting every week."""

from itertools import islice
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from app.db import session
from app.models import Buddy, Newcomer, Proposal
from app.queries.accounts import viewer_of
from app.security.viewer import Viewer
from app.services import matches, network_programmes, placing
from app.services.demo.staff import Staff
from app.services.matchmaking import carry_out
from app.services.network_programmes import ProgrammeSettings
from app.vocabulary import BuddyState, DutchLevel, NewcomerState, ProposalState

CITY = "gent-stad"
EVERYBODY = ProgrammeSettings("Buddy in Gent", months=8, weeks_between=2, refused_months=6)
FAMILIES = ProgrammeSettings(
    "Gezinnen", months=10, weeks_between=1, refused_months=6, least_dutch=DutchLevel.A1
)
PLACED = 12  # newcomers in the programme for families
NAMED = 6  # buddies who take part in nothing else
TOLD_EVERYBODY: Final = MappingProxyType({
    "nl": ("Samen op stap in Gent, om de twee weken.", "Jullie kiezen zelf wat jullie doen. Na acht maanden kijken we samen terug."),
    "fr": ("Ensemble à Gand, toutes les deux semaines.", "Vous choisissez vous-mêmes ce que vous faites. Après huit mois, nous faisons le point ensemble."),
    "en": ("Out and about in Ghent, every two weeks.", "You choose what you do. After eight months we look back together."),
    "ar": ("معًا في مدينة خنت، كل أسبوعين.", "تختاران بنفسيكما ما تفعلانه. بعد ثمانية أشهر نراجع ذلك معًا."),
})  # fmt: skip
TOLD_FAMILIES: Final = MappingProxyType({
    "nl": ("Twee gezinnen leren elkaar kennen, elke week.", "Spelen, koken, naar school: de kinderen doen mee."),
    "fr": ("Deux familles font connaissance, chaque semaine.", "Jouer, cuisiner, l'école : les enfants participent."),
    "en": ("Two families get to know each other, every week.", "Playing, cooking, school: the children join in."),
    "ar": ("عائلتان تتعارفان كل أسبوع.", "اللعب والطبخ والمدرسة: الأطفال يشاركون أيضًا."),
    "tr": ("İki aile her hafta buluşup tanışır.", "Oyun, yemek, okul: çocuklar da katılır."),
    "uk": ("Дві родини знайомляться щотижня.", "Ігри, кухня, школа: діти теж беруть участь."),
})  # fmt: skip


def run_programmes(staff: Staff) -> None:
    """Make both, say what they are in some languages, place people, and make the plan of the families."""
    desk = viewer_of(staff.coordinators[CITY])
    everybody = network_programmes.make_own(desk, CITY)
    network_programmes.set_programme(desk, everybody, EVERYBODY)
    families = network_programmes.make_programme(desk, CITY, FAMILIES)
    for programme_id, told in ((everybody, TOLD_EVERYBODY), (families, TOLD_FAMILIES)):
        for language, (line, words) in told.items():
            network_programmes.write_text(desk, programme_id, language, line=line, words=words)
    _place(desk, families)
    run_id = matches.start_run(desk, CITY, families)
    carry_out(run_id)
    session().expire_all()


def _place(desk: Viewer, families: int) -> None:
    """Some who wait, and some buddies who are free; who is in a pair that somebody decides about stays."""
    decided = select(Proposal.newcomer_id).where(
        Proposal.state.in_((ProposalState.HELD, ProposalState.OFFERED))
    )
    waiting = session().scalars(
        select(Newcomer.id).where(
            Newcomer.network_slug == CITY, Newcomer.state == NewcomerState.WAITING,
            Newcomer.dutch_level != DutchLevel.NONE, Newcomer.id.not_in(decided),
        )
        .order_by(Newcomer.id.desc()).limit(PLACED)
    ).all()  # fmt: skip
    for newcomer_id in waiting:
        placing.place_newcomer(desk, newcomer_id, programme_id=families)
    free = session().scalars(
        select(Buddy.id).where(
            Buddy.network_slug == CITY, Buddy.state == BuddyState.APPROVED, Buddy.places_taken < Buddy.capacity
        )
        .order_by(Buddy.id.desc())
    ).all()  # fmt: skip
    for buddy_id in islice(free, NAMED):
        placing.place_buddy(desk, buddy_id, programme_ids=[families])
