"""What stands charged to a patient, for the rules between lines."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest

from billing.models import Bill, BillPurpose
from billing.operations import (
    open_bill,
    refund_bill,
    return_lines_of_bill,
    settle_bill,
    state_parts,
    void_bill,
)
from billing.queries import charged_before, charged_to
from billing.rules import Parts
from encounters.models import Encounter
from pricing.models import Price
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from registry.models import Patient
from tests.factories.encounters import AT, EncounterFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.registry import PatientFactory

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[object]]
TODAY = date(2026, 11, 20)
D = Decimal


@pytest.fixture
def encounter() -> Encounter:
    row: Encounter = EncounterFactory()
    return row


@pytest.fixture
def price() -> Price:
    row: Price = PriceFactory()
    return row


def charge(encounter: Encounter, price: Price, quantity: str = "1", **asked: Any) -> Bill:
    line = replace(ServiceLine("1", price.item.code, D(quantity)), **asked)
    quote = quote_for(lines=[line], institution=encounter.institution, service_on=encounter.service_on)
    return open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=AT, asked=[line]
    )


def test_a_line_says_item_units_yuan_day_encounter_moment_and_course(
    encounter: Encounter, price: Price
) -> None:
    moment = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    charge(encounter, price, "2", performed_at=moment, course="K")
    (line,) = charged_to(encounter.patient_id, TODAY)
    assert (line.item_code, line.quantity, line.amount) == (price.item.code, D(2), D("20.00"))
    assert (line.service_on, line.encounter) == (TODAY, encounter.number)
    assert (line.performed_at, line.course) == (moment, "K")


def test_open_and_settled_bills_stand_void_and_refunded_ones_do_not(
    encounter: Encounter, price: Price
) -> None:
    open_one, settled, void, refunded = (charge(encounter, PriceFactory()) for _ in range(4))
    settle_bill(bill_id=settled.pk, at=AT)
    void_bill(bill_id=void.pk, at=AT)
    settle_bill(bill_id=refunded.pk, at=AT)
    refund_bill(bill_id=refunded.pk, at=AT)
    standing = {line.item_code for line in charged_to(encounter.patient_id, TODAY)}
    assert standing == {open_one.lines.get().item_code, settled.lines.get().item_code}


def test_days_before_the_first_one_asked_for_and_other_patients_are_left_out(
    encounter: Encounter, price: Price
) -> None:
    charge(encounter, price)
    charge(EncounterFactory(practitioner=encounter.practitioner, patient=another()), price)
    assert len(charged_to(encounter.patient_id, TODAY)) == 1
    assert charged_to(encounter.patient_id, TODAY + timedelta(days=1)) == ()


def another() -> Patient:
    row: Patient = PatientFactory(id_fingerprint="another")
    return row


def give_back(bill: Bill, quantity: str) -> Bill:
    """Units of the first line of a paid bill, which was all cash."""
    line = bill.lines.get()
    worth = line.unit_price * D(quantity)
    return return_lines_of_bill(
        bill_id=bill.pk,
        quantities={1: D(quantity)},
        parts=Parts.of_cash(-worth),
        reason="退回",
        by=None,
        at=AT,
    )


def paid(bill: Bill) -> Bill:
    state_parts(bill_id=bill.pk, parts=Parts.of_cash(bill.total_amount), in_scope={})
    return settle_bill(bill_id=bill.pk, at=AT)


def test_a_reversing_line_cancels_what_it_reverses(encounter: Encounter, price: Price) -> None:
    bill = paid(charge(encounter, price, "3"))
    give_back(bill, "1")
    (line,) = charged_to(encounter.patient_id, TODAY)
    assert (line.quantity, line.amount) == (D(2), D("20.00"))
    give_back(bill, "2")
    assert charged_to(encounter.patient_id, TODAY) == ()


def test_what_was_given_back_of_a_bill_that_went_back_as_a_whole_does_not_count_twice(
    encounter: Encounter, price: Price
) -> None:
    bill = paid(charge(encounter, price, "3"))
    give_back(bill, "1")
    refund_bill(bill_id=bill.pk, at=AT)
    assert charged_to(encounter.patient_id, TODAY) == ()


def test_what_the_hospital_bears_is_charged_to_nobody(encounter: Encounter, price: Price) -> None:
    bill = charge(encounter, price, "3")
    parts = Parts(D(0), D(0), D("24.00"), institution=D("6.00"))
    state_parts(bill_id=bill.pk, parts=parts, in_scope={})
    (line,) = charged_to(encounter.patient_id, TODAY)
    assert line.amount == D("24.00")


def test_a_correction_of_a_price_adds_money_and_no_units(encounter: Encounter, price: Price) -> None:
    charge(encounter, price)
    bill = charge(encounter, price)
    with pgtrigger.ignore("billing.Bill:frozen"):
        Bill.objects.filter(pk=bill.pk).update(purpose=BillPurpose.CORRECTION)
    (line,) = charged_to(encounter.patient_id, TODAY)
    assert (line.quantity, line.amount) == (D(1), D("20.00"))


def test_a_line_charged_as_a_whole_counts_the_units_that_were_asked_for(encounter: Encounter) -> None:
    item = PriceItemFactory()
    capped = PriceFactory(item=item, cap_amount=D(25))
    charge(encounter, capped, "3")
    (line,) = charged_to(encounter.patient_id, TODAY)
    assert (line.quantity, line.amount) == (D(3), D("25.00"))


def test_it_takes_one_query_whatever_was_charged(
    encounter: Encounter, django_assert_num_queries: Counting
) -> None:
    for _ in range(3):
        charge(encounter, PriceFactory())
    with django_assert_num_queries(1):
        assert len(charged_to(encounter.patient_id, TODAY)) == 3
    with django_assert_num_queries(1):
        assert len(charged_before(encounter, TODAY)) == 3


def test_the_demonstration_and_everybody_else_do_not_count_each_other(
    encounter: Encounter, price: Price
) -> None:
    charge(encounter, price)
    invented = encounter.institution.is_demonstration
    assert len(charged_to(encounter.patient_id, TODAY, is_demonstration=invented)) == 1
    assert charged_to(encounter.patient_id, TODAY, is_demonstration=not invented) == ()


def test_rules_look_back_over_a_leap_year_and_at_days_to_come(encounter: Encounter, price: Price) -> None:
    charge(encounter, price)
    assert len(charged_before(encounter, TODAY + timedelta(days=366))) == 1
    assert charged_before(encounter, TODAY + timedelta(days=367)) == ()
    assert len(charged_before(encounter, TODAY - timedelta(days=30))) == 1
