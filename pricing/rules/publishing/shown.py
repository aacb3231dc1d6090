"""Amounts as refusals show them."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from pricing.rules.facts import PriceFact
from pricing.rules.kinds import AmountKind
from pricing.rules.wording import exact_yuan


def amount_shown(price: PriceFact) -> Text:
    """The amount of one unit with its sign, or what stands in its place."""
    if price.kind is AmountKind.RANGE:
        return f"{_yuan(price.minimum)}–{_yuan(price.maximum)}"
    if price.kind is AmountKind.CEILING and price.maximum is not None:
        return f"≤ {_yuan(price.maximum)}"
    if price.kind is AmountKind.CEILING:
        return f"≤ {_percent(price.maximum_rate)}"
    if price.kind is AmountKind.PERCENTAGE:
        return _percent(price.rate)
    if price.kind is AmountKind.TIERED:
        return ", ".join(_yuan(band.amount) for band in price.bands)
    if price.kind is AmountKind.SELF_SET:
        return _("set by the institution itself")
    return _yuan(price.amount)


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else f"¥{exact_yuan(amount):f}"


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{(rate * 100).normalize():f} %"
