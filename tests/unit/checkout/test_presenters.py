"""What the pay page says in every state of the money."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from billing.models import Bill, BillPurpose
from checkout.models import Checkout
from checkout.pages.presenters import BADGES, heading, timeline
from checkout.states import CheckoutState
from insurance.models import Claim
from insurance.states import ClaimState
from payments.models import PaymentOrder

S = CheckoutState
PAID_AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # 14:30 in Shanghai
SETTLED_AT = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
PAID: dict[str, Any] = {"order": PaymentOrder(pk=1, amount=Decimal("2.00")), "paid_at": PAID_AT}
SETTLED: dict[str, Any] = PAID | {"settled_at": SETTLED_AT}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def checkout(state: CheckoutState, *, cash: str = "2.00", claim: str = "", **fields: Any) -> Checkout:
    """Of an insured consultation fee of 10.00: 7.00 by the fund, 1.00 by the account, 2.00 by her."""
    purpose = fields.pop("purpose", BillPurpose.CONSULTATION)
    parts: dict[str, Any] = {
        "fund_amount": Decimal("7.00"),
        "account_amount": Decimal("1.00"),
        "cash_amount": Decimal(cash),
    }
    if state in (S.ESTIMATING, S.DECLINED) or not fields.get("uses_insurance", True):
        parts = dict.fromkeys(parts, None)
    if not fields.get("uses_insurance", True):
        parts |= {"cash_amount": Decimal(cash)}
    bill = Bill(purpose=purpose, total_amount=Decimal("10.00"), **parts)
    made = Claim(state=claim, asked_times=3, submitted_at=PAID_AT) if claim else None
    return Checkout(bill=bill, claim=made, state=state, **({"uses_insurance": True} | fields))


def told(made: Checkout) -> list[tuple[str, str]]:
    """Kinds and words of the timeline."""
    return [(item.kind, item.what) for item in timeline(made)]


def test_every_state_has_a_badge() -> None:
    assert set(BADGES) == set(CheckoutState)


def test_the_heading_says_what_is_paid() -> None:
    assert heading(checkout(S.READY)) == "Pay the consultation fee"
    assert heading(checkout(S.READY, purpose=BillPurpose.DRUGS)) == "Pay for medicines"


def test_while_the_insurer_is_asked_everything_else_comes_next() -> None:
    assert [item.kind for item in timeline(checkout(S.ESTIMATING))] == ["now", "next", "next", "next"]


def test_a_refusal_is_shown_with_the_insurers_reason() -> None:
    first = timeline(checkout(S.DECLINED, decline_reason="演示：参保状态异常"))[0]
    assert (first.kind, first.note) == ("failed", "演示：参保状态异常")


def test_the_estimate_names_the_three_payers() -> None:
    first = timeline(checkout(S.READY))[0]
    assert (first.kind, first.note) == ("done", "Fund ¥7.00, account ¥1.00, you ¥2.00")


@pytest.mark.parametrize("state", [S.READY, S.PAYING])
def test_now_it_is_her_turn(state: CheckoutState) -> None:
    assert [kind for kind, _what in told(checkout(state))] == ["done", "now", "next", "next"]


def test_paying_all_herself_leaves_the_insurer_out() -> None:
    made = checkout(S.READY, uses_insurance=False, cash="10.00")
    assert told(made) == [("now", "You pay your share"), ("next", "You wait for the doctor in the queue")]


def test_her_payment_is_shown_with_amount_and_time() -> None:
    item = timeline(checkout(S.SETTLING, claim=ClaimState.SETTLING, **PAID))[1]
    assert (item.kind, item.what, item.when) == ("done", "You paid ¥2.00 by WeChat Pay", "14:30")


def test_a_share_of_nothing_is_not_called_a_payment() -> None:
    made = checkout(S.SETTLING, cash="0.00", claim=ClaimState.SETTLING, paid_at=PAID_AT)
    assert told(made)[1] == ("done", "Nothing for you to pay")


@pytest.mark.parametrize("state", [ClaimState.UNCONFIRMED, ClaimState.VOIDING])
def test_an_outcome_that_is_not_known_is_said_to_be_asked_for(state: ClaimState) -> None:
    made = checkout(S.SETTLING, claim=state, **PAID)
    assert made.claim
    made.claim.next_ask_at = PAID_AT + timedelta(minutes=5)
    item = timeline(made)[2]
    assert (item.kind, item.note) == ("unknown", "Asked again by itself, next at 14:35")


def test_when_a_person_of_the_hospital_asks_she_is_told_so() -> None:
    item = timeline(checkout(S.SETTLING, claim=ClaimState.UNCONFIRMED, **PAID))[2]
    assert item.note == "Our insurance office has been told and is asking the insurer."


def test_a_settlement_on_its_way_is_not_called_unknown() -> None:
    assert told(checkout(S.SETTLING, claim=ClaimState.SETTLING, **PAID))[2] == (
        "now",
        "The insurance settles",
    )


def test_when_all_is_settled_the_next_thing_begins() -> None:
    consultation = checkout(S.SETTLED, claim=ClaimState.SETTLED, **SETTLED)
    drugs = checkout(S.SETTLED, purpose=BillPurpose.DRUGS, claim=ClaimState.SETTLED, **SETTLED)
    assert told(consultation)[2:] == [
        ("done", "The insurance has settled"), ("now", "You wait for the doctor in the queue"),
    ]  # fmt: skip
    assert told(drugs)[-1] == ("now", "The pharmacy prepares your medicines")


WISH = {"unwind_reason": "医生终止就诊"}


def test_the_insurance_part_goes_back_first() -> None:
    made = checkout(S.REVERSING, claim=ClaimState.REVERSING, **SETTLED, **WISH)
    assert [kind for kind, _what in told(made)[3:]] == ["now", "next"]


def test_a_reversal_without_an_answer_is_unknown_and_not_failed() -> None:
    made = checkout(S.REVERSING, claim=ClaimState.REVERSAL_UNCONFIRMED, **SETTLED, **WISH)
    assert told(made)[3][0] == "unknown"


def test_then_her_part_and_then_all_is_back() -> None:
    going = checkout(S.REFUNDING, claim=ClaimState.REVERSED, **SETTLED, **WISH)
    back = checkout(S.REFUNDED, claim=ClaimState.REVERSED, ended_at=SETTLED_AT, **SETTLED, **WISH)
    assert [kind for kind, _what in told(going)[3:]] == ["done", "now"]
    assert [kind for kind, _what in told(back)[3:]] == ["done", "done"]
    assert timeline(back)[-1].when == "14:31"


def test_a_refused_settlement_is_shown_as_failed_while_her_share_goes_back() -> None:
    made = checkout(S.REFUNDING, claim=ClaimState.DECLINED, decline_reason="演示：不予结算", **PAID, **WISH)
    settlement, *way_back = timeline(made)[2:]
    assert (settlement.kind, settlement.note) == ("failed", "演示：不予结算")
    assert [(item.kind, item.what) for item in way_back] == [
        ("now", "¥2.00 goes back to WeChat Pay, the way it came")
    ]


def test_closed_unpaid_says_so_and_promises_nothing_more() -> None:
    assert told(checkout(S.CLOSED, uses_insurance=False, cash="10.00", ended_at=PAID_AT)) == [
        ("failed", "Not paid")
    ]
