"""Signing, verifying and answering as the open platform does, and the errors it answers with.

Sources: Alipay open platform: common parameters of the gateway, RSA2 signatures of requests, of answers and of
notifications, common error codes.
"""

import base64
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from simulators import keys

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOCK = "%Y-%m-%d %H:%M:%S"
SUCCESS = {"code": "10000", "msg": "Success"}
MESSAGES = {
    "20000": "Service Currently Unavailable",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
    "40005": "Call Limited",
}
REQUIRED = ("app_id", "method", "charset", "sign_type", "sign", "timestamp", "version")


class ApiError(Exception):
    """A refusal in the documented form: ``code`` of the gateway, ``sub_code`` of the matter."""

    def __init__(self, code: str, sub_code: str, sub_msg: str) -> None:
        super().__init__(sub_code)
        self.fields = {"code": code, "msg": MESSAGES[code], "sub_code": sub_code, "sub_msg": sub_msg}


class StrangerError(ApiError):
    """A request of nobody the gateway knows; its answer bears no signature."""


def failed(sub_code: str, sub_msg: str) -> ApiError:
    """A business refusal (40004)."""
    return ApiError("40004", f"ACQ.{sub_code}", sub_msg)


@dataclass(frozen=True)
class Platform:
    """Both sides' keys, as the platform holds them."""

    app_id: str
    seller_id: str
    app_public_key: RSAPublicKey
    signer: RSAPrivateKey


@functools.cache
def platform() -> Platform:
    """The keys of the running simulator, read once."""
    made = keys.from_environment()
    return Platform(
        app_id=made.settings["ALIPAY_APP_ID"],
        seller_id=made.settings["ALIPAY_SELLER_ID"],
        app_public_key=made.private_key(keys.ALIPAY_APP_KEY).public_key(),
        signer=made.private_key(keys.ALIPAY_PLATFORM_KEY),
    )


def verify_request(fields: Mapping[str, str]) -> None:
    """Check the common parameters and the signature of a request.

    Raises:
        ApiError: as the gateway words it; ``StrangerError`` when the app is unknown.
    """
    missing = next((name for name in REQUIRED if not fields.get(name)), "")
    if missing:
        sub_code = (
            "isv.missing-signature" if missing == "sign" else f"isv.missing-{missing.replace('_', '-')}"
        )
        raise StrangerError("40001", sub_code, f"缺少{missing}参数")
    if fields["app_id"] != platform().app_id:
        raise StrangerError("40002", "isv.invalid-app-id", "无效的AppID参数")
    if fields["sign_type"] != "RSA2":
        raise ApiError("40002", "isv.invalid-signature-type", "无效的签名类型")
    if fields["charset"].lower() != "utf-8":
        raise ApiError("40002", "isv.invalid-charset", "字符集错误")
    try:
        datetime.strptime(fields["timestamp"], CLOCK)  # noqa: DTZ007  (the wire names no zone)
    except ValueError:
        raise ApiError("40002", "isv.invalid-timestamp", "非法的时间戳参数") from None
    if not _is_signed(fields):
        raise ApiError(
            "40002", "isv.invalid-signature", "验签出错,建议检查签名字符串或签名私钥与应用公钥是否匹配"
        )


def _is_signed(fields: Mapping[str, str]) -> bool:
    try:
        platform().app_public_key.verify(
            base64.b64decode(fields["sign"]), _joined(fields, besides=("sign",)), PKCS1v15(), SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _joined(fields: Mapping[str, str], besides: tuple[str, ...]) -> bytes:
    """What is signed of fields: those with a value, sorted by name."""
    said = sorted((name, value) for name, value in fields.items() if value and name not in besides)
    return "&".join(f"{name}={value}" for name, value in said).encode()


def sign(message: bytes, *, forged: bool = False) -> str:
    """The platform's RSA2 signature, in Base64."""
    return base64.b64encode(
        platform().signer.sign(message + b"forged" * forged, PKCS1v15(), SHA256())
    ).decode()


def sign_fields(fields: Mapping[str, str], *, forged: bool = False) -> dict[str, str]:
    """The fields of a notification or of a return to the merchant's page, signed: ``sign_type`` is not part of it."""
    return {**fields, "sign_type": "RSA2", "sign": sign(_joined(fields, besides=("sign",)), forged=forged)}


def write_answer(
    method: str, fields: Mapping[str, Any], *, signed: bool = True, forged: bool = False
) -> bytes:
    """The gateway's answer. What is signed is the text of the inner object as it stands, slashes escaped."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    name = method.replace(".", "_") + "_response" if method else "error_response"
    tail = f',"sign":"{sign(text.encode(), forged=forged)}"' if signed else ""
    return f'{{"{name}":{text}{tail}}}'.encode()


def moment(at: datetime) -> str:
    """A time as the platform writes it: in Beijing, without a zone."""
    return at.astimezone(SHANGHAI).strftime(CLOCK)
