"""Fetch the vendored browser files named in tests/vendor/manifest.json, or check them against it.

python deploy/vendor_refresh.py           fetch from the npm registry, write files and hashes
python deploy/vendor_refresh.py --check   compare what is there with the hashes; touches no network
"""
# ruff: noqa: INP001, T201, S603  # a script of one file; it runs npm and prints

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "tests" / "vendor" / "manifest.json"
_SOURCE_MAP = re.compile(rb"\n?(/\*[#@] ?sourceMappingURL=\S+ ?\*/|//[#@] ?sourceMappingURL=\S+)\s*$")


class Package(TypedDict):
    """One package of the manifest; ``files`` maps the path in the package to its SHA-256."""

    version: str
    licence: str
    into: str
    files: dict[str, str]


def packages() -> dict[str, Package]:
    """Read the manifest: package name to what is taken of it."""
    found: dict[str, Package] = json.loads(MANIFEST.read_text())
    return found


def place_of(name: str, package: Package, file: str) -> Path:
    """Where a file of a package is kept."""
    return ROOT / package["into"] / f"{Path(name).name}-{package['version']}" / Path(file).name


def faults() -> list[str]:
    """Files that are missing or differ from the manifest, one sentence each."""
    found = []
    for name, package in packages().items():
        for file, wanted in package["files"].items():
            place = place_of(name, package, file)
            if not place.is_file():
                found.append(f"{place.relative_to(ROOT)} is missing")
            elif hashlib.sha256(place.read_bytes()).hexdigest() != wanted:
                found.append(f"{place.relative_to(ROOT)} differs from the manifest")
    return found


def refresh() -> None:
    """Fetch every package again and write the hashes of what came."""
    manifest = packages()
    for name, package in manifest.items():
        for file, content in _fetched(name, package).items():
            place = place_of(name, package, file)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            package["files"][file] = hashlib.sha256(content).hexdigest()
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")


def _fetched(name: str, package: Package) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as directory:
        command = ["npm", "pack", "--silent", f"{name}@{package['version']}"]
        done = subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True)
        archive = Path(directory) / done.stdout.strip().splitlines()[-1]
        with tarfile.open(archive) as opened:
            return {file: _without_source_map(_member(opened, file)) for file in package["files"]}


def _member(archive: tarfile.TarFile, file: str) -> bytes:
    member = archive.extractfile(f"package/{file}")
    if member is None:
        raise FileNotFoundError(file)
    return member.read()


def _without_source_map(content: bytes) -> bytes:
    # Collecting static files follows the comment and fails when the map is not shipped.
    return _SOURCE_MAP.sub(b"\n", content)


if __name__ == "__main__":
    if "--check" not in sys.argv:
        refresh()
    print("\n".join(faults()) or "The vendored files are as the manifest says.")
    sys.exit(bool(faults()))
