"""The database itself refuses a bill that is not the sum of its lines; every test writes raw SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing.models import Bill
from billing.operations import return_lines_of_bill, settle_bill, state_parts
from billing.rules import Parts
from tests.factories import billing as factories
from tests.factories.encounters import AT

pytestmark = pytest.mark.django_db
D = Decimal


@contextmanager
def at_commit(words: str) -> Iterator[None]:
    """What the block did is refused when it would be committed."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")


def run(statement: str, *values: str | int | Decimal | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def bill() -> Bill:
    """Lines of 8.00 and 2.00; fund 6.00, cash 4.00."""
    made = factories.bill("8.00", "2.00")
    state_parts(bill_id=made.pk, parts=Parts(D("6.00"), D(0), D("4.00")), in_scope={1: D("8.00")})
    return made


_COPY = """
INSERT INTO billing_feedetail (bill_id, number, item_code, name, name_en, specification, quantity, unit, unit_price,
    amount, price_id, document_id, steps, insurance_code, insurance_class, asked, fund_amount, account_amount,
    family_amount, institution_amount, cash_amount)
SELECT bill_id, 9, item_code, name, name_en, specification, quantity, unit, unit_price, %s, price_id, document_id, steps,
    insurance_code, insurance_class, asked, 0, 0, 0, 0, %s FROM billing_feedetail WHERE bill_id = %s AND number = 1
"""


def test_a_line_more_than_the_total_is_refused(bill: Bill) -> None:
    with at_commit("has lines of"):
        run(_COPY, D("0.01"), D("0.01"), bill.pk)


def test_a_bill_without_lines_is_refused(bill: Bill) -> None:
    with at_commit("has lines of"):
        run(
            "INSERT INTO billing_bill (number, encounter_id, purpose, reason, total_amount, state, opened_at)"
            " VALUES ('EMPTY', %s, 'drugs', '', 10, 'open', now())",
            bill.encounter_id,
        )


def test_payers_of_the_bill_that_are_not_those_of_its_lines_are_refused(bill: Bill) -> None:
    with at_commit("payers"):
        run("UPDATE billing_bill SET fund_amount = 5, family_amount = 1 WHERE id = %s", bill.pk)


def test_payers_of_a_line_that_are_not_those_of_its_bill_are_refused(bill: Bill) -> None:
    with at_commit("payers"):
        run(
            "UPDATE billing_feedetail SET fund_amount = fund_amount - 1, institution_amount = 1"
            " WHERE bill_id = %s AND number = 1",
            bill.pk,
        )


def test_payers_known_of_the_lines_and_not_of_the_bill_are_refused(bill: Bill) -> None:
    with at_commit("payers"):
        run(
            "UPDATE billing_bill SET fund_amount = NULL, account_amount = NULL, family_amount = NULL,"
            " institution_amount = NULL, cash_amount = NULL WHERE id = %s",
            bill.pk,
        )


def test_payers_of_a_line_that_do_not_sum_to_it_are_refused_at_once(bill: Bill) -> None:
    with pytest.raises(IntegrityError, match="fee_detail_parts_sum"), transaction.atomic():
        run("UPDATE billing_feedetail SET cash_amount = cash_amount + 1 WHERE bill_id = %s", bill.pk)


def test_moving_a_yuan_between_payers_of_bill_and_line_alike_is_taken(bill: Bill) -> None:
    with transaction.atomic():
        run("UPDATE billing_bill SET fund_amount = 5, account_amount = 1 WHERE id = %s", bill.pk)
        run(
            "UPDATE billing_feedetail SET fund_amount = fund_amount - 1, account_amount = 1"
            " WHERE bill_id = %s AND number = 1",
            bill.pk,
        )
        run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "change",
    [
        "total_amount = 11", "number = 'OTHER'", "reason = 'x'", "opened_at = now()", "reverses_id = id",
        "purpose = 'drugs'", "sharing_id = 1",
    ],
)  # fmt: skip
def test_what_was_charged_stays(bill: Bill, change: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run(f"UPDATE billing_bill SET {change} WHERE id = %s", bill.pk)


def test_the_specification_of_what_was_charged_stays(bill: Bill) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        run("UPDATE billing_feedetail SET specification = '0.25g*24' WHERE bill_id = %s", bill.pk)


_TO_THE_ACCOUNT = "SET fund_amount = fund_amount - 1, account_amount = account_amount + 1"


@pytest.mark.parametrize(
    "change",
    [
        f"billing_bill {_TO_THE_ACCOUNT} WHERE id = %s",
        f"billing_feedetail {_TO_THE_ACCOUNT} WHERE number = 1 AND bill_id = %s",
    ],
)
def test_who_paid_what_of_a_paid_bill_stays(bill: Bill, change: str) -> None:
    settle_bill(bill_id=bill.pk, at=AT)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        run(f"UPDATE {change}", bill.pk)


@pytest.mark.parametrize("table", ["billing_bill", "billing_feedetail", "billing_pricedecrease"])
def test_no_table_of_bills_is_emptied(bill: Bill, table: str) -> None:
    with pytest.raises(DatabaseError, match="is never emptied"), transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"TRUNCATE {table} CASCADE")


_LOWER = (
    "INSERT INTO billing_pricedecrease (line_id, amount, cash_amount, key, at)"
    " SELECT id, %s, %s, 'raw', now() FROM billing_feedetail WHERE bill_id = %s AND number = 1"
)


def test_no_more_yuan_of_a_line_go_back_by_a_lower_price_than_were_paid(bill: Bill) -> None:
    with at_commit("more yuan of line 1"):
        run(_LOWER, D("8.01"), D("8.01"), bill.pk)


def test_of_a_lower_price_she_has_no_more_back_than_it_is_lower(bill: Bill) -> None:
    with pytest.raises(IntegrityError, match="price_decrease_parts"), transaction.atomic():
        run(_LOWER, D("1.00"), D("1.01"), bill.pk)


def test_a_lower_price_is_never_changed(bill: Bill) -> None:
    run(_LOWER, D("1.00"), D("1.00"), bill.pk)
    for change in ("UPDATE billing_pricedecrease SET amount = 2", "DELETE FROM billing_pricedecrease"):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            run(change)


def test_no_more_yuan_go_back_by_units_and_a_lower_price_together(bill: Bill) -> None:
    settle_bill(bill_id=bill.pk, at=AT)
    run(_LOWER, D("1.00"), D("1.00"), bill.pk)
    with at_commit("more yuan of line 1"):
        run(
            "INSERT INTO billing_bill (number, encounter_id, purpose, reason, reverses_id, total_amount, state,"
            " opened_at) VALUES ('ALL', %s, 'return', '', %s, -8, 'settled', now())",
            bill.encounter_id, bill.pk,
        )  # fmt: skip
        run(
            "INSERT INTO billing_feedetail (bill_id, number, reverses_id, item_code, name, name_en, specification,"
            " quantity, unit, unit_price, amount, price_id, document_id, steps, insurance_code, insurance_class, asked)"
            " SELECT (SELECT id FROM billing_bill WHERE number = 'ALL'), number, id, item_code, name, name_en,"
            " specification, -quantity, unit, unit_price, -amount, price_id, document_id, steps, insurance_code,"
            " insurance_class, asked FROM billing_feedetail WHERE bill_id = %s AND number = 1",
            bill.pk,
        )


def test_a_bill_is_never_deleted(bill: Bill) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        run("DELETE FROM billing_bill WHERE id = %s", bill.pk)


def test_only_a_return_is_negative_and_only_a_return_reverses(bill: Bill) -> None:
    for purpose, reverses, total in (("drugs", None, -1), ("return", None, -1), ("drugs", bill.pk, 1)):
        with pytest.raises(IntegrityError, match="bill_only_returns_are_negative"), transaction.atomic():
            run(
                "INSERT INTO billing_bill (number, encounter_id, purpose, reason, reverses_id, total_amount, state,"
                " opened_at) VALUES ('X', %s, %s, '', %s, %s, 'open', now())",
                bill.encounter_id, purpose, reverses, total,
            )  # fmt: skip


def test_more_units_than_were_charged_never_go_back(bill: Bill) -> None:
    settle_bill(bill_id=bill.pk, at=AT)
    back = return_lines_of_bill(
        bill_id=bill.pk,
        quantities={1: D(1)},
        parts=Parts(D("-6.00"), D(0), D("-2.00")),
        reason="",
        by=None,
        at=AT,
    )
    with at_commit("more of line 1"):
        run(
            "INSERT INTO billing_bill (number, encounter_id, purpose, reason, reverses_id, total_amount, state,"
            " opened_at) VALUES ('AGAIN', %s, 'return', '', %s, -8, 'settled', now())",
            bill.encounter_id, bill.pk,
        )  # fmt: skip
        run(
            "INSERT INTO billing_feedetail (bill_id, number, reverses_id, item_code, name, name_en, specification,"
            " quantity, unit, unit_price, amount, price_id, document_id, steps, insurance_code, insurance_class, asked)"
            " SELECT (SELECT id FROM billing_bill WHERE number = 'AGAIN'), number, reverses_id, item_code, name, name_en,"
            " specification, quantity, unit, unit_price, amount, price_id, document_id, steps, insurance_code,"
            " insurance_class, asked FROM billing_feedetail WHERE bill_id = %s",
            back.pk,
        )
