"""Which Chromium browser tests use; `python -m tests.browser` sees that there is one."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@cache
def chromium() -> str | None:
    """The path of an installed Chromium, or of the one Playwright keeps; None without any."""
    for name in NAMES:
        if found := shutil.which(name) or shutil.which(name, path="/usr/bin:/usr/local/bin:/snap/bin"):
            return found
    for path in MAC:
        if Path(path).exists():
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def see_that_there_is_one() -> str:
    """The path of a Chromium; installs Debian's as root, else Playwright's own. Raises SystemExit if neither works."""
    if not chromium() and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get …", file=sys.stderr)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        if subprocess.run(install, env=environment, stdout=sys.stderr, check=False).returncode:
            subprocess.run(["apt-get", "update", "-qq"], env=environment, stdout=sys.stderr, check=False)
            subprocess.run(install, env=environment, stdout=sys.stderr, check=False)
        chromium.cache_clear()
    if not chromium():
        print("Installing Chromium with Playwright …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
        chromium.cache_clear()
    if found := chromium():
        return found
    raise SystemExit("No Chromium could be found or installed. Install Chromium or Google Chrome, then start again.")


if __name__ == "__main__":
    print(see_that_there_is_one())
