"""What each institution was given for its insurer's gateway, as configuration.

Several institutions of one platform may have credentials of their own. ``INSURANCE_CREDENTIALS_FILE`` names a YAML file
outside the repository: code of the institution -> settings by their usual names. What it does not name is what the
deployment has for all.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from insurance.gateway.port import GatewayMisconfigured

# Of a kind of gateway an institution has all of its own, or nothing: half of another's credentials opens no door.
WHOLE = (
    ("INSURANCE_TIF_PAASID", "INSURANCE_TIF_TOKEN"),
    ("INSURANCE_CSB_ACCESS_KEY", "INSURANCE_CSB_SECRET_KEY"),
    (
        "INSURANCE_SEALED_TOKEN_URL",
        "INSURANCE_SEALED_CLIENT_ID",
        "INSURANCE_SEALED_CLIENT_SECRET",
        "INSURANCE_SEALED_USERNAME",
        "INSURANCE_SEALED_PASSWORD",
        "INSURANCE_SEALED_PRIVATE_KEY",
        "INSURANCE_SEALED_PLATFORM_PUBLIC_KEY",
    ),
)
ALONE = (
    "INSURANCE_BASE_URL",
    "INSURANCE_OPERATOR_CODE",
    "INSURANCE_OPERATOR_NAME",
    "INSURANCE_CSB_API_NAME",
    "INSURANCE_CSB_API_VERSION",
)
NAMES = frozenset((*ALONE, *(name for names in WHOLE for name in names)))


def credentials_of(institution_code: str) -> Mapping[str, str]:
    """Setting -> value for one institution: its own, else the deployment's.

    Raises:
        GatewayMisconfigured: the file cannot be used; every fault is named, no value is.
    """
    path = settings.INSURANCE_CREDENTIALS_FILE
    own = _read(path).get(institution_code, {}) if path else {}
    return {name: str(own.get(name, getattr(settings, name))) for name in NAMES}


@lru_cache(maxsize=2)
def _read(path: str) -> Mapping[str, Mapping[str, str]]:
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise GatewayMisconfigured(f"INSURANCE_CREDENTIALS_FILE: {type(wrong).__name__}") from wrong
    except yaml.YAMLError as wrong:
        # What the reader says of a fault may quote a secret.
        raise GatewayMisconfigured("INSURANCE_CREDENTIALS_FILE: not YAML") from wrong
    if faults := list(_faults(content)):
        raise GatewayMisconfigured(f"INSURANCE_CREDENTIALS_FILE: {'; '.join(faults)}")
    rows: Mapping[str, Mapping[str, str]] = content
    return rows


def _faults(content: Any) -> Iterable[str]:
    if not isinstance(content, dict):
        yield "not a mapping of institutions"
        return
    for code, given in content.items():
        if not isinstance(given, dict):
            yield f"{code}: not a mapping of settings"
            continue
        yield from (f"{code}: {name}: no such setting" for name in given if name not in NAMES)
        yield from (
            f"{code}: {name}: not a text" for name, value in given.items() if not isinstance(value, str)
        )
        yield from _missing(code, given)


def _missing(code: str, given: Mapping[str, str]) -> Iterable[str]:
    for names in WHOLE:
        if any(name in given for name in names):
            yield from (f"{code}: {name}: missing" for name in names if name not in given)
