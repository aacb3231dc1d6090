"""Refund policies of the hospital's own; requests have pages of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.permissions import user_of
from audit import operations as audit
from kernel import clock
from refunds.models import RefundPolicy


@admin.register(RefundPolicy)
class RefundPolicyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A row takes the place of the shipped policy of its situation; who changed it when is kept."""

    list_display = ("situation", "gives", "is_automatic", "always_second_person", "grade", "source")

    def save_model(self, request: HttpRequest, obj: RefundPolicy, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Save it with its trace."""
        super().save_model(request, obj, form, change)
        facts = {"situation": obj.situation, "gives": obj.gives, "source": obj.source}
        audit.record("refunds.policy.written", on=obj, by=user_of(request), at=clock.now(), facts=facts)

    def has_delete_permission(self, request: HttpRequest, obj: RefundPolicy | None = None) -> bool:
        """A row may be written over; the trail keeps what it was."""
        return False
