"""Price items in the administration."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from accounts.permissions import user_of
from kernel import clock
from pricing.admin.forms import ItemForm
from pricing.admin.shown import amount_of, period_of, scope_of
from pricing.models import Price, PriceItem
from pricing.operations import record_item


class PriceInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """The prices of the item, to look at; each opens its own page."""

    model = Price
    fk_name = "item"
    extra = 0
    can_delete = False
    show_change_link = True
    fields = ("amount_shown", "scope_shown", "period_shown", "document")
    readonly_fields = fields
    ordering = ("-effective",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        """As known now."""
        known: QuerySet[Price] = super().get_queryset(request).filter(retracted_at__isnull=True)
        return known.select_related("item", "base_item", "document", "institution")

    def has_add_permission(self, request: HttpRequest, obj: PriceItem | None = None) -> bool:
        """Prices have a page of their own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: PriceItem | None = None) -> bool:
        """A price never changes."""
        return False

    @admin.display(description=_("amount"))
    def amount_shown(self, price: Price) -> str:
        """Yuan for one unit."""
        return amount_of(price)

    @admin.display(description=_("for"))
    def scope_shown(self, price: Price) -> str:
        """Region, level, title."""
        return scope_of(price)

    @admin.display(description=_("in force"))
    def period_shown(self, price: Price) -> str:
        """First and last day."""
        return period_of(price)


@admin.register(PriceItem)
class PriceItemAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """An item; what decides money is fixed once it has a price."""

    form = ItemForm
    list_display = ("name", "code", "category", "unit", "priced_as", "is_demonstration")
    list_filter = ("category", "kind", "service", "is_demonstration", "region_code")
    list_filter_submit = True
    list_select_related = ("priced_as",)
    search_fields = ("search_key",)
    search_help_text = _("Name, pinyin, initials or code.")
    autocomplete_fields = ("priced_as", "main_item")
    inlines = (PriceInline,)
    fieldsets = (
        (None, {"fields": ("code", "name", "name_en", "category", "region_code", "is_demonstration")}),
        (_("What it is to others"), {"fields": ("kind", "main_item", "service", "priced_as")}),
        (
            _("What is charged"),
            {
                "fields": (
                    "unit",
                    "unit_en",
                    "specification",
                    "specification_en",
                    "quantity_decimals",
                )
            },
        ),
        (_("What it includes"), {"fields": ("content", "content_en")}),
        (_("Insurance"), {"fields": ("insurance_code", "charge_type")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: PriceItem | None = None) -> bool:
        """Never: old bills name it."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: PriceItem | None = None) -> tuple[str, ...]:
        """Code, unit and list stay as the prices mean them."""
        if obj is None or not obj.prices.exists():
            return ()
        return (
            "code",
            "unit",
            "unit_en",
            "region_code",
            "quantity_decimals",
            "kind",
            "main_item",
            "is_demonstration",
        )

    def save_model(self, request: HttpRequest, obj: PriceItem, form: Any, change: Any) -> None:
        """Record it with a trace."""
        record_item(item=obj, changed=form.changed_data, by=user_of(request), at=clock.now())
