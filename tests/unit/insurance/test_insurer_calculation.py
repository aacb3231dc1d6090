"""How the insurer divides fee lines and settlements, worked by hand."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.insurer.calculation import LineSplit, Split, Standing, split_line, split_settlement
from simulators.insurer.catalogue import CATALOGUE, C, demo_drug_code, item_for
from simulators.insurer.counting import Count, added
from simulators.insurer.people import LATER_PEOPLE, PEOPLE
from simulators.insurer.policy import Benefits, Treatment
from simulators.insurer.policy_files import shipped_policies
from tests.unit.simulators.insured import EMPLOYED, EMPLOYEE, RESIDENT, RETIRED, SPRING, bill, line, year

D = Decimal
HOME = "330100"
MET = year(deducted="300.00")


def test_the_first_share_is_rounded_half_up_for_each_line() -> None:
    # Source: published sample, 4.52 x 5 % = 0.226 -> 0.23, in scope 4.29.
    split = line("4.52", rate="0.05")
    assert (split.preselfpay, split.inscp) == (D("0.23"), D("4.29"))


def test_what_exceeds_the_price_limit_is_paid_by_the_person_before_the_first_share() -> None:
    # (45.00 - 30.00) x 2 = 30.00 above the limit; 10 % of the other 60.00 is 6.00; 54.00 in scope.
    split = line("45.00", "2", rate="0.10", limit="30.00")
    assert (split.det, split.overlmt, split.preselfpay, split.inscp) == (
        D("90.00"),
        D("30.00"),
        D("6.00"),
        D("54.00"),
    )


def test_what_is_not_listed_is_wholly_the_persons_own() -> None:
    assert item_for("X999").level == C
    split = line("18.80", "3", own=True)
    assert (split.fulamt_ownpay, split.inscp) == (D("56.40"), D("0.00"))


def test_the_catalogue_is_that_of_the_place_of_treatment() -> None:
    code = "XC09CADEMO005"
    assert (item_for(code, "330100").selfpay_rate, item_for(code, "110100").selfpay_rate) == (
        D("0.10"),
        D("0.20"),
    )


def test_a_retired_employee_gets_seventy_percent_and_the_account_pays_the_rest() -> None:
    # Consultation 10.00 and a class-B drug of 60.00: first share 6.00, in scope 64.00; fund 70 % = 44.80;
    # the account may pay the other 19.20 and the first share, 25.20 in all; nothing is left for cash.
    split = bill(
        HOME, "10.00", line("30.00", "2", rate="0.10"), psn_type=RETIRED, balance="100.00", counts=MET
    )
    assert (split.medfee, split.inscp, split.preselfpay) == (D("70.00"), D("64.00"), D("6.00"))
    assert (split.hifp_pay, split.psn_part) == (D("44.80"), D("25.20"))
    assert (split.acct_pay, split.cash_pay, split.balance_after) == (D("25.20"), D("0.00"), D("74.80"))


def test_without_the_account_the_person_pays_cash() -> None:
    split = bill(HOME, "10.00", psn_type=RETIRED, balance="100.00", counts=MET, use_account=False)
    assert (split.hifp_pay, split.acct_pay, split.cash_pay) == (D("7.00"), D("0.00"), D("3.00"))


def test_the_account_does_not_pay_what_is_outside_the_catalogue() -> None:
    split = bill(HOME, line("50.00", own=True), psn_type=RETIRED, balance="100.00", counts=MET)
    assert (split.acct_pay, split.cash_pay) == (D("0.00"), D("50.00"))


def test_below_the_deductible_the_fund_pays_nothing_and_the_rate_is_zero() -> None:
    # Source: real replies: act_pay_dedc = inscp_scp_amt and pool_prop_selfpay = 0.
    split = bill(HOME, "64.00", psn_type=RETIRED)
    assert (split.act_pay_dedc, split.hifp_pay, split.pool_prop) == (D("64.00"), D("0.00"), D(0))


def test_a_settlement_that_crosses_the_deductible_is_shared_only_above_it() -> None:
    # 300 a year for the retired, 280.00 already counted: 20.00 of 120.00 falls under it, 70 % of 100.00 is paid.
    split = bill(HOME, "120.00", psn_type=RETIRED, counts=year(deducted="280.00"))
    assert (split.act_pay_dedc, split.hifp_pay) == (D("20.00"), D("70.00"))


def test_the_fund_pays_no_more_than_is_left_of_the_annual_cap() -> None:
    split = bill(HOME, "100.00", psn_type=RETIRED, counts=year("300.00", "28557.14", "19990.00"))
    assert split.hifp_pay == D("10.00")


@pytest.mark.parametrize(
    ("insutype", "psn_type", "level", "expected"),
    [
        (EMPLOYEE, RETIRED, "3", "7.00"),
        (EMPLOYEE, RETIRED, "2", "7.50"),
        (EMPLOYEE, EMPLOYED, "3", "6.00"),
        (EMPLOYEE, EMPLOYED, "1", "8.00"),
        (RESIDENT, "1601", "3", "5.00"),
        (RESIDENT, "1403", "2", "5.50"),
    ],
)
def test_the_rate_depends_on_insurance_kind_of_person_and_level(
    insutype: str, psn_type: str, level: str, expected: str
) -> None:
    met = year(deducted="5000.00")
    assert bill(HOME, "10.00", insutype=insutype, psn_type=psn_type, level=level, counts=met).hifp_pay == D(
        expected
    )


def test_the_catalogue_names_demo_drugs_by_class_and_row() -> None:
    assert demo_drug_code(11, "XC09DXS255A0") == "XC09DXDEMO011"
    assert {"001102000010000", "XC08CADEMO001", "XC09CADEMO004", "XC10AADEMO018", "XM05BADEMO066"} <= set(
        CATALOGUE
    )


def test_every_demo_person_has_a_valid_id_number_that_agrees_with_the_person() -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
    for person in (*PEOPLE, *LATER_PEOPLE):
        number = person.id_number
        check = "10X98765432"[
            sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
        ]
        assert number[17] == check
        assert number[6:14] == f"{person.born_on:%Y%m%d}"
        assert int(number[16]) % 2 == (person.gender == "1")


fen = st.integers(0, 5_000_000).map(lambda units: D(units) / 100)
lines_of_any_kind = st.lists(
    st.builds(
        split_line,
        price=st.integers(0, 10_000_000).map(lambda units: D(units) / 10_000),
        quantity=st.integers(1, 400).map(lambda units: D(units) / 4),
        selfpay_rate=st.integers(0, 100).map(lambda units: D(units) / 100),
        price_limit=st.none() | st.integers(0, 100_000).map(lambda units: D(units) / 100),
        wholly_own=st.booleans(),
        charge_type=st.sampled_from(["02", "09"]),
    ),
    max_size=8,
)
AREAS = shipped_policies()
one_area = st.sampled_from(AREAS)
counts_of = st.dictionaries(
    st.sampled_from(
        [("outpatient", ""), ("chronic", ""), ("hifmi_pay", ""), ("hifob_pay", ""), ("two_diseases", "")]
    ),
    st.builds(Count, fen, fen, fen),
)
anybody = st.builds(Standing, balance=fen, balance_of_year=fen, family_balance=fen, counts=counts_of)


@given(lines_of_any_kind)
def test_the_parts_of_a_line_always_sum_and_none_is_negative(lines: list[LineSplit]) -> None:
    for split in lines:
        parts = (split.fulamt_ownpay, split.overlmt, split.preselfpay, split.inscp)
        assert sum(parts) == split.det
        assert min(parts) >= 0


@given(lines=lines_of_any_kind, area=one_area, standing=anybody, use_account=st.booleans(), data=st.data())
def test_the_sums_of_a_settlement_always_hold(
    lines: list[LineSplit], area: Any, standing: Standing, use_account: bool, data: st.DataObject
) -> None:
    """Any scheme of any shipped policy, with every top-up fund of its area at once."""
    scheme = data.draw(st.sampled_from(area.schemes))
    if scheme.charge_types:
        lines = [one for one in lines if one.charge_type in scheme.charge_types]
    benefits = Benefits(area, (scheme,), area.supplements, data.draw(st.sampled_from([D(1), D("0.70")])))
    treatment = Treatment(level="3", med_type="11", on=SPRING, disease="M03900", visit="7")
    split: Split = split_settlement(lines, benefits, treatment, standing, use_account=use_account)
    assert split.medfee == sum(one.det for one in lines)
    assert split.medfee == split.fulamt_ownpay + split.overlmt + split.preselfpay + split.inscp
    assert split.medfee == split.fund_pay + split.psn_part
    assert split.psn_part == split.acct_pay + split.mulaid_pay + split.cash_pay
    assert split.balance_after == standing.balance - split.acct_pay >= 0
    assert split.mulaid_pay <= standing.family_balance
    assert (
        min(*split.funds.values(), split.acct_pay, split.mulaid_pay, split.cash_pay, split.act_pay_dedc) >= 0
    )
    assert split.fund_pay <= split.inscp
    for cap in scheme.caps:
        before = (
            standing.count(scheme.counter).fund_paid if cap.per == "year" and not cap.by_disease else D(0)
        )
        if cap.of == "fund":
            assert before + split.hifp_pay <= max(before, cap.amount)


BY_THE_YEAR = [
    Benefits(area, (row,), ())
    for area in AREAS
    for row in area.schemes
    if row.deductible_per == "year" and not row.charge_types and all(cap.per == "year" for cap in row.caps)
]


@given(
    lines=lines_of_any_kind, benefits=st.sampled_from(BY_THE_YEAR), standing=anybody, cut=st.integers(0, 8)
)
def test_two_settlements_pay_what_one_of_both_would_but_for_the_fen(
    lines: list[LineSplit], benefits: Benefits, standing: Standing, cut: int
) -> None:
    """Where nothing is counted by visit, the year's sums do not depend on how bills are cut."""
    treatment = Treatment(level="3", med_type="11", on=SPRING, visit="7")
    whole = split_settlement(lines, benefits, treatment, standing, use_account=False)
    first = split_settlement(lines[:cut], benefits, treatment, standing, use_account=False)
    after = Standing(counts=added(standing.counts, first.entries))
    second = split_settlement(lines[cut:], benefits, treatment, after, use_account=False)
    assert abs(first.hifp_pay + second.hifp_pay - whole.hifp_pay) <= D("0.01")
    assert first.act_pay_dedc + second.act_pay_dedc == whole.act_pay_dedc
