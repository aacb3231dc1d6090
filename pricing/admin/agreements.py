"""Sharing agreements in the administration: recorded, ended from a day, never edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.backends.postgresql.psycopg_any import DateRange
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
from pricing.admin.forms import begins_field, check_days, last_field
from pricing.admin.shown import period_of
from pricing.models import ServiceChoice, SharingAgreement
from pricing.operations import AgreementRefused, end_agreement, record_agreement, violations_of_agreement
from pricing.rules.sharing import SHARED

_TERMS = (
    "number", "service", "inviting", "invited", "platform_name", "inviting_rate", "invited_rate",
    "platform_rate", "signed_on",
)  # fmt: skip


class AgreementForm(forms.ModelForm[SharingAgreement]):
    """Between whom, about what, which shares, over which days."""

    service = forms.ChoiceField(
        label=_("service of the policy"),
        choices=[(each.value, each.label) for each in ServiceChoice if each.value in SHARED],
        widget=UnfoldAdminSelectWidget,
    )
    begins_on = begins_field()
    last_on = last_field()

    class Meta:
        model = SharingAgreement
        exclude = ("effective", "recorded_at")  # noqa: DJ006  # asked as two days; set by the operation

    def clean(self) -> dict[str, Any] | None:
        """Ask the rules now, so that every refusal stands beside its field."""
        cleaned = super().clean()
        period = check_days(self)
        if period is None:
            return cleaned
        self.instance.effective = DateRange(period.begin, period.end)
        if not self.errors:
            said = {name: self.cleaned_data[name] for name in _TERMS}
            found = violations_of_agreement(SharingAgreement(effective=self.instance.effective, **said))
            if found:
                show_refusal(self, AgreementRefused(violations=found))
        return cleaned


class EndingForm(forms.Form):
    """From which day the agreement no longer holds."""

    from_on = forms.DateField(
        label=_("ended from"),
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("First day on which it does not hold any more; tomorrow at the earliest."),
    )


@admin.register(SharingAgreement)
class SharingAgreementAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Who gets which share of what the patient paid for a remote service."""

    form = AgreementForm
    list_display = ("number", "service", "inviting", "invited", "period_shown")
    list_filter = ("service",)
    list_select_related = ("inviting", "invited")
    search_fields = ("number", "inviting__name", "invited__name", "platform_name")
    actions_detail = ("end",)
    fields = (*_TERMS, "begins_on", "last_on")
    shown_fields = (*_TERMS, "period_shown", "recorded_at")

    def get_fields(self, request: HttpRequest, obj: SharingAgreement | None = None) -> tuple[str, ...]:
        """Ask when it is new, show when it is there."""
        return self.fields if obj is None else self.shown_fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: SharingAgreement | None = None
    ) -> tuple[str, ...]:
        """Everything that is there."""
        return () if obj is None else self.shown_fields

    def has_change_permission(self, request: HttpRequest, obj: SharingAgreement | None = None) -> bool:
        """A signed agreement never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SharingAgreement | None = None) -> bool:
        """Ending is an act of its own."""
        return False

    def has_act_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may change prices."""
        return request.user.has_perm("pricing.change_sharingagreement")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Say it when somebody else recorded one while this one was typed."""
        try:
            page: HttpResponse = super().add_view(request, form_url, extra_context)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return page

    def save_model(self, request: HttpRequest, obj: SharingAgreement, form: Any, change: Any) -> None:
        """Record it through its operation."""
        record_agreement(agreement=obj, by=user_of(request), at=clock.now())

    @action(description=_("End from a day"), url_path="end", permissions=["act"], icon="event_busy")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask from which day, then end it."""
        agreement = SharingAgreement.objects.filter(pk=object_id).first()
        if agreement is None:
            raise Http404
        form = EndingForm(request.POST or None)
        page = reverse("admin:pricing_sharingagreement_change", args=[agreement.pk])
        if request.method == "POST" and form.is_valid() and self._ended(request, agreement, form):
            messages.success(request, _("Ended from this day. What was shared before stays as it is."))
            return redirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("End from a day"),
            "facts": [
                (_("number of the agreement"), agreement.number),
                (_("service of the policy"), agreement.get_service_display()),
                (_("in force"), period_of(agreement)),
            ],
            "form": form,
            "media": self.media + form.media,
            "button": _("End from a day"),
            "back": page,
        }
        return TemplateResponse(request, "pricing/admin/from_a_day.html", context)

    def _ended(self, request: HttpRequest, agreement: SharingAgreement, form: EndingForm) -> bool:
        try:
            end_agreement(
                agreement_id=agreement.pk,
                from_on=form.cleaned_data["from_on"],
                by=user_of(request),
                at=clock.now(),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
            return False
        return True

    @admin.display(description=_("in force"), ordering="effective")
    def period_shown(self, agreement: SharingAgreement) -> str:
        """First and last day."""
        return period_of(agreement)
