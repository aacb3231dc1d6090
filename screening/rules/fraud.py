"""What should not happen online: thresholds are rows of data, marked where no document states them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from screening.rules.facts import OrderFacts, Presence, RuleFact, Surroundings, Words
from screening.rules.findings import SAY_WHY, Found, of_line, of_order

EARTH_RADIUS_KM = 6371
_CITY = 4
"""Digits of GB/T 2260 that name a city."""


def elsewhere(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """The same medicine still lasts from another institution.

    Source: 百日行动 2025 (跨机构超量购买同种药); the days are general knowledge.
    """
    least = rule.thresholds.get("least_days", Decimal(0))
    for line in order.lines:
        for item in order.earlier:
            left = (item.on + timedelta(days=item.days) - order.on).days
            is_other = item.institution_code != order.institution_code
            if is_other and left > least and line.is_same_as(item.national_code, item.name):
                yield of_line(
                    rule, line, f"{{name}}在{item.institution_name}开具的还够 {left} 天",
                    f"{{name}} from {item.institution_name} still lasts {left} days", way_on=SAY_WHY,
                )  # fmt: skip
                break


def remaining(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """What was given here before still lasts for more days than a refill may leave.

    Source: general knowledge (days of supply left when the next is bought).
    """
    most = rule.thresholds.get("most_days", Decimal(7))
    for line in order.lines:
        same = [item for item in order.earlier if line.is_same_as(item.national_code, item.name)]
        left = max(
            ((item.on + timedelta(days=item.days) - order.on).days for item in same if _is_here(order, item.institution_code)),
            default=0,
        )  # fmt: skip
        if left > most:
            yield of_line(
                rule, line, f"{{name}}还够 {left} 天", f"{{name}} still lasts {left} days", way_on=SAY_WHY
            )


def _is_here(order: OrderFacts, institution_code: str) -> bool:
    return institution_code == order.institution_code


def travel(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """She was elsewhere in person so shortly before that nobody travels so fast.

    Source: general knowledge (setlLatlnt, uldLatlnt beside the visit before).
    """
    if order.here is None:
        return
    for before in order.elsewhere:
        if _is_impossible(order.here, before, rule):
            minutes = int((order.here.at - before.at).total_seconds() // 60)
            yield of_order(
                rule, f"{minutes} 分钟前本人在{before.place}就诊，时间上不可能到达", f"{minutes} minutes ago she was seen in person at {before.place}, too far away",
                way_on=SAY_WHY,
            )  # fmt: skip
            return


def _is_impossible(here: Presence, before: Presence, rule: RuleFact) -> bool:
    passed = here.at - before.at
    if passed < timedelta():
        return False
    distance = _kilometres(here, before)
    if distance is None:
        least = timedelta(seconds=int(60 * rule.thresholds.get("least_minutes", Decimal(60))))
        is_other_city = here.region_code[:_CITY] != before.region_code[:_CITY]
        return is_other_city and passed < least
    if distance <= rule.thresholds.get("least_km", Decimal(50)):
        return False
    speed = rule.thresholds.get("most_km_an_hour", Decimal(300))
    return distance > speed * Decimal(passed.total_seconds()) / 3600


def _kilometres(one: Presence, other: Presence) -> float | None:
    """Along the great circle; None where a position is not known."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    lat1, lon1, lat2, lon2 = (
        radians(value or 0) for value in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    part = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(part)))


def device(order: OrderFacts, rule: RuleFact, around: Surroundings) -> Iterator[Found]:
    """One device books for more patients than a family has.

    Source: general knowledge (one device or address for many patients).
    """
    most = int(rule.thresholds.get("most_patients", Decimal(5)))
    if around.patients_of_device > most:
        count = around.patients_of_device
        yield of_order(
            rule,
            f"同一设备近期为 {count} 名患者预约",
            f"The same device has booked for {count} patients lately",
            way_on=SAY_WHY,
        )


def pace(order: OrderFacts, rule: RuleFact, around: Surroundings) -> Iterator[Found]:
    """A doctor signs more orders within a minute than can be read.

    Source: general knowledge (a doctor issues many prescriptions within one minute).
    """
    most = int(rule.thresholds.get("most_orders", Decimal(3)))
    seconds = int(rule.thresholds.get("seconds", Decimal(60)))
    recent = [at for at in around.signed_at if timedelta() <= order.at - at < timedelta(seconds=seconds)]
    if len(recent) + 1 > most:
        count = len(recent) + 1
        yield of_order(
            rule, f"{seconds} 秒内签署第 {count} 张处方", f"This is prescription {count} signed within {seconds} seconds",
            way_on=Words("请逐张核对；确无误时写明理由。", "Check each; when all are right, write why."),
        )  # fmt: skip


def trace_code(order: OrderFacts, rule: RuleFact, around: Surroundings) -> Iterator[Found]:
    """A traceability code is sold a second time.

    Source: 追溯码重复扫码核查 (a code scanned twice is under suspicion of being settled twice).
    """
    scanned = Counter(order.trace_codes)
    for code in scanned:
        if scanned[code] > 1 or code in around.used_codes:
            yield of_order(
                rule, f"追溯码 {code} 已经售出过或重复扫描", f"Traceability code {code} was sold before or is scanned twice",
                way_on=Words("请核对实物，换用未售出的药品。", "Check the pack and take one that was not sold."), subject=code[-20:],
            )  # fmt: skip
