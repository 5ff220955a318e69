"""The files of docs/service and the example of settings, read by the programs that will read them."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from dataclasses import fields

import pytest

from app import MEGABYTE
from app.config import Settings
from app.web.bodies import LARGER
from tests.architecture.source import ROOT

FOLDER = ROOT / "docs" / "service"
UNITS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".service", ".timer"})
HOME = "/srv/samenspoor"


@pytest.fixture
def units(tmp_path):
    """The units as they are, but for a site that lies here."""
    for name in UNITS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(HOME, str(ROOT)), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_taken_by_systemd(units, name):
    """By its own words where systemd is there; everywhere, what it starts and reads is what the manual names."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(units / name, encoding="utf-8")
    assert parser["Unit"]["Description"]
    if name.endswith(".service"):
        assert parser["Service"]["EnvironmentFile"] == "/etc/samenspoor.env"
        assert parser["Service"]["WorkingDirectory"] == str(ROOT)
    if found := shutil.which("systemd-analyze"):
        done = subprocess.run(
            [found, "verify", "--man=no", str(units / name)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_proxy_lets_through_what_the_site_takes_in(site):
    words = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    (general,) = re.findall(r"^    client_max_body_size (\d+)m;", words, re.MULTILINE)
    assert int(general) * MEGABYTE == site.config["MAX_CONTENT_LENGTH"]
    places = re.findall(r"location ~ (\S+) \{\s+client_max_body_size (\d+)m;", words)
    larger = site.extensions[LARGER]
    assert len(places) == len(larger)
    for endpoint, most in larger.items():
        (rule,) = (rule for rule in site.url_map.iter_rules(endpoint) if "POST" in rule.methods)
        assert [int(size) * MEGABYTE for place, size in places if re.match(place, rule.rule)] == [most]


def test_no_command_of_the_manual_looks_at_an_empty_site():
    """Without the settings of the service a command works on the embedded database of an empty folder.

    Two need no settings: one prints their table, the other is for who changes the code.
    """
    without = r"(?:^    |`)\.venv/bin/flask --app wsgi ([a-z-]+)"
    found = {
        command
        for page in sorted((ROOT / "docs").glob("*.md"))
        for command in re.findall(without, page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == {"settings", "keep-texts"}


def test_every_command_of_the_manual_is_one_of_the_site(site):
    manual = (ROOT / "docs" / "running.md").read_text(encoding="utf-8") + (
        ROOT / "docs" / "privacy.md"
    ).read_text("utf-8")
    found = set(re.findall(r"sudo samenspoor ([a-z-]+)", manual))
    assert {"doctor", "let-go", "erase-again", "record-run"} <= found <= set(site.cli.commands)


def example():
    """The lines of `/etc/samenspoor.env` in the manual."""
    manual = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"\n\n((?:    .*\n)*    PRODUCTION=1\n(?:    .*\n)*)", manual)
    return [line.removeprefix("    ") for line in block.splitlines()]


def test_the_example_of_settings_says_the_same_to_systemd_and_to_a_shell(tmp_path):
    lines = [line for line in example() if not line.startswith("#")]
    by_systemd = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
    assert not [value for value in by_systemd.values() if "#" in value], (
        "a remark would be a part of the value"
    )
    assert set(by_systemd) <= {item.name.upper() for item in fields(Settings)}
    (tmp_path / "env").write_text("\n".join(example()), encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f"set -eua; . {tmp_path}/env; env"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )  # fmt: skip
    by_shell = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert {name: by_shell[name] for name in by_systemd} == by_systemd


def test_the_command_of_the_service_runs_those_of_the_site_with_its_settings(tmp_path):
    """Its own words, with another place, another file and another user's program."""
    (tmp_path / "env").write_text('DATA_DIR=/somewhere\nMAIL_FROM="A <a@example.org>"\n', encoding="utf-8")
    (tmp_path / "runuser").write_text('#!/bin/sh\necho "$MAIL_FROM" "$PWD" "$@"\n', encoding="utf-8")
    (tmp_path / "runuser").chmod(0o700)
    words = (FOLDER / "samenspoor").read_text(encoding="utf-8")
    (tmp_path / "command").write_text(
        words.replace(HOME, str(ROOT)).replace("/etc/samenspoor.env", str(tmp_path / "env")), encoding="utf-8"
    )
    done = subprocess.run(
        ["sh", str(tmp_path / "command"), "backup", "a file"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == (
        f"A <a@example.org> {ROOT} -u samenspoor -- .venv/bin/flask --app wsgi backup a file\n"
    )
