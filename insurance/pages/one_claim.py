"""One claim: its parts, everything that happened, and what a person may order."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import role_required, user_of
from audit import operations as audit
from audit.models import AuditEntry
from insurance.models import Claim, GatewayMessage, InboundMessage
from insurance.models.mobile import Verdict
from insurance.operations import desk as orders
from insurance.pages.desk import found
from insurance.pages.forms import ConclusionForm, SeenForm
from insurance.pages.words import ACTS, TRANSACTIONS, state_words
from insurance.permissions import OFFICE, READERS
from insurance.queries import desk
from insurance.queries.dashboard import UNKNOWN
from insurance.rules.commands import ASKABLE, CONCLUSIONS, ON_ITS_WAY
from insurance.states import ClaimState, MessageState
from kernel import clock
from kernel.errors import DomainError, Text
from kernel.forms import show_refusal

_ANSWERS = {
    MessageState.ANSWERED: ("done", gettext_lazy("answered")),
    MessageState.REFUSED: ("failed", gettext_lazy("refused")),
    MessageState.UNANSWERED: ("unknown", gettext_lazy("no answer that can be used")),
}
Order = Callable[[int, User], object]


@require_safe
@role_required(*READERS)
def claim(request: HttpRequest, batch_number: str) -> HttpResponse:
    """The page of one claim."""
    return _page(request, found(batch_number))


def _page(
    request: HttpRequest,
    one: Claim,
    form: ConclusionForm | None = None,
    seen_form: SeenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    state, user = ClaimState(one.state), user_of(request)
    acts = user.is_in_any(OFFICE)
    is_mine = acts and one.taken_by_id == user.pk
    may_see = is_mine and one.needs_person_since is not None and state not in ON_ITS_WAY
    context: dict[str, Any] = {
        "rail": "insurance",
        "tab": "claims",
        "claim": one,
        "words": state_words(one.state),
        "timeline": _timeline(one),
        "settlements": one.settlements.order_by("pk"),
        "is_unknown": one.state in UNKNOWN,
        "may_ask": acts and state in ASKABLE,
        "may_take": acts and one.needs_person_since is not None and one.taken_by_id is None,
        "may_hand_back": acts and one.needs_person_since is not None and one.taken_by_id == user.pk,
        "may_void": acts and state == ClaimState.UNCONFIRMED,
        "form": (form or ConclusionForm(state=state)) if is_mine and state in CONCLUSIONS else None,
        "seen_form": (seen_form or SeenForm()) if may_see else None,
        "acts": acts,
    }
    return render(request, "insurance/office/claim.html", context, status=status)


def _timeline(one: Claim) -> list[dict[str, Any]]:
    """Acts and messages in the order they happened."""
    return [_item(event) for event in desk.story(one)]


def _item(event: desk.Event) -> dict[str, Any]:
    if event.act is not None:
        return _act_item(event.act)
    if event.message is not None:
        return _message_item(event.message)
    if event.call is None:
        raise ValueError("an event is an act, a message or a call")
    return _call_item(event.call)


def _act_item(act: AuditEntry) -> dict[str, Any]:
    """What somebody, or the system, did here."""
    name = act.action.rpartition(".")[2]
    note = str(act.facts.get("reason", "")) if isinstance(act.facts, Mapping) else ""
    return {
        "kind": "now",
        "what": ACTS.get(name, act.action),
        "when": _second(act.at),
        "by": act.by.display_name if act.by else _("by itself"),
        "note": note,
    }


def _call_item(call: InboundMessage) -> dict[str, Any]:
    """What the insurance told us without being asked, and whether it was believed."""
    kind = "done" if call.verdict in (Verdict.ACCEPTED, Verdict.REPEATED) else "failed"
    what = f"{call.kind} {TRANSACTIONS.get(call.kind, '')}"
    return {
        "kind": kind, "what": f"{what}: {call.get_verdict_display()}", "when": _second(call.received_at),
        "note": call.reason,
    }  # fmt: skip


def _message_item(told: GatewayMessage) -> dict[str, Any]:
    """One message: what it was for, what came of it, and how long that took."""
    kind, answer = _ANSWERS.get(MessageState(told.state), ("unknown", gettext_lazy("on its way")))
    notes = [told.msgid]
    if told.answered_at:
        took = (told.answered_at - told.written_at).total_seconds()
        notes.append(_("after %(seconds)s s") % {"seconds": f"{took:.1f}"})
    if told.attempts > 1:
        notes.append(_("sent %(times)s times") % {"times": told.attempts})
    notes += [told.error_text] if told.error_text else []
    what = f"{told.transaction_code} {TRANSACTIONS.get(told.transaction_code, '')}"
    return {
        "kind": kind, "what": f"{what}: {answer}", "when": _second(told.written_at), "msgid": told.msgid,
        "note": " · ".join(notes),
    }  # fmt: skip


def _second(at: datetime) -> str:
    """Day and time to the second: what is compared with the insurer's own records."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


@require_safe
@role_required(*OFFICE)
def message(request: HttpRequest, batch_number: str, msgid: str) -> HttpResponse:
    """One message as it went over the wire; it holds personal data, so that reading it is recorded."""
    one = found(batch_number)
    told = desk.message_of(one, msgid)
    if told is None:
        raise Http404
    audit.record(
        "insurance.message.read", on=told, by=user_of(request), at=clock.now(), facts={"claim": batch_number}
    )
    context = {
        "rail": "insurance", "tab": "claims", "claim": one, "message": told,
        "what": TRANSACTIONS.get(told.transaction_code, ""),
    }  # fmt: skip
    return render(request, "insurance/office/message.html", context)


_ORDERS: Mapping[str, tuple[Order, Text]] = {
    "ask": (
        lambda pk, by: orders.ask_now(claim_id=pk, by=by, at=clock.now()),
        gettext_lazy("The insurance is being asked. The answer appears here."),
    ),
    "take": (
        lambda pk, by: orders.take_over(claim_id=pk, by=by, at=clock.now()),
        gettext_lazy("You look after this claim now."),
    ),
    "hand_back": (
        lambda pk, by: orders.hand_back(claim_id=pk, by=by, at=clock.now()),
        gettext_lazy("Handed back. A colleague can take it over."),
    ),
    "void": (
        lambda pk, by: orders.void_unknown(claim_id=pk, by=by, at=clock.now()),
        gettext_lazy("It is being undone. Her share goes back when the insurance has confirmed it."),
    ),
}


@require_POST
@role_required(*OFFICE)
def order(request: HttpRequest, batch_number: str) -> HttpResponse:
    """One order of a person; what the rules refuse is said with its number."""
    one = found(batch_number)
    if request.POST.get("order") not in _ORDERS:
        raise Http404
    act, said = _ORDERS[request.POST["order"]]
    try:
        act(one.pk, user_of(request))
    except DomainError as error:
        messages.error(request, _refusal(error))
    else:
        messages.success(request, str(said))
    return redirect("insurance:claim", one.batch_number)


def _refusal(error: DomainError) -> str:
    """What was refused, with the number of the rule."""
    if not error.violations:
        return str(error.message)
    return " ".join(f"{one.message} {one.way_on} ({one.rule})".strip() for one in error.violations)


@require_POST
@role_required(*OFFICE)
def conclude(request: HttpRequest, batch_number: str) -> HttpResponse:
    """What the insurer's screen shows, typed by a person; what was typed is kept when it is refused."""
    one = found(batch_number)
    form = ConclusionForm(request.POST, state=ClaimState(one.state))
    if form.is_valid():
        try:
            orders.conclude_by_hand(
                claim_id=one.pk, conclusion=form.chosen, reason=form.cleaned_data["reason"],
                by=user_of(request), at=clock.now(), record=form.record,
            )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Recorded. The bill goes on."))
            return redirect("insurance:claim", one.batch_number)
    return _page(request, one, form, status=422)


@require_POST
@role_required(*OFFICE)
def seen(request: HttpRequest, batch_number: str) -> HttpResponse:
    """What a person was called for is looked into; what was typed is kept when it is refused."""
    one = found(batch_number)
    form = SeenForm(request.POST)
    if form.is_valid():
        try:
            orders.mark_seen(
                claim_id=one.pk, reason=form.cleaned_data["reason"], by=user_of(request), at=clock.now()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Recorded. The claim stays as it is."))
            return redirect("insurance:claim", one.batch_number)
    return _page(request, one, seen_form=form, status=422)
