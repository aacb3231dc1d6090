"""Bills in the administration: to look at, never to change."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from billing.models import Bill, FeeDetail
from kernel.presentation import money


class LookOnly(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows of money: nobody adds, changes or deletes them by hand."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


class LineInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """The lines as they were charged."""

    model = FeeDetail
    fields = (
        "number",
        "name",
        "quantity",
        "unit_price",
        "amount",
        "document",
        "fund_amount",
        "account_amount",
        "family_amount",
        "institution_amount",
        "cash_amount",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


@admin.register(Bill)
class BillAdmin(LookOnly):
    """A bill and who pays it."""

    list_display = (
        "number",
        "purpose",
        "show_total",
        "show_fund",
        "show_account",
        "show_family",
        "show_institution",
        "show_cash",
        "state",
        "opened_at",
    )
    list_filter = ("state", "purpose", "opened_at")
    search_fields = ("number", "encounter__number")
    search_help_text = _("Number of the bill or of the visit.")
    date_hierarchy = "opened_at"
    inlines = (LineInline,)

    @display(description=_("Total"), ordering="total_amount")
    def show_total(self, bill: Bill) -> str:
        """Yuan."""
        return money(bill.total_amount)

    @display(description=_("Fund"), ordering="fund_amount")
    def show_fund(self, bill: Bill) -> str:
        """Yuan."""
        return money(bill.fund_amount)

    @display(description=_("Account"), ordering="account_amount")
    def show_account(self, bill: Bill) -> str:
        """Yuan."""
        return money(bill.account_amount)

    @display(description=_("Family's accounts"), ordering="family_amount")
    def show_family(self, bill: Bill) -> str:
        """Yuan."""
        return money(bill.family_amount)

    @display(description=_("Borne by the hospital"), ordering="institution_amount")
    def show_institution(self, bill: Bill) -> str:
        """Yuan."""
        return money(bill.institution_amount)

    @display(description=_("Cash"), ordering="cash_amount")
    def show_cash(self, bill: Bill) -> str:
        """Yuan."""
        return money(bill.cash_amount)
