"""Reading what the other side states, and what to ask it."""

import io
from decimal import Decimal

import pytest

from payments.gateway.trade_bill import BillUnreadable, read_trade_bill
from reconciliation.rules.groups import GroupKey, GroupSums, added, to_be_asked
from reconciliation.rules.lines import StatementUnreadable, TheirLine, as_copy_text
from reconciliation.rules.parts import Parts

HEADING = "交易时间,微信订单号,商户订单号,交易状态,微信退款单号,商户退款单号,退款状态,商品名称,订单金额,申请退款金额"
PAID = "`2026-11-20 12:00:00,`4200001,`ORDER1,`SUCCESS,`0,`0,`,`诊查费, 复诊,`1.00,`0.00"
BACK = "`2026-11-20 12:30:00,`4200001,`ORDER1,`REFUND,`5030001,`R1,`SUCCESS,`诊查费,`0.00,`1.00"
SUMS = "总交易单数,订单总金额,申请退款总金额\r\n`2,`1.00,`1.00\r\n"
LINE = TheirLine("settlement", "S1", "M1", "10.00", "7.00", "2.00", "", "in_force", "same", "")


def _bill(*lines: str) -> io.BytesIO:
    return io.BytesIO(("\ufeff" + "\r\n".join(lines)).encode())


def test_a_bill_is_read_by_the_names_of_its_columns() -> None:
    paid, back = read_trade_bill(_bill(HEADING, PAID, BACK, SUMS))
    assert (paid.out_trade_no, paid.transaction_id, paid.amount, paid.is_refund) == (
        "ORDER1",
        "4200001",
        "1.00",
        False,
    )
    assert (back.out_refund_no, back.refund_id, back.refund_amount, back.refund_status, back.is_refund) == (
        "R1", "5030001", "1.00", "SUCCESS", True,
    )  # fmt: skip


def test_an_empty_file_is_a_day_without_trade() -> None:
    assert list(read_trade_bill(io.BytesIO(b""))) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((HEADING, PAID), "cut off"),
        ((HEADING, PAID[:60], SUMS), "line 2"),
        ((HEADING, PAID.lstrip("`"), SUMS), "line 2"),
        ((HEADING.replace("订单金额,", ""), PAID, SUMS), "no column 订单金额"),
        (("<html>busy</html>",), "no column"),
    ],
)
def test_a_bill_that_is_cut_off_or_of_another_form_is_refused(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(BillUnreadable, match=said):
        list(read_trade_bill(_bill(*lines)))


def test_a_bill_in_another_encoding_is_refused() -> None:
    with pytest.raises(BillUnreadable):
        list(read_trade_bill(io.BytesIO(HEADING.encode("gb18030"))))


def test_a_line_is_written_for_copy_with_what_is_not_said_as_null() -> None:
    assert list(as_copy_text([LINE])) == ["settlement\tS1\tM1\t10.00\t7.00\t2.00\t\\N\tin_force\tsame\t\n"]


def test_a_remark_cannot_break_out_of_its_column() -> None:
    (line,) = as_copy_text([LINE._replace(remark="a\tb\nc\\d", other_key="x\ty")])
    assert line.count("\t") == 9
    assert line.endswith("\ta b c/d\n")


@pytest.mark.parametrize(
    "broken", [{"key": ""}, {"key": "a b"}, {"key": "x" * 65}, {"total": ""}, {"total": "1e3"}, {"fund": "NaN"}, {"cash": "1.005"}]
)  # fmt: skip
def test_a_line_without_number_or_amount_is_refused_with_its_place(broken: dict[str, str]) -> None:
    with pytest.raises(StatementUnreadable) as refusal:
        list(as_copy_text([LINE, LINE._replace(**broken)]))
    assert refusal.value.line == 2


def test_groups_are_those_held_those_known_and_the_ordinary_ones_of_the_region() -> None:
    held = GroupSums(GroupKey("310", "11", "330100"), 2, Decimal("20.00"))
    known = GroupKey("310", "9909", "310000")

    asked = to_be_asked([held], [known, held.key], "330100")

    assert [(each.key.insurance_type, each.key.clearing_type, each.key.clearing_agency, each.count) for each in asked] == [
        ("310", "9909", "310000", 0), ("310", "11", "330100", 2), ("390", "11", "330100", 0),
    ]  # fmt: skip


def test_groups_of_one_statement_are_added() -> None:
    one = GroupSums(GroupKey("310", "11", "330100"), 2, *(Decimal(n) for n in ("20", "14", "4", "2")))
    two = GroupSums(GroupKey("390", "11", "330100"), 1, *(Decimal(n) for n in ("10", "5", "0", "5")))
    whole = added([one, two])
    assert (whole.count, whole.total, whole.fund, whole.account, whole.cash) == (3, 30, 19, 4, 7)


def test_a_side_without_a_total_holds_nothing() -> None:
    assert Parts.of(None, None, None, None) is None
    assert Parts.of(Decimal("1.00"), None, None, Decimal("1.00")).fund == 0
