"""The record cannot be changed unnoticed."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from audit.models import AuditEntry
from audit.operations import first_break, record
from registry.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.registry import InstitutionFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.fixture
def subject() -> Institution:
    """A record with three acts on it."""
    made = InstitutionFactory()
    for number in range(3):
        record("registry.institution.changed", on=made, by=UserFactory(), at=AT, facts={"step": number})
    return made


def without_trigger(statement: str, *values: str | int) -> None:
    """What somebody with the keys of the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the table could not be altered
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")


def test_acts_on_a_record_are_numbered_and_chained(subject: Institution) -> None:
    entries = list(AuditEntry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.previous_hash for entry in entries] == ["", entries[0].entry_hash, entries[1].entry_hash]
    assert first_break(subject) is None


def test_every_record_has_a_chain_of_its_own(subject: Institution) -> None:
    other = InstitutionFactory(code="H33010000002")
    assert record("registry.institution.changed", on=other, by=None, at=AT).sequence == 1
    assert first_break(subject) is None


def test_the_database_refuses_to_change_an_entry(subject: Institution) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(sequence=2).update(action="nothing")


def test_the_database_refuses_to_delete_an_entry(subject: Institution) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(sequence=2).delete()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "registry.institution.praised"),
        ("facts", '{"step": 9}'),
        ("by_id", None),
        ("at", "2020-01-01 00:00+00"),
        ("previous_hash", "0" * 64),
        ("entry_hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_found(subject: Institution, column: str, value: str | None) -> None:
    without_trigger(f"UPDATE audit_auditentry SET {column} = %s WHERE sequence = 2", value)
    found = first_break(subject)
    assert found is not None
    assert found.sequence == 2


def test_an_entry_that_is_gone_is_found_by_the_next_one(subject: Institution) -> None:
    without_trigger("DELETE FROM audit_auditentry WHERE sequence = 2")
    found = first_break(subject)
    assert found is not None
    assert found.sequence == 3


def test_two_entries_exchanged_are_found(subject: Institution) -> None:
    without_trigger("UPDATE audit_auditentry SET sequence = 13 - sequence WHERE sequence < 3")
    without_trigger("UPDATE audit_auditentry SET sequence = sequence - 10 WHERE sequence > 10")
    found = first_break(subject)
    assert found is not None
    assert found.sequence == 1


def test_two_acts_cannot_take_the_same_place(subject: Institution) -> None:
    last = AuditEntry.objects.latest("sequence")
    last.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        last.save(force_insert=True)


def test_the_first_act_on_a_record_made_just_now_is_written_without_looking_for_others(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made, who = InstitutionFactory(), UserFactory()
    with django_assert_num_queries(1):
        record("registry.institution.opened", on=made, by=who, at=AT, is_first=True)
    record("registry.institution.changed", on=made, by=who, at=AT)
    assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]
    assert first_break(made) is None


def test_a_record_has_one_first_act_whoever_says_so(subject: Institution) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record("registry.institution.opened", on=subject, by=None, at=AT, is_first=True)
    assert first_break(subject) is None
