"""Why there is no price: named refusals, never a number."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Violation


class PricingRefused(DomainError):
    """The lines cannot be priced; ``violations`` names every line and reason, ``field`` holding its reference."""

    code = "price_refused"
    default_message = _("This cannot be priced.")


class ItemUnknown(PricingRefused):
    """No such item."""

    code = "item_unknown"
    default_message = _("There is no price item with this code.")


class PriceNotFound(PricingRefused):
    """No document sets a price for this item here on this day; a missing price is never zero."""

    code = "price_not_found"
    default_message = _("No document sets a price for this item here on this day.")


class TwoPricesInForce(PricingRefused):
    """Two prices hold and neither is more specific than the other."""

    code = "two_prices_in_force"
    default_message = _("Two prices hold for this item on this day.")


class QuantityNotChargeable(PricingRefused):
    """The quantity is zero, negative, not a number, or has too many decimals."""

    code = "quantity_not_chargeable"
    default_message = _("This quantity cannot be charged.")


def refuse_all(refusals: Sequence[PricingRefused]) -> None:
    """Raise the first refusal, carrying the violations of all of them."""
    if refusals:
        every: list[Violation] = [violation for refusal in refusals for violation in refusal.violations]
        raise type(refusals[0])(violations=every)
