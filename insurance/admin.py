"""Claims, settlements, messages and agreements to look at; rules of what is payable to record."""

from django.contrib import admin

from accounts.admin import AuditedAdmin
from billing.admin import LookOnly
from insurance.models import Agreement, Claim, GatewayMessage, PayableRule, Settlement


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


@admin.register(Agreement)
class AgreementAdmin(LookOnly):
    """Contracts with the insurance; the insurance office records them on its own pages."""

    list_display = ("number", "kind", "institution", "pooling_area", "state", "valid_from", "valid_until")
    list_filter = ("kind", "state")
    search_fields = ("number", "agency")
    list_select_related = ("institution",)


@admin.register(PayableRule)
class PayableRuleAdmin(AuditedAdmin):
    """What the insurance of an area pays for, with its source."""

    list_display = ("service", "pooling_area", "is_payable", "valid_from", "valid_until", "source", "grade")
    list_filter = ("service", "is_payable", "grade")
    search_fields = ("pooling_area", "source")
