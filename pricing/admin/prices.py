"""Prices in the administration: read-only rows, and two acts on them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from accounts.permissions import user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from pricing.admin.forms import ChangePriceForm, FirstPriceForm
from pricing.admin.shown import amount_of, period_of, scope_of
from pricing.models import Price
from pricing.operations import PriceChangeRefused, change_price, set_price, withdraw_price


class WhenFilter(admin.SimpleListFilter):
    """By where the day of today lies."""

    title = _("in force")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Now, to come, ended."""
        return [("now", _("now")), ("to_come", _("to come")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Price]) -> QuerySet[Price]:
        """Narrow the list."""
        today = clock.day_of(clock.now())
        if self.value() == "now":
            return queryset.filter(effective__contains=today)
        if self.value() == "to_come":
            return queryset.filter(effective__startswith__gt=today)
        return queryset.filter(effective__endswith__lte=today) if self.value() == "ended" else queryset


class KnownFilter(admin.SimpleListFilter):
    """Current law unless what was known before is asked for."""

    title = _("known")
    parameter_name = "known"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What a later row replaced, and everything; without a choice, what is known now."""
        return [("before", _("only before")), ("ever", _("now or before"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Price]) -> QuerySet[Price]:
        """Narrow the list, but not the page of one row: old bills point there."""
        if self.value() == "before":
            return queryset.filter(retracted_at__isnull=False)
        return queryset if self.value() == "ever" else queryset.filter(retracted_at__isnull=True)


@admin.register(Price)
class PriceAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A price is never edited: a new one begins on a day, and the old one ends there."""

    form = FirstPriceForm
    list_display = ("item", "amount_shown", "scope_shown", "period_shown", "when_shown", "document")
    list_filter = (WhenFilter, KnownFilter, "document", "item__category")
    list_filter_submit = True
    list_select_related = ("item", "base_item", "document", "institution")
    search_fields = ("item__search_key", "document__number")
    search_help_text = _("Name, pinyin, initials or code of the item, or number of the document.")
    autocomplete_fields = ("item", "document")
    actions_detail = ("new_amount", "take_back")
    add_fieldsets = (
        (None, {"fields": ("item", "document", "amount", "begins_on", "last_on")}),
        (_("For whom"), {"fields": ("region_code", "institution_level", "institution", "title")}),
        (_("Insurance"), {"fields": ("insurance_class", "self_pay_rate")}),
    )
    fieldsets = (
        (None, {"fields": ("item", "amount_shown", "period_shown", "document")}),
        (_("For whom"), {"fields": ("region_code", "institution_level", "institution", "title")}),
        (_("Insurance"), {"fields": ("insurance_class", "self_pay_rate", "recorded_at", "retracted_at")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Price | None = None) -> Any:
        """Ask when it is new, show when it is there."""
        return self.add_fieldsets if obj is None else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Price | None = None) -> tuple[str, ...]:
        """Everything of a price that is there."""
        shown = ("amount_shown", "period_shown")
        return () if obj is None else (*shown, *(field.name for field in Price._meta.fields))

    def has_change_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        """A price never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        """Taking back is an act of its own."""
        return False

    def has_act_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may change prices."""
        return request.user.has_perm("pricing.change_price")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Say it when somebody else set the same price while this one was typed."""
        try:
            page: HttpResponse = super().add_view(request, form_url, extra_context)
        except PriceChangeRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return page

    def save_model(self, request: HttpRequest, obj: Price, form: FirstPriceForm, change: Any) -> None:
        """Begin the price through its operation."""
        begun = set_price(
            item_id=obj.item_id,
            document_id=obj.document_id,
            terms=form.terms(),
            by=user_of(request),
            at=clock.now(),
        )
        obj.pk = begun.pk

    @action(
        description=_("New price from a day"), url_path="new-price", permissions=["act"], icon="event_repeat"
    )
    def new_amount(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for amount, day and document; end this price and begin the next."""
        price = self._found(request, object_id)
        form = ChangePriceForm(request.POST or None, price=price)
        if request.method == "POST" and form.is_valid():
            begun = self._changed(request, price, form)
            if begun is not None:
                messages.success(request, _("The new price is recorded. Until then the present one holds."))
                return redirect(_page_of(begun))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New price from a day"),
            "price": price,
            "amount": amount_of(price),
            "scope": scope_of(price),
            "period": period_of(price),
            "form": form,
            "media": self.media + form.media,
            "page_of_price": _page_of(price),
        }
        return TemplateResponse(request, "pricing/admin/change_price.html", context)

    def _changed(self, request: HttpRequest, price: Price, form: ChangePriceForm) -> Price | None:
        try:
            return change_price(
                price_id=price.pk,
                amount=form.cleaned_data["amount"],
                from_on=form.cleaned_data["from_on"],
                document_id=form.cleaned_data["document"].pk,
                by=user_of(request),
                at=clock.now(),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
            return None

    @action(description=_("Take back"), url_path="take-back", permissions=["act"], icon="undo")
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then take back a price that has not begun."""
        price = self._found(request, object_id)
        if request.method == "POST":
            return self._taken_back(request, price)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Take back"),
            "price": price,
            "amount": amount_of(price),
            "scope": scope_of(price),
            "period": period_of(price),
            "page_of_price": _page_of(price),
        }
        return TemplateResponse(request, "pricing/admin/take_back.html", context)

    def _taken_back(self, request: HttpRequest, price: Price) -> HttpResponse:
        try:
            before = withdraw_price(price_id=price.pk, by=user_of(request), at=clock.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(_page_of(price))
        messages.success(request, _("The price is taken back; the one before it goes on."))
        return redirect(_page_of(before) if before else reverse("admin:pricing_price_changelist"))

    def _found(self, request: HttpRequest, object_id: str) -> Price:
        known = Price.objects.known().select_related("item", "base_item", "document", "institution")
        price = known.filter(pk=object_id).first()
        if price is None:
            raise Http404
        return price

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, price: Price) -> str:
        """Yuan for one unit."""
        return amount_of(price)

    @admin.display(description=_("for"))
    def scope_shown(self, price: Price) -> str:
        """Region, level, title."""
        return scope_of(price)

    @admin.display(description=_("in force"), ordering="effective")
    def period_shown(self, price: Price) -> str:
        """First and last day."""
        return period_of(price)

    @display(description=_("today"), label={"now": "success", "to_come": "info", "ended": "warning"})
    def when_shown(self, price: Price) -> tuple[str, Any]:
        """Whether it holds today."""
        if price.retracted_at is not None:
            return "before", _("known before")
        today = clock.day_of(clock.now())
        if price.effective.lower > today:
            return "to_come", _("to come")
        if price.effective.upper is not None and price.effective.upper <= today:
            return "ended", _("ended")
        return "now", _("now")


def _page_of(price: Price) -> str:
    return reverse("admin:pricing_price_change", args=[price.pk])
