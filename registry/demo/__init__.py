"""Demonstration data of the registry: one hospital, its staff, six patients."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Role, User
from kernel.crypto import fingerprint
from kernel.identifiers import IdNumber, id_check_character, masked_name
from registry.demo.hospital import DEPARTMENTS, INSTITUTION
from registry.demo.people import PEOPLE, PersonFacts
from registry.demo.staff import OFFICES, PASSWORD, PRACTITIONERS, PractitionerFacts
from registry.models import (
    Coverage,
    Department,
    Guardianship,
    Institution,
    Patient,
    Practitioner,
    Qualification,
)
from registry.models.practitioners import QualificationKind

LICENSED_FROM = date(2024, 1, 1)
LICENSED_UNTIL = date(2034, 1, 1)


@transaction.atomic
def load(*, at: datetime) -> None:
    """Make what is not there yet; what an administrator has changed meanwhile stays as it is."""
    institution, _made = Institution.objects.get_or_create(code=INSTITUTION["code"], defaults=INSTITUTION)
    for facts in DEPARTMENTS:
        described = {name: getattr(facts, name) for name in facts.__slots__ if name != "code"}
        Department.objects.get_or_create(institution=institution, code=facts.code, defaults=described)
    _load_staff(institution, at)
    for person in PEOPLE:
        _load_person(person, at)


def _load_staff(institution: Institution, at: datetime) -> None:
    # Hashed once: a hash takes a third of a second, and the password is no secret here.
    password = make_password(PASSWORD)
    for office in OFFICES:
        rights = {"is_staff": office.may_administrate, "is_superuser": office.may_administrate}
        _user(office.username, office.name, office.role, password=password, **rights)
    for facts in PRACTITIONERS:
        user = _user(facts.username, facts.name, Role(facts.profession.value), password=password)
        if not Practitioner.objects.filter(insurance_code=facts.insurance_code).exists():
            _make_practitioner(institution, user, facts, at)


def _user(username: str, name: str, role: Role, **fields: Any) -> User:
    defaults = {"display_name": name, "roles": [role.value], **fields}
    user, _made = User.objects.get_or_create(username=username, defaults=defaults)
    return user


def _make_practitioner(institution: Institution, user: User, facts: PractitionerFacts, at: datetime) -> None:
    described = {name: getattr(facts, name) for name in facts.__slots__}
    for name in ("username", "department", "first_17"):
        del described[name]
    department = institution.departments.get(code=facts.department)
    practitioner = Practitioner(institution=institution, department=department, user=user, **described)
    practitioner.set_id_number(facts.first_17 + id_check_character(facts.first_17))
    practitioner.save()
    for kind, until in _papers(facts):
        Qualification.objects.create(
            practitioner=practitioner,
            kind=kind,
            number=f"演示-{kind.value[:3].upper()}-{facts.insurance_code[-4:]}",
            valid_from=LICENSED_FROM if until else facts.practising_since,
            valid_until=until,
            verified_at=at,
        )


def _papers(facts: PractitionerFacts) -> list[tuple[QualificationKind, date | None]]:
    """What the practitioner can show; the certificate itself never ends."""
    papers: list[tuple[QualificationKind, date | None]] = [
        (QualificationKind.QUALIFICATION, None),
        (QualificationKind.PRACTICE, LICENSED_UNTIL),
    ]
    if facts.profession == "doctor":
        papers.append((QualificationKind.LIABILITY_INSURANCE, LICENSED_UNTIL))
    return papers


def _load_person(facts: PersonFacts, at: datetime) -> None:
    if Patient.objects.filter(id_fingerprint=fingerprint(facts.id_number)).exists():
        return
    number = IdNumber(facts.id_number)
    patient = Patient(
        name=facts.name,
        gender=number.gender.value,
        born_on=number.born_on,
        mobile=facts.mobile,
        verified_at=at,
        verification_request="DEMO",
    )
    patient.set_id_number(number.value)
    patient.save()
    user = _patient_user(facts, at)
    Guardianship.objects.create(user=user, patient=patient, relation=facts.relation, since_at=at)
    Coverage.objects.create(
        patient=patient,
        insurance_type=facts.insurance_type,
        insured_region=facts.insured_region,
        stated_at=at,
    )


def _patient_user(facts: PersonFacts, at: datetime) -> User:
    mobile = facts.mobile or facts.acted_for_by
    found = User.objects.with_mobile(mobile).first()
    if found:
        return found
    user = User(
        username=f"patient-{mobile[-2:]}", roles=[Role.PATIENT.value], display_name=masked_name(facts.name)
    )
    user.set_unusable_password()
    user.set_mobile(mobile)
    user.mobile_verified_at = at
    user.save()
    return user
