"""Funds after the basic one, chronic diseases, accounts: the demonstration's round figures, by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simulators.insurer.policy import PolicyNotFound, RemoteTreatmentNotFiled
from simulators.insurer.policy_files import read_area
from simulators.insurer.reading import Reader
from tests.unit.simulators.insured import (
    ADULT,
    RESIDENT,
    RETIRED,
    STUDENT,
    bill,
    count,
    line,
    year,
)

D = Decimal
HOME = "330100"
MET = year(deducted="600.00")


def test_the_civil_servants_fund_pays_half_of_what_the_basic_fund_leaves() -> None:
    # 70 % of 100.00; 50 % of the other 30.00; the account pays 15.00 of its 20.00.
    split = bill(HOME, "100.00", psn_type=RETIRED, civil_servant=True, balance="20.00", counts=MET)
    assert (split.hifp_pay, split.funds["cvlserv_pay"], split.acct_pay) == (
        D("70.00"),
        D("15.00"),
        D("15.00"),
    )
    assert bill(HOME, "100.00", psn_type=RETIRED, counts=MET).funds["cvlserv_pay"] == 0


def test_serious_illness_comes_before_medical_aid() -> None:
    # 50 % of 100.00; her burden of the year is above 10 000: 60 % of 50.00; medical aid 70 % of the last 20.00.
    before = MET | {("hifmi_pay", ""): count(eligible="10000.00")}
    split = bill(HOME, "100.00", insutype=RESIDENT, psn_type=ADULT, aid="low_income", counts=before)
    funds = split.funds
    assert (funds["hifp_pay"], funds["hifmi_pay"], funds["maf_pay"]) == (D("50.00"), D("30.00"), D("14.00"))
    assert (split.fund_pay, split.cash_pay) == (D("94.00"), D("6.00"))


def test_beyond_the_cap_of_the_basic_fund_the_large_sum_fund_pays() -> None:
    # 7.00 left of 20 000 are 70 % of 10.00; 80 % of the other 90.00 is 72.00.
    before = year(deducted="300.00", eligible="28561.43", fund="19993.00")
    split = bill(HOME, "100.00", psn_type=RETIRED, counts=before)
    assert (split.hifp_pay, split.funds["hifob_pay"], split.cash_pay) == (D("7.00"), D("72.00"), D("21.00"))


def test_a_chronic_disease_is_limited_by_quarter_and_by_disease() -> None:
    def chronic(disease: str, on: date) -> Decimal:
        return bill(HOME, "1000.00", med_type="14", disease=disease, on=on, counts=used).hifp_pay

    used: dict[tuple[str, str], Any] = {}
    first = bill(HOME, "1000.00", med_type="14", disease="M03900")
    assert first.hifp_pay == D("600.00")  # 80 % would be 800
    used = {
        (e.counter, e.window): count(str(e.deducted), str(e.eligible), str(e.fund_paid))
        for e in first.entries
    }
    assert {key for key in used if key[0] == "chronic"} == {("chronic", ""), ("chronic", "Q1DM03900")}
    assert chronic("M03900", date(2026, 3, 31)) == D("0.00")
    assert chronic("M03900", date(2026, 4, 1)) == D("600.00")  # the next quarter
    assert chronic("M01600", date(2026, 3, 31)) == D("600.00")  # another disease


def test_tiers_may_be_measured_on_what_the_fund_has_paid() -> None:
    # 60.00 more until the fund has paid 1000: 100.00 at 60 %; the other 100.00 at 50 %.
    before = {("chronic", ""): count(eligible="1600.00", fund="940.00")}
    split = bill(
        HOME, "200.00", insutype=RESIDENT, psn_type=ADULT, med_type="14", disease="M1", counts=before
    )
    assert (split.hifp_pay, split.pool_prop) == (D("110.00"), D("0.50"))


def test_the_family_account_pays_after_the_own_one_and_only_where_accounts_are_used() -> None:
    child: dict[str, Any] = {"insutype": RESIDENT, "psn_type": STUDENT, "counts": MET}
    split = bill(HOME, "100.00", family="30.00", **child)
    assert (split.hifp_pay, split.acct_pay, split.mulaid_pay, split.cash_pay) == (
        D("50.00"), D("0.00"), D("30.00"), D("20.00"),
    )  # fmt: skip
    assert bill(HOME, "100.00", family="30.00", use_account=False, **child).mulaid_pay == 0
    both = bill(HOME, "100.00", psn_type=RETIRED, balance="10.00", family="50.00", counts=MET)
    assert (both.acct_pay, both.mulaid_pay, both.cash_pay) == (D("10.00"), D("20.00"), D("0.00"))


def test_the_demonstration_pays_nothing_elsewhere_without_filing() -> None:
    with pytest.raises(RemoteTreatmentNotFiled):
        bill(HOME, "100.00", remote="unfiled", counts=MET)


def own_policy(**scheme: Any) -> dict[str, Any]:
    """A policy as somebody gives it to ``insurer_calculate``."""
    origin = {"grade": "O", "source": "题设"}
    row = {"deductible": 0, "rate": "0.5"} | {k: v for k, v in scheme.items() if k != "account"}
    return {
        "area": "650100",
        "name": "某市",
        "account": {"scope": scheme.get("account", "in_scope"), **origin},
        "schemes": [{"name": "门诊", "insutype": "310", "from": "2026-01-01", **origin, "rows": [row]}],
    }


def under(policy: dict[str, Any], *lines: Any, **more: Any) -> Any:
    reader = Reader(policy)
    area = read_area(reader)
    assert reader.faults == []
    return bill("650100", *lines, areas=(area,), **more)


@pytest.mark.parametrize(
    ("scope", "account"),
    [
        ("nothing", "0.00"),
        ("in_scope", "45.00"),
        ("in_scope_and_first_share", "55.00"),
        ("everything", "105.00"),
    ],
)
def test_an_account_pays_as_far_as_its_scope_goes(scope: str, account: str) -> None:
    # 100.00 at 10 % first share: 90.00 in scope, the fund pays 45.00; and 50.00 outside the catalogue.
    lines = (line("100.00", rate="0.10"), line("50.00", own=True))
    split = under(own_policy(account=scope), *lines, balance="1000.00")
    assert (split.hifp_pay, split.acct_pay) == (D("45.00"), D(account))
    assert split.cash_pay == D("105.00") - D(account)


def test_a_cap_may_limit_the_fees_that_are_shared_and_the_shorter_of_two_spans_counts() -> None:
    caps = [{"amount": 100, "per": "month", "of": "fee"}, {"amount": 60}]
    policy = own_policy(caps=caps)
    assert under(policy, "300.00").hifp_pay == D("50.00")  # 50 % of 100
    used = {("outpatient", ""): count(eligible="100.00", fund="50.00")}
    assert under(policy, "300.00", counts=used).hifp_pay == D("10.00")  # 60 a year
    used = {("outpatient", "M03"): count(eligible="80.00", fund="40.00")}
    assert under(policy, "300.00", counts=used).hifp_pay == D("10.00")  # 50 % of the 20 left of the month


def test_a_line_of_a_kind_that_no_scheme_takes_is_not_paid_by_guess() -> None:
    policy = own_policy()
    policy["schemes"][0]["charge_types"] = ["09"]
    with pytest.raises(PolicyNotFound):
        under(policy, line("10.00", charge="02"))


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"rate": 0.5}, "schemes[0].rows[0].rate", "小数请写成文字"),
        ({"rate": "1.5"}, "schemes[0].rows[0].rate", "0和1之间"),
        ({"deductible": "-1"}, "schemes[0].rows[0].deductible", "不小于0"),
        ({"levles": ["3"]}, "schemes[0].rows[0].levles", "不认识"),
        ({"tiers": [{"upto": 10, "rate": "0.5"}]}, "schemes[0].rows[0].tiers", "最后一段不写上限"),
        ({"tiers": [{"upto": 10, "rate": "0"}, {"upto": 5, "rate": "0"}, {"rate": "1"}]}, "schemes[0].rows[0].tiers", "增大"),
        ({"caps": [{"amount": 5, "per": "week"}]}, "schemes[0].rows[0].caps[0].per", "之一"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused_with_its_place(
    change: dict[str, Any], place: str, said: str
) -> None:
    reader = Reader(own_policy(**change))
    read_area(reader)
    assert any(fault.field == place and said in fault.message for fault in reader.faults), reader.faults


def test_all_faults_of_a_policy_are_named_at_once() -> None:
    policy = own_policy(rate="2")
    del policy["name"]
    policy["schemes"][0]["grade"] = "A"
    reader = Reader(policy)
    read_area(reader)
    assert {fault.field for fault in reader.faults} == {"name", "schemes[0].grade", "schemes[0].rows[0].rate"}
