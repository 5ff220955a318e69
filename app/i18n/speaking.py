"""Saying things in the reader's language: which language is spoken now, and the gettext functions.

The language of a request is set once by the web (`use`); everybody else says `with speak(tag):`. Without either
it is Dutch. All of it works without a request, in mails and jobs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_babel  # type: ignore[import-untyped]
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context
from flask.globals import app_ctx
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from app.i18n.catalogues import FOLDER, Shelf, shipped
from app.i18n.languages import DEFAULT, PSEUDO, direction, is_language, locale_name

_EXTENSION = "samenspoor-i18n"
_spoken: ContextVar[str] = ContextVar("spoken_language")


@dataclass(frozen=True, slots=True)
class _Setting:
    shelf: Shelf
    pseudo: bool


class Domain(flask_babel.Domain):  # type: ignore[misc]
    """Flask-Babel's door to the catalogues, falling back to Dutch and to no other language."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language spoken now."""
        setting = _setting()
        return (setting.shelf if setting else shipped()).spoken(active())


class _Babel(flask_babel.Babel):  # type: ignore[misc]
    domain_instance = Domain()


def init_app(app: Flask, *, folder: Path = FOLDER, pseudo: bool = False) -> None:
    """Gives the application its languages; templates get `_`, `ngettext`, `pgettext` and `npgettext`.

    `folder` holds one folder per language; `pseudo` adds the pseudo-language (also: PSEUDO in app.config).
    Raises CatalogueError when folders and LANGUAGES differ or Dutch cannot be used.
    """
    shelf = shipped() if folder == FOLDER else Shelf(folder)
    shelf.check()
    app.extensions[_EXTENSION] = _Setting(shelf, pseudo or bool(app.config.get("PSEUDO")))
    _Babel().init_app(
        app,
        default_locale=locale_name(DEFAULT),
        default_timezone="Europe/Brussels",
        default_translation_directories=str(folder.resolve()),
        locale_selector=lambda: locale_name(active()),
    )


def pseudo_on() -> bool:
    """Whether the pseudo-language may be asked for."""
    setting = _setting()
    return setting is not None and setting.pseudo


def speakable(tag: str) -> bool:
    """Whether the tag is, letter for letter, a language that may stand in an address here."""
    return is_language(tag) or (tag == PSEUDO and pseudo_on())


def active() -> str:
    """The tag of the language that is spoken now."""
    if has_app_context() and "spoken_language" in g:
        return str(g.spoken_language)
    return _spoken.get(DEFAULT)


def active_direction() -> str:
    """`rtl` or `ltr`, of the language that is spoken now."""
    return direction(active())


def locale() -> Locale:
    """The CLDR locale of the language that is spoken now."""
    return Locale.parse(locale_name(active()))


def use(tag: str) -> None:
    """Speaks a language from here to the end of the request; for the web's first hook.

    Raises ValueError for a tag that is no language here.
    """
    _refuse_unknown(tag)
    g.spoken_language = tag
    flask_babel.refresh()


@contextmanager
def speak(tag: str) -> Iterator[None]:
    """Speaks a language inside this block, with or without request or application.

    Raises ValueError for a tag that is no language here.
    """
    _refuse_unknown(tag)
    token = _spoken.set(tag)
    # The block may outlive or cross application contexts: what is said in one of them is put back in that one.
    context = app_ctx.g if has_app_context() else None
    before = _say(context, tag)
    try:
        yield
    finally:
        _spoken.reset(token)
        _say(context, before)


def _say(context: Any, tag: str | None) -> str | None:
    """Sets the language of an application context; returns the one before."""
    if context is None:
        return None
    before: str | None = context.pop("spoken_language", None)
    if tag is not None:
        context.spoken_language = tag
    # Flask-Babel keeps the locale it found first; ours is found anew.
    context.pop("_flask_babel", None)
    return before


def _refuse_unknown(tag: str) -> None:
    if not is_language(tag) and tag != PSEUDO:
        raise ValueError(f"{tag!r} is not a language of the site.")


def _setting() -> _Setting | None:
    return current_app.extensions.get(_EXTENSION) if has_app_context() else None


class Lazy(LazyString):  # type: ignore[misc]
    """A text that is translated when it is shown. In HTML it is escaped, with the values put into it."""

    def __html__(self) -> str:
        return str(escape(str(self)))


_DOMAIN = _Babel.domain_instance


def translations() -> NullTranslations:
    """The catalogue of the language spoken now, for callers that fill in the values themselves."""
    return _DOMAIN.get_translations()


def gettext(message: str, **values: object) -> str:
    """The message in the language spoken now, with `%(name)s` filled in when values are given."""
    return str(_DOMAIN.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The form of the message that fits the number; `%(num)s` is the number unless given otherwise."""
    return str(_DOMAIN.ngettext(singular, plural, num, **values))


def pgettext(context: str, message: str, **values: object) -> str:
    """Like gettext, for a word that means several things: the context says which."""
    return str(_DOMAIN.pgettext(context, message, **values))


def npgettext(context: str, singular: str, plural: str, num: int, **values: object) -> str:
    """Like ngettext, with a context."""
    return str(_DOMAIN.npgettext(context, singular, plural, num, **values))


def lazy_gettext(message: str, **values: object) -> Lazy:
    """Like gettext, translated when shown."""
    return Lazy(gettext, message, **values)


def lazy_ngettext(singular: str, plural: str, num: int, **values: object) -> Lazy:
    """Like ngettext, translated when shown."""
    return Lazy(ngettext, singular, plural, num, **values)


def lazy_pgettext(context: str, message: str, **values: object) -> Lazy:
    """Like pgettext, translated when shown."""
    return Lazy(pgettext, context, message, **values)


def dutch(message: str | Lazy, **values: object) -> str | Markup:
    """The same message in Dutch, unmarked (S1). Takes a msgid, or a lazy text such as a label.

    Of a msgid that is Markup the result is Markup, with the values escaped.
    """
    with speak(DEFAULT):
        if isinstance(message, Lazy):
            return str(message)
        if isinstance(message, Markup):
            return Markup(gettext(str(message))) % values  # noqa: S704 - the text is ours, the values are escaped
        return gettext(message, **values)


def dutch_plural(singular: str, plural: str, num: int, **values: object) -> str:
    """The Dutch form of a message with a number, unmarked. Of msgids that are Markup the result is, as in `dutch`."""
    with speak(DEFAULT):
        if isinstance(singular, Markup):
            escaped = {name: escape(value) for name, value in values.items()}
            return Markup(ngettext(str(singular), str(plural), num, **escaped))  # noqa: S704 - values are escaped
        return ngettext(singular, plural, num, **values)


def dutch_context(context: str, message: str, **values: object) -> str:
    """The Dutch of a message with a context, unmarked."""
    with speak(DEFAULT):
        return pgettext(context, message, **values)
