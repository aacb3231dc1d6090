"""Sign up and sign in with a code."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import operations, rules
from accounts.models import SignInCode, User
from accounts.pages.forms import CodeForm, MobileForm
from accounts.pages.views.session import address_of, home_of, open_session
from accounts.permissions import wanted_address, with_next
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from kernel.identifiers import grouped_mobile
from kernel.limits import LimitReached

CODE_ID = "sign_in_code_id"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the mobile number."""
    if isinstance(request.user, User):
        return redirect(wanted_address(request) or home_of(request.user))
    form = MobileForm(request.POST or None, initial={"mobile": request.GET.get("mobile", "")})
    if request.method == "POST" and form.is_valid() and _sent(request, form):
        return redirect(with_next("accounts:code", request))
    return _page(request, "accounts/sign_in.html", {"form": form})


def _sent(request: HttpRequest, form: MobileForm) -> bool:
    """Whether a code is on its way to the number, by this request or by the one a moment ago."""
    mobile = form.cleaned_data["mobile"]
    try:
        code = operations.request_code(mobile=mobile, address=address_of(request), by=None, at=clock.now())
    except LimitReached as reached:
        waiting = _code_of(request)
        if waiting is not None and waiting.mobile == mobile and not waiting.used_at:
            return True  # a double click: her code is on its way
        form.add_error("mobile", _wait_words(reached.wait))
        return False
    except DomainError as error:
        show_refusal(form, error)
        return False
    request.session[CODE_ID] = code.pk
    return True


def _wait_words(seconds: int) -> str:
    if seconds <= rules.RESEND_AFTER:
        return _("A code was sent a moment ago. You can ask for another in %(seconds)s seconds.") % {
            "seconds": seconds
        }
    return _("Too many codes were asked for. Please try again later, or call the hospital.")


@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    code = _code_of(request)
    if code is None:
        return redirect(with_next("accounts:sign_in", request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.sign_in_with_code(
                mobile=code.mobile,
                code=form.cleaned_data["code"],
                address=address_of(request),
                by=None,
                at=clock.now(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            request.session.pop(CODE_ID, None)
            return open_session(request, user)
    return _page(
        request, "accounts/code.html", {"form": form, "back": reverse("accounts:sign_in"), **_about(code)}
    )


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send another code to the same number."""
    code = _code_of(request)
    if code is None:
        return redirect(with_next("accounts:sign_in", request))
    try:
        fresh = operations.request_code(
            mobile=code.mobile, address=address_of(request), by=None, at=clock.now()
        )
    except LimitReached as reached:
        messages.warning(request, _wait_words(reached.wait))
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        request.session[CODE_ID] = fresh.pk
        messages.success(request, _("We have sent another code. The one before does not count any more."))
    return redirect(with_next("accounts:code", request))


def _code_of(request: HttpRequest) -> SignInCode | None:
    return SignInCode.objects.filter(pk=request.session.get(CODE_ID, 0)).first()


def _about(code: SignInCode) -> dict[str, Any]:
    now = clock.now()
    inbox = (
        f"{settings.SMS_INBOX_URL}?mobile={code.mobile}"
        if settings.IS_DEMO and settings.SMS_INBOX_URL
        else ""
    )
    return {
        "mobile": grouped_mobile(code.mobile),
        "resend_at": code.requested_at + timedelta(seconds=rules.RESEND_AFTER),
        "now": now,
        "has_failed": code.failed_at is not None,
        "inbox_url": inbox,
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    page = {"next": wanted_address(request), "tab": "me", **context}
    return render(request, template, page)
