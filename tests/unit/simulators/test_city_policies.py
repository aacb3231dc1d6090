"""The shipped policies of cities, each worked by hand from the figures of its row."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simulators.insurer.policy import PolicyNotFound
from simulators.insurer.policy_files import shipped_policies
from tests.unit.simulators.insured import (
    ADULT,
    CONSULTATION,
    EMPLOYED,
    RESIDENT,
    RETIRED,
    STUDENT,
    bill,
    count,
    line,
    year,
)

D = Decimal
BEIJING, SHANGHAI, ZHENGZHOU, WUHAN = "110105", "310105", "410100", "420100"
SUZHOU, CHANGZHOU, YANAN, HUZHOU = "320500", "320400", "610600", "330500"
BAODING, NANNING, KAIFENG = "130600", "450100", "410200"


@pytest.mark.parametrize(
    ("area", "psn_type", "level", "fee", "paid"),
    [
        # (fee - deductible) x rate.
        (BEIJING, EMPLOYED, "3", "2000.00", "140.00"),  # 200 x 70 %
        (BEIJING, EMPLOYED, "0", "2000.00", "180.00"),  # 200 x 90 %
        (BEIJING, RETIRED, "2", "2000.00", "595.00"),  # 700 x 85 %
        (SHANGHAI, EMPLOYED, "2", "900.00", "300.00"),  # 400 x 75 %
        (SHANGHAI, RETIRED, "1", "500.00", "170.00"),  # 200 x 85 %
        (ZHENGZHOU, EMPLOYED, "0", "100.00", "65.00"),  # no deductible
        (ZHENGZHOU, EMPLOYED, "3", "140.00", "55.00"),  # 100 x 55 %
        (ZHENGZHOU, RETIRED, "2", "140.00", "70.00"),  # 100 x 70 %
        (WUHAN, EMPLOYED, "3", "900.00", "495.00"),  # 900 x 55 %
        (WUHAN, RETIRED, "2", "900.00", "675.00"),  # 900 x 75 %
        (SUZHOU, EMPLOYED, "3", "1000.00", "240.00"),  # 400 x 60 %
        (SUZHOU, RETIRED, "1", "1000.00", "540.00"),  # 600 x 90 %
        (CHANGZHOU, EMPLOYED, "2", "1000.00", "280.00"),  # 400 x 70 %
        (CHANGZHOU, RETIRED, "3", "1000.00", "390.00"),  # 600 x 65 %
        (YANAN, EMPLOYED, "1", "100.00", "70.00"),
        (YANAN, RETIRED, "3", "100.00", "60.00"),
        (HUZHOU, EMPLOYED, "3", "800.00", "100.00"),  # 200 x 50 %
        (HUZHOU, RETIRED, "2", "500.00", "120.00"),  # 200 x 60 %
        (BAODING, EMPLOYED, "2", "300.00", "120.00"),  # 200 x 60 %
        (BAODING, RETIRED, "3", "300.00", "140.00"),  # 200 x 70 %
        (NANNING, EMPLOYED, "1", "300.00", "120.00"),  # 200 x 60 %
        (NANNING, RETIRED, "3", "500.00", "110.00"),  # 200 x 55 %
        (KAIFENG, EMPLOYED, "3", "150.00", "55.00"),  # 100 x 55 %
        (KAIFENG, RETIRED, "0", "100.00", "75.00"),
    ],
)
def test_employees_are_paid_above_the_deductible_by_level_and_kind(
    area: str, psn_type: str, level: str, fee: str, paid: str
) -> None:
    assert bill(area, fee, psn_type=psn_type, level=level, age=65).hifp_pay == D(paid)


@pytest.mark.parametrize(
    ("area", "psn_type", "level", "fee", "paid"),
    [
        (BEIJING, ADULT, "1", "300.00", "110.00"),  # 200 x 55 %
        (BEIJING, ADULT, "3", "1000.00", "225.00"),  # 450 x 50 %
        (SHANGHAI, ADULT, "1", "600.00", "70.00"),  # 100 x 70 %
        (SHANGHAI, STUDENT, "3", "400.00", "50.00"),  # 100 x 50 %
        (ZHENGZHOU, ADULT, "2", "140.00", "55.00"),  # 100 x 55 %
        (WUHAN, ADULT, "0", "100.00", "50.00"),
        (WUHAN, ADULT, "3", "100.00", "0.00"),  # not covered
        (SUZHOU, ADULT, "2", "300.00", "50.00"),  # 100 x 50 %
        (CHANGZHOU, ADULT, "3", "300.00", "40.00"),  # 100 x 40 %
        (YANAN, ADULT, "2", "100.00", "0.00"),  # not covered
        (HUZHOU, ADULT, "3", "300.00", "30.00"),  # 100 x 30 %
        (BAODING, ADULT, "1", "100.00", "25.00"),  # 50 x 50 %
        (BAODING, STUDENT, "1", "100.00", "50.00"),  # no deductible
        (NANNING, ADULT, "1", "100.00", "50.00"),
        (KAIFENG, ADULT, "1", "100.00", "60.00"),
    ],
)
def test_residents_are_paid_by_the_rows_of_residents(
    area: str, psn_type: str, level: str, fee: str, paid: str
) -> None:
    split = bill(area, fee, insutype=RESIDENT, psn_type=psn_type, level=level)
    assert split.hifp_pay == D(paid)


@pytest.mark.parametrize(
    ("area", "psn_type", "paid_before", "left"),
    [
        (ZHENGZHOU, EMPLOYED, "1790.00", "10.00"),  # 1800 a year
        (WUHAN, RETIRED, "4480.00", "20.00"),  # 4500
        (SUZHOU, EMPLOYED, "12999.50", "0.50"),  # 13000
        (CHANGZHOU, RETIRED, "11990.00", "10.00"),  # 12000
        (YANAN, RETIRED, "2495.00", "5.00"),  # 2500
        (HUZHOU, EMPLOYED, "1700.00", "0.00"),  # 1700
        (BAODING, RETIRED, "2960.00", "40.00"),  # 3000
        (NANNING, RETIRED, "2590.00", "10.00"),  # 2600
        (KAIFENG, EMPLOYED, "1799.00", "1.00"),  # 1800
    ],
)
def test_the_fund_stops_at_the_caps_of_the_year(
    area: str, psn_type: str, paid_before: str, left: str
) -> None:
    before = year(deducted="600.00", eligible="20000.00", fund=paid_before)
    assert bill(area, "1000.00", psn_type=psn_type, counts=before).hifp_pay == D(left)


def test_beijing_pays_older_retired_people_more_and_everyone_less_above_twenty_thousand() -> None:
    assert bill(BEIJING, "2000.00", psn_type=RETIRED, level="2", age=70).hifp_pay == D("630.00")  # 700 x 90 %
    high = year(deducted="1800.00", eligible="19950.00", fund="13965.00")
    split = bill(BEIJING, "100.00", counts=high)
    assert (split.hifp_pay, split.pool_prop) == (D("65.00"), D("0.60"))  # 50 x 70 % + 50 x 60 %


def test_wuhan_changed_its_policy_on_the_first_of_april_2024() -> None:
    last, first = date(2024, 3, 31), date(2024, 4, 1)
    assert bill(WUHAN, "900.00", on=last).hifp_pay == D("100.00")  # (900 - 700) x 50 %
    assert bill(WUHAN, "900.00", psn_type=RETIRED, level="1", on=last).hifp_pay == D("336.00")  # 400 x 84 %
    assert bill(WUHAN, "900.00", on=first).hifp_pay == D("495.00")  # 900 x 55 %
    with pytest.raises(PolicyNotFound):
        bill(WUHAN, "900.00", on=date(2023, 1, 31))


def test_zhengzhou_counts_its_deductible_for_each_visit() -> None:
    first = bill(ZHENGZHOU, "140.00", visit="7")
    borne = {(entry.counter, entry.window): count(str(entry.deducted)) for entry in first.entries}
    assert bill(ZHENGZHOU, "140.00", visit="7", counts=borne).hifp_pay == D("77.00")  # 140 x 55 %
    assert bill(ZHENGZHOU, "140.00", visit="8", counts=borne).hifp_pay == D("55.00")  # 40 once more


def test_nanning_counts_what_was_borne_at_another_level() -> None:
    # 100 borne at a small hospital; at a large one the deductible is 300, so 200 are left: 100 x 50 %.
    assert bill(NANNING, "300.00", counts=year(deducted="100.00")).hifp_pay == D("50.00")


def test_shanghai_spends_this_years_account_before_the_deductible_counts() -> None:
    # In scope 900; 300 from this year's account; 500 deductible; 100 x 70 %. The older 1200 pay the other 530.
    split = bill(SHANGHAI, "900.00", balance="1500.00", of_year="300.00")
    assert (split.act_pay_dedc, split.hifp_pay, split.psn_part) == (D("500.00"), D("70.00"), D("830.00"))
    assert (split.acct_pay, split.acct_of_year, split.cash_pay) == (D("830.00"), D("300.00"), D("0.00"))
    only = bill(SHANGHAI, "900.00", balance="300.00", of_year="300.00")
    assert (only.acct_pay, only.cash_pay) == (D("300.00"), D("530.00"))
    unused = bill(SHANGHAI, "900.00", balance="300.00", of_year="300.00", use_account=False)
    assert (unused.hifp_pay, unused.cash_pay) == (D("280.00"), D("620.00"))  # 400 x 70 %


def test_shanghais_additional_insurance_pays_what_lies_beyond_the_cap() -> None:
    # 35.00 are left of 650 000: they are 70 % of 50.00; of the other 50.00 the additional insurance pays 80 %.
    before = year(deducted="500.00", eligible="930000.00", fund="649965.00")
    split = bill(SHANGHAI, "100.00", counts=before)
    assert (split.hifp_pay, split.funds["hifob_pay"], split.cash_pay) == (D("35.00"), D("40.00"), D("25.00"))
    # The year before the cap was 630 000.
    earlier = bill(SHANGHAI, "100.00", on=date(2025, 6, 30), counts=before)
    assert (earlier.hifp_pay, earlier.funds["hifob_pay"]) == (D("0.00"), D("80.00"))


def test_yanan_limits_each_visit_of_residents_and_the_year() -> None:
    first = bill(YANAN, "100.00", insutype=RESIDENT, psn_type=ADULT, level="1")
    assert first.hifp_pay == D("30.00")  # 50 % would be 50, but 30 a visit
    late = bill(
        YANAN,
        "100.00",
        insutype=RESIDENT,
        psn_type=ADULT,
        level="0",
        counts=year(fund="85.00", eligible="150.00"),
    )
    assert late.hifp_pay == D("15.00")  # 20 a visit, but 100 a year


def test_yanan_pays_drugs_for_hypertension_apart_up_to_three_hundred_a_year() -> None:
    used = {("two_diseases", "DM03900"): count(eligible="500.00", fund="250.00")}
    lines = (line("400.00"), line("10.00", charge=CONSULTATION))
    split = bill(YANAN, *lines, insutype=RESIDENT, psn_type=ADULT, level="1", disease="M03900", counts=used)
    # 50 % of 400 would be 200, but 50 are left; the consultation is an ordinary visit: 5.
    assert split.hifp_pay == D("55.00")
    other = bill(YANAN, "400.00", insutype=RESIDENT, psn_type=ADULT, level="1", disease="M01600", counts=used)
    assert other.hifp_pay == D("200.00")  # diabetes has a limit of its own


@pytest.mark.parametrize(
    ("area", "burden_before", "fee", "basic", "serious_illness"),
    [
        # Half of 300 is left to her: 100 below the threshold of 30404, 50 x 60 %.
        (BEIJING, "30304.00", "300.00", "150.00", "30.00"),
        # 100 wholly her own at a large hospital: 50 x 60 % + 50 x 65 %.
        (WUHAN, "29950.00", "100.00", "0.00", "62.50"),
        # 60 % left of 100: 60 x 80 % above 100 000.
        (SUZHOU, "100000.00", "100.00", "40.00", "48.00"),
        (NANNING, "9900.00", "100.00", "0.00", "0.00"),  # just reaches 10 000
    ],
)
def test_serious_illness_insurance_pays_by_the_years_burden(
    area: str, burden_before: str, fee: str, basic: str, serious_illness: str
) -> None:
    before = year(deducted="550.00") | {("hifmi_pay", ""): count(eligible=burden_before)}
    split = bill(area, fee, insutype=RESIDENT, psn_type=ADULT, counts=before)
    assert (split.hifp_pay, split.funds["hifmi_pay"]) == (D(basic), D(serious_illness))


def test_huzhous_employees_have_a_serious_illness_insurance_too() -> None:
    # Half of 200 is left to her above 20 000: 100 x 60 %.
    before = year(deducted="600.00") | {("hifob_pay", ""): count(eligible="20000.00")}
    split = bill(HUZHOU, "200.00", counts=before)
    assert (split.hifp_pay, split.funds["hifob_pay"]) == (D("100.00"), D("60.00"))


@pytest.mark.parametrize(
    ("area", "remote", "paid"),
    [
        (WUHAN, "long_term", "55.00"),
        (WUHAN, "transfer", "49.50"),  # 55 % x 90 %
        (WUHAN, "unfiled", "38.50"),  # 55 % x 70 %
        (YANAN, "transfer", "47.50"),  # 50 % x 95 %
        (YANAN, "unfiled", "45.00"),  # 50 % x 90 %
    ],
)
def test_treatment_in_another_province_is_paid_by_the_manner_of_filing(
    area: str, remote: str, paid: str
) -> None:
    assert bill(area, "100.00", remote=remote).hifp_pay == D(paid)


def test_the_city_comes_before_its_province_and_its_province_before_nothing() -> None:
    # Huzhou's own row, not the demonstration of its province: (800 - 600) x 50 %.
    assert bill(HUZHOU, "800.00").hifp_pay == D("100.00")
    assert bill("330100", "800.00").hifp_pay == D("120.00")  # 200 x 60 %
    with pytest.raises(PolicyNotFound):
        bill("650100", "800.00")


def test_every_city_is_shipped_and_every_row_says_where_it_comes_from() -> None:
    named = {area.name for area in shipped_policies()}
    cities = "北京市 上海市 郑州市 武汉市 苏州市 常州市 延安市 湖州市 保定市 南宁市 开封市"
    assert named == {*cities.split(), "演示市"}
    for area in shipped_policies():
        rows: tuple[Any, ...] = (*area.schemes, *area.supplements, area.account)
        for row in rows:
            assert row.origin.source
            assert (row.origin.grade == "D") == (area.name == "演示市")
            if row.origin.grade == "S":
                assert row.origin.source.startswith("[S:CITY]")
