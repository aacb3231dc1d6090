"""``python -m launcher run`` and ``python -m launcher services -- COMMAND``."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from launcher import demo, services
from launcher.binaries import EngineNotFound
from launcher.postgres import PostgresFailed
from launcher.stack import ROOT
from launcher.valkey import ValkeyFailed

# Each says in a sentence what is wrong and what to do; a traceback would hide it.
EXPECTED = (
    demo.AlreadyRunning,
    demo.PreparationFailed,
    EngineNotFound,
    PostgresFailed,
    ValkeyFailed,
    OSError,
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="launcher", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="start the whole product on this machine")
    command = verbs.add_parser("manage", help="run a management command beside the running product")
    command.add_argument("command", nargs=argparse.REMAINDER)
    beside = verbs.add_parser("services", help="run a command beside a throw-away database and broker")
    beside.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    try:
        if asked.verb == "run":
            demo.run(var)
            return 0
        words = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
        return demo.manage(var, words) if asked.verb == "manage" else _beside_services(words)
    except KeyboardInterrupt:
        return 130
    except EXPECTED as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1


def _beside_services(command: list[str]) -> int:
    with services.for_tests(ROOT / "var"):
        return subprocess.run(command, check=False, env=os.environ).returncode


if __name__ == "__main__":
    sys.exit(main())
