"""Letting Playwright's own Node run on a small Debian, which lacks one of the libraries it is linked with."""

import os
import shutil
import subprocess
import sys

from launcher import stack

PACKAGE = "libatomic1"
_UNPACKED = stack.ROOT / "var" / "driver"


def environment() -> dict[str, str]:
    """Return what the driver's process needs beside the caller's environment; empty where the system has it all."""
    libraries = sorted(str(found.parent) for found in _UNPACKED.glob("usr/lib/**/libatomic.so.1"))
    return {"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {}


def prepare() -> None:
    """Fetch the missing library: installed by root, else unpacked under ``var``, which needs no rights."""
    if runs():
        return
    if shutil.which("apt-get"):
        print(f"Fetching {PACKAGE} for the browser's driver ...", flush=True)
        _install() if os.geteuid() == 0 else _unpack()
    if not runs():
        print(f"The browser's driver does not start; install the package {PACKAGE}.", file=sys.stderr)


def runs() -> bool:
    """Say whether the driver's Node starts."""
    from playwright._impl._driver import compute_driver_executable  # noqa: PLC0415  # a development package

    node, _script = compute_driver_executable()
    env = os.environ | environment()
    return subprocess.run([node, "--version"], env=env, capture_output=True, check=False).returncode == 0


def _install() -> None:
    subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", PACKAGE], check=False)


def _unpack() -> None:
    _UNPACKED.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "-qq", "download", PACKAGE], cwd=_UNPACKED, check=False)
    for package in _UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), "."], cwd=_UNPACKED, check=False)
