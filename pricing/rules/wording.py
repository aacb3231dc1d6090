"""The steps of a calculation in words, Chinese and English; kept with the bill, so never translated later."""

from decimal import Decimal
from functools import lru_cache

from kernel.money import ZERO
from pricing.rules.facts import Band, PriceFact
from pricing.rules.kinds import BandAxis

TITLES: dict[str, tuple[str, str]] = {
    "231": ("主任医师", "chief physician"),
    "232": ("副主任医师", "associate chief physician"),
    "233": ("主治医师", "attending physician"),
    "234": ("医师", "physician"),
    "241": ("主任药师", "chief pharmacist"),
    "242": ("副主任药师", "associate chief pharmacist"),
    "243": ("主管药师", "pharmacist in charge"),
    "244": ("药师", "pharmacist"),
    "251": ("主任护师", "chief nurse"),
    "252": ("副主任护师", "associate chief nurse"),
    "253": ("主管护师", "nurse in charge"),
    "254": ("护师", "senior nurse"),
    "255": ("护士", "nurse"),
}
"""By code of the title, as in the register of practitioners."""

LEVELS: dict[int, tuple[str, str]] = {
    1: ("一级医疗机构价格", "price of primary institutions"),
    2: ("二级医疗机构价格", "price of secondary institutions"),
    3: ("三级医疗机构价格", "price of tertiary institutions"),
}


@lru_cache(maxsize=4096)
def exact_yuan(amount: Decimal) -> Decimal:
    """The same amount without needless zeros, but with two decimals at least: 10.000000 is 10.00."""
    shortest = amount.normalize()
    exponent = shortest.as_tuple().exponent
    return amount.quantize(ZERO) if isinstance(exponent, int) and exponent >= -2 else shortest


def scope(price: PriceFact) -> tuple[str, str]:
    """For whom the amount was set."""
    parts: list[tuple[str, str]] = []
    if price.institution_id is not None:
        parts.append(("本机构公布的价格", "the institution's own published price"))
    elif price.institution_level is not None:
        parts.append(LEVELS[price.institution_level])
    else:
        parts.append(("各级医疗机构同价", "one price for all levels"))
    if price.title is not None:
        parts.append(TITLES.get(price.title, (price.title, price.title)))
    if price.age_from is not None or price.age_to is not None:
        parts.append(_ages(price))
    if price.condition:
        parts.append((price.condition, price.condition))
    if price.is_trial:
        parts.append(("试行价格", "trial price"))
    return "，".join(zh for zh, _en in parts), ", ".join(en for _zh, en in parts)


def _ages(price: PriceFact) -> tuple[str, str]:
    """For which ages; whole years, both included."""
    if price.age_from is None:
        return f"{price.age_to} 周岁及以下", f"aged {price.age_to} or less"
    if price.age_to is None:
        return f"{price.age_from} 周岁及以上", f"aged {price.age_from} or more"
    return f"{price.age_from} 至 {price.age_to} 周岁", f"aged {price.age_from} to {price.age_to}"


_UNIT_OF_AXIS = {
    BandAxis.DISTANCE: (" 公里", " km"),
    BandAxis.DURATION: (" 分钟", " minutes"),
    BandAxis.COUNT: (" 个计价单位", " units"),
}


def band_in_words(band: Band, axis: BandAxis | None) -> tuple[str, str]:
    """Where a band holds: 超过 3 公里，至 5 公里; over 3 to 5 km."""
    if band.key or axis is None or axis is BandAxis.BODY_PART:
        return band.key, band.key
    zh, en = _UNIT_OF_AXIS[axis]
    above, up_to = band.above, band.up_to
    if not above:
        if up_to is None:
            return "不限", "any"
        return f"{plain(up_to)}{zh}以内", f"up to {plain(up_to)}{en}"
    if up_to is None:
        return f"超过 {plain(above)}{zh}", f"over {plain(above)}{en}"
    return f"超过 {plain(above)}{zh}，至 {plain(up_to)}{zh}", f"over {plain(above)} to {plain(up_to)}{en}"


def plain(value: Decimal) -> str:
    """A number without needless zeros and never with an exponent."""
    return f"{value.normalize():f}"


def plain_yuan(value: Decimal) -> str:
    """Yuan with two decimals at least."""
    return f"{exact_yuan(value):f}"
