"""The e-prescription centre's simulator and the product's client, over real HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway.prescribing.client import CentreConfig, PrescriptionCentreClient
from insurance.gateway.prescribing.following import AskPrescription
from insurance.gateway.prescribing.prechecking import (
    PrecheckPrescription,
    PrecheckReply,
    PrescribedDrug,
    PrescribingDiagnosis,
    PrescribingVisit,
)
from insurance.gateway.prescribing.signing import SignedPrescription
from insurance.gateway.sealing import EnvelopeKeys
from tests.verification.simulators import Simulators

PDF = b"%PDF-1.4\n%test\n%%EOF\n"
_NUMBERS = iter(range(1, 10_000))


@pytest.fixture
def centre(running_simulators: Simulators) -> Iterator[Simulators]:
    """The centre without prescriptions and faults."""
    running_simulators.control("eprescription", "reset", all=True)
    yield running_simulators
    running_simulators.control("eprescription", "reset", all=True)


def keys_of(simulators: Simulators) -> EnvelopeKeys:
    """The hospital's keys at the centre."""
    given = simulators.keys.settings
    return EnvelopeKeys.from_text(
        app_id=given["INSURANCE_PRESCRIPTION_APP_ID"],
        app_secret=given["INSURANCE_PRESCRIPTION_APP_SECRET"],
        private_key=given["INSURANCE_PRESCRIPTION_PRIVATE_KEY"],
        platform_public_key=given["INSURANCE_PRESCRIPTION_PLATFORM_PUBLIC_KEY"],
    )


@pytest.fixture
def client(centre: Simulators) -> Iterator[PrescriptionCentreClient]:
    """A client that waits one second for an answer."""
    config = CentreConfig(base_url=f"{centre.url}/eprescription", keys=keys_of(centre), read_seconds=1)
    made = PrescriptionCentreClient(config)
    yield made
    made.close()


@pytest.fixture
def fault(centre: Simulators) -> Callable[..., None]:
    """Order a fault: ``fault("D003", "silent_after")``."""

    def order(verb: str, kind: str, **more: object) -> None:
        centre.control("eprescription", "faults", verb=verb, kind=kind, **more)

    return order


def prescription(**changes: Any) -> PrecheckPrescription:
    """A re-diagnosis of hypertension with amlodipine for seven days; of a number nobody has used."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    visit, drug = changes.pop("visit", {}), changes.pop("drug", {})
    named: dict[str, Any] = {
        "certificate_type": "02", "certificate_number": "330106195603089829", "hospital_number": f"P{next(_NUMBERS):08d}",
        "kind": "1", "prescribed_at": at, "drug_count": Decimal(1), "validity_days": 3,
        "valid_until": at + timedelta(days=3), "insured_region": "330100", "treatment_region": "330100",
        "drugs": (PrescribedDrug(**(_DRUG | {"begins_at": at, "ends_at": at + timedelta(days=7)} | drug)),),
        "visit": PrescribingVisit(**(_VISIT | {"began_at": at} | visit)),
        "diagnoses": (PrescribingDiagnosis(**(_DIAGNOSIS | {"diagnosed_at": at})),),
    }  # fmt: skip
    return PrecheckPrescription(**(named | changes))


_DRUG: dict[str, Any] = {
    "catalogue_code": "XC08CADEMO001", "kind": "11", "generic_name": "苯磺酸氨氯地平片", "form": "片剂", "strength": "5 mg",
    "route_code": "1", "route_name": "口服", "days": Decimal(7), "dose_unit": "mg", "dose": Decimal(5),
    "frequency_code": "qd", "frequency_name": "每日 1 次", "quantity_unit": "盒", "quantity": Decimal(1),
    "price": Decimal("8.40"), "amount": Decimal("8.40"), "approval": "1",
}  # fmt: skip
_VISIT: dict[str, Any] = {
    "institution_name": "演示市第一人民医院", "institution_code": "H33010000001", "visit_number": "330100202611200001",
    "treatment_type": "11", "hospital_visit_number": "V00000001", "person_number": "33010000000000000001",
    "patient_name": "张秀英", "id_type": "01", "id_number": "330106195603089829", "age": Decimal(70), "gender": "2",
    "department_name": "心血管内科", "department_code": "A03.01", "doctor_code": "D330100000001", "doctor_name": "王建华",
    "main_diagnosis_code": "I10.x00x002", "main_diagnosis_name": "高血压",
}  # fmt: skip
_DIAGNOSIS: dict[str, Any] = {
    "is_main": True, "order": 1, "code": "I10.x00x002", "name": "高血压", "department_name": "心血管内科",
    "department_code": "A03.01", "doctor_code": "D330100000001", "doctor_name": "王建华",
}  # fmt: skip


def signed_fields(reply: PrecheckReply, checked: PrecheckPrescription, **changes: Any) -> SignedPrescription:
    """The twenty fields for a checked prescription."""
    visit = checked.visit
    named: dict[str, Any] = {
        "trace_code": reply.trace_code, "centre_number": reply.centre_number, "visit_number": visit.visit_number,
        "patient_name": visit.patient_name, "id_type": visit.id_type, "id_number": visit.id_number,
        "institution_name": visit.institution_name, "institution_code": visit.institution_code,
        "doctor_code": visit.doctor_code, "doctor_name": visit.doctor_name, "pharmacy_department_name": "药学部",
        "pharmacy_department_code": "A90", "pharmacist_code": "YS33010000001", "pharmacist_name": "周敏",
        "reviewed_at": checked.prescribed_at,
    }  # fmt: skip
    return SignedPrescription(**(named | changes))


def question(centre_number: str, checked: PrecheckPrescription, **changes: Any) -> AskPrescription:
    """D005, D006 and D007 about it."""
    visit = checked.visit
    named: dict[str, Any] = {
        "centre_number": centre_number, "institution_code": visit.institution_code, "visit_number": visit.visit_number,
        "patient_name": visit.patient_name, "id_type": "01", "id_number": visit.id_number,
    }  # fmt: skip
    return AskPrescription(**(named | changes))
