"""The centre's electronic signature (D002) and its proof (D003)."""

import base64
import json
from typing import Any

import gmalg

from simulators.insurer.sealing import USER_ID, PlatformKeys, public_key_of

CERTIFICATE_SERIAL = "5EED20260000000000000001"
CERTIFICATE_NAME = "CN=演示医保电子处方中心机构证书,O=DEMONSTRATION,C=CN"
FILE_MARK = b"\n%SIGNED-BY-THE-SIMULATED-CENTRE "
BESIDE_THE_FIELDS = ("rxFile", "signDigest", "extras")


def original_value(fields: dict[str, Any]) -> str:
    """Base64 of the JSON of the signed fields, keys sorted."""
    kept = {name: value for name, value in fields.items() if name not in BESIDE_THE_FIELDS}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def digest_of(value: str, keys: PlatformKeys) -> str:
    """Base64 of 64 bytes over the text."""
    signer = gmalg.SM2(sk=keys.private_key, uid=USER_ID, pk=b"\x04" + public_key_of(keys.private_key))
    r, s = signer.sign(value.encode())
    return base64.b64encode(r.rjust(32, b"\0") + s.rjust(32, b"\0")).decode()


def is_ours(value: str, digest: str, keys: PlatformKeys) -> bool:
    """Whether the centre signed this text."""
    try:
        raw = base64.b64decode(digest, validate=True)
    except ValueError:
        return False
    judge = gmalg.SM2(uid=USER_ID, pk=b"\x04" + public_key_of(keys.private_key))
    return len(raw) == 64 and bool(judge.verify(value.encode(), raw[:32], raw[32:]))


def signed_file(original: str, digest: str) -> str:
    """The file with the centre's mark after its end, which a PDF reader passes over."""
    return base64.b64encode(base64.b64decode(original) + FILE_MARK + digest[:32].encode()).decode()
