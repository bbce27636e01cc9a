"""Find a Chromium for the browser tests, or get one; without one they fail, they never skip."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from playwright.sync_api import Playwright

LAUNCH_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # see readers.py
)

WAY_OUT: Final = (
    "The browser tests need Chromium or Chrome and found none, and none could be installed. Install one "
    "(Debian, Ubuntu: apt install chromium; or: .venv/bin/playwright install --with-deps chromium), "
    "or name it: CRMDASH_BROWSER=/path/to/chromium make test"
)

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_MAC: Final = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
_WINDOWS: Final = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_DEBIAN: Final = (("apt-get", "update"), ("apt-get", "install", "-y", "chromium", "fonts-noto-cjk"))


def installed() -> Path | None:
    """Return the first Chromium or Chrome that this machine has, the one named by ``CRMDASH_BROWSER`` before all."""
    return next((path for path in _usual_places() if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    if named := os.environ.get("CRMDASH_BROWSER"):
        yield Path(named)
    yield from (Path(found) for name in _NAMES if (found := shutil.which(name)))
    if sys.platform == "darwin":
        yield from (folder / app for folder in (Path("/Applications"), Path.home() / "Applications") for app in _MAC)
    if sys.platform == "win32":
        folders = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
        yield from (Path(folder) / program for folder in folders if folder for program in _WINDOWS)


def find_or_install(playwright: Playwright) -> Path:
    """Return a Chromium: one that is installed, else Playwright's own, else Debian's.

    Raises
    ------
    RuntimeError
        If there is none and none can be installed; the message says what to do.
    """
    return installed() or _install(Path(playwright.chromium.executable_path))


@lru_cache
def _install(playwrights_own: Path) -> Path:
    attempts = []
    if not playwrights_own.is_file():
        attempts.append(_run(sys.executable, "-m", "playwright", "install", "chromium"))
    if playwrights_own.is_file() and _starts(playwrights_own):
        return playwrights_own
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts += [_run(*command) for command in _DEBIAN]
    if browser := installed():
        return browser
    raise RuntimeError("\n".join([WAY_OUT, *attempts]))


def _starts(browser: Path) -> bool:
    """Say whether the system has the libraries that a downloaded browser needs."""
    return subprocess.run([browser, "--version"], capture_output=True, timeout=60, check=False).returncode == 0


def _run(*command: str) -> str:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
        env=environment,
    )
    last_lines = "\n".join(done.stdout.strip().splitlines()[-3:])
    return f"$ {' '.join(command)} (exit {done.returncode})\n{last_lines}"
