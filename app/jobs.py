"""What the worker does: each job calls one service, in an application context and a session of its own."""

import logging
from collections.abc import Callable
from contextvars import Context
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any
from uuid import uuid4

from flask import Flask
from huey import MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from app import db, logs, mailer
from app.config import Settings
from app.extensions import queue
from app.services import (
    accounts,
    administrators,
    arrivals,
    availability,
    buddies,
    forgetting,
    inactivity,
    kept_forms,
    listings,
    loan_requests,
    loans,
    looks,
    matchmaking,
    monday,
    offer_endings,
    offer_lists,
    programmes,
    publishing,
    registrations,
    reminders,
    sign_up_letters,
    unanswered,
    wishes,
)
from app.services.duo_letters import DuoLinks
from app.services.offer_lists.fetching import hosts_of
from app.services.sign_up_letters import ActivityLinks
from app.vocabulary.records import LinkPurpose

COMING_IN = {LinkPurpose.SIGN_IN: "sign-in/link", LinkPurpose.RESET_PASSWORD: "password"}
log = logging.getLogger(__name__)

NIGHTLY = (
    "end_pauses", "lapse_screenings", "ask_the_silent", "forget_kept_forms", "remind_contacts",
    "lapse_wishes", "lapse_unanswered", "end_loans", "end_requests", "send_lists", "ask_who_goes_on", "end_offers",
    "refresh_listings", "sum_looks", "forget_requests", "ask_who_stays", "let_go",
)  # fmt: skip


def make_huey(settings: Settings) -> Huey:
    """The queue of this deployment: Redis when given, a file beside the database otherwise, at once in tests."""
    if settings.testing:
        return MemoryHuey("samenspoor", immediate=True)
    if settings.redis_url:
        return RedisHuey("samenspoor", url=settings.redis_url)
    folder = Path(settings.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("samenspoor", filename=str(folder / "queue.sqlite3"), fsync=False)


def duo_links_of(address: str) -> DuoLinks:
    """Where letters about a duo lead, on a site with that address."""
    return DuoLinks(
        answer=lambda locale, token: f"{address}/{locale}/d/{token}",
        mine=lambda locale: f"{address}/{locale}/my-duo",
        report=lambda locale, token: f"{address}/{locale}/d/{token}/report",
        look_back=lambda locale, token: f"{address}/{locale}/d/{token}/look-back",
    )


def with_links(address: str, folder: Path) -> dict[str, Callable[..., Any]]:
    """The jobs that write letters with links, by name; outside a request the address of the site is a setting.

    `folder` is where the tombstones of people who were erased are kept beside the database.
    """
    duo_links = duo_links_of(address)

    def remind_contacts() -> int:
        return reminders.remind_contacts(
            lambda locale, token: f"{address}/{locale}/c/{token}",
            lambda locale, entry_id: f"{address}/{locale}/hours/{entry_id}",
        )

    def tell_published() -> int:
        return publishing.tell_due(duo_links)

    def lapse_unanswered() -> int:
        return unanswered.lapse_unanswered(duo_links)

    def send_lists() -> int:
        return monday.send_lists(lambda locale: f"{address}/{locale}/today")

    def ask_the_silent() -> int:
        return availability.ask_the_silent(lambda locale, token: f"{address}/{locale}/a/{token}")

    def ask_who_goes_on() -> int:
        return offer_endings.ask_who_goes_on(lambda locale, token: f"{address}/{locale}/g/{token}")

    def ask_who_stays() -> int:
        return inactivity.ask_who_stays(lambda locale, token: f"{address}/{locale}/k/{token}")

    def let_go() -> dict[str, int]:
        return forgetting.forget(duo_links, folder)

    def send_link(canonical: str, purpose: str) -> None:
        asked = LinkPurpose(purpose)
        door = COMING_IN[asked]
        accounts.send_link(canonical, asked, lambda locale, token: f"{address}/{locale}/{door}/{token}")

    letters_to_new = registrations.Addresses(
        confirm=lambda locale, token: f"{address}/{locale}/confirm-address/{token}",
        sign_in=lambda locale: f"{address}/{locale}/sign-in",
    )

    def make_arrival(registration_id: int) -> None:
        arrivals.make(registration_id, letters_to_new)

    works = (
        send_link,
        make_arrival,
        remind_contacts,
        tell_published,
        send_lists,
        lapse_unanswered,
        ask_the_silent,
        ask_who_goes_on,
        ask_who_stays,
        let_go,
    )
    return {work.__name__: work for work in works} | _about_activities(address)


def _about_activities(address: str) -> dict[str, Callable[[], Any]]:
    links = ActivityLinks(
        leave=lambda locale, token: f"{address}/{locale}/j/{token}",
        people=lambda locale, token: f"{address}/{locale}/t/{token}",
        find=lambda locale: f"{address}/{locale}/activities",
    )

    def tell_about_activities() -> int:
        return sign_up_letters.tell_about_activities(links)

    def remind_about_activities() -> int:
        return sign_up_letters.remind_about_activities(links)

    return {work.__name__: work for work in (tell_about_activities, remind_about_activities)}


def of_lists(settings: Settings) -> dict[str, Callable[[int], None]]:
    """The jobs that read and take over lists of activities, by name: where may be fetched is a setting."""
    own_source = settings.address.split("//")[1].split(":", maxsplit=1)[0]

    def read_offer_list(list_id: int) -> None:
        offer_lists.read_list(list_id, hosts=hosts_of(settings.feed_hosts), own_source=own_source)

    def take_offer_list(list_id: int) -> None:
        offer_lists.take_list(list_id, own_source=own_source)

    return {work.__name__: work for work in (read_offer_list, take_offer_list)}


def plan(huey: Huey) -> None:
    """What comes back by itself: every minute, every hour of the day and every night."""

    @huey.periodic_task(crontab(minute="*"), name="every_minute")
    def every_minute() -> None:
        queue.put("tell_published")
        queue.put("make_waiting")
        queue.put("deliver_mail")

    @huey.periodic_task(crontab(minute="20", hour="7-17"), name="every_hour_of_the_day")
    def every_hour_of_the_day() -> None:
        queue.put("tell_about_activities")
        queue.put("remind_about_activities")

    @huey.periodic_task(crontab(minute="5", hour="1"), name="every_night")
    def every_night() -> None:
        for name in NIGHTLY:
            queue.put(name)


def told(work: Callable[..., Any]) -> Callable[..., None]:
    """That work, with its fault in the log instead of on the terminal: nobody waits for what a thread of its own does."""

    def do(*args: Any) -> None:
        try:
            work(*args)
        except Exception:
            log.exception("a job beside the others failed")

    return do


def init_app(app: Flask, settings: Settings) -> None:
    """Make the queue and its jobs known to this application."""
    huey = make_huey(settings)

    def job(work: Callable[..., Any], *, beside: bool = False) -> Callable[..., Any]:
        def in_application(*args: Any) -> Any:
            with app.app_context(), logs.about(f"{work.__name__}-{uuid4().hex[:12]}"):
                began = perf_counter()
                try:
                    return work(*args)
                finally:
                    db.release()
                    if settings.json_logs:
                        took = round((perf_counter() - began) * 1000, 1)
                        log.info("job", extra={"facts": {"job": work.__name__, "ms": took}})

        def apart(*args: Any) -> Any:
            return Context().run(in_application, *args)  # a job never sees the session of a request

        def aside(*args: Any) -> None:
            Thread(target=told(apart), args=args, name=work.__name__).start()

        return huey.task(name=work.__name__)(aside if beside and not huey.immediate else apart)

    jobs = {
        # A slow mail server holds up no other job: mail goes out beside them, by one thread at a time (only_one).
        "deliver_mail": job(mailer.deliver_due, beside=True),
        "forget_requests": job(administrators.forget_requests),
        "make_waiting": job(arrivals.make_waiting),
        "run_matcher": job(matchmaking.carry_out),
        "compare_weights": job(programmes.compare),
        "end_pauses": job(buddies.end_pauses),
        "lapse_screenings": job(buddies.lapse_screenings),
        "forget_kept_forms": job(kept_forms.forget_kept_forms),
        "lapse_wishes": job(wishes.lapse_wishes),
        "end_loans": job(loans.end_loans),
        "end_offers": job(offer_endings.end_offers),
        "refresh_listings": job(listings.refresh_listings),
        "end_requests": job(loan_requests.end_requests),
        "count_looks": job(looks.count_looks),
        "sum_looks": job(looks.sum_looks),
        **{
            name: job(work)
            for name, work in (
                with_links(settings.address, Path(settings.data_dir)) | of_lists(settings)
            ).items()
        },
    }
    queue.bind(huey, jobs)
    huey.on_startup(name="warm_up")(matchmaking.warm_up)

    @huey.on_startup(name="go_on")
    def go_on() -> None:
        """Mail that waited while there was no worker does not wait for the next minute as well."""
        queue.put("deliver_mail")

    plan(huey)
