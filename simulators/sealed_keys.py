"""SM2 keys for a demonstration: one app at each platform that speaks in sealed envelopes."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from simulators.insurer.sealing import PlatformKeys, new_key_pair, public_key_of

MOBILE_PAYMENT = "INSURANCE_MOBILE"
PRESCRIPTIONS = "INSURANCE_PRESCRIPTION"
PLATFORMS = (MOBILE_PAYMENT, PRESCRIPTIONS)
GATEWAY = "INSURANCE_SEALED"
"""The insurer's gateway in a province that signs with SM2 and encrypts with SM4."""


def platform_file(platform: str) -> str:
    """The name of the file with a platform's own private key, in Base64."""
    return f"{platform.lower()}_platform.key"


def new_private_key() -> bytes:
    """Content for such a file."""
    return base64.b64encode(new_key_pair()[0])


def settings_of(platform: str, directory: Path) -> dict[str, Callable[[], str]]:
    """How each setting of the hospital for one platform is made."""
    return {
        f"{platform}_APP_ID": lambda: secrets.token_hex(16).upper(),
        f"{platform}_APP_SECRET": lambda: secrets.token_hex(16).upper(),
        f"{platform}_PRIVATE_KEY": lambda: new_private_key().decode(),
        f"{platform}_PLATFORM_PUBLIC_KEY": lambda: _public_text(private_key_of(directory, platform)),
    }


def gateway_settings(directory: Path) -> dict[str, Callable[[], str]]:
    """The same for the insurer's own gateways, CSB and the sealed one; the client's number is an SM4 key."""
    return {
        "INSURANCE_CSB_ACCESS_KEY": lambda: "xinglin_demo",
        "INSURANCE_CSB_SECRET_KEY": lambda: secrets.token_urlsafe(24),
        f"{GATEWAY}_CLIENT_ID": lambda: secrets.token_hex(8).upper(),
        f"{GATEWAY}_CLIENT_SECRET": lambda: secrets.token_urlsafe(24),
        f"{GATEWAY}_USERNAME": lambda: "xinglin",
        f"{GATEWAY}_PASSWORD": lambda: secrets.token_urlsafe(18),
        f"{GATEWAY}_PRIVATE_KEY": lambda: new_private_key().decode(),
        f"{GATEWAY}_PLATFORM_PUBLIC_KEY": lambda: _public_text(private_key_of(directory, GATEWAY)),
    }


def platform_keys(settings: dict[str, str], directory: Path, platform: str) -> PlatformKeys:
    """What the platform knows: its own key, and the hospital's app, secret and public key."""
    return PlatformKeys(
        app_id=settings[f"{platform}_APP_ID"],
        app_secret=settings[f"{platform}_APP_SECRET"],
        private_key=private_key_of(directory, platform),
        hospital_public_key=public_key_of(base64.b64decode(settings[f"{platform}_PRIVATE_KEY"])),
    )


def private_key_of(directory: Path, platform: str) -> bytes:
    """The private key of a platform."""
    return base64.b64decode((directory / platform_file(platform)).read_bytes())


def _public_text(private: bytes) -> str:
    return base64.b64encode(b"\x04" + public_key_of(private)).decode()
