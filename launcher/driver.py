"""Letting Playwright's own Node run on a small Debian, which lacks one of the libraries it is linked with."""

import os
import subprocess
import sys
from pathlib import Path

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
    print(f"Fetching {PACKAGE} for the browser's driver ...", flush=True)
    if os.geteuid() == 0:
        _carry_out("apt-get", "-qq", "install", "-y", "--no-install-recommends", PACKAGE)
    else:
        _unpack()
    if not runs():
        print(f"The browser's driver does not start; install the package {PACKAGE}.", file=sys.stderr)


def runs() -> bool:
    """Say whether the driver's Node starts."""
    from playwright._impl._driver import compute_driver_executable  # noqa: PLC0415  # a development package

    node, _script = compute_driver_executable()
    env = os.environ | environment()
    return subprocess.run([node, "--version"], env=env, capture_output=True, check=False).returncode == 0


def _unpack() -> None:
    _UNPACKED.mkdir(parents=True, exist_ok=True)
    _carry_out("apt-get", "-qq", "download", PACKAGE)
    for package in _UNPACKED.glob("*.deb"):
        _carry_out("dpkg-deb", "-x", str(package), ".")


def _carry_out(*command: str) -> None:
    where: Path = _UNPACKED if _UNPACKED.exists() else stack.ROOT
    subprocess.run(command, cwd=where, check=False)
