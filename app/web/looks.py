"""Whose looks at activities count: people who look for one, not staff, and not machines."""

import re
from collections.abc import Iterable
from typing import Final

from flask import request

from app.clock import today
from app.extensions import queue
from app.security.permissions import Permission
from app.web.viewing import the_viewer

ROBOT: Final = re.compile(
    r"bot|crawl|spider|preview|facebookexternalhit|whatsapp|slack|telegram|skype", re.IGNORECASE
)


def by_machine() -> bool:
    """Whether a program asks that says of itself that it reads pages for others."""
    return bool(ROBOT.search(request.user_agent.string))


def count_shown(offer_ids: Iterable[int]) -> None:
    """Count that a search showed these activities, where a person looked for one."""
    shown = sorted(set(offer_ids))
    if shown and _counts():
        queue.hint("count_looks", shown, "shown", today().isoformat())


def count_opened(offer_id: int) -> None:
    """Count that somebody opened an activity, where that was a person who looks for one."""
    if _counts():
        queue.hint("count_looks", [offer_id], "opened", today().isoformat())


def _counts() -> bool:
    """Not for who only asks what there is (HEAD), nor a browser that fetches ahead, nor who works with activities."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    works = any(the_viewer().can(it) for it in (Permission.EDIT_OFFER, Permission.SEE_REPORT))
    return request.method == "GET" and not ahead and not works and not by_machine()
