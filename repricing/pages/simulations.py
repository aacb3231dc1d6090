"""Try proposed prices over the charges of a past period."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import role_required, user_of
from kernel import clock, live
from kernel.errors import DomainError
from kernel.forms import show_refusal
from repricing import operations
from repricing.models import Simulation
from repricing.operations.simulating import default_period
from repricing.pages.forms import SimulationForm
from repricing.pages.presenters import period_in_words, result_of
from repricing.pages.words import FAILURES, SIMULATIONS
from repricing.permissions import OFFICE
from repricing.queries.lists import simulation_numbered, simulations
from repricing.states import SimulationState

_SHOWN = 30
_OPEN = (SimulationState.WAITING, SimulationState.RUNNING)


@role_required(*OFFICE)
@require_http_methods(["GET", "POST"])
def simulation_list(request: HttpRequest) -> HttpResponse:
    """Choose a revision and a period; earlier simulations below."""
    form = SimulationForm(request.POST or None, initial=_offered(request))
    if request.method == "POST" and form.is_valid():
        begun = _begin(request, form)
        if begun is not None:
            return redirect("repricing:simulation", begun.number)
    shown = [
        (each, SIMULATIONS[SimulationState(each.state)], period_in_words(each))
        for each in simulations()[:_SHOWN]
    ]
    return render(
        request, "repricing/simulations.html", {"form": form, "shown": shown, "rail": "simulations"}
    )


def _offered(request: HttpRequest) -> dict[str, object]:
    first, last = default_period(clock.day_of(clock.now()))
    return {"first_on": first, "last_on": last, "revision": request.GET.get("revision", "")}


def _begin(request: HttpRequest, form: SimulationForm) -> Simulation | None:
    """The simulation, or None when it is refused and the form says why."""
    begin, end = form.period
    institution = form.cleaned_data["institution"]
    try:
        return operations.start_simulation(
            revision_id=form.cleaned_data["revision"].pk,
            begin=begin,
            end=end,
            institution_id=institution.pk if institution else None,
            by=user_of(request),
            at=clock.now(),
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


@role_required(*OFFICE)
@require_GET
def simulation(request: HttpRequest, number: str) -> HttpResponse:
    """How far it has come, then what it found."""
    found = simulation_numbered(number)
    context = _context(found)
    if found.state in _OPEN:
        context["live_token"] = live.token_for(f"simulation:{found.pk}", user_of(request).pk)
    elif found.state == SimulationState.DONE:
        context["result"] = result_of(found)
    return render(request, "repricing/simulation.html", context)


@role_required(*OFFICE)
@require_GET
def simulation_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The progress; when it has ended the page goes to the result by itself."""
    found = simulation_numbered(number)
    reply = render(request, "repricing/_progress.html", _context(found))
    if found.state not in _OPEN:
        reply["X-Location"] = reverse("repricing:simulation", args=[number])
    return reply


def _context(found: Simulation) -> dict[str, object]:
    return {
        "simulation": found,
        "badge": SIMULATIONS[SimulationState(found.state)],
        "is_open": found.state in _OPEN,
        "period": period_in_words(found),
        "failure": FAILURES.get(found.failure, ""),
        "rail": "simulations",
    }
