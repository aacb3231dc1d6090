"""Receipts: what was charged and paid, as it stood when it was said."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from receipts.states import ReceiptKind
from refunds.models import RefundRequest
from registry.models import Institution

_KINDS = [(ReceiptKind.RECEIPT.value, _("receipt")), (ReceiptKind.REFUND.value, _("refund certificate"))]
_FROZEN = [
    "institution", "number", "kind", "bill", "follows", "refund_request", "total_amount", "content", "content_sha256",
    "verification_code", "issued_at", "issued_by",
]  # fmt: skip


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Receipts."""

    def standing(self) -> "ReceiptQuerySet":
        """Those in force: no red one has taken them out."""
        return self.filter(kind=ReceiptKind.RECEIPT.value, cancelled_by__isnull=True)


class Receipt(models.Model):
    """What a bill came to and who paid it, frozen; a refund takes it out of force by a red one, never by deleting it.

    Amounts in yuan; negative on a red one.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=_KINDS)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="receipts")
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by",
        verbose_name=_("follows"),
        help_text="the receipt that a red one takes out of force, or in whose place this one says what stands",
    )  # fmt: skip
    refund_request = models.OneToOneField(
        RefundRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="certificate",
        verbose_name=_("refund"), help_text="which refund a red one certifies",
    )  # fmt: skip

    total_amount = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    content = models.JSONField(help_text="everything its documents show, see receipts.rules.content")
    content_sha256 = models.CharField(max_length=64)
    verification_code = models.CharField(_("verification code"), max_length=32, unique=True)

    fiscal_code = models.CharField(_("fiscal receipt: code"), max_length=8, blank=True)
    fiscal_number = models.CharField(_("fiscal receipt: number"), max_length=10, blank=True)
    fiscal_check_code = models.CharField(_("fiscal receipt: check code"), max_length=6, blank=True)
    fiscal_assigned_at = models.DateTimeField(_("fiscal number assigned at"), null=True, blank=True)

    cancelled_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="cancels",
        verbose_name=_("taken out of force by"),
    )  # fmt: skip
    cancelled_at = models.DateTimeField(_("out of force since"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        """One receipt in force for a bill; what it says is read-only in the database, and no row is deleted."""

        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(kind="receipt", cancelled_by__isnull=True),
                name="receipt_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by__isnull=True, cancelled_at__isnull=True)
                | Q(kind="receipt", cancelled_by__isnull=False, cancelled_at__isnull=False),
                name="receipt_cancelled_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="receipt", total_amount__gte=0) | Q(kind="refund", total_amount__lte=0),
                name="receipt_sign",
            ),
            models.UniqueConstraint(
                fields=["fiscal_code", "fiscal_number"],
                condition=~Q(fiscal_number=""),
                name="fiscal_number_once",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=_FROZEN),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="cancelled_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__cancelled_by__isnull=False),
            ),
            pgtrigger.Protect(
                name="fiscal_number_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.fiscal_number <> '' AND OLD.fiscal_number IS DISTINCT FROM NEW.fiscal_number"
                ),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def is_red(self) -> bool:
        """Whether it says that money went back."""
        return self.kind == ReceiptKind.REFUND.value

    @property
    def is_in_force(self) -> bool:
        """Whether nothing has come in its place."""
        return self.cancelled_by_id is None
