"""Orders at the province's mobile payment centre (医保移动支付), and what came in from outside."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from insurance.models.authorizations import VoucherAuthorization
from insurance.models.claims import Claim
from kernel.crypto import EncryptedTextField


class MobileOrder(models.Model):
    """One order (6201, 6202) for one claim; amounts in yuan as 6202 stated them."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="mobile_order")
    authorization = models.OneToOneField(
        VoucherAuthorization, null=True, blank=True, on_delete=models.PROTECT, related_name="mobile_order",
        help_text="a permission to pay is used once",
    )  # fmt: skip
    number = models.CharField(_("our order number"), max_length=40, unique=True, help_text="medOrgOrd")
    business_number = models.CharField(max_length=40, blank=True, help_text="orgBizSer of 6202")
    centre_number = models.CharField(
        _("order number of the centre"), max_length=60, unique=True, null=True, blank=True,
        help_text="payOrdId",
    )  # fmt: skip
    token = EncryptedTextField(blank=True, default="", help_text="payToken")
    status = models.CharField(_("status at the centre"), max_length=2, blank=True, help_text="ordStas")
    settlement_type = models.CharField(max_length=4, blank=True, help_text="setlType: ALL, CASH, HI")
    total_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    fund_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    account_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    cash_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    revoke_token = EncryptedTextField(blank=True, default="", help_text="revsToken")
    ordered_at = models.DateTimeField(_("ordered at"))
    polls = models.PositiveSmallIntegerField(_("times polled"), default=0)
    concluded_at = models.DateTimeField(_("final at"), null=True, blank=True)

    class Meta:
        """Parts sum."""

        verbose_name = _("mobile payment order")
        verbose_name_plural = _("mobile payment orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_amount__isnull=True)
                | Q(total_amount=F("fund_amount") + F("account_amount") + F("cash_amount")),
                name="mobile_order_parts_sum",
            )
        ]

    def __str__(self) -> str:
        """Our number."""
        return self.number


class MobileRefund(models.Model):
    """One refund (6203); the number makes it happen once."""

    order = models.ForeignKey(MobileOrder, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField(_("our refund number"), max_length=40, unique=True, help_text="appRefdSn")
    kind = models.CharField(max_length=4, help_text="refdType: ALL, CASH, HI")
    total_amount = models.DecimalField(max_digits=12, decimal_places=2)
    fund_amount = models.DecimalField(max_digits=12, decimal_places=2)
    account_amount = models.DecimalField(max_digits=12, decimal_places=2)
    cash_amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(
        max_length=4, blank=True, help_text="refStatus: SUCC, FAIL, EXP; empty: no answer"
    )
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Parts sum."""

        verbose_name = _("mobile payment refund")
        verbose_name_plural = _("mobile payment refunds")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_amount=F("fund_amount") + F("account_amount") + F("cash_amount")),
                name="mobile_refund_parts_sum",
            )
        ]

    def __str__(self) -> str:
        """Our number."""
        return self.number


class Verdict(models.TextChoices):
    """What became of something that came in."""

    ACCEPTED = "accepted", _("accepted")
    REPEATED = "repeated", _("had before")
    BAD_SIGNATURE = "bad_signature", _("signature is wrong")
    UNREADABLE = "unreadable", _("cannot be read")
    MISMATCH = "mismatch", _("differs from what was agreed")


class InboundMessage(models.Model):
    """A call to our door (6302 and the like), kept as received; the text is encrypted."""

    kind = models.CharField(_("kind"), max_length=20)
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the body")
    body = EncryptedTextField(blank=True, default="")
    remote_address = models.GenericIPAddressField(null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound_messages"
    )
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        """Newest last."""

        verbose_name = _("message that came in")
        verbose_name_plural = _("messages that came in")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Kind and verdict."""
        return f"{self.kind} {self.verdict}"
