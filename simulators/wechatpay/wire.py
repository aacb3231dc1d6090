"""Signing, verifying and encrypting as the platform does, and the errors it answers with.

Source: WeChat Pay merchant documentation, APIv3: signing rules, public error codes.
"""

import base64
import functools
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from simulators import keys

SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300
_PART = re.compile(r'(\w+)="([^"]*)"')


class ApiError(Exception):
    """A refusal in the documented form."""

    def __init__(self, status: int, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"code": code, "message": message} | ({"detail": detail} if detail else {})


@dataclass(frozen=True)
class Platform:
    """Both sides' keys, as the platform holds them."""

    mchid: str
    appid: str
    app_secret: str
    merchant_serial: str
    merchant_key: RSAPrivateKey
    apiv3_key: bytes
    certificate_serial: str
    certificate_key: RSAPrivateKey
    certificate_pem: bytes
    certificate_from: str
    certificate_until: str
    public_key_id: str
    public_key_signer: RSAPrivateKey

    def signer(self, *, uses_public_key: bool) -> tuple[str, RSAPrivateKey]:
        """Serial and key for a merchant in public-key or certificate mode."""
        if uses_public_key:
            return self.public_key_id, self.public_key_signer
        return self.certificate_serial, self.certificate_key


@functools.cache
def platform() -> Platform:
    """The keys of the running simulator, read once."""
    made = keys.from_environment()
    certificate = made.platform_certificate()
    return Platform(
        mchid=made.settings["WECHATPAY_MCHID"],
        appid=made.settings["WECHATPAY_APPID"],
        app_secret=made.settings["WECHATPAY_APP_SECRET"],
        merchant_serial=made.settings["WECHATPAY_SERIAL"],
        merchant_key=made.private_key(keys.MERCHANT_KEY),
        apiv3_key=made.settings["WECHATPAY_APIV3_KEY"].encode(),
        certificate_serial=f"{certificate.serial_number:040X}",
        certificate_key=made.private_key(keys.PLATFORM_KEY),
        certificate_pem=made.pem(keys.PLATFORM_CERTIFICATE),
        certificate_from=certificate.not_valid_before_utc.isoformat(),
        certificate_until=certificate.not_valid_after_utc.isoformat(),
        public_key_id=made.settings["WECHATPAY_PUBLIC_KEY_ID"],
        public_key_signer=made.private_key(keys.PUBLIC_KEY_SIGNER),
    )


def verify_request(method: str, paths: set[str], body: bytes, header: str) -> None:
    """Check the ``Authorization`` of a merchant's request; ``paths`` are the spellings it may have signed.

    Raises:
        ApiError: SIGN_ERROR, as the platform words it.
    """
    scheme, _, rest = header.partition(" ")
    if scheme != SCHEME:
        raise _sign_error("Http头Authorization认证类型不正确")
    parts = dict(_PART.findall(rest))
    missing = {"mchid", "nonce_str", "timestamp", "serial_no", "signature"} - parts.keys()
    if missing:
        raise _sign_error(f"Http头Authorization中缺少{'、'.join(sorted(missing))}")
    if parts["mchid"] != platform().mchid or parts["serial_no"] != platform().merchant_serial:
        raise _sign_error("商户证书序列号有误")
    if not parts["timestamp"].isdigit() or abs(time.time() - int(parts["timestamp"])) > WINDOW_SECONDS:
        raise _sign_error("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    if not any(_merchant_signed(method, path, body, parts) for path in paths):
        raise _sign_error("错误的签名,验签失败")


def _merchant_signed(method: str, path: str, body: bytes, parts: dict[str, str]) -> bool:
    head = f"{method}\n{path}\n{parts['timestamp']}\n{parts['nonce_str']}\n"
    return _is_merchants(parts["signature"], head.encode() + body + b"\n")


def _is_merchants(signature: str, message: bytes) -> bool:
    try:
        platform().merchant_key.public_key().verify(
            base64.b64decode(signature), message, PKCS1v15(), SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def is_signed_for_bridge(said: Mapping[str, str]) -> bool:
    """Whether the merchant signed what its page hands to WeChat's browser. Source: JSAPI 调起支付."""
    signed = [said.get(name, "") for name in ("appId", "timeStamp", "nonceStr", "package")]
    message = "".join(f"{value}\n" for value in signed).encode()
    is_ours = said.get("appId") == platform().appid and said.get("signType") == "RSA"
    return is_ours and _is_merchants(said.get("paySign", ""), message)


def _sign_error(message: str) -> ApiError:
    return ApiError(401, "SIGN_ERROR", message, {"location": "authorization"})


def signed_headers(body: bytes, *, uses_public_key: bool, forged: bool = False) -> dict[str, str]:
    """The ``Wechatpay-…`` headers of an answer or a notification."""
    serial, key = platform().signer(uses_public_key=uses_public_key)
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    if forged:
        message += b"forged"
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode(),
        "Wechatpay-Signature-Type": SCHEME,
        "Wechatpay-Serial": serial,
    }


def seal(content: bytes, associated_data: str) -> dict[str, str]:
    """Encrypt for the merchant: AEAD_AES_256_GCM with the APIv3 key and a nonce of 12 characters."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(platform().apiv3_key).encrypt(nonce.encode(), content, associated_data.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated_data,
        "ciphertext": base64.b64encode(sealed).decode(),
    }


def to_json(fields: Any) -> bytes:
    """JSON as it goes out."""
    return json.dumps(fields, ensure_ascii=False).encode()
