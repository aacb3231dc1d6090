"""Cases read and calculated without a database: policies of one's own, and every fault in a sentence."""

import pytest

from simulators.insurer.cases import calculated, read_case
from simulators.insurer.reading import Unreadable

ZHANG = {
    "insuplc_admdvs": "330100",
    "insutype": "310",
    "psn_type": "1201",
    "brdy": "1956-03-08",
    "balc": "2.00",
    "accumulators": [{"deducted": "300.00"}],
}
DAY = {"on": "2026-03-02", "level": "3"}


def test_the_demonstrations_fee_is_shared_as_on_every_screen() -> None:
    # 10.00 = fund 7.00 + account 2.00 + cash 1.00.
    line = {"med_list_codg": "001102000010000", "pric": "10.00", "cnt": "1"}
    answer = calculated(read_case({"policy": "33", "person": ZHANG, "treatment": DAY, "lines": [line]}))
    told = answer["setlinfo"]
    assert (told["fund_pay_sumamt"], told["acct_pay"], told["psn_cash_pay"]) == ("7.00", "2.00", "1.00")
    assert answer["accumulators"] == [
        {
            "counter": "outpatient",
            "window": "",
            "deducted": "300.00",
            "eligible": "10.00",
            "fund_paid": "7.00",
        }
    ]


def test_a_policy_of_ones_own_is_calculated_and_what_the_catalogue_says_may_be_given() -> None:
    origin = {"grade": "O", "source": "某市文件"}
    policy = {
        "area": "650100",
        "name": "某市",
        "account": {"scope": "nothing", **origin},
        "schemes": [
            {
                "name": "门诊",
                "insutype": "390",
                "from": "2026-01-01",
                **origin,
                "rows": [{"deductible": "20", "rate": "0.5", "cap": "30"}],
            }
        ],
    }
    line = {"med_list_codg": "X1", "pric": "100", "cnt": "1", "chrgitm_lv": "02", "selfpay_prop": "0.1"}
    person = {"insutype": "390", "psn_type": "1501", "age": 50}
    told = calculated(read_case({"policy": policy, "person": person, "treatment": DAY, "lines": [line]}))[
        "setlinfo"
    ]
    # 10.00 first share, 90.00 in scope, 20.00 deductible; half of 70.00 would be 35.00, the cap is 30.00.
    assert (told["preselfpay_amt"], told["act_pay_dedc"], told["fund_pay_sumamt"], told["psn_cash_pay"]) == (
        "10.00", "20.00", "30.00", "70.00",
    )  # fmt: skip


LINE = {"med_list_codg": "X1", "pric": "1.00", "cnt": "1"}


@pytest.mark.parametrize(
    ("case", "faults"),
    [
        ([], {"": "JSON对象"}),
        ({"policy": "99"}, {"policy": "没有地区99", "person": "空", "treatment": "空", "lines": "空"}),
        (
            {
                "policy": "33",
                "person": ZHANG | {"balc": "-1", "colour": "red"},
                "treatment": {"on": "yesterday", "level": "9"},
                "lines": [LINE | {"pric": "1.1234567", "selfpay_prop": "2"}],
            },
            {
                "person.balc": "不小于0",
                "person.colour": "不认识",
                "treatment.on": "yyyy-mm-dd",
                "treatment.level": "之一",
                "lines[0].pric": "小数位",
                "lines[0].selfpay_prop": "0和1",
            },
        ),
        (
            {"policy": "33", "person": ZHANG | {"insutype": "340"}, "treatment": DAY, "lines": [LINE]},
            {"policy": "没有适用"},
        ),
        (
            {"policy": "33", "person": ZHANG | {"remote": "unfiled"}, "treatment": DAY, "lines": [LINE]},
            {"person.remote": "不支付"},
        ),
    ],
)
def test_every_fault_of_a_case_is_named_at_once(case: object, faults: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as faulty:
        calculated(read_case(case))
    told = {fault.field: fault.message for fault in faulty.value.faults}
    assert set(told) == set(faults)
    for place, words in faults.items():
        assert words in told[place]
