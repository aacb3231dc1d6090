"""What lies encrypted in the database."""

import pytest
from django.db import connection

from registry.models import Patient
from tests.factories.registry import PatientFactory, id_number

pytestmark = pytest.mark.django_db


def test_an_identity_number_is_not_in_the_database_in_clear_and_is_read_back() -> None:
    patient = PatientFactory(id_number=id_number(2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text FROM registry_patient p WHERE id = %s", [patient.pk])
        row = cursor.fetchone()[0]
    assert id_number(2) not in row
    assert Patient.objects.get(pk=patient.pk).id_number == id_number(2)
