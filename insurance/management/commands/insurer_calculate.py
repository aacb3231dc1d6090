"""``manage.py insurer_calculate``: what an insurer would pay, calculated by the simulator in a process of its own."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

CALCULATOR = (sys.executable, "-m", "simulators", "insurer_calculate")
LONGEST_SECONDS = 60


class Command(BaseCommand):
    """Hand standard input to the calculator and print its answer; the exit code is the calculator's."""

    help = (
        "Calculate a settlement from JSON on standard input (policy, person, treatment, lines) and print the fields of "
        "2206/2207 as JSON. Faults are printed as JSON, one sentence each, with exit code 2."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the calculator once.

        Raises:
            CommandError: it does not run here, or not to its end.
        """
        try:
            done = subprocess.run(  # noqa: S603 (our own program, without a shell)
                CALCULATOR,
                input=sys.stdin.buffer.read(),
                capture_output=True,
                cwd=settings.BASE_DIR,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise CommandError("The calculator did not answer in time.") from late
        if not done.stdout:
            raise CommandError(
                f"The calculator does not run here: {done.stderr.decode(errors='replace')[-500:]}"
            )
        self.stdout.write(done.stdout.decode(), ending="")
        if done.returncode:
            sys.exit(done.returncode)
