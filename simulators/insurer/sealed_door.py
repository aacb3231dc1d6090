"""The door of one province: OAuth2 token, input signed (SM2) and encrypted (SM4), output likewise.

Source: a public client of that province. Which answer a bad token or signature gets is our choice. Written with another
SM2 library than the hospital's.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import gmalg
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from simulators import keys, sealed_keys

from .intake import BUSINESS_ERROR
from .sealing import USER_ID, public_key_of
from .views import answer

LIFE_SECONDS = 3600
SIGNATURE_BYTES = 64


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Give a token for name and password; the caller authenticates as a client first."""
    known = keys.from_environment().settings
    client = f"{known['INSURANCE_SEALED_CLIENT_ID']}:{known['INSURANCE_SEALED_CLIENT_SECRET']}"
    if request.headers.get("authorization") != "Basic " + base64.b64encode(client.encode()).decode():
        return JsonResponse({"error": "invalid_client"}, status=401)
    said = (request.POST.get("grant_type"), request.POST.get("username"), request.POST.get("password"))
    if said != ("password", known["INSURANCE_SEALED_USERNAME"], known["INSURANCE_SEALED_PASSWORD"]):
        return JsonResponse({"error": "invalid_grant", "error_description": "用户名或密码错误"}, status=400)
    until = int(time.time()) + LIFE_SECONDS
    return JsonResponse(
        {"access_token": token_until(until, known), "token_type": "bearer", "expires_in": LIFE_SECONDS}
    )


def token_until(until: int, known: dict[str, str]) -> str:
    """A token that is good until a unix second."""
    secret = known["INSURANCE_SEALED_CLIENT_SECRET"].encode()
    return f"{until}.{hmac.new(secret, str(until).encode(), hashlib.sha256).hexdigest()}"


@require_POST
def sealed(request: HttpRequest, infno: str) -> HttpResponse:
    """Answer one sealed transaction in a sealed envelope."""
    made = keys.from_environment()
    if not _is_known(request.headers.get("authorization", ""), made.settings):
        return JsonResponse({"error": "invalid_token", "error_description": "令牌无效或已过期"}, status=401)
    try:
        opened = _opened(json.loads(request.body), made)
    except (ValueError, TypeError, KeyError):
        return _refusal("报文解密或验签失败")
    return _closed(answer(infno, opened), made)


def _is_known(authorization: str, known: dict[str, str]) -> bool:
    until = authorization.removeprefix("Bearer ").partition(".")[0]
    if not until.isascii() or not until.isdigit() or int(until) < time.time():
        return False
    return hmac.compare_digest(authorization, f"Bearer {token_until(int(until), known)}")


def _opened(body: dict[str, Any], made: keys.DemoKeys) -> bytes:
    """The message as other doors get it.

    Raises:
        ValueError: it is not encrypted under this client's number, or not signed by the hospital.
    """
    known = made.settings
    unpadder, block = PKCS7(128).unpadder(), _sm4(known).decryptor()
    padded = block.update(base64.b64decode(body["input"], validate=True)) + block.finalize()
    plain = unpadder.update(padded) + unpadder.finalize()
    signature = base64.b64decode(body["cainfo"], validate=True)
    hospital = public_key_of(base64.b64decode(known["INSURANCE_SEALED_PRIVATE_KEY"]))
    judge = gmalg.SM2(uid=USER_ID, pk=b"\x04" + hospital)
    if len(signature) != SIGNATURE_BYTES or not judge.verify(plain, signature[:32], signature[32:]):
        raise ValueError("cainfo")
    head = json.dumps({name: value for name, value in body.items() if name != "input"}, ensure_ascii=False)
    return head[:-1].encode() + b', "input": ' + plain + b"}"


def _closed(reply: HttpResponse, made: keys.DemoKeys) -> HttpResponse:
    """Encrypt and sign the output; what has none, and what is no message, goes as it is."""
    body = _message_of(reply)
    if body is None or not body["output"]:
        return reply
    text = reply.content.decode()
    # The output's own text, so that its numbers keep their digits.
    plain = text[text.index('"output": ') + len('"output": ') : text.rindex("}")].encode()
    private = sealed_keys.private_key_of(made.directory, sealed_keys.GATEWAY)
    signer = gmalg.SM2(sk=private, uid=USER_ID, pk=b"\x04" + public_key_of(private))
    r, s = signer.sign(plain)
    padder, block = PKCS7(128).padder(), _sm4(made.settings).encryptor()
    padded = padder.update(plain) + padder.finalize()
    body |= {
        "enctype": "SM4",
        "signtype": "SM2",
        # The library leaves leading zeros away; a signature is always 64 bytes.
        "cainfo": base64.b64encode(r.rjust(32, b"\0") + s.rjust(32, b"\0")).decode(),
        "output": base64.b64encode(block.update(padded) + block.finalize()).decode(),
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _message_of(reply: HttpResponse) -> dict[str, Any] | None:
    """The envelope of a reply; none in a page, a file and an answer that was spoilt on order."""
    if reply.streaming or reply.status_code != 200:
        return None
    try:
        body = json.loads(reply.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _refusal(text: str) -> HttpResponse:
    return JsonResponse(
        {"infcode": BUSINESS_ERROR, "err_msg": text, "output": None},
        json_dumps_params={"ensure_ascii": False},
    )


def _sm4(known: dict[str, str]) -> Cipher[modes.ECB]:
    return Cipher(algorithms.SM4(known["INSURANCE_SEALED_CLIENT_ID"].encode()), modes.ECB())  # noqa: S305 (prescribed)
