"""A settlement reply is believed only when its sums hold."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway.messages import ReplyInconsistent, Settle
from insurance.gateway.messages.settlements import (
    CancelSettlement,
    QuerySettlement,
    decode_cancel,
    decode_presettle,
    decode_query,
    decode_settle,
)

MSGID = "H33010000001202603021200050007"
SETTLE = Settle(
    insured_region="330100",
    person_number="P1",
    certificate_type="02",
    certificate_number="330106195603089829",
    treatment_type="11",
    total_amount=Decimal("23442.46"),
    visit_number="V1",
    batch_number="B1",
    use_account=True,
    insurance_type="310",
    full_own_pay_amount=Decimal("442.46"),
    over_limit_amount=Decimal("0.00"),
    first_self_pay_amount=Decimal("1000.00"),
    in_scope_amount=Decimal("22000.00"),
)


def setlinfo(**changes: Any) -> dict[str, Any]:
    """A settlement with the payers of a published real reply: 23442.46 = 18785.39 + 4152.06 + 505.01."""
    return {
        "mdtrt_id": "V1",
        "setl_id": "S1",
        "psn_no": "P1",
        "setl_time": "2026-03-02 12:00:06",
        "medfee_sumamt": "23442.46",
        "fulamt_ownpay_amt": "442.46",
        "overlmt_selfpay": "0.00",
        "preselfpay_amt": "1000.00",
        "inscp_scp_amt": "22000.00",
        "hifp_pay": "18785.39",
        "fund_pay_sumamt": "18785.39",
        "psn_part_amt": "4152.06",
        "acct_pay": "170.04",
        "psn_cash_pay": "3982.02",
        "hosp_part_amt": "505.01",
        "balc": "0.00",
        "medins_setl_id": MSGID,
    } | changes


def details(account: str = "170.04") -> list[dict[str, Any]]:
    return [
        {"fund_pay_type": "310100", "fund_payamt": "18785.39"},
        {"fund_pay_type": "310200", "fund_payamt": account},
        {"fund_pay_type": "999996", "fund_payamt": "505.01"},
    ]


def test_a_reply_whose_sums_hold_is_read() -> None:
    reply = decode_settle(SETTLE, {"setlinfo": setlinfo(), "setldetail": details()}, msgid=MSGID)
    assert reply.settlement_number == "S1"
    assert reply.fund_amount == Decimal("18785.39")
    assert (reply.account_amount, reply.cash_amount) == (Decimal("170.04"), Decimal("3982.02"))
    assert reply.settled_at == datetime(2026, 3, 2, 4, 0, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inscp_scp_amt", "22000.01"),
        ("fund_pay_sumamt", "18785.40"),
        ("hifp_pay", "18785.38"),
        ("psn_part_amt", "4152.07"),
        ("acct_pay", "170.05"),
        ("psn_cash_pay", "3982.01"),
        ("hosp_part_amt", "505.00"),
        ("psn_no", "P2"),
        ("mdtrt_id", "V2"),
        ("setl_id", None),
        ("medins_setl_id", "H33010000001202603021200050008"),
        ("psn_cash_pay", None),
    ],
)
def test_one_wrong_value_makes_a_reply_unbelievable(name: str, value: object) -> None:
    with pytest.raises(ReplyInconsistent):
        decode_settle(SETTLE, {"setlinfo": setlinfo(**{name: value}), "setldetail": details()}, msgid=MSGID)


def test_shares_that_do_not_sum_to_fund_account_and_hospital_are_not_believed() -> None:
    with pytest.raises(ReplyInconsistent, match="setldetail"):
        decode_settle(SETTLE, {"setlinfo": setlinfo(), "setldetail": details("170.05")}, msgid=MSGID)


def test_another_total_than_was_asked_for_is_not_believed() -> None:
    twice = setlinfo(
        medfee_sumamt="23443.46", fulamt_ownpay_amt="443.46", psn_part_amt="4153.06", psn_cash_pay="3983.02"
    )
    with pytest.raises(ReplyInconsistent, match="asked for"):
        decode_presettle(SETTLE, {"setlinfo": twice})


@pytest.mark.parametrize(("account", "cash"), [("170.04", "3972.02"), ("180.04", "3972.02")])
def test_family_mutual_aid_may_lie_beside_or_inside_the_account(account: str, cash: str) -> None:
    info = setlinfo(acct_pay=account, psn_cash_pay=cash, acct_mulaid_pay="10.00")
    reply = decode_presettle(SETTLE, {"setlinfo": info})
    assert reply.mutual_aid_amount == Decimal("10.00")


def test_optional_nodes_may_be_missing() -> None:
    assert decode_settle(SETTLE, {"setlinfo": setlinfo()}, msgid=MSGID).fund_shares == ()


CANCEL = CancelSettlement(
    insured_region="330100", settlement_number="S1", visit_number="V1", person_number="P1"
)


def negative(**changes: Any) -> dict[str, Any]:
    amounts = {
        name: "-" + value for name, value in setlinfo().items() if str(value).replace(".", "").isdigit()
    }
    return setlinfo(**amounts) | {"setl_id": "S2", "psn_part_amt": None} | changes


def test_a_cancellation_may_leave_the_personal_part_out_and_misspell_cash() -> None:
    info = negative(pdn_cash_pay="-3982.02")
    del info["psn_cash_pay"]
    reply = decode_cancel(CANCEL, {"setlinfo": info}, msgid=MSGID)
    assert (reply.settlement_number, reply.cash_amount) == ("S2", Decimal("-3982.02"))
    assert reply.personal_part_amount is None


def test_a_cancellation_has_a_number_of_its_own() -> None:
    with pytest.raises(ReplyInconsistent, match="setl_id"):
        decode_cancel(CANCEL, {"setlinfo": negative(setl_id="S1")}, msgid=MSGID)


def test_a_cancellation_with_a_positive_total_is_not_believed() -> None:
    with pytest.raises(ReplyInconsistent, match="positive"):
        decode_cancel(CANCEL, {"setlinfo": setlinfo(setl_id="S2")}, msgid=MSGID)


@pytest.mark.parametrize("field", ["setl_id", "medins_setl_id"])
def test_a_query_whose_record_does_not_say_whose_it_is_says_nothing(field: str) -> None:
    ask = QuerySettlement(insured_region="330100", person_number="P1", visit_number="V1")
    with pytest.raises(ReplyInconsistent, match=field):
        decode_query(ask, {"setlinfo": [setlinfo(), setlinfo(**{field: None})], "setldetail": details()})


def test_a_query_reads_one_record_a_list_and_none() -> None:
    ask = QuerySettlement(insured_region="330100", person_number="P1", visit_number="V1")
    one = decode_query(ask, {"setlinfo": setlinfo(vali_flag="1"), "setldetail": details()})
    many = decode_query(ask, {"setlinfo": [setlinfo() | {"setldetail": details()}, negative()]})
    assert [row.is_in_force for row in one.records] == [True]
    assert one.records[0].fund_shares[0].fund_type == "310100"
    assert [row.settlement_number for row in many.records] == ["S1", "S2"]
    assert many.made_by(MSGID) == many.records[0]
    assert decode_query(ask, {"setlinfo": []}).records == ()
    assert decode_query(ask, {}).made_by(MSGID) is None
