"""Commands for who runs the site: `flask --app wsgi migrate | demo | admin | worker | …`. Thin."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import make_url

from app import db, mailer, running, schema
from app.config import Settings
from app.errors import Refusal
from app.extensions import AWAY, queue
from app.web.addresses import letter_link

SIGN_EVERY = 15  # seconds
DEMO_PEOPLE = "demo-people.txt"


def init_app(app: Flask) -> None:
    """Make the commands known to `flask --app wsgi`."""
    for command in (
        migrate,
        demo,
        admin,
        agree_administrator,
        reset_second_factor,
        worker,
        record_run,
        count_hours,
        export_outcomes,
        let_go,
        erase_again,
        keep_texts,
        messages,
        settings,
        running.backup,
        running.restore,
        running.release_mail,
        running.doctor,
    ):
        app.cli.add_command(command)


@click.command()
def migrate() -> None:
    """Bring the tables of the database to the version of this code."""
    try:
        changed = schema.upgrade(db.engine())
    except schema.UnknownVersionError as error:
        raise click.ClickException(str(error)) from error
    click.echo("The database is up to date now." if changed else "The database was up to date.")


@click.command()
@click.option("--quiet", is_flag=True, help="Do not tell who can sign in; it is kept in DATA_DIR anyway.")
def demo(quiet: bool) -> None:
    """Fill an empty database with an invented Flanders, and tell who can sign in."""
    from app.services.demo import load_demo
    from app.web.demo import demo_links

    try:
        with current_app.test_request_context(base_url=_settings().address):
            people = load_demo(demo_links(), secret_key=_settings().secret_key, say=click.echo)
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    finally:
        db.release()
    text = "".join(f"{line}\n" for line in people)
    (Path(_settings().data_dir) / DEMO_PEOPLE).write_text(text, encoding="utf-8")
    if not quiet:
        click.echo(text, nl=False)


@click.command()
@click.argument("full_name")
@click.argument("email")
@click.option("--language", default="nl", show_default=True, help="The language to write to this person in.")
def admin(full_name: str, email: str, language: str) -> None:
    """Make the first administrator: FULL_NAME and EMAIL. Prints a link, used once, to choose a password."""
    from app.services import administrators

    try:
        token = administrators.first(full_name=full_name, email=email, locale=language)
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    finally:
        db.release()
    with current_app.test_request_context(base_url=_settings().address):  # in service no other host is known
        click.echo(letter_link("accounts.new_password", lang=language, token=token))


@click.command("agree-administrator")
@click.argument("email")
def agree_administrator(email: str) -> None:
    """Agree that EMAIL becomes an administrator, as the screens asked: for a site with a single one, who cannot agree alone."""
    from app.services import administrators

    try:
        with current_app.test_request_context(base_url=_settings().address):
            administrators.agree_by_hand(
                email,
                link_for=lambda locale, token: letter_link("accounts.new_password", lang=locale, token=token),
            )
    except (Refusal, ValueError) as refusal:
        raise click.ClickException(
            "No administrator asked for this address, or it is too long ago."
        ) from refusal
    finally:
        db.release()
    click.echo("This person is an administrator now; a new one gets a mail to choose a password.")


@click.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factor of EMAIL away, who lost the phone: only where no second administrator is left to do it."""
    from app.services import second_factors

    try:
        second_factors.reset_by_hand(email)
    except (Refusal, ValueError) as refusal:
        raise click.ClickException("Nobody with this address has a second factor.") from refusal
    finally:
        db.release()
    click.echo("The second factor is taken away; this person sets up a new one after signing in.")


@click.command()
@click.option("--threads", default=1, show_default=True, help="Jobs done at the same time.")
def worker(threads: int) -> None:
    """Do the jobs: mails, runs of the matcher, and what comes back every minute. SIGTERM lets the job end."""
    from huey.consumer import Consumer

    if queue.huey is None:
        raise click.ClickException("This application has no queue.")
    threading.Thread(target=_give_signs, daemon=True).start()
    # A job that is under way has five seconds to end; what it had to do stands in the database.
    Consumer(queue.huey, workers=threads, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=5).run()
    mailer.stopping.set()


def _give_signs() -> None:
    while True:
        with contextlib.suppress(*AWAY):  # a queue that is away comes back
            queue.beat()
        time.sleep(SIGN_EVERY)


@click.command("record-run")
@click.argument("run_id", type=int)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder for the files."
)
def record_run(run_id: int, out: Path) -> None:
    """Write who waits now in the network of run RUN_ID, without names, for `python -m matching replay`."""
    from app.services import outcomes

    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        newcomers, buddies = outcomes.record_run(run_id, out)
    except Refusal as refusal:
        raise click.ClickException("There is no finished run with this number.") from refusal
    finally:
        db.release()
    click.echo(f"{newcomers} newcomers and {buddies} buddies")


@click.command("count-hours")
def count_hours() -> None:
    """Count the kept sums of all trajectories anew from the hours; prints how many were wrong (none, unless something broke)."""
    from app.services import sums

    try:
        wrong = sums.repair()
    finally:
        db.release()
    click.echo(f"{wrong} sums were wrong and are right now" if wrong else "All sums are right")


@click.command("export-outcomes")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
def export_outcomes(out: Path) -> None:
    """Write what became of decided pairs, without names, for `python -m matching learn`."""
    from app.services import outcomes

    try:
        text, many = outcomes.outcomes_csv()
    finally:
        db.release()
    out.touch(mode=0o600)
    out.write_text(text, encoding="utf-8")
    click.echo(f"{many} decided pairs")


@click.command("let-go")
@click.option(
    "--seconds", default=1_800, show_default=True, help="End after so many seconds; go on the next time."
)
def let_go(seconds: int) -> None:
    """Erase who asked for it, and let go of what was kept long enough; the worker does the same each night."""
    from app.jobs import duo_links_of
    from app.services import forgetting

    settings = _settings()
    try:
        done = forgetting.forget(duo_links_of(settings.address), Path(settings.data_dir), seconds=seconds)
    finally:
        db.release()
    click.echo("".join(f"{name}: {many}\n" for name, many in done.items()), nl=False)


@click.command("keep-texts")
def keep_texts() -> None:
    """Keep the words of today's versions of what people agree to; run it when a version is new, before the site is brought out."""
    from app.i18n import DEFAULT, LANGUAGES, speak
    from app.reference.agreed_texts import FILE
    from app.vocabulary.registrations import AGREED_WORDS, CONSENT_VERSIONS

    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for text, version in CONSENT_VERSIONS.items():
        for language in sorted({DEFAULT, *(item.tag for item in LANGUAGES)}):
            with speak(language):
                words = [str(sentence) for sentence in AGREED_WORDS[text.value]]
            kept.setdefault(text.value, {}).setdefault(version, {}).setdefault(language, words)
    FILE.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(
        "".join(f"{text}: {', '.join(sorted(versions))}\n" for text, versions in kept.items()), nl=False
    )


@click.command("erase-again")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def erase_again(file: Path | None) -> None:
    """After a backup was put back: erase everybody again who stands in FILE, else in the list of DATA_DIR.

    FILE holds the tombstones, as they are kept beside the backups.
    """
    from app.services import tombstones

    file = file or Path(_settings().data_dir) / tombstones.FILE
    try:
        found = tombstones.read(file)
        if not found:
            raise click.ClickException(
                f"No list of who was erased: {file} {'is empty' if file.exists() else 'is not there'}."
            )
        if not tombstones.somebody_is_here():
            raise click.ClickException(
                f"Nobody is in the database {make_url(_settings().database)}: is it that of the site?"
            )
        many, left = tombstones.bury_again(found), len(tombstones.here(found))
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"{file} does not hold tombstones.") from error
    finally:
        db.release()
    click.echo(f"{many} people are erased again")
    if left:
        raise click.ClickException(f"{left} people could not be erased again: the log says why.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def messages(words: tuple[str, ...]) -> None:
    """Collect the texts for the translators, merge, compile and report; or the WORDS of app/i18n/messages.py."""
    from app.i18n.messages import main

    raise SystemExit(main(list(words)))


@click.command("settings")
def settings() -> None:
    """Print every setting with its default and its meaning, as the table of docs/running.md."""
    click.echo(settings_table(), nl=False)


def settings_table() -> str:
    """Every setting as a table in Markdown: environment variable, default, meaning."""
    rows = [("Variable", "Default", "Meaning"), ("---", "---", "---")]
    rows += [
        (f"`{name}`", f"`{default}`" if default else "", meaning)
        for name, default, meaning in Settings.table()
    ]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |\n" for row in rows)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
