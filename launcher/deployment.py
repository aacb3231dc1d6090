"""``python -m launcher.deployment``: Django's deployment check on the production settings, with invented values."""

import os
import subprocess
import sys

from hospital.settings import required
from launcher.stack import ROOT

INVENTED = {
    "SECRET_KEY": "the-check-looks-at-length-and-variety-0123456789-abcdefghij",
    "FIELD_ENCRYPTION_KEY": "0" * 32,
    "ALLOWED_HOSTS": "hospital.example.org",
    "PUBLIC_BASE_URL": "https://hospital.example.org",
    "DATABASE_URL": "postgresql://xinglin@postgres:5432/xinglin",
    "REDIS_URL": "redis://valkey:6379/0",
    "DJANGO_SETTINGS_MODULE": "hospital.settings.production",
}


def environment() -> dict[str, str]:
    """Return every variable that production must be given, with values that mean nothing."""
    wanted = (*required.VARIABLES, *required.GATEWAYS[0], *required.OF_ALIPAY)
    return dict.fromkeys(wanted, "https://outside.example.org") | INVENTED


def main() -> int:
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(check, cwd=ROOT, env=os.environ | environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
