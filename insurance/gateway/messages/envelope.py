"""The envelope around every transaction, the message number, and the gateway's signature headers.

Source: 国家医疗保障信息平台 定点医药机构接口 V1.0, common message; TIF gateway as seen in public clients.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from insurance.gateway.messages.wire import SHANGHAI, Amount, ReplyInconsistent, RequestUnfit

OK, SYSTEM_ERROR, BUSINESS_ERROR = 0, -1, -2
MOST_INPUT_CHARACTERS = 40_000
MOST_MSGID_CHARACTERS = 30
CARRIES_A_FILE = "9101"
AMOUNTS_AS_TEXT, AMOUNTS_AS_NUMBERS = "text", "number"
_MARK = "\x00"
_MARKED = re.compile(r'"\\u0000(-?[0-9.]+)"')
SERIALS = 10_000


class MessageIdFormat(Protocol):
    """How a province wants its message numbers."""

    def __call__(self, *, institution_code: str, at: datetime, serial: int) -> str:
        """Give a number of at most 30 characters, unique for ever when the serial is unique in a second."""
        ...


def national_message_id(*, institution_code: str, at: datetime, serial: int) -> str:
    """Institution (12), Shanghai time to the second (14) and serial (4): exactly 30 characters.

    Raises:
        RequestUnfit: the institution's code has not 12 characters.
    """
    if len(institution_code) != 12:
        raise RequestUnfit(f"fixmedins_code: 12 characters are needed, {len(institution_code)} given")
    return f"{institution_code}{at.astimezone(SHANGHAI):%Y%m%d%H%M%S}{serial % SERIALS:04d}"


def henan_message_id(*, institution_code: str, at: datetime, serial: int) -> str:
    """Shanghai time yyMMddHHmmss, institution (12) and serial (4) with hyphens: exactly 30 characters.

    Raises:
        RequestUnfit: the institution's code has not 12 characters.

    Source: a public sample of 2601 [S:API].
    """
    if len(institution_code) != 12:
        raise RequestUnfit(f"fixmedins_code: 12 characters are needed, {len(institution_code)} given")
    return f"{at.astimezone(SHANGHAI):%y%m%d%H%M%S}-{institution_code}-{serial % SERIALS:04d}"


MESSAGE_ID_FORMATS: dict[str, MessageIdFormat] = {
    "national": national_message_id,
    "henan": henan_message_id,
}


@dataclass(frozen=True)
class Sender:
    """Who speaks: the constant part of the envelope."""

    institution_code: str
    institution_name: str
    region: str
    operator_code: str
    operator_name: str
    operator_type: str
    receiver_code: str
    version: str


def request_head(
    *, transaction: str, msgid: str, sender: Sender, at: datetime, sign_number: str, insured_region: str
) -> dict[str, object]:
    """The envelope of one request without its ``input``."""
    return {
        "infno": transaction,
        "msgid": msgid,
        "mdtrtarea_admvs": sender.region,
        "insuplc_admdvs": insured_region or sender.region,
        "recer_sys_code": sender.receiver_code,
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "",
        "infver": sender.version,
        "opter_type": sender.operator_type,
        "opter": sender.operator_code,
        "opter_name": sender.operator_name,
        "inf_time": f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        "fixmedins_code": sender.institution_code,
        "fixmedins_name": sender.institution_name,
        "sign_no": sign_number,
    }


def head_faults(msgid: str, insured_region: str) -> tuple[str, ...]:
    """What does not fit of the parts of the head that change with each message."""
    faults = []
    if not 1 <= len(msgid) <= MOST_MSGID_CHARACTERS:
        faults.append(f"msgid: 1 to {MOST_MSGID_CHARACTERS} characters are needed, {len(msgid)} given")
    if insured_region and not (len(insured_region) == 6 and insured_region.isdigit()):
        faults.append(f"insuplc_admdvs: six digits are needed, {insured_region!r} given")
    return tuple(faults)


def input_text(nodes: Mapping[str, object], *, amounts: str = AMOUNTS_AS_TEXT) -> str:
    """Write ``input`` as JSON; ``amounts`` says whether numbers stand in quotes ("text") or not ("number")."""
    if amounts == AMOUNTS_AS_TEXT:
        return json.dumps(nodes, ensure_ascii=False)
    # JSON knows no decimals: the digits are marked, written as text and then freed of their quotes.
    return _MARKED.sub(r"\1", json.dumps(_marked(nodes), ensure_ascii=False))


def _marked(node: object) -> object:
    if isinstance(node, Amount):
        return f"{_MARK}{node}"
    if isinstance(node, Mapping):
        return {name: _marked(child) for name, child in node.items()}
    return [_marked(child) for child in node] if isinstance(node, list) else node


def request_text(head: Mapping[str, object], input_text: str) -> str:
    """The whole request as JSON."""
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "input": {input_text}}}'


def kept_text(head: Mapping[str, object], input_text: str) -> str:
    """The request for the message log: as it is, but a file is told by its length and digest only."""
    if head["infno"] != CARRIES_A_FILE:
        return request_text(head, input_text)
    nodes = json.loads(input_text)
    for node in nodes.values():
        content = str(node.get("in", ""))
        digest = hashlib.sha256(content.encode()).hexdigest()
        node["in"] = f"({len(content)} characters, SHA-256 {digest})"
    return request_text(head, json.dumps(nodes, ensure_ascii=False))


@dataclass(frozen=True)
class ReplyEnvelope:
    """The outer part of a reply: ``code`` is 0, -1 or -2; ``output`` is empty when the transaction has none."""

    code: int
    error_text: str
    receiver_message_id: str
    output: Mapping[str, object]


def read_reply(text: str) -> ReplyEnvelope:
    """Read the outer part of a reply.

    Raises:
        ReplyInconsistent: it is not the envelope of the interface.
    """
    try:
        body = json.loads(text, parse_float=Decimal)
        code = int(body["infcode"])
    except (ValueError, TypeError, KeyError) as wrong:
        raise ReplyInconsistent("the reply is not a message of the interface") from wrong
    output = body.get("output")
    return ReplyEnvelope(
        code=code,
        error_text=str(body.get("err_msg") or ""),
        receiver_message_id=str(body.get("inf_refmsgid") or ""),
        output=output if isinstance(output, dict) else {},
    )


def tif_headers(*, paasid: str, token: str, at: datetime, nonce: str) -> dict[str, str]:
    """Sign a call for the TIF gateway: SHA256(timestamp + token + nonce + timestamp), accepted for 180 seconds."""
    timestamp = str(int(at.timestamp()))
    signature = hashlib.sha256(f"{timestamp}{token}{nonce}{timestamp}".encode()).hexdigest()
    return {
        "x-tif-paasid": paasid,
        "x-tif-timestamp": timestamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": signature,
    }
