"""Prescriptions that the e-prescription centre holds."""

from datetime import datetime

from django.db import models

from simulators.faults import PlannedFault

PRECHECKED, VALID, LAPSED, WITHDRAWN = "0", "1", "2", "3"
STATUS_NAMES = {PRECHECKED: "预核验", VALID: "有效", LAPSED: "已失效", WITHDRAWN: "已撤销"}
NOT_USED, USED = "1", "2"
USE_NAMES = {NOT_USED: "未使用", USED: "已使用"}
WAITING, PASSED, REFUSED = "0", "1", "2"
VERDICT_NAMES = {WAITING: "待审核", PASSED: "审核通过", REFUSED: "审核不通过"}


class HeldPrescription(models.Model):
    """One prescription from its check (D001) on. ``content`` is what D001 sent."""

    institution = models.CharField(max_length=20)
    hosp_rxno = models.CharField(max_length=40)
    rx_trace_code = models.CharField(max_length=20, unique=True)
    hi_rxno = models.CharField(max_length=30, unique=True)
    content = models.JSONField()
    valid_until = models.DateTimeField()
    signed_file = models.TextField(blank=True)
    status = models.CharField(max_length=1, default=PRECHECKED)
    use = models.CharField(max_length=1, default=NOT_USED)

    verdict = models.CharField(max_length=1, default=WAITING)
    opinion = models.CharField(max_length=200, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A hospital numbers a prescription once."""

        constraints = [models.UniqueConstraint(fields=["institution", "hosp_rxno"], name="rxno_once")]

    def __str__(self) -> str:
        return self.hi_rxno

    def status_at(self, now: datetime) -> str:
        """The status, lapsed when its days are over."""
        return LAPSED if self.status == VALID and self.valid_until <= now else self.status


class Manner(models.Model):
    """How the centre answers a second check of the same number: with the first numbers, or by refusing."""

    repeated_check = models.CharField(max_length=10, default="replay")

    def __str__(self) -> str:
        return self.repeated_check


class FaultKind(models.TextChoices):
    """What can be told to go wrong."""

    SILENT_BEFORE = "silent_before", "什么也不做，不作声"
    SILENT_AFTER = "silent_after", "处理后不作声"
    HTTP_502 = "http_502", "什么也不做，答 502"
    HTTP_502_AFTER = "http_502_after", "处理后答 502"
    NOT_JSON = "not_json", "处理后答的不是 JSON"
    SYSTEM_ERROR = "system_error", "什么也不做，答系统错误 -1"
    SYSTEM_ERROR_AFTER = "system_error_after", "处理后答系统错误 -1"
    REFUSE = "refuse", "什么也不做，答业务失败"
    BAD_SIGNATURE = "bad_signature", "处理后用别的钥匙签名"


class Fault(PlannedFault):
    """A fault of the simulated e-prescription centre."""
