"""Her visits: the list, the waiting and consulting room, and the conversation without a websocket."""

import json
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import user_of
from consultations import operations
from consultations.models import Revisit
from consultations.pages.presenters import (
    badge,
    list_note,
    next_step,
    queue_words,
    timeline,
)
from consultations.queries import (
    IN_QUEUE,
    cancelling_gives_back,
    conversation,
    queue_place,
    visit_for,
    visit_of_participant,
    visits_of,
)
from consultations.rules import end_words
from consultations.states import RevisitState
from kernel import clock, live
from kernel.errors import DomainError, NotFoundForYou
from registry.permissions import patient_required

_PAGE = 30


@patient_required
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """Every visit of her and her family, newest first."""
    every = visits_of(user_of(request)).select_related("encounter__proof", "encounter__consent")
    page = Paginator(every, _PAGE).get_page(request.GET.get("page"))
    rows = [
        {"revisit": revisit, "badge": badge(revisit), "next": next_step(revisit), "note": list_note(revisit)}
        for revisit in page
    ]
    return render(request, "consultations/visits.html", {"rows": rows, "page": page, "tab": "visits"})


@patient_required
@require_GET
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """The waiting room, the consulting room, and afterwards the record of the visit."""
    user = user_of(request)
    revisit = visit_for(user, number)
    if revisit.state == RevisitState.PREPARING and operations.release_hold(
        revisit_id=revisit.pk, at=clock.now()
    ):
        revisit = visit_for(user, number)
    if revisit.state == RevisitState.PREPARING:
        return redirect(next_step(revisit)[0])
    context = _context(revisit)
    context |= {"live_token": live.token_for(f"revisit:{revisit.pk}", user.pk), "back": "/visits/"}
    context["chat"] = conversation(revisit, after=0, is_doctor=False)
    template = "consultations/room.html" if revisit.state in IN_QUEUE else "consultations/visit.html"
    return render(request, template, context)


@patient_required
@require_GET
def visit_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The living head of the room; a visit that has ended leads to its own page."""
    revisit = visit_for(user_of(request), number)
    if revisit.state in IN_QUEUE:
        return render(request, "consultations/_room_head.html", _context(revisit))
    if request.GET.get("in") == "room":
        gone = HttpResponse()
        gone["X-Location"] = request.path.removesuffix("now/")
        return gone
    return render(request, "consultations/_visit_body.html", _context(revisit))


def _context(revisit: Revisit) -> dict[str, object]:
    """What the room and the record show."""
    now = clock.now()
    kind, word = badge(revisit)
    encounter = revisit.encounter
    return {
        "revisit": revisit,
        "encounter": encounter,
        "badge_kind": kind,
        "badge_word": word,
        "queue": queue_words(queue_place(revisit, at=now), revisit, now),
        "items": timeline(revisit),
        "end_words": end_words(revisit.stop_code, revisit.stop_reason),
        "record": getattr(encounter, "record", None),
        "prescriptions": list(encounter.prescriptions.exclude(state="draft").order_by("-pk")),
        "tab": "visits",
        "now": now,
        "cancelling_gives_back": cancelling_gives_back(revisit, at=now),
    }


@patient_required
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """She gives the visit up."""
    revisit, now = visit_for(user_of(request), number), clock.now()
    try:
        operations.cancel(revisit_id=revisit.pk, by=user_of(request), at=now)
        if cancelling_gives_back(revisit, at=now):
            messages.success(request, _("The visit is cancelled. What you paid goes back by itself."))
        else:
            messages.success(request, _("The visit is cancelled. Its time was over, so nothing goes back."))
    except DomainError as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("consultations:visits")


@never_cache
@require_http_methods(["GET", "POST"])
def conversation_json(request: HttpRequest, number: str) -> HttpResponse:
    """The conversation for pages without a websocket: GET ?after=, POST client_key and text.

    A page without script posts its form here, without a key, and is sent back to where it was.
    """
    user = user_of(request)
    try:
        if request.method == "POST":
            answer = _posted(request, number)
            return answer if "client_key" in request.POST else _back(request, number, answer)
        revisit, is_doctor = visit_of_participant(user, number)
    except NotFoundForYou as refusal:
        raise Http404 from refusal
    after = request.GET.get("after", "")
    return JsonResponse(
        conversation(revisit, after=int(after) if after.isdecimal() else 0, is_doctor=is_doctor)
    )


def _back(request: HttpRequest, number: str, answer: JsonResponse) -> HttpResponse:
    """To the page the form was on; a refusal is said there."""
    said = json.loads(answer.content)
    if said["type"] == "refused":
        messages.warning(request, said["reason"])
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return redirect(wanted)
    return redirect("consultations:visit", number=number)


def _posted(request: HttpRequest, number: str) -> JsonResponse:
    """Keep a text, or a picture when a file came."""
    user, now, key = user_of(request), clock.now(), request.POST.get("client_key") or str(uuid4())
    upload = request.FILES.get("picture")
    try:
        if upload:
            message = operations.send_picture(
                number=number, client_key=UUID(key), upload=upload, by=user, at=now
            )
        else:
            message = operations.send_message(
                number=number, client_key=UUID(key), text=request.POST.get("text", ""), by=user, at=now
            )
    except NotFoundForYou:
        raise
    except (DomainError, ValueError) as refusal:
        return JsonResponse({"type": "refused", "client_key": key, "reason": str(refusal)}, status=422)
    return JsonResponse({"type": "ack", "client_key": key, "number": message.number})


@require_GET
def picture(request: HttpRequest, number: str, message_number: int) -> HttpResponseBase:
    """A picture of the conversation, for those who take part in it."""
    try:
        revisit, _is_doctor = visit_of_participant(user_of(request), number)
    except NotFoundForYou as refusal:
        raise Http404 from refusal
    message = revisit.messages.filter(number=message_number, kind="picture").first()
    if message is None or not message.picture:
        raise Http404
    reply = FileResponse(message.picture.open("rb"), content_type=message.picture_type)
    reply["X-Content-Type-Options"] = "nosniff"
    reply["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    reply["Cache-Control"] = "private, no-store"
    return reply
