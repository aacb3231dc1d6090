"""What a refund takes out of a receipt: old = red + new, line by line and payer by payer."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.rules import Parts
from receipts.rules.content import (
    Content,
    Institution,
    Line,
    Movement,
    RefundFacts,
    Visit,
    as_json,
    fingerprint_of,
    from_json,
)
from receipts.rules.standing import GivenBack, Returned, everything_of, what_stands, what_went_back

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
FACTS = RefundFacts("T1", "quality_fault", "药品质量问题", AT, "R2026-H33010600001-000001", "")


def line(number: int, units: int, price: str, *, fund: str = "0.00") -> Line:
    amount = units * Decimal(price)
    return Line(
        number, f"C{number}", "药品", "medicine", "", "", "盒", "box", Decimal(units), Decimal(price), amount, "09", "01",
        "浙医保〔2024〕1号", Parts(Decimal(fund), Decimal("0.00"), amount - Decimal(fund)),
    )  # fmt: skip


def content(*lines: Line) -> Content:
    parts = sum((one.parts for one in lines), Parts.nothing())
    return Content(
        institution=Institution("杏林医院", "Xinglin Hospital", "H33010600001", "西湖路1号", "", "0571-1", True),
        visit=Visit("V1", "张秀英", "2", "330***********9829", "心内科", "Cardiology", "林致远", "Lin", date(2026, 11, 20)),
        bill="B1", purpose="drugs", paid_at=AT, lines=lines, parts=parts,
        movements=(Movement("wechat", "P1", "42", parts.cash, AT),),
    )  # fmt: skip


def parts(fund: str, cash: str) -> Parts:
    return Parts(Decimal(fund), Decimal("0.00"), Decimal(cash))


def test_a_content_is_read_back_as_it_was_kept() -> None:
    before = content(line(1, 3, "2.50", fund="1.00"), line(2, 1, "0.10"))
    assert from_json(json.loads(json.dumps(as_json(before)))) == before


def test_the_fingerprint_changes_with_any_figure() -> None:
    kept = as_json(content(line(1, 3, "2.50")))
    other = as_json(content(line(1, 3, "2.51")))
    assert fingerprint_of(kept) != fingerprint_of(other)
    assert fingerprint_of(kept) == fingerprint_of(dict(reversed(list(kept.items()))))


def test_one_of_three_boxes_leaves_two_with_what_each_payer_pays_for_them() -> None:
    before = content(line(1, 3, "2.50", fund="3.00"), line(2, 1, "4.00"))
    given_back = GivenBack({1: Returned(Decimal(1), parts("1.00", "1.50"))}, parts("1.00", "1.50"), ())
    after = what_stands(before, given_back, "药品质量问题")
    assert after is not None
    assert [(one.number, one.quantity, one.amount) for one in after.lines] == [
        (1, Decimal(2), Decimal("5.00")),
        (2, Decimal(1), Decimal("4.00")),
    ]
    assert after.parts == parts("2.00", "7.00")


def test_a_line_given_back_as_a_whole_is_gone() -> None:
    before = content(line(1, 1, "2.50"), line(2, 1, "4.00"))
    given_back = GivenBack({1: Returned(Decimal(1), parts("0.00", "2.50"))}, parts("0.00", "2.50"), ())
    after = what_stands(before, given_back, "")
    assert after is not None
    assert [one.number for one in after.lines] == [2]


def test_nothing_stands_of_a_whole_refund_and_the_red_one_is_its_mirror() -> None:
    before = content(line(1, 3, "2.50", fund="3.00"), line(2, 1, "4.00"))
    given_back = everything_of(before, ())
    red = what_went_back(before, given_back, FACTS)
    assert what_stands(before, given_back, "") is None
    assert red.total == Decimal("-11.50")
    assert [one.amount for one in red.lines] == [Decimal("-7.50"), Decimal("-4.00")]


def test_money_without_a_line_stands_as_an_adjustment_with_its_reason() -> None:
    before = content(line(1, 3, "2.50"))
    given_back = GivenBack({}, parts("0.00", "0.75"), ())
    after = what_stands(before, given_back, "价格更正")
    assert after is not None
    assert after.total == Decimal("6.75")
    assert [(one.reason, one.parts.total) for one in after.adjustments] == [("价格更正", Decimal("-0.75"))]
    assert what_went_back(before, given_back, FACTS).adjustments[0].parts == parts("0.00", "-0.75")


@given(
    bought=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 99_999)), min_size=1, max_size=6),
    shares=st.lists(st.integers(0, 9), min_size=6, max_size=6),
)
def test_what_was_is_what_went_back_and_what_stands(bought: list[tuple[int, int]], shares: list[int]) -> None:
    lines = [
        line(number, units, str(Decimal(fen) / 100)) for number, (units, fen) in enumerate(bought, start=1)
    ]
    before = content(*lines)
    returned = {
        one.number: Returned(Decimal(units), Parts.of_cash(one.unit_price * units))
        for one, share in zip(lines, shares, strict=False)
        if (units := min(share, int(one.quantity)))
    }
    given_back = GivenBack(returned, sum((one.parts for one in returned.values()), Parts.nothing()), ())
    red, after = what_went_back(before, given_back, FACTS), what_stands(before, given_back, "")
    standing = after.parts if after else Parts.nothing()
    assert standing - red.parts == before.parts
    if after:
        assert sum((one.amount for one in after.lines), Decimal(0)) == after.total
    assert sum((one.amount for one in red.lines), Decimal(0)) == red.total
