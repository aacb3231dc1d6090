"""``python -m launcher run`` and ``python -m launcher services -- COMMAND``."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from launcher import services

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="launcher", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    beside = verbs.add_parser("services", help="run a command beside a throw-away database and broker")
    beside.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    with services.for_tests(ROOT / "var"):
        return subprocess.run(command, check=False, env=os.environ).returncode


if __name__ == "__main__":
    sys.exit(main())
