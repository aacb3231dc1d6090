"""Finding Chromium for the browser journeys; ``python -m launcher.browser`` installs Debian's when it may."""

import os
import shutil
import subprocess
from pathlib import Path

from launcher import driver

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
# Without a GPU, a sandbox for root or a network: what a test machine has.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def find() -> Path | None:
    """Return the system's Chromium or Playwright's own; None when there is neither."""
    on_path = (shutil.which(name) for name in SYSTEM_NAMES)
    for program in [os.environ.get("CHROMIUM"), *on_path]:
        if program and os.access(program, os.X_OK):
            return Path(program)
    store = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    own = sorted(Path(store).glob("chromium-*/chrome-linux*/chrome"))
    return own[-1] if own else None


def chinese_font_is_missing() -> bool:
    """Say whether pages would show boxes for Chinese; False when the machine cannot tell."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return not listed.stdout.strip()


def install_if_possible() -> None:
    """Install Debian's Chromium and a Chinese font when something is missing and we are root."""
    if find() and not chinese_font_is_missing():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser journeys ...", flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=env, check=False)
    install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *PACKAGES]
    subprocess.run(install, env=env, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    install_if_possible()
    driver.prepare()
