"""Encounters with believable people, diseases, texts and files."""

import io
from datetime import UTC, date, datetime
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from encounters import operations
from encounters.models import ConsentDocument, DiagnosisCode, Encounter, EncounterKind, MedicalRecord
from kernel import clock
from kernel.crypto import fingerprint
from registry.models import Practitioner
from tests.factories.registry import PatientFactory, PractitionerFactory

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""Friday 20 November 2026, 14:30 in Hangzhou."""


class DiagnosisCodeFactory(factory.django.DjangoModelFactory[DiagnosisCode]):
    """Hypertension, open online."""

    class Meta:
        model = DiagnosisCode
        skip_postgeneration_save = True
        django_get_or_create = ("clinical_code", "name")

    clinical_code = "I10.x00x002"
    name = "高血压"
    name_en = "Hypertension"
    insurance_code = factory.SelfAttribute("clinical_code")
    insurance_name = factory.SelfAttribute("name")
    group = "高血压"
    group_en = "Hypertension"

    @factory.post_generation
    def searchable(obj: DiagnosisCode, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        """Found by pinyin."""
        obj.renew_pinyin()
        obj.save()

    class Params:
        diabetes = factory.Trait(
            clinical_code="E11.900",
            name="2型糖尿病",
            name_en="Type 2 diabetes",
            group="糖尿病",
            group_en="Diabetes",
        )
        infarction = factory.Trait(
            clinical_code="I21.900",
            name="急性心肌梗死",
            name_en="Acute myocardial infarction",
            group="急危重",
            group_en="Urgent",
            is_open_online=False,
        )


class EncounterFactory(factory.django.DjangoModelFactory[Encounter]):
    """An online re-diagnosis that was opened and in which nothing was said yet."""

    class Meta:
        model = Encounter

    number = factory.Sequence(lambda n: f"V{n:08d}")
    kind = EncounterKind.ONLINE_REVISIT.value
    practitioner = factory.SubFactory(PractitionerFactory)
    institution = factory.SelfAttribute("practitioner.institution")
    department = factory.SelfAttribute("practitioner.department")
    patient = factory.SubFactory(PatientFactory)
    service_on = factory.LazyAttribute(lambda row: clock.day_of(row.opened_at))
    opened_at = AT


class ConsentDocumentFactory(factory.django.DjangoModelFactory[ConsentDocument]):
    """The first consent text."""

    class Meta:
        model = ConsentDocument

    version = factory.Sequence(lambda n: n + 1)
    title = "互联网复诊知情同意书"
    title_en = "Informed consent"
    body = "只限复诊。"
    body_en = "Only re-diagnoses."
    in_force_from = date(2026, 1, 1)


def another_doctor(**fields: Any) -> Practitioner:
    """One more doctor; identity numbers are unique."""
    count = Practitioner.objects.count()
    doctor: Practitioner = PractitionerFactory(id_fingerprint=fingerprint(f"doctor-{count}"), **fields)
    return doctor


def signed_record(encounter: Encounter, *codes: DiagnosisCode, at: datetime) -> MedicalRecord:
    """A record the encounter's doctor has signed."""
    doctor = encounter.practitioner.user
    assert doctor is not None
    Encounter.objects.filter(pk=encounter.pk, begun_at=None).update(begun_at=at)
    operations.save_record(
        encounter_id=encounter.pk,
        chief_complaint="血压升高 6 年，复诊。",
        present_illness="规律服药，血压 134/82 mmHg。",
        plan="续方。",
        diagnosis_ids=[code.pk for code in codes],
        by=doctor,
        at=at,
    )
    return operations.sign_record(encounter_id=encounter.pk, by=doctor, at=at)


def picture(
    form: str = "JPEG", size: tuple[int, int] = (40, 20), exif: Image.Exif | None = None, mode: str = "RGB"
) -> bytes:
    """A picture; red on the left half, blue on the right."""
    image = Image.new(mode, size, "red" if mode == "RGB" else 0)
    if mode == "RGB":
        image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    written = io.BytesIO()
    image.save(written, form, **({"exif": exif} if exif is not None else {}))
    return written.getvalue()


def pdf(**changes: Any) -> bytes:
    """One empty page; ``script``, ``attachment`` or ``password`` make it one that is refused."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if "script" in changes:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(changes["script"])}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in action.items()}
        )
    if "attachment" in changes:
        writer.add_attachment("more.exe", changes["attachment"])
    if "password" in changes:
        writer.encrypt(changes["password"], algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def upload(content: bytes, name: str = "病历.jpg", claimed: str = "image/jpeg") -> SimpleUploadedFile:
    """As it comes from a form."""
    return SimpleUploadedFile(name, content, content_type=claimed)
