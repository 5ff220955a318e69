"""A page whose form is filled in with what somebody typed before, whichever template wrote it."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape

Typed = Mapping[str, Sequence[str]]

_REST = r"""(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>"""
_FORM = re.compile(rf"(<form\b{_REST})(.*?)</form>", re.DOTALL)
_CONTROL = re.compile(
    rf"(?P<input><input\b{_REST})"
    rf"|(?P<textarea><textarea\b{_REST})[^<]*</textarea>"
    rf"|(?P<select><select\b{_REST})(?P<options>.*?)</select>",
    re.DOTALL,
)
_OPTION = re.compile(rf"(<option\b{_REST})([^<]*)")
_NEVER = {"hidden", "submit", "button", "image", "reset", "file", "password"}
_TICKED = {"checkbox", "radio"}


def fill(page: str, typed: Typed, is_action: Callable[[str], bool]) -> str:
    """The page with `typed` (name -> values in order) in the one form that it fits; nothing else changes.

    That is the form sent to where `is_action` says, then the one with most of these names. Passwords, files
    and hidden fields are left alone. The form is marked `data-kept`: it holds what is kept nowhere yet.
    """
    best, at = (False, 0), None
    for form in _FORM.finditer(page):
        if _value(form[1], "method").lower() != "post":
            continue
        known = sum(name in typed for name in _names(form[2]))
        score = (is_action(_value(form[1], "action")), known)
        if known and score > best:
            best, at = score, form
    if at is None:
        return page
    opening = at[1] if re.search(r"\sdata-kept\b", at[1]) else _with(at[1], "data-kept", "")
    return f"{page[: at.start()]}{opening}{_Filler(typed).filled(at[2])}</form>{page[at.end() :]}"


class _Filler:
    """Puts values into the controls of one form; fields of the same name get their values in order."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.waiting = {name: list(values) for name, values in typed.items()}

    def filled(self, form: str) -> str:
        return _CONTROL.sub(self._control, form)

    def _control(self, found: re.Match[str]) -> str:
        tag = found["input"] or found["textarea"] or found["select"]
        name, kind = _value(tag, "name"), _value(tag, "type").lower()
        if not name or kind in _NEVER:
            return found[0]
        if kind in _TICKED:
            return _marked(tag, "checked", (_value(tag, "value") or "on") in self.typed.get(name, ()))
        if name not in self.typed:
            return found[0]
        if found["select"]:
            return f"{tag}{_OPTION.sub(lambda option: self._option(name, option), found['options'])}</select>"
        value = self.waiting[name].pop(0) if self.waiting[name] else ""
        if found["textarea"]:
            return f"{tag}\n{escape(value)}</textarea>"
        return _with(tag, "value", value)

    def _option(self, name: str, option: re.Match[str]) -> str:
        value = _value(option[1], "value") if " value=" in option[1] else unescape(option[2]).strip()
        return _marked(option[1], "selected", value in self.typed[name]) + option[2]


def _names(form: str) -> set[str]:
    """The names of the controls of a form in which somebody can type or choose."""
    tags = (found["input"] or found["textarea"] or found["select"] for found in _CONTROL.finditer(form))
    return {_value(tag, "name") for tag in tags if _value(tag, "type").lower() not in _NEVER}


def _value(tag: str, attribute: str) -> str:
    """What an attribute of a start tag holds, the empty text without it."""
    found = re.search(rf'\s{attribute}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _with(tag: str, attribute: str, value: str) -> str:
    """The start tag with that attribute, and no other of that name."""
    bare = re.sub(rf'\s{attribute}="[^"]*"', "", tag)
    return f'{bare.rstrip(">").rstrip("/").rstrip()} {attribute}="{escape(value)}">'


def _marked(tag: str, attribute: str, on: bool) -> str:
    """The start tag with that mark, or without it."""
    bare = re.sub(rf'\s{attribute}(?:="[^"]*")?(?=[\s/>])', "", tag)
    return f"{bare[:-1].rstrip('/').rstrip()} {attribute}>" if on else bare
