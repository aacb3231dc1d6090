"""Payment orders and refunds in the administration; a refund that failed can be asked for again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import user_of
from billing.admin import LookOnly
from kernel import clock
from payments.models import ChannelOffer, PaymentIncident, PaymentNotification, PaymentOrder, Refund
from payments.operations.refunds import ask_again


@admin.register(PaymentOrder)
class PaymentOrderAdmin(LookOnly):
    """Her share at the channel."""

    list_display = (
        "number",
        "bill",
        "amount",
        "channel",
        "scene",
        "state",
        "transaction_id",
        "created_at",
        "paid_at",
    )
    list_filter = ("state", "channel", "scene", "created_at")
    search_fields = ("number", "transaction_id", "bill__number")
    list_select_related = ("bill",)
    date_hierarchy = "created_at"


@admin.register(Refund)
class RefundAdmin(LookOnly):
    """Money on its way back."""

    list_display = ("number", "order", "amount", "state", "failure", "requested_at", "done_at")
    list_filter = ("state", "requested_at")
    search_fields = ("number", "order__number", "order__bill__number")
    list_select_related = ("order",)
    actions = ("ask_channel_again",)

    @admin.action(description=gettext_lazy("Ask the channel again for refunds that failed"))
    def ask_channel_again(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        """A new refund number for each failed refund chosen; others are left alone."""
        asked = [ask_again(refund_id=refund.pk, by=user_of(request), at=clock.now()) for refund in queryset]
        done = len([refund for refund in asked if refund])
        messages.success(request, _("%(count)s refunds are asked for again.") % {"count": done})


@admin.register(PaymentNotification)
class PaymentNotificationAdmin(LookOnly):
    """What the channel told us."""

    list_display = ("notification_id", "event_type", "order_number", "received_at")
    list_filter = ("event_type", "received_at")
    search_fields = ("notification_id", "order_number")


@admin.register(ChannelOffer)
class ChannelOfferAdmin(LookOnly):
    """Which channels an institution offers; changed on the office's page, which leaves its trace."""

    list_display = ("institution", "channel", "is_offered", "desktop_scene", "changed_by", "changed_at")
    list_filter = ("channel", "is_offered")
    list_select_related = ("institution", "changed_by")


@admin.register(PaymentIncident)
class PaymentIncidentAdmin(LookOnly):
    """What contradicted us."""

    list_display = ("kind", "channel", "subject", "times", "first_at", "last_at", "settled_by")
    list_filter = ("kind", "channel", "on")
    search_fields = ("subject",)
    list_select_related = ("settled_by",)
