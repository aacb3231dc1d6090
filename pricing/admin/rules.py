"""Charging rules in the administration: read, recorded with a document, ended; never edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.backends.postgresql.psycopg_any import DateRange
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
from pricing.admin.forms import begins_field, check_days, last_field
from pricing.admin.shown import period_of
from pricing.models import ChargeRule
from pricing.operations.charge_rules import (
    ChargeRuleRefused,
    end_charge_rule,
    record_charge_rule,
    violations_of_charge_rule,
)


class ChargeRuleForm(forms.ModelForm[ChargeRule]):
    """A rule as its document says it."""

    begins_on = begins_field()
    last_on = last_field()

    class Meta:
        model = ChargeRule
        exclude = ("effective", "recorded_at")  # noqa: DJ006  # asked as two days; set by the operation

    def clean(self) -> dict[str, Any] | None:
        """Ask the rules now, so that every refusal stands beside its field."""
        cleaned = super().clean()
        period = check_days(self)
        if period is not None and not self.errors:
            entered = self.cleaned_data
            rule = ChargeRule(
                effective=DateRange(period.begin, period.end),
                **{name: entered[name] for name in _TERMS},
            )
            found = violations_of_charge_rule(rule, entered["subjects"], entered["partners"], at=clock.now())
            if found:
                show_refusal(self, ChargeRuleRefused(violations=found))
            self.instance.effective = rule.effective
        return cleaned


_TERMS = ("kind", "window", "window_length", "limit_quantity", "limit_amount", "region_code", "document")


class EndRuleForm(forms.Form):
    """The last day on which a rule holds."""

    last_on = last_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A day is needed here."""
        super().__init__(*args, **kwargs)
        self.fields["last_on"].required = True
        self.fields["last_on"].help_text = _("Included. Today or a later day.")


class HoldsFilter(admin.SimpleListFilter):
    """By whether a rule holds today."""

    title = _("in force")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Now, to come, ended."""
        return [("now", _("now")), ("to_come", _("to come")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ChargeRule]) -> QuerySet[ChargeRule]:
        """Narrow the list."""
        today = clock.day_of(clock.now())
        if self.value() == "now":
            return queryset.filter(effective__contains=today)
        if self.value() == "to_come":
            return queryset.filter(effective__startswith__gt=today)
        return queryset.filter(effective__endswith__lte=today) if self.value() == "ended" else queryset


@admin.register(ChargeRule)
class ChargeRuleAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A rule is what its document says; when the document changes, it ends and another one begins."""

    form = ChargeRuleForm
    list_display = ("code", "kind_shown", "text", "region_code", "period_shown", "document")
    list_filter = (HoldsFilter, "kind", "window", "document")
    list_filter_submit = True
    list_select_related = ("document",)
    search_fields = ("code", "text", "text_en", "subjects__search_key", "partners__search_key")
    search_help_text = _("Code or words of the rule; name, pinyin, initials or code of an item.")
    autocomplete_fields = ("subjects", "partners", "document")
    actions_detail = ("end_rule",)

    def get_fieldsets(self, request: HttpRequest, obj: ChargeRule | None = None) -> list[Any]:
        """Ask when it is new, show when it is there."""
        days = ("begins_on", "last_on") if obj is None else ("period_shown", "recorded_at")
        limits = ("window", "window_length", "limit_quantity", "limit_amount")
        return [
            (None, {"fields": ("code", "kind", "text", "text_en")}),
            (_("What it binds"), {"fields": ("subjects", "partners", *limits)}),
            (_("Where and when it holds"), {"fields": ("region_code", *days)}),
            (_("How we know"), {"fields": ("document", "place")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: ChargeRule | None = None) -> tuple[str, ...]:
        """Everything of a rule that is there."""
        names = (field.name for field in (*ChargeRule._meta.fields, *ChargeRule._meta.many_to_many))
        return () if obj is None else ("period_shown", *names)

    def has_change_permission(self, request: HttpRequest, obj: ChargeRule | None = None) -> bool:
        """A rule never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ChargeRule | None = None) -> bool:
        """Never: what was refused by it can be traced to it."""
        return False

    def has_act_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may record rules may end them."""
        return request.user.has_perm("pricing.add_chargerule")

    def save_model(self, request: HttpRequest, obj: ChargeRule, form: Any, change: Any) -> None:
        """Record it through its operation."""
        entered = form.cleaned_data
        record_charge_rule(
            rule=obj, subjects=entered["subjects"], partners=entered["partners"],
            by=user_of(request), at=clock.now(),
        )  # fmt: skip

    @action(description=_("End"), url_path="end", permissions=["act"], icon="event_busy")
    def end_rule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the last day, then end it."""
        rule = ChargeRule.objects.select_related("document").filter(pk=object_id).first()
        if rule is None:
            raise Http404
        form = EndRuleForm(request.POST or None)
        page = reverse("admin:pricing_chargerule_change", args=[rule.pk])
        if request.method == "POST" and self._ended(request, rule, form):
            messages.success(request, _("The rule holds until the end of that day."))
            return redirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("End this rule"),
            "rule": rule,
            "period": period_of(rule),
            "form": form,
            "media": self.media + form.media,
            "page_of_rule": page,
        }
        return TemplateResponse(request, "pricing/admin/end_rule.html", context)

    def _ended(self, request: HttpRequest, rule: ChargeRule, form: EndRuleForm) -> bool:
        if not form.is_valid():
            return False
        last_on = form.cleaned_data["last_on"]
        try:
            end_charge_rule(rule_id=rule.pk, last_on=last_on, by=user_of(request), at=clock.now())
        except DomainError as refusal:
            show_refusal(form, refusal)
            return False
        return True

    @admin.display(description=_("in force"), ordering="effective")
    def period_shown(self, rule: ChargeRule) -> str:
        """First and last day."""
        return period_of(rule)

    @display(
        description=_("kind"),
        label={"exclusion": "danger", "needs_another": "info", "daily_total": "warning"},
        ordering="kind",
    )
    def kind_shown(self, rule: ChargeRule) -> tuple[str, str]:
        """In words."""
        return rule.kind, rule.get_kind_display()
