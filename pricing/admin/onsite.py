"""The on-site fee in the administration: drafted, tried, published; then only to look at."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from accounts.permissions import user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal, words_of
from pricing.admin.onsite_forms import RowForm, ScheduleForm, TryForm
from pricing.admin.shown import period_of
from pricing.models import OnsiteFeeRow, OnsiteFeeSchedule
from pricing.operations import (
    discard_onsite_fee,
    draft_onsite_fee,
    publish_onsite_fee,
    violations_of_publication,
)
from pricing.rules.onsite import OnsiteFee, onsite_fee


class RowInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """The rows of the schedule."""

    model = OnsiteFeeRow
    form = RowForm
    extra = 0
    min_num = 1
    hide_title = True
    fields = (
        "part", "title", "distance_above", "distance_up_to", "amount", "rate", "minutes_above", "minutes_up_to",
        "unit_minutes", "begins_at", "ends_at",
    )  # fmt: skip


@admin.register(OnsiteFeeSchedule)
class OnsiteFeeScheduleAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A draft may change; a published fee never does."""

    form = ScheduleForm
    inlines = (RowInline,)
    list_display = ("institution", "item", "period_shown", "published_on", "state_shown")
    list_filter = ("institution", "item")
    list_filter_submit = True
    list_select_related = ("institution", "item")
    autocomplete_fields = ("document",)
    actions_detail = ("try_it", "publish")
    fields = ("institution", "item", "document", "area_region_code", "begins_on", "last_on")
    shown_fields = ("institution", "item", "document", "area_region_code", "period_shown", "published_on")

    def get_fields(self, request: HttpRequest, obj: OnsiteFeeSchedule | None = None) -> tuple[str, ...]:
        """Ask for the days of a draft, show those of a published fee."""
        return self.shown_fields if _is_published(obj) else self.fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: OnsiteFeeSchedule | None = None
    ) -> tuple[str, ...]:
        """Everything of a published fee."""
        return self.shown_fields if _is_published(obj) else ()

    def get_form(self, request: HttpRequest, obj: OnsiteFeeSchedule | None = None, **kwargs: Any) -> Any:
        """Nothing is asked of a published fee."""
        if _is_published(obj):
            kwargs["form"] = type("ShownForm", (ScheduleForm,), {"begins_on": None, "last_on": None})
        return super().get_form(request, obj, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: OnsiteFeeSchedule | None = None) -> bool:
        """Drafts only."""
        return super().has_change_permission(request, obj) and not _is_published(obj)

    def has_delete_permission(self, request: HttpRequest, obj: OnsiteFeeSchedule | None = None) -> bool:
        """Drafts only, one by one."""
        return obj is not None and super().has_delete_permission(request, obj) and not _is_published(obj)

    def has_act_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may change prices."""
        return request.user.has_perm("pricing.change_onsitefeeschedule")

    def save_model(self, request: HttpRequest, obj: OnsiteFeeSchedule, form: Any, change: Any) -> None:
        """Saved together with its rows."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Draft it through its operation."""
        rows: list[OnsiteFeeRow] = []
        for formset in formsets:
            formset.save(commit=False)
            rows += [each.instance for each in formset.forms if _is_said(each, formset)]
        draft_onsite_fee(schedule=form.instance, rows=rows, by=user_of(request), at=clock.now())
        for violation in violations_of_publication(form.instance, at=clock.now()):
            messages.warning(request, words_of(violation))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Say it when somebody else published the fee while it was typed."""
        try:
            page: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return page

    def delete_model(self, request: HttpRequest, obj: OnsiteFeeSchedule) -> None:
        """Throw the draft away with a trace."""
        discard_onsite_fee(schedule_id=obj.pk, by=user_of(request), at=clock.now())

    @action(description=_("Try a visit"), url_path="try", permissions=["act"], icon="calculate")
    def try_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What a visit would cost under this schedule, published or not."""
        schedule = self._found(object_id)
        form = TryForm(request.GET if "day" in request.GET else None, initial=_initial(schedule))
        context = self._context(request, schedule, _("What would a visit cost")) | {
            "form": form,
            "media": self.media + form.media,
            "fee": _tried(form, schedule),
            "is_english": (get_language() or "").startswith("en"),
        }
        return TemplateResponse(request, "pricing/admin/try_onsite_fee.html", context)

    @action(description=_("Publish"), url_path="publish", permissions=["act"], icon="campaign")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what will hold and what is still in the way; publish when asked."""
        schedule = self._found(object_id)
        if request.method == "POST":
            return self._published(request, schedule)
        violations = violations_of_publication(schedule, at=clock.now())
        context = self._context(request, schedule, _("Publish the on-site fee")) | {
            "violations": [(violation.rule, words_of(violation)) for violation in violations],
        }
        return TemplateResponse(request, "pricing/admin/publish_onsite_fee.html", context)

    def _published(self, request: HttpRequest, schedule: OnsiteFeeSchedule) -> HttpResponse:
        try:
            publish_onsite_fee(schedule_id=schedule.pk, by=user_of(request), at=clock.now())
        except DomainError as refusal:
            for violation in refusal.violations:
                messages.error(request, words_of(violation))
            return redirect(reverse("admin:pricing_onsitefeeschedule_publish", args=[schedule.pk]))
        messages.success(request, _("Published. Everyone can read it now; it applies from its first day."))
        return redirect(_page_of(schedule))

    def _context(self, request: HttpRequest, schedule: OnsiteFeeSchedule, title: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "facts": [
                (_("institution"), schedule.institution.name),
                (_("item"), schedule.item.name),
                (_("document"), schedule.document.number),
                (_("in force"), period_of(schedule)),
            ],
            "page_of_schedule": _page_of(schedule),
        }

    def _found(self, object_id: str) -> OnsiteFeeSchedule:
        rows = OnsiteFeeSchedule.objects.select_related("institution", "item", "document")
        found = rows.prefetch_related("rows").filter(pk=object_id).first()
        if found is None:
            raise Http404
        return found

    @admin.display(description=_("in force"), ordering="effective")
    def period_shown(self, schedule: OnsiteFeeSchedule) -> str:
        """First and last day."""
        return period_of(schedule)

    @display(description=_("state"), label={"draft": "warning", "published": "success"})
    def state_shown(self, schedule: OnsiteFeeSchedule) -> tuple[str, Any]:
        """Whether everyone can read it."""
        return ("published", _("published")) if _is_published(schedule) else ("draft", _("draft"))


def _is_said(form: Any, formset: Any) -> bool:
    """Neither removed nor one of the empty rows."""
    return form not in formset.deleted_forms and (form.instance.pk is not None or form.has_changed())


def _tried(form: TryForm, schedule: OnsiteFeeSchedule) -> OnsiteFee | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return onsite_fee(schedule.facts(), form.visit())
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def _initial(schedule: OnsiteFeeSchedule) -> dict[str, Any]:
    return {"day": schedule.effective.lower, "area": schedule.area_region_code}


def _is_published(schedule: OnsiteFeeSchedule | None) -> bool:
    return schedule is not None and schedule.published_on is not None


def _page_of(schedule: OnsiteFeeSchedule) -> str:
    return reverse("admin:pricing_onsitefeeschedule_change", args=[schedule.pk])
