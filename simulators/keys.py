"""Keys for a demonstration: ``python -m simulators.keys DIRECTORY``.

Makes what a hospital would otherwise be given by WeChat Pay, Alipay, the insurer and the identity
service, plus the product's own secrets, and writes them to ``DIRECTORY/demo.env``. Running it again changes
nothing that is there. These keys open nothing outside this machine.
"""

import argparse
import functools
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from simulators import sealed_keys, signing_keys
from simulators.insurer.sealing import PlatformKeys

ENV_FILE = "demo.env"
MERCHANT_KEY = "wechatpay_merchant_key.pem"
PLATFORM_KEY = "wechatpay_platform_key.pem"
PLATFORM_CERTIFICATE = "wechatpay_platform_certificate.pem"
PUBLIC_KEY_SIGNER = "wechatpay_public_key_signer.pem"
PUBLIC_KEY = "wechatpay_public_key.pem"
ALIPAY_APP_KEY = "alipay_app_key.pem"
ALIPAY_PLATFORM_KEY = "alipay_platform_key.pem"
ALIPAY_PUBLIC_KEY = "alipay_public_key.pem"


@dataclass(frozen=True, slots=True)
class DemoKeys:
    """What ``ensure`` made or found. ``settings``: the lines of ``demo.env``, by name."""

    directory: Path
    settings: dict[str, str] = field(repr=False)

    def pem(self, name: str) -> bytes:
        """The content of one key file; ``name`` is one of this module's constants."""
        return (self.directory / name).read_bytes()

    def private_key(self, name: str) -> rsa.RSAPrivateKey:
        """One of the private keys, ready for use."""
        key = load_pem_private_key(self.pem(name), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{name} is not an RSA key")
        return key

    def platform_certificate(self) -> x509.Certificate:
        """The certificate that vouches for the platform key."""
        return x509.load_pem_x509_certificate(self.pem(PLATFORM_CERTIFICATE))

    def platform(self, name: str) -> PlatformKeys:
        """The keys of a platform of sealed envelopes; ``name`` is one of ``sealed_keys.PLATFORMS``."""
        return sealed_keys.platform_keys(self.settings, self.directory, name)


def ensure(directory: Path) -> DemoKeys:
    """Make whatever is missing in ``directory`` and return all of it. Safe to call again.

    Args:
        directory: made if it is not there; readable by its owner only.
    """
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    for name in (MERCHANT_KEY, PLATFORM_KEY, PUBLIC_KEY_SIGNER, ALIPAY_APP_KEY, ALIPAY_PLATFORM_KEY):
        _write_once(directory / name, _new_private_key)
    for public, private in ((PUBLIC_KEY, PUBLIC_KEY_SIGNER), (ALIPAY_PUBLIC_KEY, ALIPAY_PLATFORM_KEY)):
        _write_once(directory / public, functools.partial(_public_pem, directory, private))
    _write_once(directory / PLATFORM_CERTIFICATE, lambda: _self_signed(directory))
    for platform in (*sealed_keys.PLATFORMS, sealed_keys.GATEWAY):
        _write_once(directory / sealed_keys.platform_file(platform), sealed_keys.new_private_key)
    _write_once(directory / signing_keys.FILE, signing_keys.new_key_and_certificate)
    settings = _read_env(directory / ENV_FILE)
    missing = {name: make() for name, make in _fresh(directory).items() if name not in settings}
    if missing:
        settings |= missing
        _write_env(directory / ENV_FILE, settings)
    return DemoKeys(directory, settings)


def from_environment() -> DemoKeys:
    """The keys the running simulators use: ``SIMULATORS_KEYS_DIR``, or ``var/keys``."""
    return ensure(Path(os.environ.get("SIMULATORS_KEYS_DIR", "var/keys")))


def _fresh(directory: Path) -> dict[str, Callable[[], str]]:
    """How each setting is made when it is missing."""
    home = directory.resolve()
    return {
        "SECRET_KEY": lambda: secrets.token_urlsafe(48),
        "FIELD_ENCRYPTION_KEY": lambda: secrets.token_hex(16),
        "WECHATPAY_MCHID": lambda: "1900000109",
        "WECHATPAY_APPID": lambda: "wxd678efh567hg6787",
        "WECHATPAY_SERIAL": lambda: secrets.token_hex(20).upper(),
        "WECHATPAY_PRIVATE_KEY_PATH": lambda: str(home / MERCHANT_KEY),
        "WECHATPAY_APIV3_KEY": lambda: secrets.token_hex(16),
        "WECHATPAY_PUBLIC_KEY_ID": lambda: "PUB_KEY_ID_01" + _digits(32),
        "WECHATPAY_APP_SECRET": lambda: secrets.token_hex(16),
        "WECHATPAY_PUBLIC_KEY_PATH": lambda: str(home / PUBLIC_KEY),
        "ALIPAY_APP_ID": lambda: "2021" + _digits(12),
        "ALIPAY_SELLER_ID": lambda: "2088" + _digits(12),
        "ALIPAY_PRIVATE_KEY_PATH": lambda: str(home / ALIPAY_APP_KEY),
        "ALIPAY_PUBLIC_KEY_PATH": lambda: str(home / ALIPAY_PUBLIC_KEY),
        "RECEIPTS_SIGNING_KEY_PATH": lambda: str(home / signing_keys.FILE),
        "INSURANCE_TIF_PAASID": lambda: "xinglin_demo",
        "INSURANCE_TIF_TOKEN": lambda: secrets.token_urlsafe(24),
        "IDENTITY_APP_ID": lambda: "xinglin-identity",
        "IDENTITY_APP_SECRET": lambda: secrets.token_urlsafe(32),
        "SMS_APP_ID": lambda: "xinglin-sms",
        "SMS_APP_SECRET": lambda: secrets.token_urlsafe(32),
        **sealed_keys.settings_of(sealed_keys.MOBILE_PAYMENT, directory),
        **sealed_keys.settings_of(sealed_keys.PRESCRIPTIONS, directory),
        **sealed_keys.gateway_settings(directory),
    }


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def _new_private_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(directory: Path, private: str) -> bytes:
    key = DemoKeys(directory, {}).private_key(private).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _self_signed(directory: Path) -> bytes:
    key = DemoKeys(directory, {}).private_key(PLATFORM_KEY)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Simulated WeChat Pay platform")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def _write_once(path: Path, content: Callable[[], bytes]) -> None:
    if not path.exists():
        _write(path, content())


def _write(path: Path, content: bytes) -> None:
    """Write aside and rename, so that a second process never reads half a key."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    aside.replace(path)


def _read_env(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _write_env(path: Path, settings: dict[str, str]) -> None:
    head = "# Demonstration keys, made on this machine. They open nothing elsewhere.\n"
    _write(path, (head + "".join(f"{name}={value}\n" for name, value in settings.items())).encode())


def main() -> None:
    """Make the keys and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m simulators.keys", description=__doc__)
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    ensure(directory)
    sys.stdout.write(f"{directory / ENV_FILE}\n")


if __name__ == "__main__":
    main()
