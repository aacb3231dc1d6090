"""Checkouts in the administration: to look at, never to change."""

from django.contrib import admin

from billing.admin import LookOnly
from checkout.models import Checkout


@admin.register(Checkout)
class CheckoutAdmin(LookOnly):
    """How far the money of a bill has come."""

    list_display = (
        "bill",
        "state",
        "uses_insurance",
        "opened_at",
        "pay_by",
        "paid_at",
        "settled_at",
        "ended_at",
    )
    list_filter = ("state", "uses_insurance", "opened_at")
    search_fields = ("bill__number", "bill__encounter__number")
    list_select_related = ("bill",)
