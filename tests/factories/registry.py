"""Institutions, staff and patients with believable values; every identity number has a right check character."""

from datetime import UTC, date, datetime
from typing import Any

import factory

from kernel.crypto import fingerprint
from kernel.identifiers import id_check_character
from registry.models import (
    Coverage,
    Department,
    Guardianship,
    Institution,
    Patient,
    Practitioner,
    Qualification,
)
from registry.models.patients import Gender, InsuranceType, InsuredRegion, Relation
from registry.models.practitioners import Profession, QualificationKind, Title
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.insurance import insured_by_default

LONG_AGO = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def id_number(n: int, born_on: date = date(1956, 3, 8)) -> str:
    """The ``n``-th invented number of somebody born on a day; even ``n`` is female, odd male."""
    first_17 = f"330106{born_on:%Y%m%d}{n % 1000:03d}"
    return first_17 + id_check_character(first_17)


class InstitutionFactory(factory.django.DjangoModelFactory[Institution]):
    """The demonstration hospital."""

    class Meta:
        model = Institution
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = "H33010000001"
    name = "演示市第一人民医院"
    name_en = "Demo City First People's Hospital"
    online_name = "演示市第一人民医院互联网医院"
    online_name_en = "Demo City First People's Hospital, Internet Hospital"
    region_code = "330100"
    level = 3
    grade = "甲等"
    licence_number = "演示 PDY10000133010017A1001"
    licence_authority = "演示市卫生健康委员会"
    licence_until = date(2034, 1, 1)
    address = "演示市演示路 1 号"
    phone = "400-000-0000"
    is_demonstration = True

    @factory.post_generation
    def agreements(obj: Institution, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        """It may settle with the insurance; ``agreements=False`` leaves it without."""
        if create and extracted is not False:
            insured_by_default(obj)


class DepartmentFactory(factory.django.DjangoModelFactory[Department]):
    """Cardiology."""

    class Meta:
        model = Department
        django_get_or_create = ("institution", "code")

    institution = factory.SubFactory(InstitutionFactory)
    code = "A03.04"
    name = "心血管内科"
    name_en = "Cardiology"


class PractitionerFactory(factory.django.DjangoModelFactory[Practitioner]):
    """A chief physician of cardiology with an account."""

    class Meta:
        model = Practitioner

    department = factory.SubFactory(DepartmentFactory)
    institution = factory.SelfAttribute("department.institution")
    user = factory.SubFactory(StaffFactory)
    profession = Profession.DOCTOR.value
    title = Title.CHIEF_PHYSICIAN.value
    name = "林致远"
    name_en = "Lin Zhiyuan"
    insurance_code = factory.Sequence(lambda n: f"D33019{n:07d}")
    practising_since = date(1993, 8, 1)


class QualificationFactory(factory.django.DjangoModelFactory[Qualification]):
    """A practice certificate that is valid and was found in the register."""

    class Meta:
        model = Qualification

    practitioner = factory.SubFactory(PractitionerFactory)
    kind = QualificationKind.PRACTICE.value
    number = factory.Sequence(lambda n: f"演示-{n:06d}")
    valid_from = date(2024, 1, 1)
    valid_until = date(2034, 1, 1)
    verified_at = LONG_AGO


class PatientFactory(factory.django.DjangoModelFactory[Patient]):
    """A woman born on 8 March 1956 whose real name is verified."""

    class Meta:
        model = Patient

    name = "张秀英"
    gender = Gender.FEMALE.value
    born_on = date(1956, 3, 8)
    id_number = factory.Sequence(lambda n: id_number(2 * n))
    id_fingerprint = factory.LazyAttribute(lambda patient: fingerprint(patient.id_number))
    mobile = "13900000001"
    verified_at = LONG_AGO


class GuardianshipFactory(factory.django.DjangoModelFactory[Guardianship]):
    """A patient who acts for herself."""

    class Meta:
        model = Guardianship

    user = factory.SubFactory(UserFactory)
    patient = factory.SubFactory(PatientFactory)
    relation = Relation.SELF.value
    since_at = LONG_AGO


class CoverageFactory(factory.django.DjangoModelFactory[Coverage]):
    """Employee insurance in Hangzhou."""

    class Meta:
        model = Coverage

    patient = factory.SubFactory(PatientFactory)
    insurance_type = InsuranceType.EMPLOYEE.value
    insured_region = InsuredRegion.HANGZHOU.value
    stated_at = LONG_AGO
