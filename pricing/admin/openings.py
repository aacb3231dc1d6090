"""Policy switches in the administration: opened by a document, closed from a day."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from accounts.permissions import user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from kernel.period import Period
from pricing.admin.forms import begins_field, check_days, last_field
from pricing.admin.shown import period_of
from pricing.models import PolicyOpening, ServiceChoice
from pricing.operations import OpeningRefused, close_service, open_service, violations_of_opening
from pricing.rules.kinds import CLOSED_UNTIL_OPENED, Service


class OpeningForm(forms.ModelForm[PolicyOpening]):
    """Which service, where, by which document, over which days."""

    period: Period | None = None
    service = forms.ChoiceField(
        label=_("service of the policy"),
        choices=[(each.value, each.label) for each in ServiceChoice if each.value in CLOSED_UNTIL_OPENED],
        widget=UnfoldAdminSelectWidget,
        help_text=_("Closed everywhere until a document opens it."),
    )
    begins_on = begins_field()
    last_on = last_field()

    class Meta:
        model = PolicyOpening
        exclude = ("effective", "recorded_at")  # noqa: DJ006  # asked as two days; set by the operation

    def clean(self) -> dict[str, Any] | None:
        """Ask the rules now, so that every refusal stands beside its field."""
        cleaned = super().clean()
        self.period = check_days(self)
        if self.period is not None and not self.errors:
            said = self.cleaned_data
            found = violations_of_opening(
                Service(said["service"]), said["region_code"], said["document"], self.period
            )
            if found:
                show_refusal(self, OpeningRefused(violations=found))
        return cleaned


class ClosingForm(forms.Form):
    """From which day the service is closed."""

    from_on = forms.DateField(
        label=_("closed from"),
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("First day on which it is not charged any more; tomorrow at the earliest."),
    )


@admin.register(PolicyOpening)
class PolicyOpeningAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """An opening is recorded and closed, never edited."""

    form = OpeningForm
    list_display = ("service", "region_code", "period_shown", "document")
    list_filter = ("service", "region_code")
    list_filter_submit = True
    list_select_related = ("document",)
    autocomplete_fields = ("document",)
    actions_detail = ("close",)
    fields = ("service", "region_code", "document", "begins_on", "last_on")
    shown_fields = ("service", "region_code", "document", "period_shown", "recorded_at")

    def get_fields(self, request: HttpRequest, obj: PolicyOpening | None = None) -> tuple[str, ...]:
        """Ask when it is new, show when it is there."""
        return self.fields if obj is None else self.shown_fields

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyOpening | None = None) -> tuple[str, ...]:
        """Everything that is there."""
        return () if obj is None else self.shown_fields

    def has_change_permission(self, request: HttpRequest, obj: PolicyOpening | None = None) -> bool:
        """Closing is an act of its own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PolicyOpening | None = None) -> bool:
        """Closing is an act of its own."""
        return False

    def has_act_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may change prices."""
        return request.user.has_perm("pricing.change_policyopening")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Say it when somebody else opened the same while this one was typed."""
        try:
            page: HttpResponse = super().add_view(request, form_url, extra_context)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return page

    def save_model(self, request: HttpRequest, obj: PolicyOpening, form: OpeningForm, change: Any) -> None:
        """Open it through its operation."""
        if form.period is None:
            raise ValueError("the days are not known")
        opened = open_service(
            service=Service(obj.service),
            region_code=obj.region_code,
            document_id=obj.document_id,
            period=form.period,
            by=user_of(request),
            at=clock.now(),
        )
        obj.pk = opened.pk

    @action(description=_("Close from a day"), url_path="close", permissions=["act"], icon="block")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask from which day, then close; an opening that has not begun is taken back."""
        opening = PolicyOpening.objects.select_related("document").filter(pk=object_id).first()
        if opening is None:
            raise Http404
        form = ClosingForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._closed(request, opening, form):
            messages.success(request, _("Closed from this day. What was charged before stays as it is."))
            return redirect(reverse("admin:pricing_policyopening_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Close from a day"),
            "facts": [
                (_("service of the policy"), opening.get_service_display()),
                (_("region (GB/T 2260)"), opening.region_code),
                (_("in force"), period_of(opening)),
                (_("document"), str(opening.document)),
            ],
            "form": form,
            "media": self.media + form.media,
            "button": _("Close from a day"),
            "back": reverse("admin:pricing_policyopening_change", args=[opening.pk]),
        }
        return TemplateResponse(request, "pricing/admin/from_a_day.html", context)

    def _closed(self, request: HttpRequest, opening: PolicyOpening, form: ClosingForm) -> bool:
        try:
            close_service(
                opening_id=opening.pk,
                from_on=form.cleaned_data["from_on"],
                by=user_of(request),
                at=clock.now(),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
            return False
        return True

    @admin.display(description=_("in force"), ordering="effective")
    def period_shown(self, opening: PolicyOpening) -> str:
        """First and last day."""
        return period_of(opening)
