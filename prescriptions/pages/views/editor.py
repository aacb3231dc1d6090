"""The doctor's editor: every act saves the draft and answers with the editor as it is then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required, user_of
from encounters.models import Encounter
from kernel import clock
from kernel.errors import DomainError, NotFoundForYou
from prescriptions import operations, queries
from prescriptions.models import Drug, Prescription
from prescriptions.operations import DraftLine
from prescriptions.pages.forms import LineForm, OptionsForm
from prescriptions.pages.presenters.editor import editor_of
from prescriptions.pages.presenters.search import found_of
from prescriptions.rules import Kept
from prescriptions.rules.supply import FOUR_WEEKS, ORDINARY_DAYS
from prescriptions.states import PrescriptionState

View = Callable[..., HttpResponseBase]


def _doctor_acts(view: View) -> View:
    """A view over one encounter of the doctor who is signed in."""

    @wraps(view)
    def found(request: HttpRequest, /, **kwargs: Any) -> HttpResponseBase:
        number = kwargs.pop("encounter")
        return view(request, queries.encounter_of_doctor(user_of(request), number=number), **kwargs)

    return never_cache(role_required(Role.DOCTOR)(found))


@require_GET
@_doctor_acts
def editor(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """The editor, to be put into the workbench."""
    return _answer(request, encounter)


@require_GET
@_doctor_acts
def drugs(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """What the typed text finds."""
    text = request.GET.get("q", "")
    shown = {"found": found_of(text, encounter, clock.now()), "text": text, "encounter": encounter}
    return render(request, "prescriptions/_found.html", shown)


@require_POST
@_doctor_acts
def add_line(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """Add a drug with its usual dose."""
    drug = Drug.objects.filter(pk=_number(request.POST.get("drug_id"))).first()
    if drug is None:
        raise NotFoundForYou
    draft, lines = _draft(encounter), _lines(_draft(encounter))
    days = lines[-1].days if lines else (FOUR_WEEKS if draft and draft.is_long_term else ORDINARY_DAYS)
    usual = DraftLine(drug.pk, drug.usual_dose, drug.usual_frequency, days, timing=drug.usual_timing)
    return _saved(request, encounter, [*lines, usual], added=len(lines) + 1)


@require_POST
@_doctor_acts
def change_line(request: HttpRequest, encounter: Encounter, line: int) -> HttpResponse:
    """Keep what was typed in a line; what cannot be read is said beside it and the line stays."""
    lines = _lines(_draft(encounter))
    if not 1 <= line <= len(lines):
        raise NotFoundForYou
    form = LineForm(request.POST, number=line)
    if not form.is_valid():
        return _answer(request, encounter, bound={line: form}, status=422)
    lines[line - 1] = form.draft_line(lines[line - 1].drug_id)
    return _saved(request, encounter, lines)


@require_POST
@_doctor_acts
def remove_line(request: HttpRequest, encounter: Encounter, line: int) -> HttpResponse:
    """Take a line out."""
    lines = _lines(_draft(encounter))
    return _saved(
        request, encounter, [one for number, one in enumerate(lines, start=1) if number != line], kept={}
    )


@require_POST
@_doctor_acts
def heal(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """One of the ways on of a finding: reduce the dose, or take another drug."""
    draft = _draft(encounter)
    if draft is None:
        raise NotFoundForYou
    finding = next(
        (one for one in queries.findings_of(draft, clock.now()) if one.key == request.POST.get("key")), None
    )
    if finding is None or not finding.lines:
        return _answer(request, encounter)
    lines, at = _lines(draft), finding.lines[0] - 1
    if request.POST.get("way") == "reduce" and finding.reduce_to:
        lines[at] = replace(lines[at], dose=finding.reduce_to, packs=None)
    elif request.POST.get("way") == "swap" and finding.swap_to:
        lines[at] = _swapped(lines[at], finding.swap_to)
        return _saved(request, encounter, lines, kept={})  # reasons were given for the other drug
    return _saved(request, encounter, lines)


def _swapped(line: DraftLine, ingredient: str) -> DraftLine:
    drug = Drug.objects.selectable().filter(ingredients=[ingredient], item__isnull=False).first()
    if drug is None:
        return line
    return DraftLine(drug.pk, drug.usual_dose, drug.usual_frequency, line.days, timing=drug.usual_timing)


@require_POST
@_doctor_acts
def keep(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """Write why a grave finding is kept; an empty reason takes it back."""
    draft = _draft(encounter)
    if draft is None:
        raise NotFoundForYou
    kept, key = queries.kept_of(draft), request.POST.get("key", "")
    reason = request.POST.get("reason", "").strip()[:200]
    kept.pop(key, None)
    if reason:
        kept[key] = Kept(reason, signs_again=request.POST.get("again") == "on")
    return _saved(request, encounter, _lines(draft), kept=kept)


@require_POST
@_doctor_acts
def options(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """Long-term, its conditions, reasons and validity."""
    form = OptionsForm(request.POST)
    if not form.is_valid():
        return _answer(request, encounter, options=form, status=422)
    return _saved(request, encounter, _lines(_draft(encounter)), whole=form.cleaned_data)


@require_POST
@_doctor_acts
def copy(request: HttpRequest, encounter: Encounter, number: str) -> HttpResponse:
    """Take over the lines of an earlier prescription of this patient."""
    past = queries.past_prescriptions(encounter.patient).filter(number=number).first()
    if past is None:
        raise NotFoundForYou
    lines = _lines(_draft(encounter))
    there = {line.drug_id for line in lines}
    taken = [line for line in _lines(past) if line.drug_id not in there]
    return _saved(request, encounter, [*lines, *taken])


@require_POST
@_doctor_acts
def revise(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """Answer a return, or an expired prescription, with a new version that begins as the old one."""
    current = queries.current_of(encounter)
    if current is None or current.state == PrescriptionState.DRAFT:
        return _answer(request, encounter)
    return _saved(request, encounter, _lines(current), whole=_whole_of(current))


@require_POST
@_doctor_acts
def submit(request: HttpRequest, encounter: Encounter) -> HttpResponse:
    """Sign."""
    current = queries.current_of(encounter)
    if current is None:
        raise NotFoundForYou
    operations.ask_before_signing(prescription_id=current.pk, at=clock.now())
    try:
        operations.submit(prescription_id=current.pk, by=user_of(request), at=clock.now())
    except DomainError as error:
        operations.note_stopped(prescription_id=current.pk, by=user_of(request), at=clock.now())
        said = [f"{violation.message} {violation.way_on}".strip() for violation in error.violations]
        return _answer(request, encounter, refusals=said or [str(error.message)], status=409)
    if not request.headers.get("HX-Request"):
        messages.success(request, _("Signed. The prescription is with the pharmacist."))
    return _answer(request, encounter)


# --- Saving and answering ---------------------------------------------------------------------------


def _draft(encounter: Encounter) -> Prescription | None:
    current = queries.current_of(encounter)
    return current if current and current.state == PrescriptionState.DRAFT else None


def _lines(prescription: Prescription | None) -> list[DraftLine]:
    """The lines as they were written; packs are computed anew."""
    if prescription is None:
        return []
    return [
        DraftLine(line.drug_id, line.dose, line.frequency, line.days, note=line.note, timing=line.timing)
        for line in prescription.lines.all()
    ]


def _whole_of(prescription: Prescription) -> dict[str, Any]:
    names = ("is_long_term", "confirmations", "days_reason", "evaluation", "validity_days", "validity_reason")
    return {name: getattr(prescription, name) for name in names}


def _saved(
    request: HttpRequest, encounter: Encounter, lines: Sequence[DraftLine], *, whole: Mapping[str, Any] | None = None,
    kept: Mapping[str, Kept] | None = None, added: int = 0,
) -> HttpResponse:  # fmt: skip
    draft = _draft(encounter)
    rest = whole if whole is not None else _whole_of(draft) if draft else {}
    try:
        operations.save_draft(
            encounter_id=encounter.pk, lines=lines, kept=kept, **rest, by=user_of(request), at=clock.now()
        )
    except DomainError as error:
        return _answer(request, encounter, refusals=[str(error.message)], status=409)
    return _answer(request, encounter, added=added)


def _answer(
    request: HttpRequest, encounter: Encounter, *, bound: Mapping[int, LineForm] | None = None,
    options: OptionsForm | None = None, added: int = 0, refusals: Sequence[str] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The editor; without script, the page it stands on."""
    user, now = user_of(request), clock.now()
    is_part = bool(request.headers.get("HX-Request")) or request.headers.get("X-Requested-With") == "fetch"
    if request.method == "POST" and not is_part and not bound and options is None:
        for refusal in refusals:
            messages.error(request, refusal)
        return redirect(_page_of(request, encounter))
    shown = editor_of(encounter, by=user, at=now, bound=bound, options=options, added=added)
    inner = (
        "prescriptions/_signed.html" if request.GET.get("part") == "signed" and not shown.is_open else None
    )
    # htmx swaps answers of the 2xx family only: a refused input is an answer, too.
    return render(
        request,
        inner or "prescriptions/_editor.html",
        {"editor": shown, "refusals": refusals},
        status=200 if is_part else status,
    )


def _page_of(request: HttpRequest, encounter: Encounter) -> str:
    wanted = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return f"/clinic/{encounter.number}/"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
