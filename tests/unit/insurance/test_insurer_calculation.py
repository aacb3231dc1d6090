"""How the insurer divides fee lines and settlements, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.insurer.calculation import LineSplit, Split, Standing, split_line, split_settlement
from simulators.insurer.catalogue import CATALOGUE, C, demo_drug_code, item_for
from simulators.insurer.people import EMPLOYEE, PEOPLE, RESIDENT
from simulators.insurer.policy import POLICIES, Policy, PolicyNotFound, policy_for

D = Decimal
TODAY = date(2026, 3, 2)
FRESH = Standing(balance=D("100.00"), deducted=D("300.00"), eligible=D(0), fund_paid=D(0))


def line(
    price: str, quantity: str = "1", rate: str = "0", limit: str | None = None, *, own: bool = False
) -> LineSplit:
    return split_line(
        price=D(price),
        quantity=D(quantity),
        selfpay_rate=D(rate),
        price_limit=None if limit is None else D(limit),
        wholly_own=own,
    )


def policy(
    insutype: str = EMPLOYEE, psn_type: str = "1201", area: str = "330100", level: str = "3"
) -> Policy:
    return policy_for(
        area=area, insutype=insutype, psn_type=psn_type, hospital_level=level, med_type="11", on=TODAY
    )


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


def test_a_retired_employee_gets_seventy_percent_and_the_account_pays_the_rest() -> None:
    # Consultation 10.00 and a class-B drug of 60.00: first share 6.00, in scope 64.00; fund 70 % = 44.80;
    # the account may pay the other 19.20 and the first share, 25.20 in all; nothing is left for cash.
    lines = [line("10.00"), line("30.00", "2", rate="0.10")]
    split = split_settlement(lines, policy(), FRESH, use_account=True)
    assert (split.medfee, split.inscp, split.preselfpay) == (D("70.00"), D("64.00"), D("6.00"))
    assert (split.hifp_pay, split.psn_part) == (D("44.80"), D("25.20"))
    assert (split.acct_pay, split.cash_pay, split.balance_after) == (D("25.20"), D("0.00"), D("74.80"))


def test_without_the_account_the_person_pays_cash() -> None:
    split = split_settlement([line("10.00")], policy(), FRESH, use_account=False)
    assert (split.hifp_pay, split.acct_pay, split.cash_pay) == (D("7.00"), D("0.00"), D("3.00"))


def test_the_account_does_not_pay_what_is_outside_the_catalogue() -> None:
    split = split_settlement([line("50.00", own=True)], policy(), FRESH, use_account=True)
    assert (split.acct_pay, split.cash_pay) == (D("0.00"), D("50.00"))


def test_below_the_deductible_the_fund_pays_nothing_and_the_rate_is_zero() -> None:
    # Source: real replies: act_pay_dedc = inscp_scp_amt and pool_prop_selfpay = 0.
    standing = Standing(D("0.00"), D("0.00"), D(0), D(0))
    split = split_settlement([line("64.00")], policy(), standing, use_account=False)
    assert (split.act_pay_dedc, split.hifp_pay, split.pool_prop) == (D("64.00"), D("0.00"), D(0))


def test_a_settlement_that_crosses_the_deductible_is_shared_only_above_it() -> None:
    # 300 a year for the retired, 280.00 already counted: 20.00 of 120.00 falls under it, 70 % of 100.00 is paid.
    standing = Standing(D("0.00"), D("280.00"), D(0), D(0))
    split = split_settlement([line("120.00")], policy(), standing, use_account=False)
    assert (split.act_pay_dedc, split.hifp_pay) == (D("20.00"), D("70.00"))


def test_the_fund_pays_no_more_than_is_left_of_the_annual_cap() -> None:
    standing = Standing(D("0.00"), D("300.00"), D("28557.14"), D("19990.00"))
    split = split_settlement([line("100.00")], policy(), standing, use_account=False)
    assert (split.hifp_pay, split.cash_pay) == (D("10.00"), D("90.00"))


def test_a_settlement_that_crosses_a_tier_is_paid_at_both_rates() -> None:
    # Beijing sample: 70 % up to 20 000 in the year, 60 % above; 19 950 before: 50 x 70 % + 50 x 60 % = 65.00.
    beijing = policy(psn_type="1101", area="110100")
    standing = Standing(D("0.00"), D("1800.00"), D("19950.00"), D("13965.00"))
    split = split_settlement([line("100.00")], beijing, standing, use_account=False)
    assert (split.hifp_pay, split.pool_prop) == (D("65.00"), D("0.60"))


@pytest.mark.parametrize(
    ("insutype", "psn_type", "level", "expected"),
    [
        (EMPLOYEE, "1201", "3", "7.00"),
        (EMPLOYEE, "1101", "3", "6.00"),
        (RESIDENT, "1601", "3", "5.00"),
        (RESIDENT, "1403", "3", "5.00"),
    ],
)
def test_the_rate_depends_on_insurance_and_kind_of_person(
    insutype: str, psn_type: str, level: str, expected: str
) -> None:
    met = Standing(D("0.00"), D("5000.00"), D(0), D(0))
    row = policy(insutype=insutype, psn_type=psn_type, level=level)
    assert split_settlement([line("10.00")], row, met, use_account=False).hifp_pay == D(expected)


def test_a_case_that_no_row_covers_is_refused() -> None:
    with pytest.raises(PolicyNotFound):
        policy(area="650100")


def test_every_figure_of_the_policy_table_is_marked_as_a_demonstration() -> None:
    assert all(row.source.startswith("演示") for row in POLICIES)


def test_the_catalogue_names_demo_drugs_by_class_and_row() -> None:
    assert demo_drug_code(11, "XC09DXS255A0") == "XC09DXDEMO011"
    assert {"001102000010000", "XC08CADEMO001", "XC09CADEMO004", "XC10AADEMO018", "XM05BADEMO066"} <= set(
        CATALOGUE
    )


def test_every_demo_person_has_a_valid_id_number_that_agrees_with_the_person() -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
    for person in PEOPLE:
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
    ),
    max_size=8,
)


@given(lines_of_any_kind)
def test_the_parts_of_a_line_always_sum_and_none_is_negative(lines: list[LineSplit]) -> None:
    for split in lines:
        parts = (split.fulamt_ownpay, split.overlmt, split.preselfpay, split.inscp)
        assert sum(parts) == split.det
        assert min(parts) >= 0


@given(
    lines=lines_of_any_kind,
    row=st.sampled_from(POLICIES),
    standing=st.builds(Standing, balance=fen, deducted=fen, eligible=fen, fund_paid=fen),
    use_account=st.booleans(),
)
def test_the_sums_of_a_settlement_always_hold(
    lines: list[LineSplit], row: Policy, standing: Standing, use_account: bool
) -> None:
    split: Split = split_settlement(lines, row, standing, use_account=use_account)
    assert split.medfee == sum(one.det for one in lines)
    assert split.medfee == split.fulamt_ownpay + split.overlmt + split.preselfpay + split.inscp
    assert split.medfee == split.hifp_pay + split.psn_part
    assert split.psn_part == split.acct_pay + split.cash_pay
    assert split.balance_after == standing.balance - split.acct_pay >= 0
    assert min(split.hifp_pay, split.acct_pay, split.cash_pay, split.act_pay_dedc) >= 0
    assert split.act_pay_dedc + split.hifp_pay <= split.inscp
    assert standing.fund_paid + split.hifp_pay <= max(standing.fund_paid, row.annual_cap)
