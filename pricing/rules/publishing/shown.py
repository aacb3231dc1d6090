"""Amounts as refusals show them."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from pricing.rules.facts import PriceFact
from pricing.rules.kinds import AmountKind
from pricing.rules.wording import exact_yuan


def amount_shown(price: PriceFact) -> Text:
    """The amount of one unit with its sign, or what stands in its place."""
    return _SHOWN[price.kind](price)


def _ceiling(price: PriceFact) -> Text:
    return f"≤ {_percent(price.maximum_rate) if price.maximum is None else _yuan(price.maximum)}"


def _base_and_further(price: PriceFact) -> Text:
    further = _yuan(price.further_amount) if price.further_rate is None else _percent(price.further_rate)
    shown = {"amount": _yuan(price.amount), "included": _plain(price.included_quantity), "further": further}
    return _("%(amount)s for %(included)s, each further %(further)s") % shown


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else f"¥{exact_yuan(amount):f}"


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{(rate * 100).normalize():f} %"


_SHOWN: dict[AmountKind, Callable[[PriceFact], Text]] = {
    AmountKind.FIXED: lambda price: _yuan(price.amount),
    AmountKind.RANGE: lambda price: f"{_yuan(price.minimum)}–{_yuan(price.maximum)}",
    AmountKind.CEILING: _ceiling,
    AmountKind.PERCENTAGE: lambda price: _percent(price.rate),
    AmountKind.SELF_SET: lambda _price: _("set by the institution itself"),
    AmountKind.TIERED: lambda price: ", ".join(_yuan(band.amount) for band in price.bands),
    AmountKind.BASE_AND_FURTHER: _base_and_further,
    AmountKind.HOURLY: lambda price: _("%(amount)s an hour") % {"amount": _yuan(price.amount)},
}
