"""D002 医保电子签名 and D003 上传: the signed original, and the prescription in force.

The text that is signed (``originalValue``) is the Base64 of the JSON of twenty fields with sorted keys.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from insurance.gateway.messages.wire import ReplyInconsistent, RequestUnfit, decode, encode, moment, text
from insurance.gateway.prescribing.fields import Node, whole

MOST_FILE_CHARACTERS = 5_000_000
"""Our own limit; the centre names none."""
VALID, LAPSED, WITHDRAWN = "1", "2", "3"
"""rx_stas_codg."""


@dataclass(frozen=True, kw_only=True)
class SignedPrescription:
    """The twenty fields that are signed."""

    trace_code: Annotated[str, text("rxTraceCode", 20)]
    centre_number: Annotated[str, text("hiRxno", 30)]
    visit_number: Annotated[str, text("mdtrtId", 30)]
    patient_name: Annotated[str, text("patnName", 40)]
    id_type: Annotated[str, text("psnCertType", 6)]
    id_number: Annotated[str, text("certno", 50)]
    institution_name: Annotated[str, text("fixmedinsName", 200)]
    institution_code: Annotated[str, text("fixmedinsCode", 20)]
    doctor_code: Annotated[str, text("drCode", 20)]
    doctor_name: Annotated[str, text("prscDrName", 50)]
    pharmacy_department_name: Annotated[str, text("pharDeptName", 50)]
    pharmacy_department_code: Annotated[str, text("pharDeptCode", 30)]
    pharmacist_title_code: Annotated[str | None, text("pharProfttlCodg", 20)] = None
    pharmacist_title: Annotated[str | None, text("pharProfttlName", 20)] = None
    pharmacist_code: Annotated[str, text("pharCode", 20)]
    pharmacist_id_type: Annotated[str | None, text("pharCertType", 6)] = None
    pharmacist_id_number: Annotated[str | None, text("pharCertno", 50)] = None
    pharmacist_name: Annotated[str, text("pharName", 50)]
    pharmacist_certificate: Annotated[str | None, text("pharPracCertNo", 50)] = None
    reviewed_at: Annotated[datetime, moment("pharChkTime")]


@dataclass(frozen=True, kw_only=True)
class SignPrescription:
    """D002; ``original`` is the file (PDF) as bytes."""

    institution_code: Annotated[str, text("fixmedinsCode", 20)]
    content: SignedPrescription
    original: bytes


@dataclass(frozen=True, kw_only=True)
class SignatureReply:
    """The signed file in Base64, the signature over the twenty fields, and whose certificate made it."""

    file: Annotated[str, text("rxFile", MOST_FILE_CHARACTERS)]
    digest: Annotated[str, text("signDigest", 4000)]
    certificate_serial: Annotated[str, text("signCertSn", 200)]
    certificate_name: Annotated[str, text("signCertDn", 500)]


@dataclass(frozen=True, kw_only=True)
class UploadPrescription:
    """D003: the twenty fields again, with what D002 gave."""

    content: SignedPrescription
    file: Annotated[str, text("rxFile", MOST_FILE_CHARACTERS)]
    digest: Annotated[str, text("signDigest", 4000)]


@dataclass(frozen=True, kw_only=True)
class UploadReply:
    """``status`` is 1 in force, 2 lapsed, 3 withdrawn."""

    centre_number: Annotated[str, text("hiRxno", 30)]
    status: Annotated[str, text("rxStasCodg", 3)]
    status_name: Annotated[str, text("rxStasName", 20)] = ""


def original_value(content: SignedPrescription) -> str:
    """What is signed: Base64 of the compact JSON of the fields that are given, keys sorted.

    Raises:
        RequestUnfit: a field does not fit.
    """
    fields = json.dumps(encode(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(fields.encode()).decode()


def encode_sign(request: SignPrescription) -> Node:
    """Write the content of D002."""
    if not request.original.startswith(b"%PDF-"):
        raise RequestUnfit("originalRxFile: no PDF")
    node = whole(request)
    node["originalValue"] = original_value(request.content)
    node["originalRxFile"] = base64.b64encode(request.original).decode()
    return node


def decode_sign(request: SignPrescription, content: Mapping[str, object]) -> SignatureReply:
    """Read the reply of D002."""
    return decode(SignatureReply, content)


def encode_upload(request: UploadPrescription) -> Node:
    """Write the content of D003."""
    return whole(request) | encode(request.content)


def decode_upload(request: UploadPrescription, content: Mapping[str, object]) -> UploadReply:
    """Read the reply of D003.

    Raises:
        ReplyInconsistent: it speaks of another prescription.
    """
    reply = decode(UploadReply, content)
    if reply.centre_number != request.content.centre_number:
        raise ReplyInconsistent("hiRxno is another prescription's")
    return reply
