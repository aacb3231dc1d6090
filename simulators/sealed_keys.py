"""SM2 keys for a demonstration: one app at each platform that speaks in sealed envelopes."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from simulators.insurer.sealing import PlatformKeys, new_key_pair, public_key_of

MOBILE_PAYMENT = "INSURANCE_MOBILE"
PRESCRIPTIONS = "INSURANCE_PRESCRIPTION"
PLATFORMS = (MOBILE_PAYMENT, PRESCRIPTIONS)


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
        f"{platform}_PLATFORM_PUBLIC_KEY": lambda: _public_text(_private(directory, platform)),
    }


def platform_keys(settings: dict[str, str], directory: Path, platform: str) -> PlatformKeys:
    """What the platform knows: its own key, and the hospital's app, secret and public key."""
    return PlatformKeys(
        app_id=settings[f"{platform}_APP_ID"],
        app_secret=settings[f"{platform}_APP_SECRET"],
        private_key=_private(directory, platform),
        hospital_public_key=public_key_of(base64.b64decode(settings[f"{platform}_PRIVATE_KEY"])),
    )


def _private(directory: Path, platform: str) -> bytes:
    return base64.b64decode((directory / platform_file(platform)).read_bytes())


def _public_text(private: bytes) -> str:
    return base64.b64encode(b"\x04" + public_key_of(private)).decode()
