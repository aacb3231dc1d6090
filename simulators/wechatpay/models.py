"""What the simulated WeChat Pay holds: orders, refunds, notifications to send, faults to play."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import models

from simulators import faults, telling
from simulators.bill_changes import BillChangeBase
from simulators.faults import PlannedFault
from simulators.telling import Told


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def new_prepay_id() -> str:
    """Like ``wx201410272009395522657a690389285100``."""
    return "wx" + _digits(14) + secrets.token_hex(10)


def new_transaction_id() -> str:
    """28 digits, as the gateway's are."""
    return "4200" + _digits(24)


def new_refund_id() -> str:
    """29 digits, as the gateway's are."""
    return "503" + _digits(26)


def new_event_id() -> str:
    """A notification's id, at most 36 characters."""
    return f"EV-{secrets.token_hex(14)}"


def new_code() -> str:
    """The secret part of a ``code_url``."""
    return secrets.token_urlsafe(6).replace("-", "x").replace("_", "y")


class TradeType(models.TextChoices):
    """How the payer meets the order."""

    NATIVE = "NATIVE", "Native"
    MWEB = "MWEB", "H5"
    JSAPI = "JSAPI", "JSAPI"


class TradeState(models.TextChoices):
    """Where an order stands."""

    NOTPAY = "NOTPAY", "订单未支付"
    SUCCESS = "SUCCESS", "支付成功"
    REFUND = "REFUND", "订单发生过退款"
    CLOSED = "CLOSED", "订单已关闭"
    USERPAYING = "USERPAYING", "用户支付中"
    PAYERROR = "PAYERROR", "支付失败"


class RefundStatus(models.TextChoices):
    """Where a refund stands."""

    PROCESSING = "PROCESSING", "退款处理中"
    SUCCESS = "SUCCESS", "退款成功"
    CLOSED = "CLOSED", "退款关闭"
    ABNORMAL = "ABNORMAL", "退款异常"


class AbnormalWay(models.TextChoices):
    """Where an abnormal refund goes instead."""

    USER = "USER_BANK_CARD", "用户银行卡"
    MERCHANT = "MERCHANT_BANK_CARD", "交易商户银行账户"


class Order(models.Model):
    """One order of the merchant, by the number the merchant gave it."""

    # what it is
    mchid = models.CharField(max_length=32)
    appid = models.CharField(max_length=32)
    out_trade_no = models.CharField(max_length=32)
    trade_type = models.CharField(max_length=16, choices=TradeType)
    description = models.CharField(max_length=127)
    attach = models.CharField(max_length=128, blank=True)
    total = models.PositiveIntegerField(help_text="fen")
    notify_url = models.URLField(max_length=255)
    time_expire_asked = models.CharField(max_length=64, blank=True)
    time_expire = models.DateTimeField()
    prepay_id = models.CharField(max_length=64, unique=True, default=new_prepay_id)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    uses_public_key = models.BooleanField(help_text="the merchant verifies by public key, not certificate")

    # where it stands
    trade_state = models.CharField(max_length=16, choices=TradeState, default=TradeState.NOTPAY)
    transaction_id = models.CharField(max_length=32, blank=True, db_index=True)
    payer_openid = models.CharField(max_length=128, blank=True)
    paid_at = models.DateTimeField(null=True)

    # trace
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mchid", "out_trade_no"], name="order_number_once")]

    def __str__(self) -> str:
        return self.out_trade_no

    @property
    def code_url(self) -> str:
        """What a Native order's QR code holds."""
        return f"weixin://wxpay/bizpayurl?pr={self.code}"

    def payable_at(self, at: datetime) -> bool:
        """Whether a person can still pay it."""
        return self.trade_state == TradeState.NOTPAY and at < self.time_expire


class Refund(models.Model):
    """One refund of an order, by the number the merchant gave it."""

    # what it is
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    mchid = models.CharField(max_length=32)
    out_refund_no = models.CharField(max_length=64)
    refund_id = models.CharField(max_length=32, unique=True, default=new_refund_id)
    amount = models.PositiveIntegerField(help_text="fen")
    reason = models.CharField(max_length=80, blank=True)
    notify_url = models.URLField(max_length=255, blank=True)

    # where it stands
    status = models.CharField(max_length=16, choices=RefundStatus, default=RefundStatus.PROCESSING)
    queries_left = models.PositiveIntegerField(default=0, help_text="stays PROCESSING for so many queries")
    ends_abnormal = models.BooleanField(default=False)
    goes_to = models.CharField(
        max_length=32, choices=AbnormalWay, blank=True, help_text="after it was abnormal"
    )
    success_at = models.DateTimeField(null=True)

    # trace
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mchid", "out_refund_no"], name="refund_number_once")]

    def __str__(self) -> str:
        return self.out_refund_no


class MedInsOrder(models.Model):
    """An order of which the insurance pays a part, by the number the merchant gave it. Amounts in ``asked`` are fen."""

    out_trade_no = models.CharField(max_length=32, unique=True)
    mix_trade_no = models.CharField(max_length=32, unique=True)
    asked = models.JSONField()
    refunds = models.JSONField(default=list)
    uses_public_key = models.BooleanField()
    paid_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.out_trade_no


def new_sign_in_code() -> str:
    """32 characters, as WeChat's are."""
    return secrets.token_hex(16)


class SignInCode(models.Model):
    """What a browser brings back from web authorisation: good once, and for five minutes."""

    code = models.CharField(max_length=64, unique=True, default=new_sign_in_code)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.code


class Notification(Told):
    """Something the merchant is to be told of an order or a refund."""

    event_id = models.CharField(max_length=36, unique=True, default=new_event_id)
    event_type = models.CharField(max_length=32)
    summary = models.CharField(max_length=64)
    original_type = models.CharField(max_length=16)
    resource = models.JSONField()
    uses_public_key = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.event_type} {self.out_trade_no}"


class BillChange(BillChangeBase):
    """A change to a day's bill; ``amount``: fen."""

    amount = models.PositiveIntegerField(default=0)


class FaultKind(models.TextChoices):
    """What can be told to go wrong."""

    SERVER_ERROR = "server_error", "答 500 SYSTEM_ERROR"
    FREQUENCY_LIMITED = "frequency_limited", "答 429 FREQUENCY_LIMITED"
    NOT_ENOUGH = "not_enough", "退款答 403 NOT_ENOUGH"
    SILENT_BEFORE = "silent_before", "未处理便不作声"
    SILENT_AFTER = "silent_after", "处理完才不作声"
    WRONG_SIGNATURE = "wrong_signature", "应答签名错误"
    NO_NOTIFICATION = telling.NO_NOTIFICATION, "不发通知"
    DUPLICATE_NOTIFICATION = telling.DUPLICATE_NOTIFICATION, "同一通知发两次"
    FORGED_NOTIFICATION = telling.FORGED_NOTIFICATION, "首次通知签名错误"
    DELAYED_NOTIFICATION = telling.DELAYED_NOTIFICATION, "通知迟到"
    REORDERED_NOTIFICATION = telling.REORDERED_NOTIFICATION, "通知被下一条赶过"
    REFUND_PROCESSING = "refund_processing", "退款多次查询仍在处理"
    REFUND_ABNORMAL = "refund_abnormal", "退款异常"
    BILL_CREATING = "bill_creating", "账单答生成中"
    CODE_REFUSED = "code_refused", "网页授权答 40029 invalid code"


class Fault(PlannedFault):
    """A fault of the simulated WeChat Pay; ``verb``: place, query, close, refund, query_refund."""

    queries = models.PositiveIntegerField(default=3, help_text="how many queries see PROCESSING")

    def get_kind_display(self) -> str:
        """The kind, for a person."""
        return str(FaultKind(self.kind).label)


def take(kind: FaultKind, verb: str = "") -> Fault | None:
    """Use up one turn of this fault, if one is set for this verb or for every verb."""
    return faults.take(Fault, kind, verb)
