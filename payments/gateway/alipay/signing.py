"""How Alipay's open platform signs: RSA2, which is SHA256 with RSA (PKCS #1 v1.5), over sorted ``name=value`` pairs.

Source: Alipay open platform: signing requests by oneself, verifying answers and asynchronous notifications by oneself.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from payments.gateway.signing import MalformedMessage, is_signed_by, sign

SIGN_TYPE = "RSA2"


class Answer(NamedTuple):
    """An answer taken apart: its fields, the exact text of them that is signed, and the signature, empty when absent."""

    fields: dict[str, Any]
    signed: bytes
    signature: str


def joined(fields: Mapping[str, str]) -> bytes:
    """What is signed of a form: the fields that have a value, sorted by name."""
    return "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value).encode()


def signed_request(key: RSAPrivateKey, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a request with its signature; ``sign_type`` is part of what is signed."""
    return {**fields, "sign": sign(key, joined(fields))}


def is_believable(key: RSAPublicKey, form: Mapping[str, str]) -> bool:
    """Whether a notification's form bears the platform's signature; ``sign_type`` is not part of what is signed."""
    said = {name: value for name, value in form.items() if name not in ("sign", "sign_type")}
    return form.get("sign_type") == SIGN_TYPE and is_signed_by(key, joined(said), form.get("sign", ""))


def taken_apart(body: bytes, method: str) -> Answer:
    """The one object that answers a method, as it stands in the text: only its exact words are signed.

    Raises:
        MalformedMessage: the body does not hold such an object.
    """
    try:
        text = body.decode()
        whole = json.loads(text)
        name = next(
            each for each in (method.replace(".", "_") + "_response", "error_response") if each in whole
        )
        fields, begin, end = _object(text, name)
        return Answer(fields, text[begin:end].encode(), str(whole.get("sign") or ""))
    except (ValueError, TypeError, StopIteration) as error:
        raise MalformedMessage("not an answer of the open platform") from error


def _object(text: str, name: str) -> tuple[dict[str, Any], int, int]:
    """The object after ``"name":`` and where it begins and ends."""
    begin = text.index("{", text.index(f'"{name}"'))
    fields, end = json.JSONDecoder().raw_decode(text, begin)
    if not isinstance(fields, dict):
        raise TypeError(name)
    return fields, begin, end
