"""Reading what a merchant asks in ``biz_content``, field by field, with the platform's refusals."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from simulators.alipay import wire
from simulators.alipay.models import Product
from simulators.alipay.wire import SHANGHAI, ApiError

MOST = Decimal(100_000_000)
LONGEST_LIFE = timedelta(days=15)
CODE_LIFE = timedelta(hours=2)
PRODUCT_CODES = {
    Product.PAGE: ("FAST_INSTANT_TRADE_PAY",),
    Product.WAP: ("QUICK_WAP_WAY", "QUICK_WAP_PAY"),
    Product.PRECREATE: ("", "FACE_TO_FACE_PAYMENT", "QR_CODE_OFFLINE"),
}
_NUMBER = re.compile(r"[0-9A-Za-z_]{1,64}")
_LIFE = re.compile(r"([1-9]\d{0,4})([mhd])|1c")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class TradeAsked:
    """A trade as asked for. ``total``: yuan. ``life``: as its time-out was written."""

    product: Product
    out_trade_no: str
    total: Decimal
    subject: str
    body: str
    passback_params: str
    notify_url: str
    return_url: str
    quit_url: str
    life: str
    expires_at: datetime


@dataclass(frozen=True)
class RefundAsked:
    """A refund as asked for. ``amount``: yuan; ``out_request_no``: empty for the whole trade."""

    trade: dict[str, str]
    amount: Decimal
    out_request_no: str
    reason: str


def invalid(name: str, issue: str = "参数有误") -> ApiError:
    """The refusal of one field."""
    return wire.failed("INVALID_PARAMETER", f"参数无效:{name}{issue}")


def read_content(request: Mapping[str, str]) -> dict[str, Any]:
    """The object in ``biz_content``; amounts keep every digit that was written."""
    try:
        fields = json.loads(request.get("biz_content") or "{}", parse_float=Decimal)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise invalid("biz_content")
    return fields


def read_trade(request: Mapping[str, str], product: Product, now: datetime) -> TradeAsked:
    """A trade to be made."""
    fields = read_content(request)
    if fields.get("product_code", "") not in PRODUCT_CODES[product]:
        raise invalid("product_code")
    for name in ("trans_currency", "settle_currency"):
        if fields.get(name, "CNY") != "CNY":
            raise invalid(name, "仅支持CNY")
    life, expires_at = _life(fields, product, now)
    return TradeAsked(
        product=product,
        out_trade_no=_number(fields, "out_trade_no"),
        total=amount(fields, "total_amount"),
        subject=_words(fields, "subject", 256),
        body=_words(fields, "body", 128, optional=True),
        passback_params=_words(fields, "passback_params", 512, optional=True),
        notify_url=_address(request, "notify_url", 256),
        return_url=_address(request, "return_url", 256),
        quit_url=_address(fields, "quit_url", 400),
        life=life,
        expires_at=expires_at,
    )


def read_refund(fields: Mapping[str, Any]) -> RefundAsked:
    """A refund to be made."""
    if fields.get("refund_currency", "CNY") != "CNY":
        raise invalid("refund_currency", "仅支持CNY")
    return RefundAsked(
        trade=read_which(fields),
        amount=amount(fields, "refund_amount"),
        out_request_no=_words(fields, "out_request_no", 64, optional=True),
        reason=_words(fields, "refund_reason", 256, optional=True),
    )


def read_which(fields: Mapping[str, Any]) -> dict[str, str]:
    """Which trade is meant; the platform's number goes before the merchant's."""
    for name in ("trade_no", "out_trade_no"):
        if fields.get(name):
            return {name: _words(fields, name, 64)}
    raise invalid("out_trade_no", "与trade_no不能同时为空")


def amount(fields: Mapping[str, Any], name: str) -> Decimal:
    """Yuan with at most two decimals, from 0.01 up."""
    value = fields.get(name)
    try:
        yuan = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        raise invalid(name) from None
    if not yuan.is_finite() or not Decimal(0) < yuan <= MOST or yuan != round(yuan, 2):
        raise invalid(name, "应为0.01至100000000,最多两位小数")
    return round(yuan, 2)


def _number(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise invalid(name, "只能包含字母、数字、下划线,最多64位")
    return value


def _words(fields: Mapping[str, Any], name: str, most: int, *, optional: bool = False) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str) or len(value) > most or not (value or optional):
        raise invalid(name, f"应为1至{most}个字符")
    return value


def _address(fields: Mapping[str, Any], name: str, most: int) -> str:
    value = _words(fields, name, most, optional=True)
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise invalid(name, "须为可访问的地址")
    return value


def _life(fields: Mapping[str, Any], product: Product, now: datetime) -> tuple[str, datetime]:
    """How long it can be paid: ``time_expire`` goes before ``timeout_express``."""
    until = _words(fields, "time_expire", 32, optional=True)
    if until:
        return until, _moment(until)
    name = "qr_code_timeout_express" if fields.get("qr_code_timeout_express") else "timeout_express"
    text = _words(fields, name, 6, optional=True)
    if not text:
        return "", now + (CODE_LIFE if product == Product.PRECREATE else LONGEST_LIFE)
    found = _LIFE.fullmatch(text)
    if not found:
        raise invalid(name, "取值范围为1m至15d")
    if text == "1c":
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        return text, midnight + timedelta(days=1)
    life = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if life > LONGEST_LIFE:
        raise invalid(name, "取值范围为1m至15d")
    return text, now + life


def _moment(text: str) -> datetime:
    for shape in (wire.CLOCK, "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    raise invalid("time_expire", "格式应为yyyy-MM-dd HH:mm:ss")
