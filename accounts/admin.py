"""Users and their roles in the administration."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.models import Role, User
from accounts.permissions import user_of, with_next
from accounts.rules import plain_digits
from audit import operations as audit
from kernel import clock
from kernel.crypto import fingerprint
from kernel.identifiers import masked_mobile, parse_mobile

# Rights come from roles here; Django's groups would be a second, silent way to give them. Accounts have no
# e-mail address, and nobody looks into another person's second factor.
for unused in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(unused):
        admin.site.unregister(unused)


def one_door(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Administrators sign in where all staff do, behind the same lock-out.

    Raises:
        PermissionDenied: she is signed in, and may not open the administration.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(with_next("accounts:staff_sign_in", request))


admin.site.login = one_door  # type: ignore[method-assign]


class AuditedAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Every change leaves a row in the audit, with the names of the fields and not their values."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save, then write down who did it."""
        super().save_model(request, obj, form, change)
        action = f"{obj._meta.label_lower}.{'changed' if change else 'made'}"
        audit.record(
            action, on=obj, by=user_of(request), at=clock.now(), facts={"fields": sorted(form.changed_data)}
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: it is closed, ended or made inactive, so that old records keep their names."""
        return False


class RoleFilter(admin.SimpleListFilter):
    """Users in one role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """Every role."""
        return list(Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Those who hold it."""
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


def _role_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What this person may do here. Patients get their role by signing up."),
    )


class UserForm(UserChangeForm):  # type: ignore[misc]
    """A user with her roles as ticks."""

    roles = _role_field()


class NewUserForm(UserCreationForm):  # type: ignore[misc]
    """A new member of staff."""

    roles = _role_field()

    class Meta:
        """Staff number first."""

        model = User
        fields = ("username", "display_name", "roles")


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):  # type: ignore[type-arg]
    """Staff accounts are made here; patients make theirs by signing up."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "display_name", "role_names", "mobile_masked", "is_active", "joined_at")
    list_filter = (RoleFilter, "is_active", "is_staff")
    search_fields = ("username", "display_name")
    search_help_text = _("Staff number, name shown, or the whole mobile number.")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("mobile_masked", "mobile_verified_at", "joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "display_name", "password")}),
        (_("Rights"), {"fields": ("roles", "is_active", "is_staff", "is_superuser")}),
        (_("Trace"), {"fields": ("mobile_masked", "mobile_verified_at", "joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "display_name", "roles", "password1", "password2")}),)

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """The roles in words."""
        return "、".join(str(Role(role).label) for role in user.roles)

    @admin.display(description=_("mobile number"))
    def mobile_masked(self, user: User) -> str:
        """Masked: an administrator needs to recognise it, not to read it."""
        return masked_mobile(user.mobile) or "–"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[User], search_term: str) -> Any:
        """Encrypted numbers are found by their fingerprint, in full only."""
        mobile = parse_mobile(plain_digits(search_term))
        if mobile:
            return queryset.filter(mobile_fingerprint=fingerprint(mobile)), False
        return super().get_search_results(request, queryset, search_term)
