"""The real-name check, and its control page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulators import faults
from simulators.hmac_gate import objection, posted, refusal, reply
from simulators.identity import rules
from simulators.identity.models import Check, Fault, FaultKind, Person

SHOWN = 50


@csrf_exempt
@require_POST
def real_name_checks(request: HttpRequest) -> HttpResponse:
    """Answer whether a name and an ID number belong together."""
    why_not = objection(request, "IDENTITY")
    if why_not:
        return refusal(401, why_not, "签名验证未通过")
    silence = faults.take(Fault, FaultKind.SILENT)
    if silence:
        faults.keep_silent(silence)
    if silence or faults.take(Fault, FaultKind.SERVER_ERROR):
        return refusal(500, "SYSTEM_ERROR", "系统繁忙")
    fields = posted(request)
    request_id, name = str(fields.get("request_id") or ""), str(fields.get("name") or "").strip()
    id_number = str(fields.get("id_number") or "").upper()
    if not request_id or len(request_id) > 64 or not name or len(name) > 50:
        return refusal(400, "PARAM_ERROR", "request_id、name不能为空且不能过长")
    if not rules.is_well_formed(id_number):
        return refusal(400, "ID_NUMBER_INVALID", "身份证号码格式或校验位不正确")
    return _answer(request_id, name, id_number)


def _answer(request_id: str, name: str, id_number: str) -> HttpResponse:
    register = dict(Person.objects.filter(pk=id_number).values_list("id_number", "name"))
    result = rules.decide(name, id_number, register)
    check, _ = Check.objects.get_or_create(
        request_id=request_id, defaults={"name": name, "id_number": id_number, "result": result}
    )
    if (check.name, check.id_number) != (name, id_number):
        return refusal(409, "REQUEST_ID_USED", "request_id已用于另一次核验")
    checked_at = timezone.localtime(check.checked_at).isoformat(timespec="seconds")
    return reply({"request_id": request_id, "result": check.result, "checked_at": checked_at})


@require_GET
def control(request: HttpRequest) -> HttpResponse:
    """What is set and what was asked: JSON when asked for, a page otherwise."""
    checks = Check.objects.order_by("-pk")
    if "application/json" in request.headers.get("Accept", "") or request.GET.get("format") == "json":
        shown = checks.values("request_id", "name", "id_number", "result")[:SHOWN]
        planned = Fault.objects.order_by("pk").values("id", "kind", "times_left", "seconds")
        people = Person.objects.order_by("pk").values("name", "id_number")
        return reply({"checks": list(shown), "faults": list(planned), "people": list(people)})
    context = {
        "kinds": FaultKind.choices,
        "faults": Fault.objects.order_by("-pk")[:SHOWN],
        "people": Person.objects.order_by("pk"),
        "checks": checks[:SHOWN],
    }
    return render(request, "identity/control.html", context)


@csrf_exempt
@require_POST
def set_fault(request: HttpRequest) -> HttpResponse:
    """Set a fault: ``kind``, and if wanted ``times`` and ``seconds``."""
    fields = posted(request)
    if fields.get("kind") not in FaultKind.values:
        return refusal(400, "PARAM_ERROR", f"kind: {FaultKind.values}")
    Fault.objects.create(
        kind=fields["kind"],
        times_left=int(fields.get("times") or 1),
        seconds=float(fields.get("seconds") or 30),
    )
    return _done(request)


@csrf_exempt
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Remove every fault; with ``all`` also what was asked."""
    Fault.objects.all().delete()
    if posted(request).get("all"):
        Check.objects.all().delete()
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    if request.content_type == "application/json":
        return reply({"done": True})
    return HttpResponseRedirect(reverse("identity:control"))
