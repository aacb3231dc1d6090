"""``make bench-pricing``: quoting, loading a tariff and simulating, each as ratios or rates within one run."""

import os
import sys
import time
from datetime import date

import django
from django.core.management import call_command

from launcher import databases, services, stack


def main() -> int:
    """Prepare a database of its own, and measure part by part."""
    began = time.monotonic()
    print(f"{date.today()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)  # noqa: DTZ011
    with services.running(stack.ROOT / "var" / "bench", environ=os.environ):
        os.environ["DATABASE_URL"] = databases.named(os.environ["DATABASE_URL"], "xinglin_bench_pricing")
        os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings.test"
        databases.recreate(os.environ["DATABASE_URL"])
        django.setup()
        call_command("migrate", verbosity=0)
        # Only now Django is set up.
        from benchmarks import pricing_load, pricing_quotes, pricing_simulation  # noqa: PLC0415

        for part in (pricing_quotes, pricing_load, pricing_simulation):
            print(flush=True)
            for line in part.measure():
                print(line, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
