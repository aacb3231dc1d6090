"""What is wrong with a record of the insurer, by the sums that were asked for."""

from decimal import Decimal

import pytest

from insurance.rules.records import reversal_fault, settlement_fault
from insurance.rules.returns import Shares

D = Decimal
SETTLED = Shares(D("7.00"), D("2.00"), D("1.00"))


def test_a_settlement_of_the_total_without_a_part_of_the_hospital_is_right() -> None:
    assert settlement_fault(total=D("10.00"), hospital=D("0.00"), asked=D("10.00")) == ""


@pytest.mark.parametrize(
    ("total", "hospital", "named"), [("10.00", "1.00", "hosp_part_amt"), ("9.00", "0.00", "medfee_sumamt")]
)
def test_a_part_of_the_hospital_or_another_total_is_named(total: str, hospital: str, named: str) -> None:
    assert named in settlement_fault(total=D(total), hospital=D(hospital), asked=D("10.00"))


def test_a_reversal_of_every_part_is_right() -> None:
    said = Shares(D("-7.00"), D("-2.00"), D("-1.00"))
    assert reversal_fault(said, hospital=D("0.00"), settled=SETTLED) == ""


@pytest.mark.parametrize(
    "said",
    [
        Shares(D("-6.00"), D("-2.00"), D("-1.00")),
        Shares(D("-7.00"), D("-3.00"), D("0.00")),
        Shares(D("-7.00"), D("0.00"), D("-3.00")),
        Shares(D("0.00"), D("0.00"), D("0.00")),
    ],
)
def test_a_reversal_of_other_parts_is_named(said: Shares) -> None:
    assert "7.00" in reversal_fault(said, hospital=D("0.00"), settled=SETTLED)


def test_a_part_of_the_hospital_in_a_reversal_is_named() -> None:
    said = Shares(D("-7.00"), D("-2.00"), D("-1.00"))
    assert "hosp_part_amt" in reversal_fault(said, hospital=D("-1.00"), settled=SETTLED)
