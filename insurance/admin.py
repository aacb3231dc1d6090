"""Claims, settlements and messages in the administration: to look at, never to change."""

from django.contrib import admin

from billing.admin import LookOnly
from insurance.models import Claim, GatewayMessage, Settlement


@admin.register(Claim)
class ClaimAdmin(LookOnly):
    """What was asked of the insurer for a bill."""

    list_display = (
        "batch_number",
        "bill",
        "state",
        "fund_amount",
        "account_amount",
        "cash_amount",
        "asked_times",
        "last_asked_at",
    )
    list_filter = ("state", "opened_at")
    search_fields = ("batch_number", "bill__number", "settle_msgid", "reverse_msgid")
    list_select_related = ("bill",)


@admin.register(Settlement)
class SettlementAdmin(LookOnly):
    """What the insurer settled, and what it took back."""

    list_display = (
        "number",
        "claim",
        "total_amount",
        "fund_amount",
        "account_amount",
        "cash_amount",
        "settled_at",
        "msgid",
    )
    list_filter = ("settled_at",)
    search_fields = ("number", "msgid", "claim__bill__number")
    list_select_related = ("claim",)
    date_hierarchy = "settled_at"


@admin.register(GatewayMessage)
class GatewayMessageAdmin(LookOnly):
    """Every message; the texts hold personal data and are not shown here."""

    list_display = (
        "msgid",
        "transaction_code",
        "state",
        "attempts",
        "written_at",
        "answered_at",
        "error_text",
    )
    list_filter = ("state", "transaction_code", "written_at")
    search_fields = ("msgid",)
    exclude = ("request_text", "reply_text")
