"""Commands that keep a site safe: `flask --app wsgi backup | restore | release-mail | doctor`. Thin."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from app import db
from app.clock import in_brussels, now
from app.config import Settings
from app.queries.retention import days_kept
from app.services import backups
from app.services.doctor import examine
from app.vocabulary.retention import RetentionKind

KEY_FILE = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file whose first line is the key; otherwise BACKUP_KEY.",
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--check", is_flag=True, help="Write nothing: read FILE to its end and tell whether it is whole."
)
@click.option(
    "--unsealed", is_flag=True, help="Write, or check, a file that everybody can read, without a key."
)
@click.option(
    "--forget-days",
    type=click.IntRange(min=1),
    help="Remove backups beside FILE that are older; in DATA_DIR/backups as the site is set, if not given.",
)
@KEY_FILE
def backup(
    file: Path | None, check: bool, unsealed: bool, forget_days: int | None, key_file: Path | None
) -> None:
    """Write everything to FILE (a new one in DATA_DIR/backups if not given), while people work; then read it again."""
    key = "" if unsealed else _key(key_file)
    own = file is None
    if file is None:
        if check:
            raise click.UsageError("Say which FILE to check.")
        file = _folder() / f"samenspoor-{in_brussels(now()):%Y%m%d-%H%M%S}{backups.ENDING}"
    try:
        if check:
            counts = backups.check(file, key=key)
        elif key or unsealed:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            counts = backups.write(db.engine(), file, key=key, secret_key=_settings().secret_key)
            forget_days = forget_days or (days_kept()[RetentionKind.BACKUPS] if own else None)
        else:
            raise click.ClickException("Give a key by BACKUP_KEY or --key-file, or say --unsealed.")
    except (backups.BadBackup, OSError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        db.release()
    click.echo(f"{file} is whole: {sum(counts.values())} rows of {len(counts)} tables")
    if forget_days and not check:
        click.echo(f"{backups.forget(file.parent, days=forget_days)} older backups are removed")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite a database that has people in it.")
@click.option(
    "--as-it-was",
    is_flag=True,
    help="Leave the tables in the version of the backup, to go back to older code.",
)
@click.option("--unsealed", is_flag=True, help="Trust a file that is not sealed: anybody can have made it.")
@KEY_FILE
def restore(file: Path, replace: bool, as_it_was: bool, unsealed: bool, key_file: Path | None) -> None:
    """Put the backup FILE back, with the site stopped. Nobody is signed in then, and no mail goes out a second time."""
    settings = _settings()
    try:
        done = backups.restore(
            db.engine(), file, key="" if unsealed else _key(key_file), secret_key=settings.secret_key,
            folder=Path(settings.data_dir), replace=replace, newest=not as_it_was,
        )  # fmt: skip
    except (backups.BadBackup, OSError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        db.release()
    click.echo(f"{sum(done.counts.values())} rows of {len(done.counts)} tables are back")
    if as_it_was:
        click.echo(
            "Who was erased after this backup is back: put it back without --as-it-was as soon as you can."
        )
    else:
        click.echo(f"{done.erased} people were erased after this backup and are erased again")
    if done.left:
        click.echo(
            f"{done.left} people could not be erased again: the worker tries it each night, its log says why."
        )
    click.echo(
        f"{done.held} mails are held, because they may have gone out: `flask release-mail` lets them go"
    )
    if done.other_secret:
        click.echo("SECRET_KEY is another one than then: personal codes on paper cards do not work any more.")


@click.command("release-mail")
def release_mail() -> None:
    """Let the mails go out that the last restore has held back, because they may have gone out before."""
    click.echo(f"{backups.release_mail(db.engine())} mails are on their way")


@click.command()
def doctor() -> None:
    """Look at all that the site stands on; one line each, and exit code 1 when anything wants mending."""
    findings = list(examine(_settings()))
    db.release()
    for finding in findings:
        click.echo(f"{'ok ' if finding.well else 'NOT'} {finding.name}: {finding.words}")
    if not all(finding.well for finding in findings):
        raise SystemExit(1)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _folder() -> Path:
    return Path(_settings().data_dir) / "backups"


def _key(file: Path | None) -> str:
    if file is None:
        return _settings().backup_key
    return (file.read_text(encoding="utf-8").splitlines() or [""])[0].strip()
