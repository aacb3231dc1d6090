"""What must not be charged together, too often, or alone.

Source: 两库 batches 7 (重复收费), 8-1 and 8-4 (限定频次, 周期超频次), 11 (中药饮片), as published.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from screening.rules.facts import OrderFacts, OrderLine, PointFact, RuleFact, Words
from screening.rules.findings import PAY_HERSELF, SAY_WHY, Found, of_line, of_order
from screening.rules.kinds import LineKind
from screening.rules.limits import points_met

LEAVE_ONE = Words("请只收取其中一项。", "Charge one of the two only.")


def duplicate_charge(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """项目A和项目B同时收费: two services that contain each other are charged on one day."""
    for line, point in points_met(order, rule):
        for code, name in point.partners:
            other = _charged_beside(order, line, code, name)
            if other is not None:
                yield of_order(
                    rule, f"{line.words.zh}与{other.zh}同日不得同时收费", f"{line.words.en} and {other.en} must not be charged on one day",
                    way_on=LEAVE_ONE, lines=(line.number,), subject=str(point.number),
                )  # fmt: skip


def _charged_beside(order: OrderFacts, line: OrderLine, code: str, name: str) -> Words | None:
    """What the point forbids beside the line: on this order, or charged before on the same day."""
    for other in order.lines:
        if other.number != line.number and other.is_same_as(code, name):
            return other.words
    for item in order.earlier:
        if item.on == order.on and (
            item.national_code == code if code and item.national_code else item.name == name
        ):
            return Words(item.name, item.name_en or item.name)
    return None


def frequency(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """使用项目的数量总计超过上限数量: more than is paid within a number of days, today being the last of them."""
    for line, point in points_met(order, rule):
        most, days = point.limit_number, max(point.period_days, 1)
        if most is None:
            continue
        total = line.quantity + _before(order, line, point, days)
        if total > most:
            yield of_line(
                rule, line, f"{{name}}在 {days} 天内最多支付 {most.normalize():f} 次，连同此前共 {total.normalize():f} 次",
                f"{{name}} is paid at most {most.normalize():f} times within {days} days; with what went before it is {total.normalize():f}",
                way_on=SAY_WHY,
            )  # fmt: skip


def _before(order: OrderFacts, line: OrderLine, point: PointFact, days: int) -> Decimal:
    first = order.on - timedelta(days=days - 1)
    same = (item for item in order.earlier if line.is_same_as(item.national_code, item.name))
    return sum((item.quantity for item in same if first <= item.on <= order.on), Decimal(0))


def herb_never(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """不得纳入基金支付范围的中药饮片: the fund pays it neither alone nor in a mixture."""
    for line, _point in points_met(order, rule):
        yield of_line(
            rule,
            line,
            "{name}单方、复方均不予支付",
            "{name} is paid neither alone nor in a mixture",
            way_on=PAY_HERSELF,
        )


def herb_alone(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """单独使用时不予支付: all herbs of the order are of this list, so the fund pays none of them."""
    herbs = {line.number for line in order.lines if line.kind is LineKind.HERB}
    listed = {line.number: line for line, _point in points_met(order, rule)}
    if herbs and herbs <= set(listed):
        for line in listed.values():
            yield of_line(
                rule, line, "处方饮片全部属于单方不予支付的品种，{name}不予支付",
                "Every herb of the order is of those not paid alone, so {name} is not paid", way_on=PAY_HERSELF,
            )  # fmt: skip
