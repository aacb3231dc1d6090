"""Reading what a merchant asks, field by field, with the platform's refusals."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from simulators.wechatpay.models import AbnormalWay, TradeType
from simulators.wechatpay.wire import ApiError, platform

_OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


@dataclass(frozen=True)
class OrderAsked:
    """An order as asked for. ``total``: fen. ``time_expire_text``: as it was written. ``openid``: of JSAPI."""

    mchid: str
    appid: str
    out_trade_no: str
    description: str
    attach: str
    total: int
    notify_url: str
    time_expire: datetime | None
    time_expire_text: str
    openid: str


@dataclass(frozen=True)
class RefundAsked:
    """A refund as asked for. ``refund`` and ``total``: fen. ``order_key``: one of two numbers."""

    mchid: str
    order_key: dict[str, str]
    out_refund_no: str
    refund: int
    total: int
    reason: str
    notify_url: str


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object that was posted."""
    try:
        fields = json.loads(body)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise ApiError(400, "PARAM_ERROR", "请求内容不是有效的JSON对象", {"location": "body"})
    return fields


def read_order(body: bytes, trade_type: TradeType) -> OrderAsked:
    """An order; one from a browser (H5) must name its scene, one inside WeChat (JSAPI) its payer."""
    fields = read_body(body)
    insist_on_merchant(fields.get("mchid"))
    if fields.get("appid") != platform().appid:
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    if trade_type == TradeType.MWEB:
        scene = _object(fields, "scene_info")
        _words(scene, "payer_client_ip", 45, "/scene_info")
        _words(_object(scene, "h5_info", "/scene_info"), "type", 32, "/scene_info/h5_info")
    expiry = _words(fields, "time_expire", 64, optional=True)
    return OrderAsked(
        mchid=platform().mchid,
        appid=platform().appid,
        out_trade_no=_matching(fields, "out_trade_no", _OUT_TRADE_NO),
        description=_words(fields, "description", 127),
        attach=_words(fields, "attach", 128, optional=True),
        total=_amount(_object(fields, "amount"), "total"),
        notify_url=_address(fields, "notify_url"),
        time_expire=_moment(expiry),
        time_expire_text=expiry,
        openid=_words(_object(fields, "payer"), "openid", 128, "/payer")
        if trade_type == TradeType.JSAPI
        else "",
    )


def read_refund(body: bytes, mchid: str) -> RefundAsked:
    """A refund, of an order by its transaction_id or its out_trade_no."""
    fields = read_body(body)
    by = "transaction_id" if fields.get("transaction_id") else "out_trade_no"
    amount = _object(fields, "amount")
    return RefundAsked(
        mchid=mchid,
        order_key={by: _words(fields, by, 32)},
        out_refund_no=_matching(fields, "out_refund_no", _OUT_REFUND_NO),
        refund=_amount(amount, "refund"),
        total=_amount(amount, "total"),
        reason=_words(fields, "reason", 80, optional=True),
        notify_url=_address(fields, "notify_url") if fields.get("notify_url") else "",
    )


def read_abnormal(body: bytes) -> tuple[str, AbnormalWay]:
    """Which abnormal refund goes elsewhere: its number at the merchant, and where; a card of the payer must be named."""
    fields = read_body(body)
    number = _matching(fields, "out_refund_no", _OUT_REFUND_NO)
    if fields.get("type") not in AbnormalWay.values:
        raise _wrong("/type", fields.get("type"), "type应为USER_BANK_CARD或MERCHANT_BANK_CARD")
    way = AbnormalWay(fields["type"])
    if way == AbnormalWay.USER:
        for name, most in (("bank_type", 16), ("bank_account", 1024), ("real_name", 1024)):
            _words(fields, name, most)
    return number, way


def insist_on_merchant(mchid: object) -> None:
    """The merchant named must be the one that signed."""
    if not mchid:
        raise _wrong("/mchid", mchid, "商户号未填写")
    if mchid != platform().mchid:
        raise ApiError(400, "MCH_NOT_EXISTS", "商户号不存在")


def _wrong(field: str, value: object, issue: str) -> ApiError:
    detail = {"field": field, "value": value, "issue": issue, "location": "body"}
    return ApiError(400, "PARAM_ERROR", f"参数错误:{issue}", detail)


def _object(fields: dict[str, Any], name: str, under: str = "") -> dict[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise _wrong(f"{under}/{name}", value, f"缺少{name}")
    return value


def _words(fields: dict[str, Any], name: str, most: int, under: str = "", *, optional: bool = False) -> str:
    value = fields.get(name)
    if optional and value in (None, ""):
        return ""
    if not isinstance(value, str) or not value or len(value) > most:
        raise _wrong(f"{under}/{name}", value, f"{name}应为1至{most}个字符")
    return value


def _matching(fields: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _wrong(f"/{name}", value, f"{name}的长度或字符不符合规则")
    return value


def _amount(amount: dict[str, Any], name: str) -> int:
    value = amount.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(f"/amount/{name}", value, f"{name}应为正整数,单位为分")
    if amount.get("currency", "CNY") != "CNY":
        raise _wrong("/amount/currency", amount["currency"], "境内商户号仅支持人民币")
    return value


def _address(fields: dict[str, Any], name: str) -> str:
    value = _words(fields, name, 255)
    parts = urlsplit(value)
    # The real platform wants https; a simulator on the loopback is content with http.
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
        raise _wrong(f"/{name}", value, f"{name}须为可访问的地址且不能携带参数")
    return value


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _wrong("/time_expire", text, "time_expire应遵循rfc3339格式")
    return moment
