"""Pure rules of payments: amounts, ways, what a channel may say, and how long to wait before asking again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from payments.models import Channel, Scene
from payments.rules.asking import ORDER_PAUSES, REFUND_PAUSES, pause_after
from payments.rules.offers import DESKTOP
from payments.rules.orders import SCENES, amount_violations, answer_violations, scene_violations
from payments.rules.refunds import refund_violations


@pytest.mark.parametrize("amount", ["0.01", "10", "10.00", "10.000"])
def test_whole_fen_above_zero_may_be_paid(amount: str) -> None:
    assert amount_violations(Decimal(amount)) == []


@pytest.mark.parametrize("amount", ["0", "-0.01", "0.001", "10.005"])
def test_nothing_less_and_no_part_of_a_fen(amount: str) -> None:
    assert [broken.rule for broken in amount_violations(Decimal(amount))] == ["PY-01"]


def test_every_way_belongs_to_one_channel() -> None:
    ways = [scene for scenes in SCENES.values() for scene in scenes]
    assert sorted(ways) == sorted(Scene.values)
    assert set(SCENES) == set(DESKTOP) == set(Channel.values)


def test_inside_wechat_the_payer_must_be_known() -> None:
    assert scene_violations("wechat", "jsapi", "openid") == []
    assert [broken.rule for broken in scene_violations("wechat", "jsapi", "")] == ["PY-03"]


def test_an_answer_breaks_each_rule_by_itself() -> None:
    assert answer_violations(asked_fen=700, said_fen=700, currency="CNY") == []
    wrong = answer_violations(asked_fen=700, said_fen=700, currency="HKD", is_ours=False)
    assert [broken.rule for broken in wrong] == ["PY-04", "PY-05"]


@pytest.mark.parametrize(
    ("amount", "rules"), [("4.00", []), ("4.01", ["PY-11"]), ("0.00", ["PY-01"]), ("0.005", ["PY-01"])]
)
def test_what_is_left_is_the_most_that_goes_back(amount: str, rules: list[str]) -> None:
    found = refund_violations(
        is_paid=True, paid=Decimal("10.00"), under_way=Decimal("6.00"), amount=Decimal(amount)
    )
    assert [broken.rule for broken in found] == rules


def test_pauses_grow_and_an_order_is_never_left_for_more_than_a_minute() -> None:
    for pauses in (ORDER_PAUSES, REFUND_PAUSES):
        assert list(pauses) == sorted(pauses)
        assert pause_after(0, pauses) == pause_after(1, pauses) == timedelta(seconds=15)
        assert pause_after(1000, pauses) == pauses[-1]
    assert ORDER_PAUSES[-1] == timedelta(minutes=1)
