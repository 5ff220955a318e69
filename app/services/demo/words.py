"""What invented people write about themselves, each in the own language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

BUDDY_WORDS: Final = (
    "Ik woon hier al heel mijn leven en ken de buurt goed. Ik toon ze graag aan iemand die nieuw is.",
    "Ik ben net met pensioen en heb tijd. Samen koken of wandelen lijkt mij fijn.",
    "Ik heb zelf een jaar in het buitenland gewoond. Toen hielp een buurvrouw mij. Dat wil ik ook doen.",
    "Ik leer graag andere mensen en gerechten kennen.",
    "Mijn kinderen gaan hier naar school. Ik help graag een ander gezin op weg.",
    "Ik praat graag en traag. Goed om Nederlands te oefenen!",
    "Ik fiets elk weekend. Wie wil er mee?",
    "Ik werk in de bibliotheek en zie veel mensen die alleen zijn. Daar wil ik iets aan doen.",
    "Voetbal kijken of zelf spelen: samen is het leuker.",
    "Ik heb een moestuin en te veel courgettes. Kom gerust helpen en mee-eten.",
)

NEWCOMER_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "ar": ("أحب الطبخ وأريد أن أتعلم اللغة من الناس.", "أبحث عن أصدقاء في مدينتي."),
    "en": ("I want to speak Dutch with real people.", "I like football and I want to find a team."),
    "fr": ("Je voudrais parler néerlandais avec quelqu'un de patient.", "J'aime la cuisine et la musique."),
    "tr": ("Mahallemi tanımak istiyorum.", "Çocuğumun okulunu daha iyi anlamak istiyorum."),
    "uk": ("Хочу знайти друзів і говорити нідерландською.", "Люблю ліс і прогулянки."),
    "ru": ("Хочу больше говорить по-нидерландски.",),
    "fa": ("دوست دارم با مردم این شهر آشنا شوم.",),
    "ps": ("غواړم خلک وپېژنم او ژبه زده کړم.",),
    "ti": ("ቋንቋ ክመሃርን ሰባት ክፈልጥን ይደሊ።",),
    "so": ("Waxaan rabaa inaan saaxiibo helo.",),
    "es": ("Quiero conocer gente y practicar el idioma.",),
    "pl": ("Chcę poznać ludzi w moim mieście.",),
    "ro": ("Vreau să cunosc oameni și să vorbesc mai bine.",),
})  # fmt: skip
