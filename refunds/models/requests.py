"""Requests to give money back, in whole, by line or in cash; amounts in yuan."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models import Bill, FeeDetail, PaidByParts
from insurance.models import LineReturn
from kernel.protection import never_emptied
from payments.models import Refund
from refunds.models.policies import SituationChoice
from refunds.states import OPEN, RefundRequestState

_STATES = [(state.value, state.value) for state in RefundRequestState]


class Scope(models.TextChoices):
    """How much of a bill is asked back."""

    WHOLE = "whole", _("the whole bill")
    LINES = "lines", _("lines of the bill")
    CASH = "cash", _("an amount of her cash")


class RefundRequest(PaidByParts):
    """Money of one bill on its way back, from the wish to the last payer.

    What was given back is known payer by payer when the insurer has spoken. A positive amount went back to its payer;
    a negative one is what a payer bears more, since the insurer pays less for what stays. The parts sum to
    ``approved_amount`` when lines were given back.
    """

    number = models.CharField(_("number"), max_length=30, unique=True)
    key = models.CharField(
        _("key"), max_length=80, unique=True, null=True, blank=True,
        help_text="who asks again with the same key means the same request",
    )  # fmt: skip
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="refund_requests")
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    situation = models.CharField(_("situation"), max_length=30, choices=SituationChoice.choices)
    reason = models.CharField(_("reason"), max_length=80, help_text="shown to the patient")
    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=RefundRequestState.REQUESTED)

    asked_amount = models.DecimalField(_("asked for"), max_digits=12, decimal_places=2)
    approved_amount = models.DecimalField(
        _("agreed to"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    payment_refund = models.ForeignKey(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="requests",
        verbose_name=_("refund at the channel"),
    )  # fmt: skip
    return_bill = models.OneToOneField(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="returned_by",
        verbose_name=_("return bill"),
    )  # fmt: skip
    line_return = models.OneToOneField(
        LineReturn, null=True, blank=True, on_delete=models.SET_NULL, related_name="refund_request",
        verbose_name=_("return at the insurer"),
    )  # fmt: skip

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("empty when the policy, or the small amount, decided"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        """Nobody agrees to her own request; a bill goes back as a whole once; money is positive."""

        verbose_name = _("refund request")
        verbose_name_plural = _("refund requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(requested_by__isnull=True)
                | Q(state="declined")
                | ~Q(decided_by=F("requested_by")),
                name="refund_request_two_persons",
                violation_error_message=_("Who asks for a refund does not agree to it."),
            ),
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(state__in=OPEN, scope="whole"),
                name="refund_request_one_open",
            ),
            models.CheckConstraint(condition=Q(asked_amount__gte=0), name="refund_request_not_negative"),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True) | Q(approved_amount__lte=F("asked_amount")),
                name="refund_request_not_more_than_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="refund_request_finished"
            ),
        ]
        indexes = [models.Index(fields=["state", "requested_at"], name="refund_request_open_ones")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("refunds"),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "number", "bill", "scope", "situation", "asked_amount", "requested_by", "requested_at",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Its number."""
        return self.number


class RefundLine(models.Model):
    """How much of a line goes back; never changed."""

    request = models.ForeignKey(RefundRequest, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(FeeDetail, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=4)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)

    class Meta:
        """Each line once in a request, and more than nothing of it."""

        verbose_name = _("line given back")
        verbose_name_plural = _("lines given back")
        ordering = ["line__number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "line"], name="refund_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, amount__gte=0), name="refund_line_positive"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("refunds"),
        ]

    def __str__(self) -> str:
        """Line and quantity."""
        return f"{self.line_id}: {self.quantity}"
