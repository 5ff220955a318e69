"""What the computer fills in, explained to translators in a comment of the message itself (T11)."""

import re

from babel.messages.catalog import Message

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
_NAME = re.compile(r"\w{2,}")

# One line for every name that occurs; `problems` below tells of a name that is not here.
MEANINGS: dict[str, str] = {
    "accepted": 'length of the hours that the counsellor accepted, such as "12 hours"',
    "activity": "the title of an activity, such as Taalcafé",
    "after": "a number, as it becomes",
    "all": "how many there are, a number",
    "asked": 'length that was asked for, such as "2 hours"',
    "at": "the place in the row where we are, a number",
    "bad": "how many of them stopped, a number",
    "before": "a number, as it is now",
    "caller": "name of the person who calls",
    "checked": "how many sentences somebody has checked, a number",
    "code": "letters and digits by which something is found",
    "column": "heading of a column in a file",
    "confirmed": 'length of the hours that a contact person confirmed, such as "12 hours"',
    "contact": "name of the contact person",
    "current": "number of the step we are at",
    "day": 'a date with its weekday, such as "Saturday 21 November"',
    "days": "days of the week, or dates, listed",
    "dimension": 'what people are grouped by, such as "Province"',
    "distance": "a number of kilometres",
    "email": "an e-mail address",
    "end": 'a time of the day, such as "16:00"',
    "extensions": 'kinds of files, such as "csv, xlsx"',
    "field": "name of a field of a file, which is not translated",
    "first": "the first day, a date",
    "good": "how many of them went on, a number",
    "group": 'a group of people, such as "Antwerp" or "18 to 25 years"',
    "here": "how many of them are in this file, a number",
    "hosts": "names of computers on the internet, listed",
    "insurer": "name of an insurance company",
    "interests": "interests, listed, or the number that they count for",
    "key": "name of a setting, as it stands in a file",
    "km": "a number of kilometres",
    "language": "name of a language",
    "languages": "names of languages, listed",
    "last": "the last day, a date",
    "least": "the smallest number that is shown",
    "length": 'a length of time, such as "2 hours"',
    "level": 'level of Dutch, such as "A few words"',
    "link": "the address of a page, such as https://example.org/nl/d/abc",
    "limit": "a number of kilometres, the most that is wanted",
    "line": "number of a line in a file",
    "max": "the most that is allowed, a number or a date",
    "min": "the least that is allowed, a number or a date",
    "minimum": 'the least that is asked for, such as "30%"',
    "minutes": "how many minutes, a number",
    "moment": 'a half-day of the week, such as "Saturday morning"',
    "moments": "half-days of the week, listed, or the number that they count for",
    "most": "the most that can be got, a number",
    "municipality": "name of a municipality",
    "name": "name of a person",
    "names": "names of people, one after the other",
    "network": "name of a network",
    "num": "the number that decides the form of the sentence",
    "number": "a number",
    "organisation": "name of an organisation",
    "other": "first name of the other person of the duo",
    "other_name": "name of the other field",
    "owes": "a number of points",
    "page": "number of the page, in a file of several pages",
    "pages": "how many pages the file has, a number",
    "phone": "a phone number",
    "place": "name or address of a place",
    "places": "names of municipalities, listed",
    "problem": "a whole sentence that says what is wrong",
    "rank": "the place in somebody's order of choice, a number",
    "reached": "how many of them have a buddy, a number",
    "read": "name of the language in which somebody read it",
    "reason": "the reason, in the words of the person who gave it",
    "reference": "a number by which we find a fault again",
    "score": 'how well two people fit, such as "72%"',
    "size": 'size of a file, such as "32 MB"',
    "spoken": "name of the language in which it was said aloud",
    "start": 'a time of the day, such as "14:00"',
    "term": "a number of points",
    "time": 'a time of the day, such as "14:00"',
    "title": "the title of an activity, such as Taalcafé",
    "told": 'length of the hours that the newcomer told, such as "12 hours"',
    "total": "how many there are in all, a number",
    "value": "what somebody filled in",
    "values": "several answers, listed",
    "version": "number of a version",
    "what": "name of an activity, or of a kind of thing to do",
    "wishes": "interests and moments that people ask for, listed",
    "written": "in how many languages a text is there, a number",
}

UNNAMED = "what somebody filled in"


def named(message: Message) -> list[str]:
    """The names of what is filled in, each once, in alphabetical order; `%s` has the name `s`."""
    sources = [message.id] if isinstance(message.id, str) else message.id
    found = {place for source in sources for place in PLACEHOLDER.findall(source)}
    return sorted({match.group() if (match := _NAME.search(place)) else "s" for place in found})


def comments(message: Message) -> list[str]:
    """One line for translators for each thing that is filled in; names without a meaning are passed over."""
    return [
        f"%s: {UNNAMED}" if name == "s" else f"{name}: {MEANINGS[name]}"
        for name in named(message)
        if name == "s" or name in MEANINGS
    ]


def problems(message: Message) -> list[str]:
    """Names that nobody has explained, one line each."""
    return [
        f"not explained to translators: {name}, in {message.id!r} (add it to app/i18n/placeholders.py)"
        for name in named(message)
        if name != "s" and name not in MEANINGS
    ]
