"""What is wrong with a catalogue: each fault as one line (T2 to T4, T7, T10, G3)."""

import re
from collections.abc import Iterator
from gettext import c2py

from babel import Locale
from babel.messages.catalog import Catalog, Message

from app.i18n.languages import SOURCE, language
from app.i18n.placeholders import PLACEHOLDER
from app.i18n.scopes import scopes_of

NOT_LATIN = frozenset({"ar", "uk", "ru", "fa", "ps", "ti"})
MOST_UNCHANGED = 0.10
"""The share of texts that may read as the source in a language with another script (T7)."""

ELEMENT = re.compile(r"</?\w+[^>]*>")
_CLDR_ORDER = ("zero", "one", "two", "few", "many", "other")
_WORD = re.compile(r"[^\W\d_]{2,}")

# Words that mean something only next to another piece of text: a sentence must never be made of pieces (T10).
# With a capital, as "Until" over a field, they are a label of their own.
_LONE = re.compile(
    "about|after|and|at|before|between|but|by|during|for|from|in|into|near|of|off|on|or|since|than|that|the|to"
    "|towards|until|when|with|without"
)

# Endings for women and men beside one word (G3): "ami(e)", "student/in", "étudiant·e", "Lehrer*in", "m/v".
_GENDERED = re.compile(
    r"""[^\W\d_]{2,}\((?:-?(?:e|es|ne|in|en|a|as|os|trice|euse|ă|ka|ca|ła|ą|ий|а|я|ка|ла|на|ة|ات))\)
    | [^\W\d_]{2,}/-?(?:e|es|ne|in|innen|a|as|os|trice|euse|ă|ka|ca|ła|ą|а|я|ая|ка|ла|ة)(?!\w)
    | [^\W\d_]{2,}[·*•](?:e|es|ne|in|innen|a)(?!\w)
    | (?<!\w)(?:m/[vfwk]|v/m|h/f|f/m|e/m|k/e|[ms]?he/she|s/he|he\ or\ she|his/her|hij/zij|zij/hij|hem/haar
      |zijn/haar|haar/zijn|hij\ of\ zij|il/elle|il\ ou\ elle|él/ella|él\ o\ ella|он/она|він/вона|on/ona|هو/هي)(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def forms_of(message: Message | None) -> tuple[str, ...]:
    """The translation in each of its plural forms; one empty form when there is none."""
    text = (message.string if message else "") or ""
    return (text,) if isinstance(text, str) else tuple(form or "" for form in text)


def has_text(message: Message | None) -> bool:
    """Whether every form is there."""
    return all(forms_of(message))


def source_of(message: Message) -> str:
    """The English text; of a plural, the form for many."""
    return message.id if isinstance(message.id, str) else message.id[1]


def missing(template: Catalog, catalogue: Catalog, tag: str) -> list[Message]:
    """Messages without a translation that the scopes declared complete for this language need."""
    scopes = language(tag).complete
    if tag == SOURCE:
        return []
    return [
        message
        for message in template
        if message.id
        and scopes & scopes_of(message)
        and not has_text(catalogue.get(message.id, message.context))
    ]


def unsure(catalogue: Catalog) -> Iterator[str]:
    """Translations marked fuzzy, which would not be used."""
    for message in _translated(catalogue):
        if message.fuzzy:
            yield f"unsure: {source_of(message)!r}"


def misplaced(catalogue: Catalog) -> Iterator[str]:
    """Translations that fill in other things than the source, hold other HTML, or begin or end with a space."""
    for message in _translated(catalogue):
        source = source_of(message)
        for form in filter(str.strip, forms_of(message)):
            yield from (f"{fault}: {source!r} - {form!r}" for fault in _faults_of(source, form))


def empty_forms(catalogue: Catalog) -> Iterator[str]:
    """Plurals of which a form lacks."""
    for message in _translated(catalogue):
        for form in forms_of(message):
            if not form.strip():
                yield f"a form is empty: {source_of(message)!r} - {form!r}"


def plural_header(catalogue: Catalog, tag: str) -> Iterator[str]:
    """Where the plural rule of the file differs from CLDR, for 0 to 1000 (T4): one line, about the first number.

    The forms stand in the order of CLDR (zero, one, two, few, many, other), of which a language has those that
    whole numbers take: translators and their tools count on that order, Babel's own Arabic rule breaks it.
    """
    category = Locale.parse(tag).plural_form
    kinds = sorted({category(number) for number in range(1001)}, key=_CLDR_ORDER.index)
    if len(kinds) != catalogue.num_plurals:
        yield f"plural rule: {catalogue.num_plurals} forms in the file, {len(kinds)} in CLDR"
        return
    form = c2py(catalogue.plural_expr)
    for number in range(1001):
        if form(number) != kinds.index(category(number)):
            yield f"plural rule: {number} is {category(number)!r} in CLDR, form {form(number)} in the file"
            return


def gendered(catalogue: Catalog) -> Iterator[str]:
    """Texts that name women and men by two endings (G3)."""
    for message in _translated(catalogue):
        for form in forms_of(message):
            if found := _GENDERED.search(form):
                yield f"ending for women and men ({found.group()}): {form!r}"


def lone(template: Catalog) -> Iterator[str]:
    """Messages of the code that can only be a piece of a sentence (T10)."""
    for message in filter(lambda message: message.id, template):
        source = source_of(message)
        if source != source.strip():
            yield f"begins or ends with a space: {source!r}"
        if _LONE.fullmatch(source.strip(" .,:")):
            yield f"a piece of a sentence: {source!r}"


def unchanged(catalogue: Catalog) -> tuple[int, int]:
    """How many translations read as the source, of how many that hold a word at all."""
    same = words = 0
    for message in filter(has_text, _translated(catalogue)):
        sources = (message.id,) if isinstance(message.id, str) else message.id
        if _WORD.search(PLACEHOLDER.sub("", sources[0])):
            words += 1
            same += set(forms_of(message)) <= set(sources)
    return same, words


def too_much_unchanged(catalogue: Catalog, tag: str) -> Iterator[str]:
    """Said when more of a language in another script reads as the source than T7 allows."""
    same, words = unchanged(catalogue)
    if tag in NOT_LATIN and same >= MOST_UNCHANGED * words > 0:
        yield f"reads as the English source: {same} of {words} texts"


def faults(catalogue: Catalog) -> Iterator[str]:
    """What is wrong with the translations that are there, one line each."""
    for look in (unsure, misplaced, empty_forms, gendered):
        yield from look(catalogue)


def _translated(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id and any(forms_of(message)))


def _faults_of(source: str, form: str) -> Iterator[str]:
    if form != form.strip():
        yield "begins or ends with a space"
    if sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(source)):
        yield "other placeholders"
    if sorted(ELEMENT.findall(form)) != sorted(ELEMENT.findall(source)):
        yield "other HTML"
