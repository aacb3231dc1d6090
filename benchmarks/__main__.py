"""``make bench``: two comparisons, each within one run, so that the machine's mood takes part on both sides.

Pages through the servers they could be served by, and the taking of a place beside the barest transaction that the
same database can do. Figures of two machines do not compare; ratios of two runs do.
"""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks import pages, places
from launcher import services, stack
from tests import live_stack


def main() -> int:
    began = time.monotonic()
    print(f"{date.today()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}\n", flush=True)  # noqa: DTZ011
    # A cluster that writes through to the disk, as in production; kept for the next run.
    with (
        services.running(stack.ROOT / "var" / "bench", environ=os.environ),
        tempfile.TemporaryDirectory() as home,
    ):
        live = live_stack.start(Path(home))
        try:
            pages.compare(live)
        finally:
            live.stop()
        places.compare(live)
    print(f"\n{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
