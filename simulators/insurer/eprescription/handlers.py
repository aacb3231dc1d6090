"""What the e-prescription centre does with D001 to D007."""

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from simulators.insurer.call import Refusal, read_moment, write_moment
from simulators.insurer.sealing import PlatformKeys

from . import signature, specs
from .models import (
    NOT_USED,
    PRECHECKED,
    STATUS_NAMES,
    USE_NAMES,
    USED,
    VALID,
    VERDICT_NAMES,
    WITHDRAWN,
    HeldPrescription,
    Manner,
)

Content = dict[str, Any]
REPEATED = "定点医疗机构处方编号重复"
# 超互联网医院药品支付范围 (national rule batch 10): one name of the published list.
NOT_ONLINE = ("芬太尼",)


def precheck(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D001: check, give numbers. Nothing is in force yet."""
    _refuse(specs.precheck_violations(content))
    _refuse(_contradictions(content, now))
    institution = content["mdtrtinfo"]["fixmedinsCode"]
    before = HeldPrescription.objects.filter(institution=institution, hosp_rxno=content["hospRxno"]).first()
    if before is not None:
        return _again(before)
    serial = secrets.randbelow(10**8)
    area = str(content.get("mdtrtareaNo") or "330100")
    held = HeldPrescription.objects.create(
        institution=institution,
        hosp_rxno=content["hospRxno"],
        rx_trace_code=f"{area}{now:%y%m%d}{serial:08d}",
        hi_rxno=f"{area}{now:%Y%m%d%H%M%S}{serial:010d}",
        content=json.loads(json.dumps(content, default=str)),
        valid_until=read_moment(content["valiEndTime"]),
    )
    return _numbers(held)


def _again(before: HeldPrescription) -> Content:
    manner = Manner.objects.first()
    if before.status != PRECHECKED or (manner is not None and manner.repeated_check == "refuse"):
        raise Refusal(REPEATED)
    return _numbers(before)


def _numbers(held: HeldPrescription) -> Content:
    return {"rxTraceCode": held.rx_trace_code, "hiRxno": held.hi_rxno}


def _contradictions(content: Content, now: datetime) -> list[str]:
    """What no single field shows."""
    found = []
    prescribed, until = read_moment(content["prscTime"]), read_moment(content["valiEndTime"])
    if until != prescribed + timedelta(days=int(content["valiDays"])):
        found.append("valiEndTime应为开方时间加处方有效天数")
    if until <= now:
        found.append("处方已过有效期")
    if prescribed > now + timedelta(minutes=5):
        found.append("prscTime不能晚于当前时间")
    if content["mdtrtCertType"] == "01" and not (content.get("ecToken") and content.get("authNo")):
        found.append("就诊凭证类型为01时ecToken、authNo不能为空")
    if content["bizTypeCode"] == "02" and content["mdtrtinfo"]["fstdiagFlag"] != "0":
        found.append("互联网医院问诊处方须为复诊")
    names = [drug["drugGenname"] for drug in content["rxdrugdetail"]]
    if content["bizTypeCode"] == "02" and any(word in name for word in NOT_ONLINE for name in names):
        found.append("互联网诊疗不得开具麻醉药品、精神药品")
    if len(names) != int(float(content["rxDrugCnt"])):
        found.append("rxDrugCnt与药品明细数量不一致")
    return found


def sign(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D002: sign the fields and the original file."""
    _refuse(specs.violations(specs.SIGN, content))
    fields = _fields_of(content["originalValue"])
    _refuse(specs.violations(specs.SIGNED, fields))
    if signature.original_value(fields) != content["originalValue"]:
        raise Refusal("originalValue的字段应按名称排序")
    held = _held_by_trace(fields)
    try:
        original = base64.b64decode(content["originalRxFile"], validate=True)
    except (binascii.Error, ValueError):
        original = b""
    if not original.startswith(b"%PDF-"):
        raise Refusal("originalRxFile应为PDF或OFD文件")
    digest = signature.digest_of(content["originalValue"], keys)
    held.signed_file = signature.signed_file(content["originalRxFile"], digest)
    held.save(update_fields=["signed_file"])
    return {
        "rxFile": held.signed_file, "signDigest": digest,
        "signCertSn": signature.CERTIFICATE_SERIAL, "signCertDn": signature.CERTIFICATE_NAME,
    }  # fmt: skip


def _fields_of(value: str) -> Content:
    try:
        fields = json.loads(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        fields = None
    if not isinstance(fields, dict):
        raise Refusal("originalValue应为JSON的Base64")
    return fields


def upload(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D003: into force, once for a tracing code."""
    _refuse(specs.violations(specs.UPLOAD, content))
    held = _held_by_trace(content)
    if held.status != PRECHECKED:
        raise Refusal("处方追溯码已使用")
    if not signature.is_ours(signature.original_value(content), content["signDigest"], keys):
        raise Refusal("处方信息签名值验签失败")
    if content["rxFile"] != held.signed_file:
        raise Refusal("处方原件与签名文件不一致")
    if held.valid_until <= now:
        raise Refusal("处方已过有效期")
    held.status = VALID
    held.save(update_fields=["status"])
    return _head(held, now)


def undo(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D004: out of force, while nothing was taken."""
    _refuse(specs.violations(specs.UNDO, content))
    held = _held(content)
    if held.use == USED:
        raise Refusal("处方已取药，不能撤销")
    if held.status_at(now) != VALID:
        raise Refusal(f"处方{STATUS_NAMES[held.status_at(now)]}，不能撤销")
    held.status, held.undo_reason = WITHDRAWN, content["undoRea"]
    held.save(update_fields=["status", "undo_reason"])
    return _head(held, now)


def read(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D005: how it is held."""
    held = _asked(content)
    return _head(held, now) | {
        "prscTime": held.content["prscTime"],
        "rxDetlList": held.content["rxdrugdetail"],
    }


def review_of(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D006: the review by the pharmacy."""
    held = _asked(content)
    said = {
        "rxChkStasCodg": held.verdict, "rxChkStasName": VERDICT_NAMES[held.verdict], "rxChkOpnn": held.opinion,
    }  # fmt: skip
    if held.reviewed_at:
        said |= {
            "pharName": "何药师",
            "pharCode": "YS330100000999",
            "rxChkTime": write_moment(held.reviewed_at),
        }
    return _head(held, now) | said


def taking_of(content: Content, now: datetime, keys: PlatformKeys) -> Content:
    """D007: what was taken."""
    held = _asked(content)
    if held.taken_at is None:
        return _head(held, now)
    lines = [_sold(drug) for drug in held.content["rxdrugdetail"]]
    return _head(held, now) | {"setlTime": write_moment(held.taken_at), "seltdelts": lines}


def _sold(drug: Content) -> Content:
    same = {name: drug[name] for name in ("medListCodg", "drugGenname", "drugDosform", "drugSpec")}
    return same | {
        "drugProdname": drug["drugGenname"], "cnt": drug["drugCnt"], "manuLotnum": "20260901", "prdrName": "演示药业",
        "takeDrugFlag": "1",
    }  # fmt: skip


def _head(held: HeldPrescription, now: datetime) -> Content:
    status = held.status_at(now)
    return {
        "hiRxno": held.hi_rxno, "rxStasCodg": status, "rxStasName": STATUS_NAMES[status],
        "rxUsedStasCodg": held.use or NOT_USED, "rxUsedStasName": USE_NAMES[held.use or NOT_USED],
    }  # fmt: skip


def _held_by_trace(fields: Content) -> HeldPrescription:
    held = HeldPrescription.objects.select_for_update().filter(rx_trace_code=fields["rxTraceCode"]).first()
    if held is None or held.institution != fields["fixmedinsCode"]:
        raise Refusal("处方追溯码不存在")
    visit = held.content["mdtrtinfo"]
    if (held.hi_rxno, visit["mdtrtId"], visit["certno"]) != (
        fields["hiRxno"],
        fields["mdtrtId"],
        fields["certno"],
    ):
        raise Refusal("处方信息与预核验不一致")
    return held


def _held(content: Content) -> HeldPrescription:
    held = HeldPrescription.objects.select_for_update().filter(
        hi_rxno=content["hiRxno"], institution=content["fixmedinsCode"]
    )
    found = held.exclude(status=PRECHECKED).first()
    if found is None:
        raise Refusal("处方不存在")
    return found


def _asked(content: Content) -> HeldPrescription:
    _refuse(specs.violations(specs.ASK, content))
    held = _held(content)
    visit = held.content["mdtrtinfo"]
    if (visit["mdtrtId"], visit["patnName"], visit["certno"]) != (
        content["mdtrtId"],
        content["psnName"],
        content["certno"],
    ):
        raise Refusal("处方不存在")
    return held


def _refuse(found: list[str]) -> None:
    if found:
        raise Refusal("；".join(found))


Handler = Callable[[Content, datetime, PlatformKeys], Content]
HANDLERS: dict[str, tuple[str, Handler]] = {
    "uploadChk": ("D001", precheck),
    "rxFixmedinsSign": ("D002", sign),
    "rxFileUpld": ("D003", upload),
    "rxUndo": ("D004", undo),
    "hospRxDetlQuery": ("D005", read),
    "rxChkInfoQuery": ("D006", review_of),
    "rxSetlInfoQuery": ("D007", taking_of),
}
