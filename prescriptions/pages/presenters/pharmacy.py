"""The pharmacist's desk: what waits, and one prescription with everything needed to decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.clock import day_of
from kernel.presentation import is_chinese
from prescriptions import queries
from prescriptions.models import DispenseCheck, Finding, Prescription, PrescriptionLine
from prescriptions.operations import holds
from prescriptions.pages.presenters import wording
from prescriptions.pages.presenters.patient import diagnoses_words
from prescriptions.rules.allergies import clauses_of
from prescriptions.rules.dosing import plain
from prescriptions.states import PrescriptionState
from registry.models import Practitioner

MINUTE = timedelta(minutes=1)

CHECK_GROUPS = (
    ("prescription", ("department", "name", "age")),
    ("medicine", ("drug_name", "form", "strength", "quantity")),
    ("compatibility", ("appearance", "usage")),
    ("fitness", ("diagnosis",)),
)
"""Four checks and the ten comparisons they hold (四查十对)."""


@dataclass(frozen=True)
class QueueRow:
    """One prescription in the list."""

    prescription: Prescription
    who: str
    age: int
    diagnoses: str
    medicines: str
    waited: str
    is_late: bool
    gravest: int
    """Severity of its gravest finding, 9 without any."""


@dataclass(frozen=True)
class FindingRow:
    """A stored finding."""

    finding: Finding
    message: str
    source: str


def rows_of(prescriptions: list[Prescription], at: datetime) -> list[QueueRow]:
    """The list, in the order given; no statement of its own."""
    return [_row(prescription, at) for prescription in prescriptions]


def _row(prescription: Prescription, at: datetime) -> QueueRow:
    patient = prescription.encounter.patient
    since = prescription.paid_at if prescription.state == PrescriptionState.PAID else prescription.signed_at
    minutes = int((at - since) / MINUTE) if since else 0
    return QueueRow(
        prescription=prescription,
        who=str(patient),
        age=patient.age_on(day_of(at)),
        diagnoses=diagnoses_words(prescription),
        medicines=("、" if is_chinese() else ", ").join(line.drug.name for line in prescription.lines.all()),
        waited=waited_words(minutes),
        is_late=minutes >= settings.PRESCRIPTION_REVIEW_MINUTES,
        gravest=min((finding.severity for finding in prescription.findings.all()), default=9),
    )


def waited_words(minutes: int) -> str:
    """Minutes, from two hours on hours."""
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}


@dataclass(frozen=True)
class LineRow:
    """A line to be checked."""

    number: int
    name: str
    content: str
    form: str
    route: str
    directions: str
    days: int
    packs: str
    limit: str


@dataclass(frozen=True)
class ReviewView:
    """Everything beside the decision."""

    prescription: Prescription
    row: QueueRow
    gender: str
    allergies: list[str]
    """What she is allergic to; empty when she denies any."""
    allergy_note: str
    lines: list[LineRow]
    findings: list[FindingRow]
    past: list[Prescription]
    versions: list[Prescription]
    is_whole: bool
    """What stands there is what the doctor signed."""
    checks: list[tuple[str, list[tuple[str, str]]]]


def review_view(prescription: Prescription, pharmacist: Practitioner, at: datetime) -> ReviewView:
    """One prescription for the pharmacist."""
    encounter = prescription.encounter
    record = getattr(encounter, "record", None)
    stated = (encounter.allergies, record.allergy_history if record else "", encounter.patient.allergies)
    said = list(dict.fromkeys(text for text in stated if text))
    return ReviewView(
        prescription=prescription,
        row=_row(prescription, at),
        gender=encounter.patient.get_gender_display(),
        allergies=[text for text in said if clauses_of(text)],
        allergy_note=said[0] if said else _("Nothing stated"),
        lines=[_line_row(line) for line in prescription.lines.all()],
        findings=[
            FindingRow(finding, wording.finding_message(finding), wording.finding_source(finding))
            for finding in prescription.findings.all()
        ],
        past=list(queries.past_prescriptions(encounter.patient).exclude(number=prescription.number)[:5]),
        versions=[
            one for one in queries.versions_of(prescription.number) if one.version != prescription.version
        ],
        is_whole=holds(prescription),
        checks=checks(),
    )


def _line_row(line: PrescriptionLine) -> LineRow:
    drug = line.drug
    limit = ""
    if drug.max_dose is not None:
        period = _("a day") if drug.max_dose_days == 1 else _("a week")
        limit = f"{plain(drug.max_dose)} {drug.get_dose_unit_display()} {period} ({drug.dose_grade})"
    return LineRow(
        number=line.number,
        name=drug.name,
        content=wording.content_words(drug),
        form=drug.get_form_display(),
        route=drug.get_route_display(),
        directions=wording.directions(line),
        days=line.days,
        packs=wording.packs_words(drug, line.packs),
        limit=limit,
    )


def checks() -> list[tuple[str, list[tuple[str, str]]]]:
    """The four checks with their comparisons: title, then (value, label)."""
    titles = {
        "prescription": _("Check the prescription"),
        "medicine": _("Check the medicine"),
        "compatibility": _("Check incompatibilities"),
        "fitness": _("Check that it is reasonable"),
    }
    labels = dict(DispenseCheck.choices)
    return [
        (titles[name], [(value, str(labels[value])) for value in values]) for name, values in CHECK_GROUPS
    ]
