"""What the worker does: each job calls one service, in an application context and a session of its own."""

from collections.abc import Callable
from contextvars import Context
from pathlib import Path
from typing import Any

from flask import Flask
from huey import MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from app import db, mailer
from app.config import Settings
from app.extensions import queue
from app.services import buddies, kept_forms, matchmaking, programmes, registrations, reminders


def make_huey(settings: Settings) -> Huey:
    """The queue of this deployment: Redis when given, a file beside the database otherwise, at once in tests."""
    if settings.testing:
        return MemoryHuey("samenspoor", immediate=True)
    if settings.redis_url:
        return RedisHuey("samenspoor", url=settings.redis_url)
    folder = Path(settings.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("samenspoor", filename=str(folder / "queue.sqlite3"), fsync=False)


def init_app(app: Flask, settings: Settings) -> None:
    """Make the queue and its jobs known to this application."""
    huey = make_huey(settings)

    def job(work: Callable[..., Any], **options: Any) -> Callable[..., Any]:
        def in_application(*args: Any) -> Any:
            with app.app_context():
                try:
                    return work(*args)
                finally:
                    db.release()

        def apart(*args: Any) -> Any:
            return Context().run(in_application, *args)  # a job never sees the session of a request

        return huey.task(name=work.__name__, **options)(apart)

    def remind_contacts() -> int:
        address = settings.address
        return reminders.remind_contacts(
            lambda locale, token: f"{address}/{locale}/c/{token}",
            lambda locale, entry_id: f"{address}/{locale}/hours/{entry_id}",
        )

    jobs = {
        "deliver_mail": job(mailer.deliver_due),
        "run_matcher": job(matchmaking.carry_out),
        "compare_weights": job(programmes.compare),
        "end_pauses": job(buddies.end_pauses),
        "forget_registrations": job(registrations.forget_old),
        "forget_kept_forms": job(kept_forms.forget_kept_forms),
        "remind_contacts": job(remind_contacts),
    }
    queue.bind(huey, jobs)
    huey.on_startup(name="warm_up")(matchmaking.warm_up)

    @huey.periodic_task(crontab(minute="*"), name="every_minute")
    def every_minute() -> None:
        queue.put("deliver_mail")

    @huey.periodic_task(crontab(minute="5", hour="1"), name="every_night")
    def every_night() -> None:
        for name in ("end_pauses", "forget_registrations", "forget_kept_forms", "remind_contacts"):
            queue.put(name)
