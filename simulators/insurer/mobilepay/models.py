"""What the mobile payment centre keeps. Amounts are yuan."""

# ruff: noqa: DJ008 (rows are shown by the control page, which names its columns)

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from simulators import faults
from simulators.faults import PlannedFault

DIGITS = 16

OPEN, PROCESSING, INSURANCE_PAID, SETTLED = "1", "2", "4", "6"
REFUNDED, INSURANCE_REFUNDED, REVOKED, STRANGE, FAILED, NOT_SAID = "7", "8", "12", "14", "15", "18"


class PayOrder(models.Model):
    """An uploaded order: by the hospital's number once, by the centre's number for ever."""

    pay_ord_id = models.CharField(max_length=60, unique=True)
    org_codg = models.CharField(max_length=30)
    med_org_ord = models.CharField(max_length=40)
    pay_token = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    asked = models.JSONField(encoder=DjangoJSONEncoder)
    answered = models.JSONField(encoder=DjangoJSONEncoder)
    ord_stas = models.CharField(max_length=4, default=OPEN)
    shown_later = models.PositiveSmallIntegerField(
        default=0, help_text="queries that still see the order in processing"
    )
    hidden_stas = models.CharField(max_length=4, blank=True, help_text="what they see instead")
    org_biz_ser = models.CharField(max_length=40, blank=True)
    fee_sum = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    own_pay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    acct_pay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    fund_pay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    setl_id = models.CharField(max_length=30, blank=True)
    setlinfo = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    revs_token = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    traced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("org_codg", "med_org_ord", name="one_order_for_a_hospital_number")
        ]


class UsedPermission(models.Model):
    """A payAuthNo that has been used; it never serves a second payment."""

    pay_auth_no = models.CharField(max_length=40, unique=True)
    org_biz_ser = models.CharField(max_length=40)
    used_at = models.DateTimeField()


class Refund(models.Model):
    """A refund, once for each number of the hospital."""

    order = models.ForeignKey(PayOrder, models.CASCADE, related_name="refunds")
    app_refd_sn = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    ref_status = models.CharField(max_length=4)
    made_at = models.DateTimeField()


class Notification(models.Model):
    """6302 to a hospital, until it answers 200 with success."""

    order = models.ForeignKey(PayOrder, models.CASCADE, related_name="notifications")
    is_forged = models.BooleanField(default=False)
    copies = models.PositiveSmallIntegerField(default=1)
    cash_more = models.DecimalField(
        max_digits=DIGITS, decimal_places=2, default=0, help_text="yuan that the fund is said to pay less"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_answer = models.CharField(max_length=120, blank=True)
    delivered_at = models.DateTimeField(null=True)


class FaultKind(models.TextChoices):
    """What can be told to go wrong."""

    SILENT_BEFORE = "silent_before", "未处理便不作声"
    SILENT_AFTER = "silent_after", "处理完才不作声"
    HTTP_502 = "http_502", "未处理，答 HTTP 502"
    HTTP_502_AFTER = "http_502_after", "处理完，答 HTTP 502"
    SYSTEM_ERROR_AFTER = "system_error_after", "处理完，答 code -1"
    NOT_JSON = "not_json", "处理完，应答不是 JSON"
    WRONG_SIGNATURE = "wrong_signature", "处理完，应答签名错误"
    STAYS_PROCESSING = "stays_processing", "下单后多次查询仍为结算中"
    NOT_SAID = "not_said", "下单后多次查询状态不明"
    SETTLEMENT_FAILS = "settlement_fails", "下单应答成功，但结算失败"
    OTHER_AMOUNTS = "other_amounts", "查询结果比下单应答统筹少付一元"
    REFUND_FAILS = "refund_fails", "退费失败"
    REFUND_EXP = "refund_exp", "已退费，应答 EXP"
    NO_CALLBACK = "no_callback", "不发结果通知"
    CALLBACK_TWICE = "callback_twice", "结果通知发两次"
    CALLBACK_FORGED = "callback_forged", "结果通知先发一次签名错误的"
    CALLBACK_OTHER_AMOUNTS = "callback_other_amounts", "结果通知金额不同"


class Fault(PlannedFault):
    """A fault; ``verb`` is the transaction number. ``queries``: how many queries see it."""

    queries = models.PositiveIntegerField(default=3)

    def get_kind_display(self) -> str:
        """The kind, for a person."""
        return str(FaultKind(self.kind).label)


def take(kind: FaultKind, infno: str = "") -> Fault | None:
    """Use up one turn of this fault, if one is set for this transaction or for every one."""
    return faults.take(Fault, kind, infno)
