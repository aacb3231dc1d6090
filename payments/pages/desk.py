"""The finance office's pages about channels: what is offered, what contradicted us, what could not be given back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError, Text, refuse_if_any
from kernel.forms import show_refusal, words_of
from payments.errors import DeskNotPossible
from payments.models import Channel, IncidentKind, PaymentIncident, Refund
from payments.operations import by_hand, refunds
from payments.operations.held_back import look, send_to_hospital
from payments.operations.incidents import settle_incident
from payments.operations.offering import set_offer
from payments.pages.forms import HandForm, SettleForm
from payments.pages.words import DESKTOP_WORDS, KIND_BADGES, facts_of
from payments.permissions import OFFICE, READERS, SETTERS
from payments.queries import desk
from payments.rules.refunds import another_number_violations
from payments.states import RefundState, held_back
from registry.models import Institution

TO_A_PAGE = 50


def _context(request: HttpRequest, part: str, **more: Any) -> dict[str, Any]:
    user = user_of(request)
    may = {"may_act": user.is_in_any(OFFICE), "may_set": user.is_in_any(SETTERS)}
    return {"rail": "finance", "tab": "channels", "part": part, "counts": desk.counts(), **may, **more}


@require_safe
@role_required(*READERS)
def channels(request: HttpRequest) -> HttpResponse:
    """Every institution and what it offers."""
    page = Paginator(Institution.objects.order_by("name", "pk"), TO_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, DESKTOP_WORDS[each.channel]) for each in desk.offers_of(list(page.object_list))]
    return render(request, "payments/channels.html", _context(request, "offers", page=page, rows=rows))


@require_POST
@role_required(*SETTERS)
def offer(request: HttpRequest, institution_id: int, channel: str) -> HttpResponse:
    """Offer a channel, or no longer."""
    institution = get_object_or_404(Institution, pk=institution_id)
    if channel not in Channel.values:
        raise Http404
    try:
        set_offer(
            institution_id=institution.pk,
            channel=Channel(channel),
            is_offered=request.POST.get("offered") == "1",
            desktop_scene=request.POST.get("desktop_scene", ""),
            by=user_of(request),
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, _said(error))
    else:
        messages.success(request, _("Saved. It holds for whoever pays from now on."))
    return redirect("payments:channels")


@require_safe
@role_required(*READERS)
def incidents(request: HttpRequest) -> HttpResponse:
    """What contradicted us; ``?show=all`` with what is settled."""
    return _incidents(request)


@require_POST
@role_required(*OFFICE)
def settle(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Somebody has looked after it; what was typed is kept when it is refused."""
    row, form = get_object_or_404(PaymentIncident, pk=incident_id), SettleForm(request.POST)
    if form.is_valid():
        try:
            note = form.cleaned_data["note"]
            settle_incident(incident_id=row.pk, note=note, by=user_of(request), at=clock.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("payments:incidents")
    return _incidents(request, {row.pk: form}, status=422)


def _incidents(
    request: HttpRequest, typed: dict[int, SettleForm] | None = None, *, status: int = 200
) -> HttpResponse:
    show = "all" if request.GET.get("show") == "all" else "open"
    page = Paginator(desk.incidents(is_open=show == "open"), TO_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            row,
            KIND_BADGES[IncidentKind(row.kind)],
            facts_of(row),
            (typed or {}).get(row.pk) or SettleForm(auto_id=f"note-{row.pk}-%s"),
        )
        for row in page.object_list
    ]
    context = _context(request, "incidents", page=page, rows=rows, show=show)
    return render(request, "payments/incidents.html", context, status=status)


@require_safe
@role_required(*READERS)
def failed_refunds(request: HttpRequest) -> HttpResponse:
    """What a channel could not give back."""
    return _failed(request)


@require_POST
@role_required(*OFFICE)
def act_on_refund(request: HttpRequest, number: str) -> HttpResponse:
    """Ask anew, look again, send it to the hospital, note that it was given by hand, confirm a note, or take it back."""
    refund, form, do = (
        get_object_or_404(Refund, number=number),
        HandForm(request.POST),
        request.POST.get("do", ""),
    )
    try:
        if do == "note" and form.is_valid():
            reference = form.cleaned_data["reference"]
            by_hand.note_by_hand(
                refund_id=refund.pk, reference=reference, by=user_of(request), at=clock.now()
            )
            said: Text = _("Noted. A colleague confirms it.")
        else:
            said = _REFUND_ACTS[do](refund, user_of(request), clock.now()) if do in _REFUND_ACTS else ""
    except DomainError as error:
        if do != "note":
            messages.error(request, _said(error))
            return redirect("payments:failed_refunds")
        show_refusal(form, error)
        return _failed(request, {refund.pk: form}, status=422)
    if said:
        messages.success(request, str(said))
    else:
        messages.error(request, _("This is not possible any more. Please look at it again."))
    return redirect("payments:failed_refunds")


def _ask_again(refund: Refund, by: User, at: datetime) -> Text:
    refuse_if_any(another_number_violations(is_held_back=bool(held_back(refund.failure))), DeskNotPossible)
    if refund.is_unexplained:
        return _look(refund, by, at)
    anew = refunds.ask_again(refund_id=refund.pk, by=by, at=at)
    return _("Asked for anew under another number.") if anew else ""


def _look(refund: Refund, _by: User, _at: datetime) -> Text:
    if look(refund_id=refund.pk).state == RefundState.DONE:
        return _("It is with her now; nothing is left to do.")
    return _("The channel was asked. What it says stands beside the refund.")


def _to_hospital(refund: Refund, by: User, at: datetime) -> Text:
    send_to_hospital(refund_id=refund.pk, by=by, at=at)
    return _("WeChat Pay is asked to send it to the hospital's account.")


def _confirm(refund: Refund, by: User, at: datetime) -> Text:
    by_hand.confirm_by_hand(refund_id=refund.pk, by=by, at=at)
    return _("Confirmed. The refund is done.")


def _withdraw(refund: Refund, by: User, at: datetime) -> Text:
    by_hand.withdraw_by_hand(refund_id=refund.pk, by=by, at=at)
    return _("The note is taken back.")


_REFUND_ACTS: dict[str, Callable[[Refund, User, datetime], Text]] = {
    "ask_again": _ask_again,
    "look": _look,
    "to_hospital": _to_hospital,
    "confirm": _confirm,
    "withdraw": _withdraw,
}


def _failed(
    request: HttpRequest, typed: dict[int, HandForm] | None = None, *, status: int = 200
) -> HttpResponse:
    page = Paginator(desk.failed_refunds(), TO_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            row,
            (typed or {}).get(row.pk) or HandForm(auto_id=f"hand-{row.pk}-%s"),
            row.hand_noted_by_id,
            held_back(row.failure),
        )
        for row in page.object_list
    ]
    mine = user_of(request).pk
    context = _context(request, "refunds", page=page, rows=rows, mine=mine)
    return render(request, "payments/failed_refunds.html", context, status=status)


def _said(error: DomainError) -> str:
    """What was refused, with the number of each rule."""
    said = [f"{words_of(broken)} ({broken.rule})" for broken in error.violations]
    return " ".join(said) or str(error.message)
