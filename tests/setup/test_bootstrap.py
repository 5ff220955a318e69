"""The set-up: what it needs, what it says when something is missing, and that it leaves alone what is done."""

import ast
import errno
import json
import socket
import subprocess
import sys

import pytest

from app import bootstrap
from tests.architecture.source import ROOT

FILE = ROOT / "app" / "bootstrap.py"
OFFLINE = """\
WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(<pip.HTTPSConnection>: Failed to
establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/flask/
ERROR: Could not find a version that satisfies the requirement flask==3.1.3 (from versions: none)
ERROR: No matching distribution found for flask==3.1.3
"""


@pytest.fixture
def project(tmp_path):
    """A project with lock files, without an environment."""
    (tmp_path / "requirements.txt").write_text("flask==3.1.3 \\\n    --hash=sha256:00\n", encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "requirements.txt").write_text("pytest==9.2.0\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def taken():
    """A port of this machine that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-I", FILE, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_an_old_python_can_read_it():
    ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_it_needs_nothing_that_is_not_there_yet():
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13), (2, 7, 18)])
def test_an_old_python_gets_one_line(version):
    with pytest.raises(bootstrap.Refusal) as refusal:
        bootstrap.require_python(version, "/usr/bin/python3")
    assert str(refusal.value).startswith(
        f"Python 3.11 or newer is needed, this is {'.'.join(map(str, version))}"
    )
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14), (4, 0, 1)])
def test_a_new_python_will_do(version):
    bootstrap.require_python(version, "python3")


def test_a_port_in_use_is_named_with_the_way_out(taken):
    done = run("run", PORT=str(taken))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {taken} is in use by another program: take another one, for example PORT={taken + 1}.\n"
    )
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["0", "65536", "abc", "-1", "80 80", "٨٠"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(bootstrap.Refusal, match="is not a port"):
        bootstrap.require_port({"PORT": port})


def test_a_free_port_will_do(taken):
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert bootstrap.require_port({"PORT": str(free)}) == free


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(bootstrap.Refusal, match=r"HOST=|cannot be used"):
        bootstrap.require_port({"PORT": "8000", "HOST": "192.0.2.1"})


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EADDRINUSE, "in use"), (errno.EACCES, "above 1023"), (errno.EADDRNOTAVAIL, "HOST=")],
)
def test_each_refusal_of_a_port_says_what_to_do(number, words):
    assert words in bootstrap.port_refused(OSError(number, "no"), "127.0.0.1", "65535")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (OFFLINE, "needs a network"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "differs from the lock file",
        ),
        ("[Errno 13] Permission denied: '/srv/.venv'", "No permission to write"),
        ("ERROR: No matching distribution found for numba==0.68.1", "no ready-made numba==0.68.1"),
        ("something\nERROR: The sky fell.\n", "The sky fell. See .cache/set-up.log."),
        ("", "no reason was given"),
    ],
)
def test_what_pip_wrote_becomes_one_line(project, written, words):
    line = bootstrap.reason_of(written, project, "The packages could not be installed")
    assert words in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "No permission"), (errno.EIO, "secret")],
)
def test_what_the_file_system_refuses_becomes_one_line(project, number, words):
    line = bootstrap.permission(OSError(number, "words", "secret"), project)
    assert words in line
    assert "\n" not in line


def test_a_full_disk_is_seen_before_anything_is_written(project):
    with pytest.raises(bootstrap.Refusal, match="The disk is full"):
        bootstrap.require_room(project, 10**18)
    bootstrap.require_room(project, 1)


def test_a_debian_without_venv_is_told_the_package(monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(bootstrap.Refusal, match=r"apt install python3-venv"):
        bootstrap.require_venv_module((3, 11, 2))


def make_ready(project, files):
    """Pretend that those lock files were installed."""
    python = bootstrap.python_of(project)
    python.parent.mkdir(parents=True)
    python.touch()
    marks = {name: bootstrap.digest(project, [name]) for name in files}
    bootstrap.stamp_of(project).write_text(json.dumps(marks), encoding="utf-8")


def test_a_finished_set_up_is_left_alone(project, monkeypatch):
    make_ready(project, bootstrap.TESTS)
    monkeypatch.setattr(bootstrap, "install", lambda *_: pytest.fail("installed again"))
    bootstrap.set_up(project, bootstrap.RUNTIME)
    bootstrap.set_up(project, bootstrap.TESTS)
    assert not (project / ".cache").exists()


def test_a_changed_lock_file_is_installed(project, monkeypatch):
    make_ready(project, bootstrap.RUNTIME)
    done = []
    monkeypatch.setattr(bootstrap, "make_venv", lambda _root: None)
    monkeypatch.setattr(bootstrap, "install", lambda _root, files: done.append(files))
    (project / "requirements.txt").write_text("flask==3.1.4\n", encoding="utf-8")
    bootstrap.set_up(project, bootstrap.RUNTIME)
    assert done == [bootstrap.RUNTIME]


def test_the_tests_need_their_own_lock_file_too(project):
    make_ready(project, bootstrap.RUNTIME)
    assert bootstrap.is_ready(project, bootstrap.RUNTIME)
    assert not bootstrap.is_ready(project, bootstrap.TESTS)


def test_a_broken_stamp_means_not_ready(project):
    make_ready(project, bootstrap.RUNTIME)
    bootstrap.stamp_of(project).write_text("[]", encoding="utf-8")
    assert not bootstrap.is_ready(project, bootstrap.RUNTIME)
    bootstrap.stamp_of(project).write_text("{", encoding="utf-8")
    assert not bootstrap.is_ready(project, bootstrap.RUNTIME)


def test_the_exit_code_and_words_of_pip_are_kept(tmp_path):
    program = "print('Collecting a'); print('Installing collected packages: a'); raise SystemExit(3)"
    code, text = bootstrap.follow([sys.executable, "-c", program], tmp_path, 1)
    assert code == 3
    assert "Collecting a" in text


@pytest.mark.parametrize("words", [[], ["dance"]])
def test_an_unknown_verb_is_told_the_known_ones(words):
    done = run(*words)
    assert done.returncode == 2
    assert (
        done.stdout
        == "Say what to do: run, translations, test, check, coverage, format, sheet, soak, lock.\n"
    )


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_lock_files_pin_everything_with_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = [
        entry
        for entry in text.replace("\\\n", " ").splitlines()
        if entry and not entry.lstrip().startswith("#")
    ]
    assert len(entries) > 30
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
