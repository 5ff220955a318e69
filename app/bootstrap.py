"""Set-up by one command, for a machine that has nothing but Python and make.

`python3 app/bootstrap.py run|test|check|coverage|format|translations|sheet|soak|lock` makes `.venv`, installs what
the lock files name (with their hashes, wheels only) when they changed, and then becomes the program
that was asked for.  Only the standard library is used, in a syntax that Python 3.7 still reads, so
that a Python that is too old gets one clear line instead of a SyntaxError.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
DEFAULT_PORT = "8000"

RUNTIME = ("requirements.txt",)
TESTS = ("requirements.txt", "tests/requirements.txt")
# verb: (what is installed, what it becomes)
VERBS = {
    "run": (RUNTIME, ("-m", "app.serve")),
    "translations": (RUNTIME, ("-m", "app.i18n.messages")),
    "test": (TESTS, ("-m", "tests", "all")),
    "check": (TESTS, ("-m", "tests", "check")),
    "coverage": (TESTS, ("-m", "tests", "coverage")),
    "format": (TESTS, ("-m", "tests", "format")),
    "sheet": (TESTS, ("docs/contact_sheet.py",)),
    "soak": (TESTS, ("-m", "tests.soak")),
}
# Free space that an installation needs, in bytes: what was measured and a quarter more.
ROOM = {RUNTIME: 1_050_000_000, TESTS: 2_050_000_000}

LOCK_TOOL = "uv==0.13.8"
LOCKS = (("requirements.in", "requirements.txt"), ("tests/requirements.in", "tests/requirements.txt"))

# What pip writes, and what it means to the person who waits.
PIP_REASONS = (
    (r"No space left on device", "The disk is full: free about 2 GB on the disk of {root} and start again."),
    (
        r"THESE PACKAGES DO NOT MATCH THE HASHES|Hashes are required",
        "A downloaded package differs from the lock file: nothing was installed. See {log}.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Temporary failure in name resolution|ProxyError"
        r"|ConnectTimeoutError|ReadTimeoutError|Network is unreachable|Connection refused|Max retries exceeded",
        "No connection to the Python package index: the first start needs a network. See {log}.",
    ),
    (
        r"Permission denied|Read-only file system",
        "No permission to write in {root}: take a folder of your own, or change its owner.",
    ),
    (
        r"No matching distribution found for (\S+)",
        "The package index has no ready-made {0} for this Python and this machine. See {log}.",
    ),
)


class Refusal(Exception):
    """Something on this machine stands in the way; the message says what, and what to do, in one line."""


def say(line: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(line, flush=True)


def require_python(version: Sequence[int], executable: str) -> None:
    """Refuse a Python of that version, at least major and minor, when it is too old."""
    if tuple(version[:2]) < NEEDED:
        raise Refusal(
            "Python %d.%d or newer is needed, this is %s (%s): install it, or say where it is with "
            "PYTHON=/path/to/python3.11 make run." % (*NEEDED, ".".join(map(str, version[:3])), executable)
        )


def newer_python() -> str | None:
    """Return the path of a Python on the PATH that is new enough and answers, or None."""
    for name in NEWER:
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    return None


def require_port(environment: Mapping[str, str]) -> int:
    """Return the port of `PORT` and `HOST` that the site will listen on, after seeing that it is free."""
    text = environment.get("PORT") or DEFAULT_PORT
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise Refusal("PORT=%s is not a port: give a number from 1 to 65535, for example PORT=8080." % text)
    host = environment.get("HOST") or "127.0.0.1"
    try:
        found = socket.getaddrinfo(host, int(text), type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except socket.gaierror:
        raise Refusal("HOST=%s is not an address of this machine." % host) from None
    except OSError as error:
        raise Refusal(port_refused(error, host, text)) from None
    return int(text)


def port_refused(error: OSError, host: str, port: str) -> str:
    """Say in one line why the port cannot be had."""
    if error.errno == errno.EADDRINUSE:
        other = int(port) + 1 if int(port) < 65535 else 8080
        return "Port %s is in use by another program: take another one, for example PORT=%d." % (port, other)
    if error.errno == errno.EACCES:
        return "Port %s is only for the system administrator: choose one above 1023 with PORT=." % port
    return "Port %s of %s cannot be used (%s): see PORT= and HOST=." % (port, host, error.strerror)


def require_venv_module(version: Sequence[int]) -> None:
    """Refuse a Python that cannot make virtual environments (Debian packs that apart)."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Refusal(
            "This Python cannot make virtual environments: install python%d.%d-venv "
            "(as root: apt install python3-venv) and start again." % tuple(version[:2])
        )


def require_room(folder: Path, needed: int) -> None:
    """Refuse to begin an installation that would fill the disk of `folder`; `needed` in bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refusal(
            "The disk is full: about %d MB are needed in %s, %d MB are free."
            % (needed // 1_000_000, folder, free // 1_000_000)
        )


def digest(root: Path, files: Sequence[str]) -> str:
    """Return the fingerprint (hex SHA-256) of the named lock files."""
    total = hashlib.sha256()
    for name in files:
        total.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return total.hexdigest()


def python_of(root: Path) -> Path:
    """Return the Python of the virtual environment under `root`."""
    return root / ".venv" / "bin" / "python"


def stamp_of(root: Path) -> Path:
    """Return the file that tells which lock files were installed into the virtual environment."""
    return root / ".venv" / "installed.json"


def installed(root: Path) -> dict[str, str]:
    """Return the fingerprint of each set of lock files that was installed completely, by its names."""
    try:
        found = json.loads(stamp_of(root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_ready(root: Path, files: Sequence[str]) -> bool:
    """Tell whether the virtual environment holds exactly what the lock files name now."""
    wanted = {name: digest(root, [name]) for name in files}
    there = installed(root)
    return python_of(root).exists() and all(there.get(name) == mark for name, mark in wanted.items())


def make_venv(root: Path) -> None:
    """Make the virtual environment, or make it again when its Python no longer starts."""
    python = python_of(root)
    if python.exists():
        answer = subprocess.run(
            [str(python), "-c", "import pip, sys; print(*sys.version_info[:2])"],
            capture_output=True,
            check=False,
            text=True,
        )
        if answer.returncode == 0 and tuple(map(int, answer.stdout.split())) >= NEEDED:
            return
    require_venv_module(tuple(sys.version_info[:2]))
    started = time.monotonic()
    say("Making the virtual environment .venv ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(root / ".venv")],
        capture_output=True,
        check=False,
        text=True,
    )
    if made.returncode:
        raise Refusal(reason_of(made.stdout + made.stderr, root, "The virtual environment could not be made"))
    say("  done in %.0f s." % (time.monotonic() - started))


def reason_of(output: str, root: Path, otherwise: str) -> str:
    """Return the one line that explains a failed step by what it wrote; `otherwise` begins an unknown one."""
    log = log_of(root).relative_to(root)
    for pattern, line in PIP_REASONS:
        found = re.search(pattern, output)
        if found:
            return line.format(*found.groups(), root=root, log=log)
    last = [line.strip() for line in output.splitlines() if line.strip()]
    return "%s: %s. See %s." % (otherwise, last[-1].rstrip(".") if last else "no reason was given", log)


def log_of(root: Path) -> Path:
    """Return the file that keeps what the last installation wrote."""
    return root / ".cache" / "set-up.log"


def install(root: Path, files: Sequence[str]) -> None:
    """Install the lock files into the virtual environment, and remember their fingerprints."""
    started = time.monotonic()
    packages = set()
    for name in files:
        packages.update(
            re.findall(r"^[A-Za-z0-9._-]+(?===)", (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        )
    say("Installing %d packages (only now; about a minute) ..." % len(packages))
    command = [str(python_of(root)), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-compile", "--no-input", "--disable-pip-version-check", "--retries", "2"]
    command += [word for name in files for word in ("-r", name)]
    code, text = follow(command, root, len(packages))
    log_of(root).write_text(text, encoding="utf-8")
    if code:
        raise Refusal(reason_of(text, root, "The packages could not be installed"))
    # All processors at once; pip would compile one file after the other.  Files that no Python
    # compiles (templates of other tools) are none of our business, so the exit code says nothing.
    subprocess.run(
        [str(python_of(root)), "-m", "compileall", "-q", "-j", "0", str(root / ".venv" / "lib")],
        capture_output=True,
        check=False,
    )
    marks = dict(installed(root), **{name: digest(root, [name]) for name in files})
    stamp_of(root).write_text(json.dumps(marks, indent=1), encoding="utf-8")
    say("  done in %.0f s." % (time.monotonic() - started))


def follow(command: Sequence[str], root: Path, total: int) -> tuple[int, str]:
    """Run pip, telling every ten seconds how many of `total` packages it has found.

    Returns its exit code and what it wrote.
    """
    lines = []
    seen = 0
    told = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=str(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                lines.append(line)
                seen += line.startswith("Collecting ")
                if line.startswith("Installing collected packages"):
                    say("  all downloaded, unpacking ...")
                    told = time.monotonic()
                elif time.monotonic() - told > 10:
                    say("  %d of %d ..." % (min(seen, total), total))
                    told = time.monotonic()
        except KeyboardInterrupt:
            process.terminate()
            raise
    return process.returncode, "".join(lines)


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the set-up lock, so that two commands started at once install one after the other."""
    import fcntl

    folder = root / ".cache"
    folder.mkdir(exist_ok=True)
    with open(folder / "set-up.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is going on here; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(root: Path, files: Sequence[str]) -> None:
    """Bring the virtual environment to the state of the lock files; nothing to do is the usual case."""
    if is_ready(root, files):
        return
    with alone(root):
        if is_ready(root, files):
            return
        missing = not installed(root)
        if missing:
            require_room(root, ROOM[tuple(files)])
        make_venv(root)
        install(root, files)


def lock(root: Path) -> None:
    """Resolve requirements.in and tests/requirements.in again into exact pins with hashes."""
    with alone(root):
        tool = root / ".cache" / "lock"
        if not (tool / "bin" / "uv").exists():
            require_venv_module(tuple(sys.version_info[:2]))
            subprocess.run([sys.executable, "-m", "venv", str(tool)], check=True)
            pip = [str(tool / "bin" / "python"), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
            subprocess.run([*pip, LOCK_TOOL], check=True)
    for source, target in LOCKS:
        command = [str(tool / "bin" / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += [
            "--only-binary",
            ":all:",
            "--no-header",
            "--upgrade",
            "--python-version",
            "%d.%d" % NEEDED,
        ]
        subprocess.run([*command, source, "-o", target], check=True, cwd=str(root))
        say("%s is new." % target)


def permission(error: OSError, root: Path) -> str:
    """Return the one line for a refusal by the file system."""
    if error.errno == errno.ENOSPC:
        return "The disk is full: free about 2 GB on the disk of %s and start again." % root
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "No permission to write %s: take a folder of your own, or change its owner." % (
            error.filename or root
        )
    return "%s: %s." % (error.filename or root, error.strerror or error)


def hand_over(root: Path, arguments: Sequence[str]) -> None:
    """Become the Python of the virtual environment with these arguments; does not come back."""
    python = str(python_of(root))
    os.chdir(str(root))
    os.execv(python, [python, *arguments])


def interrupt(_signal: int, _frame: object) -> None:
    """Treat being asked to end like Ctrl-C, so that nothing we started goes on without us."""
    raise KeyboardInterrupt


def main(words: Sequence[str]) -> int:
    """Do what the verb asks; return an exit code when nothing was handed over."""
    verb = words[0] if words else ""
    if verb != "lock" and verb not in VERBS:
        say("Say what to do: %s." % ", ".join([*VERBS, "lock"]))
        return 2
    signal.signal(signal.SIGTERM, interrupt)
    try:
        newer = newer_python() if sys.version_info < NEEDED else None
        if newer:
            os.execv(newer, [newer, "-I", str(Path(__file__).resolve()), *words])
        require_python(tuple(sys.version_info[:3]), sys.executable)
        if verb == "lock":
            lock(ROOT)
            return 0
        if verb == "run":
            require_port(os.environ)
        files, arguments = VERBS[verb]
        set_up(ROOT, files)
        hand_over(ROOT, [*arguments, *words[1:]])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print("This did not work: %s" % " ".join(map(str, error.cmd)), file=sys.stderr)
        return 1
    except OSError as error:
        print(permission(error, ROOT), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
