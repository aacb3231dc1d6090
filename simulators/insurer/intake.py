"""Taking a message: checks, one outcome for each msgid, the handler."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from .agreements import refuse_suspended_institution
from .call import Call, Refusal
from .fields import field_violations
from .handlers import HANDLERS
from .handlers.sign_in import is_signed_in
from .institutions import INSTITUTIONS
from .models import Manners, Message
from .records import UndoneMessage
from .specs import ENVELOPE, MOST_INPUT_CHARACTERS, TRANSACTIONS

OK, SYSTEM_ERROR, BUSINESS_ERROR = 0, -1, -2
STALE_SIGN_NO = "签到编号已失效，请重新签到"
REPEATED_MSGID = "报文ID重复"
UNDONE = "该报文已冲正"
FILE_UPLOAD = "9101"  # the one message whose content is a file


@dataclass(frozen=True)
class Reply:
    """What the insurer answers; ``refmsgid`` is its own number of the message."""

    infcode: int
    err_msg: str = ""
    output: dict[str, Any] | None = None
    refmsgid: str = ""


def receive(infno: str, raw: bytes, *, now: datetime, pay_less: bool = False) -> Reply:
    """Answer one message. ``now`` is Shanghai time; ``pay_less`` orders the fault "amounts_differ"."""
    try:
        body = json.loads(raw, parse_float=Decimal)
        refuse_malformed(infno, body)
        call = _call(body, now=now, pay_less=pay_less)
        if TRANSACTIONS[infno].needs_sign_in and not is_signed_in(
            sign_no=body.get("sign_no") or "", call=call
        ):
            raise Refusal(STALE_SIGN_NO)
    except (UnicodeDecodeError, json.JSONDecodeError):
        return Reply(BUSINESS_ERROR, "报文不是合法的JSON")
    except Refusal as refused:
        return Reply(BUSINESS_ERROR, str(refused))
    return _process_once(call)


def refuse_malformed(infno: str, body: Any) -> None:
    """Refuse a message that breaks the envelope or the field list of its transaction, naming every fault."""
    if not isinstance(body, dict):
        raise Refusal("报文不是JSON对象")
    if found := field_violations(ENVELOPE, body):
        raise Refusal("；".join(found))
    if infno not in TRANSACTIONS or body["infno"] != infno:
        raise Refusal(f"交易编号{infno}不存在或与报文不一致")
    institution = INSTITUTIONS.get(body["fixmedins_code"])
    if institution is None:
        raise Refusal("定点医药机构不存在")
    if institution.area != body["mdtrtarea_admvs"]:
        raise Refusal("就医地区划与定点医药机构不符")
    _refuse_malformed_input(infno, body.get("input"))


def _refuse_malformed_input(infno: str, content: Any) -> None:
    if not isinstance(content, dict):
        raise Refusal("input不能为空")
    if (
        infno != FILE_UPLOAD
        and len(json.dumps(content, ensure_ascii=False, default=str)) > MOST_INPUT_CHARACTERS
    ):
        raise Refusal(f"input长度超过{MOST_INPUT_CHARACTERS}")
    if found := [text for node in TRANSACTIONS[infno].nodes for text in node.violations(content)]:
        raise Refusal("；".join(found))


def _call(body: dict[str, Any], *, now: datetime, pay_less: bool) -> Call:
    return Call(
        infno=body["infno"],
        msgid=body["msgid"],
        institution_code=body["fixmedins_code"],
        treatment_area=body["mdtrtarea_admvs"],
        insured_area=body.get("insuplc_admdvs") or "",
        operator=body["opter"],
        input=body["input"],
        now=now,
        serial=0,
        pay_less=pay_less,
    )


@transaction.atomic
def _process_once(call: Call) -> Reply:
    """Give each msgid one outcome for ever: a second arrival, even a simultaneous one, gets the first reply."""
    digest = hashlib.sha256(json.dumps(call.input, sort_keys=True, default=str).encode()).hexdigest()
    message, is_new = Message.objects.get_or_create(
        msgid=call.msgid,
        defaults={
            "infno": call.infno,
            "institution": call.institution_code,
            "digest": digest,
            "received_at": call.now,
        },
    )
    if not is_new:
        return _again(message, call, digest)
    reply = _handled(replace(call, serial=message.pk))
    message.refmsgid, message.infcode = reply.refmsgid, reply.infcode
    message.err_msg, message.output = reply.err_msg, reply.output
    message.save()
    return reply


def _again(message: Message, call: Call, digest: str) -> Reply:
    if UndoneMessage.objects.filter(omsgid=message.msgid).exists():
        return Reply(BUSINESS_ERROR, UNDONE)
    same = (message.infno, message.institution, message.digest) == (call.infno, call.institution_code, digest)
    manners = Manners.objects.first()
    if not same or (manners is not None and manners.repeated_msgid == "refuse"):
        return Reply(BUSINESS_ERROR, REPEATED_MSGID)
    return Reply(message.infcode or OK, message.err_msg, message.output, message.refmsgid)


def _handled(call: Call) -> Reply:
    try:
        with transaction.atomic():
            refuse_suspended_institution(call)
            output = HANDLERS[call.infno](call)
    except Refusal as refused:
        return Reply(BUSINESS_ERROR, str(refused), None, call.new_id())
    return Reply(OK, "", output, call.new_id())
