"""People who are signed in at a served site and act at the same moment; and a site with one guard taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app.services import accounts
from tests.soak.served import FIRST_START, Answer, Served, Visitor, at_once

COOKIE = "samenspoor"
LATEST = 30.0  # seconds within which everybody has to be answered
HOOK = '''"""Runs `weaken` on a module of the site as soon as it is loaded: for showing that a measurement can fail."""
import importlib.abc
import importlib.util
import sys

NAME = {name!r}


{code}


class Weakening(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        spec.loader.exec_module = lambda module: (load(module), weaken(module))
        return spec


sys.meta_path.insert(0, Weakening())
'''


@dataclass(frozen=True)
class Act:
    """Somebody who sends a form to a path."""

    who: Visitor
    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Heard:
    """What a crowd heard: how many it was done for, how many were refused and told so, all others, and the slowest."""

    done: int
    refused: int
    odd: tuple[int, ...]
    slowest: float

    @property
    def faults(self) -> int:
        """How many answers were faults of the site."""
        return sum(status >= 500 for status in self.odd)


def signed_in(app: Flask, site: Served, person_id: int) -> Visitor:
    """A browser in which that person is signed in, by a sign-in straight in the database."""
    visitor = Visitor(site.address, patience=4 * LATEST)
    kept = {"_user_id": accounts.sign_in(person_id), "_fresh": True}
    visitor.cookies[COOKIE] = _writer(app).dumps(kept)
    return visitor


def twin(visitor: Visitor) -> Visitor:
    """The same browser once more, as another tab of it that sends at the same moment."""
    other = Visitor(f"http://{visitor.host}:{visitor.port}", patience=visitor.patience)
    other.cookies, other.token, other.from_address = (
        dict(visitor.cookies),
        visitor.token,
        visitor.from_address,
    )
    return other


def sent_at_once(acts: Sequence[Act]) -> list[tuple[Answer, Visitor]]:
    """Each form from a tab of its own, all at the same moment; the answers, each with its tab."""

    def send(act: Act) -> tuple[Answer, Visitor]:
        tab = twin(act.who)
        return tab.send("POST", act.path, act.fields), tab

    return at_once([partial(send, act) for act in acts])


def heard(app: Flask, answers: Sequence[tuple[Answer, Visitor]], good: str) -> Heard:
    """What they heard; `good` is the kind of message with which the site says that it was done, none where it shows it."""
    done, refused, odd = 0, 0, []
    for answer, tab in answers:
        kinds = [kind for kind, _words in _writer(app).loads(tab.cookies[COOKIE]).get("_flashes", [])]
        if answer.status == 303 and (good in kinds if good else not kinds):
            done += 1
        elif (answer.status == 303 and "wait" in kinds) or answer.status in (409, 422):
            refused += 1
        else:
            odd.append(answer.status)
    return Heard(done, refused, tuple(odd), max(answer.seconds for answer, _tab in answers))


def weakened(folder: Path, name: str, code: str) -> dict[str, str]:
    """Settings of a site in which `code`, a function `weaken(module)`, is run on the module of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(HOOK.format(name=name, code=code), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def start_weakened(site: Served, folder: Path, name: str, code: str) -> None:
    """Start the site again with a guard taken out."""
    site.kill()
    site.environment |= weakened(folder, name, code)
    site.start()
    site.ready(FIRST_START)


def _writer(app: Flask) -> Any:
    return SecureCookieSessionInterface().get_signing_serializer(app)
