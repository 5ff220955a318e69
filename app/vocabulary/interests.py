"""What people like to do (forty, in the order of MATCHING 5) and what a newcomer hopes for (DOMAIN 4)."""

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class Interest(Labelled):
    """The forty interests; the words fit after "I like" and on a picture."""

    FOOTBALL = "football", lazy_pgettext("interest", "football")
    RUNNING = "running", lazy_pgettext("interest", "running")
    CYCLING = "cycling", lazy_pgettext("interest", "cycling")
    SWIMMING = "swimming", lazy_pgettext("interest", "swimming")
    GYM = "gym", lazy_pgettext("interest", "going to the gym")
    WALKING = "walking", lazy_pgettext("interest", "walking")
    MARTIAL_ARTS = "martial-arts", lazy_pgettext("interest", "martial arts")
    BASKETBALL = "basketball", lazy_pgettext("interest", "basketball")
    VOLLEYBALL = "volleyball", lazy_pgettext("interest", "volleyball")
    DANCING = "dancing", lazy_pgettext("interest", "dancing")
    MUSIC_LISTENING = "music-listening", lazy_pgettext("interest", "listening to music")
    SINGING = "singing", lazy_pgettext("interest", "singing")
    PLAYING_INSTRUMENT = "playing-instrument", lazy_pgettext("interest", "playing an instrument")
    CINEMA = "cinema", lazy_pgettext("interest", "films")
    THEATRE = "theatre", lazy_pgettext("interest", "theatre")
    READING = "reading", lazy_pgettext("interest", "reading")
    WRITING = "writing", lazy_pgettext("interest", "writing")
    PHOTOGRAPHY = "photography", lazy_pgettext("interest", "taking photos")
    DRAWING_PAINTING = "drawing-painting", lazy_pgettext("interest", "drawing and painting")
    CRAFTS_SEWING = "crafts-sewing", lazy_pgettext("interest", "sewing and crafts")
    COOKING = "cooking", lazy_pgettext("interest", "cooking")
    BAKING = "baking", lazy_pgettext("interest", "baking")
    GARDENING = "gardening", lazy_pgettext("interest", "gardening")
    ANIMALS = "animals", lazy_pgettext("interest", "animals")
    NATURE = "nature", lazy_pgettext("interest", "nature")
    TRAVEL = "travel", lazy_pgettext("interest", "travelling")
    BOARD_GAMES = "board-games", lazy_pgettext("interest", "board games")
    CHESS = "chess", lazy_pgettext("interest", "chess")
    VIDEO_GAMES = "video-games", lazy_pgettext("interest", "video games")
    COMPUTERS = "computers", lazy_pgettext("interest", "computers")
    LANGUAGES_CONVERSATION = "languages-conversation", lazy_pgettext("interest", "languages and talking")
    VOLUNTEERING = "volunteering", lazy_pgettext("interest", "volunteering")
    CHILDREN_FAMILY = "children-family", lazy_pgettext("interest", "things with children and family")
    STUDYING_SCHOOL = "studying-school", lazy_pgettext("interest", "studying")
    JOB_SEARCH = "job-search", lazy_pgettext("interest", "looking for work")
    DIY_REPAIR = "diy-repair", lazy_pgettext("interest", "repairing things")
    CARS_MECHANICS = "cars-mechanics", lazy_pgettext("interest", "cars and engines")
    FASHION_BEAUTY = "fashion-beauty", lazy_pgettext("interest", "fashion and beauty")
    HISTORY_CULTURE = "history-culture", lazy_pgettext("interest", "history and culture")
    CITY_DISCOVERY = "city-discovery", lazy_pgettext("interest", "discovering the town")


class Goal(Labelled):
    """What a newcomer hopes for, in the order of the form."""

    PRACTISE_DUTCH = "practise-dutch", lazy_pgettext("goal", "Practise Dutch")
    KNOW_TOWN = "know-town", lazy_pgettext("goal", "Get to know the town")
    MEET_PEOPLE = "meet-people", lazy_pgettext("goal", "Meet people")
    SPORT = "sport", lazy_pgettext("goal", "Do sport")
    CHILDREN_SCHOOL = "children-school", lazy_pgettext("goal", "Help with children and school")
    VOLUNTEERING = "volunteering", lazy_pgettext("goal", "Do volunteer work")
