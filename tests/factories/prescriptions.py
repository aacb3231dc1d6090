"""Drugs with a price, and a visit in which a prescription can be written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.db import transaction

from accounts.models import Role, User
from checkout.operations import steps
from encounters.models import (
    Diagnosis,
    DiagnosisCode,
    Encounter,
    EncounterKind,
    FirstVisitProof,
    MedicalRecord,
    ProofKind,
)
from kernel.crypto import fingerprint
from prescriptions.models import Drug, Prescription
from prescriptions.operations import DraftLine, review, save_draft, submit
from pricing.models import Category, ChargeType
from registry.models import Patient, Practitioner
from registry.models.practitioners import Profession, Title
from tests.factories.accounts import StaffFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.registry import (
    DepartmentFactory,
    GuardianshipFactory,
    PatientFactory,
    PractitionerFactory,
)

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""Friday 20 November 2026, 14:30 in Hangzhou."""


class DrugFactory(factory.django.DjangoModelFactory[Drug]):
    """Amlodipine 5 mg × 28, fifty boxes in stock; ``price`` in yuan a box, None for no price."""

    class Meta:
        model = Drug
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"XC08CATEST{n:04d}")
    generic_name = "苯磺酸氨氯地平片"
    generic_name_en = "Amlodipine besylate tablets"
    ingredients = factory.LazyFunction(lambda: ["amlodipine"])
    class_code = "XC08CA"
    form = "tablet"
    strength = "5 mg"
    dose_per_unit = Decimal(5)
    dose_unit = "mg"
    unit = "tablet"
    units_per_pack = 28
    usual_dose = Decimal(5)
    usual_frequency = "qd"
    usual_timing = "morning"
    max_dose = Decimal(10)
    dose_source = "测试"
    dose_grade = "G"
    is_divisible = True
    stock = 50

    @factory.post_generation
    def price(obj: Drug, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        """A price item of the same code with one price in the demo province."""
        obj.renew_search_key()
        if extracted != "none":
            item = PriceItemFactory(
                code=obj.code, name=str(obj), category=Category.DRUG, unit="盒", unit_en="box",
                charge_type=ChargeType.WESTERN_DRUG, insurance_code=obj.code,
            )  # fmt: skip
            document = TariffDocumentFactory()
            PriceFactory(item=item, document=document, amount=Decimal(extracted or "8.40"))
            obj.item = item
        obj.save()


def valsartan(**fields: Any) -> Drug:
    """Valsartan 80 mg × 28."""
    named: dict[str, Any] = {
        "code": f"XC09CATEST{Drug.objects.count():04d}", "generic_name": "缬沙坦胶囊", "generic_name_en": "Valsartan capsules",
        "ingredients": ["valsartan"], "class_code": "XC09CA", "form": "capsule", "unit": "capsule", "strength": "80 mg",
        "dose_per_unit": Decimal(80), "usual_dose": Decimal(80), "max_dose": Decimal(160), "is_divisible": False,
        "price": "16.80",
    }  # fmt: skip
    drug: Drug = DrugFactory(**(named | fields))
    return drug


def hypertension() -> DiagnosisCode:
    """Essential hypertension in both lists."""
    code, _is_new = DiagnosisCode.objects.get_or_create(
        clinical_code="I10.x00", name="高血压", defaults={
            "insurance_code": "I10.x00x002", "insurance_name": "高血压", "name_en": "hypertension", "group": "循环",
            "pinyin": "gxy gaoxueya",
        },
    )  # fmt: skip
    return code


def pharmacist(**fields: Any) -> Practitioner:
    """A pharmacist in charge of 15 years with an account."""
    named: dict[str, Any] = {
        "user": StaffFactory(role=Role.PHARMACIST, display_name="周敏"), "profession": Profession.PHARMACIST,
        "title": Title.PHARMACIST_IN_CHARGE, "name": "周敏", "name_en": "Zhou Min",
        "department": DepartmentFactory(code="A90", name="药学部", name_en="Pharmacy"), "practising_since": date(2011, 7, 1),
        "id_fingerprint": fingerprint(f"pharmacist-{Practitioner.objects.count()}"),
    }  # fmt: skip
    person: Practitioner = PractitionerFactory(**(named | fields))
    return person


@dataclass(frozen=True)
class Visit:
    """A confirmed re-diagnosis of hypertension: the encounter and the people in it."""

    encounter: Encounter
    doctor: Practitioner
    patient: Patient
    patient_user: User

    @property
    def doctor_user(self) -> User:
        """The doctor's account."""
        assert self.doctor.user is not None
        return self.doctor.user


def visit(
    *, at: datetime = AT, patient_user: User | None = None, patient: Patient | None = None, **fields: Any
) -> Visit:
    """A visit of today with proof, cleared, and a signed record that says hypertension.

    ``is_diagnosed=False`` and ``is_record_signed=False`` leave that out; other fields are the encounter's.
    """
    is_diagnosed, is_record_signed = fields.pop("is_diagnosed", True), fields.pop("is_record_signed", True)
    if patient is None or patient_user is None:
        guardianship = GuardianshipFactory(patient=PatientFactory())
        patient, patient_user = guardianship.patient, guardianship.user
    doctor = fields.pop("practitioner", None) or PractitionerFactory(
        id_fingerprint=fingerprint(f"doctor-{Practitioner.objects.count()}")
    )
    named: dict[str, Any] = {
        "number": f"V{Encounter.objects.count():08d}", "kind": EncounterKind.ONLINE_REVISIT,
        "institution": doctor.institution, "department": doctor.department, "practitioner": doctor,
        "patient": patient, "booked_by": patient_user, "known_disease": hypertension(),
        "complaint": "高血压续方，无不适", "allergies": "无", "service_on": at.date(), "opened_at": at - timedelta(hours=1),
        "cleared_at": at - timedelta(minutes=10), "begun_at": at - timedelta(minutes=15),
    }  # fmt: skip
    encounter = Encounter.objects.create(**(named | fields))
    FirstVisitProof.objects.create(
        encounter=encounter, kind=ProofKind.OUTPATIENT_RECORD, disease=hypertension(),
        diagnosed_on=at.date() - timedelta(days=60), hospital_name="演示市第一人民医院", stated_by=patient_user, stated_at=at,
    )  # fmt: skip
    record = MedicalRecord.objects.create(
        encounter=encounter, chief_complaint="高血压 6 年，复诊续方。", present_illness="规律服药，血压 137/85。",
        plan="续方", written_by=doctor, changed_at=at,
    )  # fmt: skip
    if is_diagnosed:
        Diagnosis.objects.create(record=record, number=1, code=hypertension())
    if is_record_signed:
        record.signed_at, record.signature = at, "test"
        record.save()
    return Visit(encounter, doctor, patient, patient_user)


def draft(at_visit: Visit, *lines: DraftLine, at: datetime = AT, **fields: Any) -> Prescription:
    """A draft by the doctor of the visit; without lines one of amlodipine for 7 days."""
    chosen = lines or (DraftLine(DrugFactory().pk, Decimal(5), "qd", 7, timing="morning"),)
    return save_draft(
        encounter_id=at_visit.encounter.pk, lines=chosen, by=at_visit.doctor_user, at=at, **fields
    )


def signed(at_visit: Visit, *lines: DraftLine, at: datetime = AT, **fields: Any) -> Prescription:
    """A prescription that waits for the pharmacist."""
    written = draft(at_visit, *lines, at=at, **fields)
    return submit(prescription_id=written.pk, overrides={}, by=at_visit.doctor_user, at=at)


def passed(prescription: Prescription, *, by: Practitioner | None = None, at: datetime = AT) -> Prescription:
    """Passed by a pharmacist: charged, not paid."""
    reviewer = by or pharmacist()
    return review(prescription_id=prescription.pk, passed=True, by=reviewer.user, at=at)


def returned(
    prescription: Prescription, *, by: Practitioner | None = None, at: datetime = AT
) -> Prescription:
    """Returned by a pharmacist."""
    reviewer = by or pharmacist()
    return review(
        prescription_id=prescription.pk,
        passed=False,
        reason_code="dose",
        reason="剂量偏大，请核对。",
        by=reviewer.user,
        at=at,
    )


@transaction.atomic
def paid(prescription: Prescription, *, at: datetime = AT) -> Prescription:
    """The patient's share, all of it hers, has come in, as checkout records it."""
    steps.receive_share(steps.locked(bill_id=prescription.bill_id), by=None, at=at)
    prescription.refresh_from_db()
    return prescription
