"""Where the browser of the browser tests is, and how a Debian machine gets one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core")
# Without these fonts Tigrinya, Bengali and Hindi are drawn as boxes.
FONTS = Path("/usr/share/fonts/truetype/noto")


def find() -> str | None:
    """Return the path of a Chromium (``CHROMIUM`` goes first), or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def prepare() -> None:
    """Install Chromium and its fonts where that can be done without asking; else say it in one line."""
    if find() and FONTS.is_dir():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium and fonts for the browser tests (about half a minute) ...", flush=True)
        install()
    if not find():
        print(
            "The browser tests are left out: no Chromium was found (as root: apt install chromium fonts-noto-core).",
            flush=True,
        )


def install() -> None:
    """Ask apt for Chromium and the fonts; what goes wrong shows by the browser not being there."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *words], env=environment, capture_output=True, check=False)
