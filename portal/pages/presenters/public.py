"""What the open pages show of the hospital."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from pricing.queries import quote_for
from pricing.rules import ServiceLine
from pricing.rules.codes import ONLINE_REVISIT
from pricing.rules.errors import PricingRefused
from pricing.rules.facts import QuotedLine
from registry.models import Department, Institution, Practitioner, Qualification
from registry.models.practitioners import Profession, QualificationKind
from registry.queries import institution

SHOWN_DOCTORS = 4


@dataclass(frozen=True, slots=True)
class DoctorCard:
    """A doctor with the two papers that everyone may ask for (C-10)."""

    doctor: Practitioner
    licence: str
    practice: str

    @property
    def is_complete(self) -> bool:
        """Whether both papers are there."""
        return bool(self.licence and self.practice)


def public_home_context(*, on: date) -> dict[str, Any]:
    """The first page: what is offered, what it costs, who answers for it; ``on`` is today."""
    hospital = institution()
    return {
        "tab": "home",
        "hospital": hospital,
        "help_phone": hospital.phone if hospital else "",
        "licence_last_day": _last_day(hospital),
        "fee": revisit_fee(hospital, on),
        "doctors": list(_online_doctors(hospital)[:SHOWN_DOCTORS]) if hospital else [],
        "how": _how_it_works(),
    }


def hospital_context(*, on: date) -> dict[str, Any] | None:
    """The page of the licence; None before a hospital was entered."""
    hospital = institution()
    if hospital is None:
        return None
    valid = Qualification.objects.filter(valid_from__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on)
    )
    doctors = _online_doctors(hospital).prefetch_related(Prefetch("qualifications", valid.order_by("pk")))
    return {
        "tab": "home",
        "hospital": hospital,
        "help_phone": hospital.phone,
        "licence_last_day": _last_day(hospital),
        "is_licence_valid": on < hospital.licence_until,
        "departments": list(Department.objects.filter(institution=hospital)),
        "doctors": [_card(doctor) for doctor in doctors],
        "fee": revisit_fee(hospital, on),
    }


def revisit_fee(hospital: Institution | None, on: date) -> QuotedLine | None:
    """What an online re-diagnosis costs on the day; None when no document sets it."""
    if hospital is None:
        return None
    line = ServiceLine(reference="fee", item_code=ONLINE_REVISIT, quantity=Decimal(1))
    try:
        return quote_for(lines=[line], institution=hospital, service_on=on).lines[0]
    except PricingRefused:
        return None


def _last_day(hospital: Institution | None) -> date | None:
    return hospital.licence_until - timedelta(days=1) if hospital else None


def _online_doctors(hospital: Institution) -> QuerySet[Practitioner]:
    doctors = Practitioner.objects.filter(
        institution=hospital, profession=Profession.DOCTOR, is_active=True, department__is_open_online=True
    )
    return doctors.select_related("department").order_by("department__code", "title", "pk")


def _card(doctor: Practitioner) -> DoctorCard:
    numbers = {paper.kind: paper.number for paper in doctor.qualifications.all()}
    return DoctorCard(
        doctor,
        numbers.get(QualificationKind.QUALIFICATION, ""),
        numbers.get(QualificationKind.PRACTICE, ""),
    )


def _how_it_works() -> list[tuple[str, str]]:
    """Four steps in plain words: what, and what she needs for it."""
    return [
        (
            _("Choose a doctor and a time"),
            _("The place is kept for you for %(n)s minutes.") % {"n": settings.PLACE_HOLD_MINUTES},
        ),
        (
            _("Say what it is about"),
            _("Show a record or certificate in which a hospital has named the disease."),
        ),
        (_("Pay your share"), _("You see first what the fund, your account and you yourself pay.")),
        (_("Talk to the doctor"), _("By text and pictures. A pharmacist checks every prescription.")),
    ]
