"""The browser that tests and benchmarks drive: the machine's Chromium or Chrome, else Playwright's own.

python tests/browser/find_chromium.py --install     make sure that there is one
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Path of a browser on this machine, or None."""
    if path := _installed():
        return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def launch(playwright: Playwright, *options: str) -> Browser:
    """Start the browser headless, with further options of Chromium's."""
    return playwright.chromium.launch(executable_path=_installed(), args=[*QUIET, *_as_root(), *options])


def launch_with_profile(playwright: Playwright, folder: Path, *options: str) -> BrowserContext:
    """Start it with a profile on disk, as people have it: the cache then also keeps what has been compiled."""
    return playwright.chromium.launch_persistent_context(
        folder,
        executable_path=_installed(),
        args=[*QUIET, *_as_root(), *options],
        viewport={"width": 1440, "height": 900},
    )


def _installed() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _as_root() -> tuple[str, ...]:
    """Chromium's sandbox refuses to run as root."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def install() -> int:
    """Get a browser where there is none: from Debian as root, else from Playwright."""
    if find():
        return 0
    print("Installing a browser for the tests ...", flush=True)
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
    if not find():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find():
        return 0
    print("No browser could be installed. Install Chromium or Chrome and run this again.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(install() if "--install" in sys.argv else (print(find()) or 0))
