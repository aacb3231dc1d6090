"""What the simulated Alipay holds: trades, refunds, notifications to send, faults to play. Amounts are yuan."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.utils import timezone

from simulators import faults, telling
from simulators.bill_changes import BillChangeBase
from simulators.faults import PlannedFault
from simulators.telling import Told


def new_trade_no() -> str:
    """28 digits, the day first: ``2026060522001419931441931972``."""
    return f"{timezone.localdate():%Y%m%d}22001" + "".join(secrets.choice("0123456789") for _ in range(15))


def new_code() -> str:
    """The secret part of a ``qr_code``, and of a cashier's address."""
    return "bax" + secrets.token_hex(12)


def new_notify_id() -> str:
    """A notification's id."""
    return f"{timezone.localdate():%Y%m%d}" + secrets.token_hex(13)


class Product(models.TextChoices):
    """How the payer meets the trade."""

    PRECREATE = "precreate", "扫码支付"
    PAGE = "page", "电脑网站支付"
    WAP = "wap", "手机网站支付"


class TradeStatus(models.TextChoices):
    """Where a trade stands."""

    WAIT_BUYER_PAY = "WAIT_BUYER_PAY", "等待付款"
    TRADE_SUCCESS = "TRADE_SUCCESS", "支付成功"
    TRADE_CLOSED = "TRADE_CLOSED", "交易关闭"
    TRADE_FINISHED = "TRADE_FINISHED", "交易完结"


class Trade(models.Model):
    """One trade of the merchant, by the number the merchant gave it."""

    # what it is
    out_trade_no = models.CharField(max_length=64, unique=True)
    product = models.CharField(max_length=10, choices=Product)
    subject = models.CharField(max_length=256)
    body = models.CharField(max_length=128, blank=True)
    passback_params = models.CharField(max_length=512, blank=True)
    total = models.DecimalField(max_digits=11, decimal_places=2)
    notify_url = models.URLField(max_length=256, blank=True)
    return_url = models.URLField(max_length=256, blank=True)
    quit_url = models.URLField(max_length=400, blank=True)
    life_asked = models.CharField(max_length=64, blank=True, help_text="how its time-out was written")
    code = models.CharField(max_length=32, unique=True, default=new_code)
    trade_no = models.CharField(max_length=64, unique=True, default=new_trade_no)

    # where it stands
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="nothing is known of it before a payer has seen it")
    is_locked = models.BooleanField(default=False, help_text="closed or cancelled before a payer saw it")
    status = models.CharField(max_length=16, choices=TradeStatus, default=TradeStatus.WAIT_BUYER_PAY)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # trace
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.out_trade_no

    @property
    def qr_code(self) -> str:
        """What the QR code of a precreated trade holds."""
        return f"https://qr.alipay.com/{self.code}"

    @property
    def refunded(self) -> Decimal:
        """What has gone back."""
        sent = self.refunds.exclude(done_at=None).aggregate(sum=models.Sum("amount"))["sum"]
        return sent or Decimal("0.00")

    def is_payable(self, at: datetime) -> bool:
        """Whether a person can still pay it."""
        return not self.is_locked and self.status == TradeStatus.WAIT_BUYER_PAY and at < self.expires_at


class Refund(models.Model):
    """One refund of a trade, by the number the merchant gave it."""

    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="refunds")
    out_request_no = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    reason = models.CharField(max_length=256, blank=True)
    queries_left = models.PositiveIntegerField(default=0, help_text="is not done for so many queries")
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trade", "out_request_no"], name="request_number_once")
        ]

    def __str__(self) -> str:
        return self.out_request_no


class Notification(Told):
    """What became of a trade: ``fields`` without those that belong to the sending."""

    notify_id = models.CharField(max_length=128, unique=True, default=new_notify_id)
    fields = models.JSONField()


class BillChange(BillChangeBase):
    """A change to a day's bill; ``amount``: yuan."""

    amount = models.DecimalField(max_digits=11, decimal_places=2, default=Decimal(0))


class FaultKind(models.TextChoices):
    """What can be told to go wrong."""

    HTTP_ERROR = "http_error", "答 502"
    UNKNOWN_ERROR = "unknown_error", "答 20000 isp.unknow-error"
    CALL_LIMITED = "call_limited", "答 40005 isv.app-call-limited"
    SYSTEM_ERROR = "system_error", "未处理，答 ACQ.SYSTEM_ERROR"
    SYSTEM_ERROR_AFTER = "system_error_after", "处理完，答 ACQ.SYSTEM_ERROR"
    NOT_ENOUGH = "not_enough", "退款答 ACQ.SELLER_BALANCE_NOT_ENOUGH"
    SILENT_BEFORE = "silent_before", "未处理便不作声"
    SILENT_AFTER = "silent_after", "处理完才不作声"
    WRONG_SIGNATURE = "wrong_signature", "应答签名错误"
    NO_NOTIFICATION = telling.NO_NOTIFICATION, "不发通知"
    DUPLICATE_NOTIFICATION = telling.DUPLICATE_NOTIFICATION, "同一通知发两次"
    FORGED_NOTIFICATION = telling.FORGED_NOTIFICATION, "首次通知签名错误"
    DELAYED_NOTIFICATION = telling.DELAYED_NOTIFICATION, "通知迟到"
    REORDERED_NOTIFICATION = telling.REORDERED_NOTIFICATION, "通知被下一条赶过"
    REFUND_PROCESSING = "refund_processing", "退款多次查询仍未完成"
    BILL_CREATING = "bill_creating", "账单尚未生成"


class Fault(PlannedFault):
    """A fault of the simulated Alipay; ``verb``: precreate, page, wap, query, close, cancel, refund …."""

    verb = models.CharField(max_length=16, blank=True, help_text="empty: whatever is asked")
    kind = models.CharField(max_length=32, choices=FaultKind)
    queries = models.PositiveIntegerField(default=3, help_text="how many queries see nothing of the refund")


def take(kind: FaultKind, verb: str = "") -> Fault | None:
    """Use up one turn of this fault, if one is set for this verb or for every verb."""
    return faults.take(Fault, kind, verb)
