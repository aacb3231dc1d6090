"""``python -m hospital.worker_alive``: succeeds while the worker gives signs of life. For container health checks."""

import sys

import django


def main() -> int:
    django.setup()
    from hospital import health  # noqa: PLC0415  # needs the settings

    return 0 if health.worker_was_seen() else 1


if __name__ == "__main__":
    sys.exit(main())
