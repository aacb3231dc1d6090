"""Messages to the mobile payment centre: what does not fit is named before anything is sent; what comes is checked."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway.messages.fields import AmountsDisputed, ReplyInconsistent, RequestUnfit
from insurance.gateway.mobile.replies import decode_refund, decode_status, decode_upload, read_status
from insurance.gateway.mobile.requests import (
    ALL,
    CASH,
    INSURANCE,
    AskOrder,
    OrderLine,
    RefundOrder,
    UploadOrder,
    encode_plain,
    encode_refund,
    encode_upload,
)
from insurance.gateway.mobile.statuses import STATUSES, StatusClass, class_of

NOW = datetime(2026, 3, 2, 1, 30, 5, tzinfo=UTC)  # 09:30:05 in Shanghai

LINE = OrderLine(
    line_number="C000101", person_number="P1", batch_number="C0001", charged_at=NOW, catalogue_code="001102000010000",
    hospital_code="A1", amount=Decimal("10.00"), quantity=Decimal(2), unit_price=Decimal("5.00"), department_code="0301",
    department_name="心血管内科", doctor_code="D330100000001", doctor_name="李明",
)  # fmt: skip
UPLOAD = UploadOrder(
    institution_code="H33010000001", order_number="M1", person_number="P1", insurance_type="310",
    insured_region="330100", person_name="张秀英", id_number="330106195603089829", voucher_token="EC1", began_at=NOW,
    hospital_visit_number="E1", department_code="0301", department_name="心血管内科", subject_code="A03",
    treatment_type="11", batch_number="C0001", total_amount=Decimal("10.00"), lines=(LINE,),
)  # fmt: skip
REFUND = RefundOrder(
    centre_number="ORD1", refund_number="R1", asked_at=NOW, total_amount=Decimal("9.00"), cash_amount=Decimal("0.00"),
    account_amount=Decimal("2.00"), fund_amount=Decimal("7.00"), kind=INSURANCE, voucher_token="EC1",
)  # fmt: skip
ASK = AskOrder(
    centre_number="ORD1", institution_code="H33010000001", token="T", id_number="330106195603089829",
    person_name="张秀英",
)  # fmt: skip


def test_an_upload_is_written_under_the_centres_names_with_amounts_as_text() -> None:
    written = encode_upload(UPLOAD)

    assert written["medfeeSumamt"] == "10.00"
    assert written["begntime"] == "2026-03-02 09:30:05"
    assert (written["feeType"], written["acctUsedFlag"], written["ecToken"]) == ("01", "1", "EC1")
    assert "payAuthNo" not in written
    [row] = written["feedetailList"]
    assert (row["detItemFeeSumamt"], row["cnt"], row["pric"]) == ("10.00", "2", "5.00")
    assert (row["rxCircFlag"], row["hospApprFlag"]) == ("0", "1")


def test_a_refund_bears_its_moment_in_fourteen_digits() -> None:
    written = encode_refund(REFUND)

    assert written["appRefdTime"] == "20260302093005"
    assert (written["totlRefdAmt"], written["cashRefdAmt"]) == ("9.00", "0.00")


def test_a_question_names_order_and_person() -> None:
    assert encode_plain(ASK) == {
        "payOrdId": "ORD1",
        "orgCodg": "H33010000001",
        "payToken": "T",
        "idNo": "330106195603089829",
        "userName": "张秀英",
        "idType": "01",
    }


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"person_name": ""}, ["userName"]),
        ({"total_amount": Decimal("10.01")}, ["medfeeSumamt"]),
        ({"total_amount": Decimal("10.001")}, ["medfeeSumamt", "medfeeSumamt"]),
        ({"payment_permission": "AUTH1"}, ["ecToken, payAuthNo"]),
        ({"voucher_token": None, "visit_number": "V1"}, ["ecToken, payAuthNo"]),
        ({"voucher_token": None, "payment_permission": "AUTH1"}, ["mdtrtId"]),
        ({"treatment_type": "1234567", "order_number": "M" * 41}, ["medOrgOrd", "medType"]),
        (
            {"lines": (replace(LINE, doctor_code="", catalogue_code="X" * 51),)},
            ["feedetailList[1].medListCodg", "feedetailList[1].bilgDrCodg"],
        ),
    ],
)
def test_every_fault_of_an_upload_is_named_at_once(changes: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(RequestUnfit) as unfit:
        encode_upload(replace(UPLOAD, **changes))

    assert [fault.partition(":")[0] for fault in unfit.value.faults] == faults


def test_a_negative_line_and_an_empty_order_are_refused() -> None:
    negative = replace(
        UPLOAD, total_amount=Decimal("-10.00"), lines=(replace(LINE, amount=Decimal("-10.00")),)
    )

    with pytest.raises(RequestUnfit, match="never negative"):
        encode_upload(negative)
    with pytest.raises(RequestUnfit, match="at least one line"):
        encode_upload(replace(UPLOAD, total_amount=Decimal("0.00"), lines=()))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"total_amount": Decimal("9.01")}, "totlRefdAmt"),
        ({"cash_amount": Decimal("1.00"), "total_amount": Decimal("10.00")}, "cashRefdAmt"),
        ({"kind": CASH}, "fundRefdAmt"),
        ({"kind": "HALF"}, "refdType"),
        ({"payment_permission": "AUTH1"}, "exactly one"),
        ({"voucher_token": None}, "exactly one"),
    ],
)
def test_a_refund_that_breaks_a_rule_is_not_written(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestUnfit, match=words):
        encode_refund(replace(REFUND, **changes))


def test_all_may_go_back_with_every_part() -> None:
    everything = replace(REFUND, kind=ALL, cash_amount=Decimal("1.00"), total_amount=Decimal("10.00"))

    assert encode_refund(everything)["refdType"] == "ALL"


STATUS = {
    "payOrdId": "ORD1", "ordStas": "4", "feeSumamt": "10.00", "ownPayAmt": "1.00", "psnAcctPay": "2.00",
    "fundPay": "7.00", "setlType": "HI",
}  # fmt: skip


def test_a_status_is_read_with_its_parts() -> None:
    assert decode_status(ASK, STATUS).amounts == (Decimal("7.00"), Decimal("2.00"), Decimal("1.00"))
    assert decode_status(ASK, {"payOrdId": "ORD1", "ordStas": 2}).amounts is None


def test_a_status_of_another_order_or_with_a_wrong_sum_is_not_believed() -> None:
    with pytest.raises(ReplyInconsistent, match="another order"):
        decode_status(ASK, STATUS | {"payOrdId": "ORD2"})
    with pytest.raises(AmountsDisputed, match="feeSumamt"):
        read_status(STATUS | {"fundPay": "7.01"})
    with pytest.raises(ReplyInconsistent, match="ordStas"):
        read_status({"payOrdId": "ORD1"})


def test_a_refund_of_another_number_or_an_outcome_nobody_knows_is_not_believed() -> None:
    assert decode_refund(REFUND, {"refStatus": "EXP"}).outcome == "EXP"
    with pytest.raises(ReplyInconsistent, match="another refund"):
        decode_refund(REFUND, {"refStatus": "SUCC", "appRefdSn": "R2"})
    with pytest.raises(ReplyInconsistent, match="not known"):
        decode_refund(REFUND, {"refStatus": "OK"})


PREVIEW = {
    "mdtrt_id": "V1", "psn_no": "P1", "medfee_sumamt": "10.00", "fulamt_ownpay_amt": "0.00", "overlmt_selfpay": "0.00",
    "preselfpay_amt": "0.00", "inscp_scp_amt": "10.00", "hifp_pay": "7.00", "fund_pay_sumamt": "7.00",
    "psn_part_amt": "3.00", "acct_pay": "2.00", "psn_cash_pay": "1.00",
}  # fmt: skip
UPLOADED = {"payOrdId": "ORD1", "payToken": "T"}


def test_an_upload_may_come_back_without_a_preview() -> None:
    assert decode_upload(UPLOAD, UPLOADED).preview is None
    assert decode_upload(UPLOAD, UPLOADED | {"orderStatus": "1"}).status == "1"


def test_a_preview_is_checked_like_any_settlement() -> None:
    read = decode_upload(UPLOAD, UPLOADED | {"extData": {"mdtrtId": "V1", "preSetl": PREVIEW}})

    assert read.preview is not None
    assert (read.visit_number, read.preview.fund_amount) == ("V1", Decimal("7.00"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"psn_no": "P2"}, ReplyInconsistent),
        ({"fund_pay_sumamt": "8.00"}, AmountsDisputed),
        ({"psn_cash_pay": "2.00"}, AmountsDisputed),
        (
            {
                "medfee_sumamt": "9.00",
                "inscp_scp_amt": "9.00",
                "psn_part_amt": "2.00",
                "psn_cash_pay": "0.00",
            },
            AmountsDisputed,
        ),
    ],
)
def test_a_preview_of_somebody_else_or_with_wrong_sums_is_not_believed(
    changes: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        decode_upload(UPLOAD, UPLOADED | {"extData": {"preSetl": PREVIEW | changes}})


def test_every_status_of_the_list_has_a_class_and_any_other_is_unknown() -> None:
    assert list(STATUSES) == [str(number) for number in range(18)]
    assert [class_of(str(number)) for number in (0, 2, 3, 6, 7, 13, 14, 16)] == [
        StatusClass.OPEN, StatusClass.PROCESSING, StatusClass.SETTLED, StatusClass.SETTLED,
        StatusClass.CANCELLED, StatusClass.CANCELLED, StatusClass.FAILED, StatusClass.FAILED,
    ]  # fmt: skip
    assert {class_of(status) for status in ("17", "18", "25", "", "abc")} == {StatusClass.UNKNOWN}
