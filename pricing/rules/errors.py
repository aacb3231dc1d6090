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


class ItemAbolished(PricingRefused):
    """The item is no longer charged here; the violation names what is charged instead."""

    code = "item_abolished"
    default_message = _("This item has been abolished.")


class ServiceNotOpened(PricingRefused):
    """No policy document has opened this service here."""

    code = "service_not_opened"
    default_message = _("No document has opened this service here yet.")


class MainLineMissing(PricingRefused):
    """A surcharge or reduction without its main line, twice on it, or for more units than it has."""

    code = "main_line_missing"
    default_message = _("A surcharge is charged only with its main item.")


class ExtensionWithMain(PricingRefused):
    """An extension replaces its main item; both were asked for."""

    code = "extension_with_main"
    default_message = _("This item replaces its main item; both together are not charged.")


class SelfSetNotPublished(PricingRefused):
    """The institution sets this price itself and has not published one; that is never zero."""

    code = "self_set_not_published"
    default_message = _("The hospital sets this price itself and has not published it.")


class AboveCeiling(PricingRefused):
    """The institution's own price is outside what the regulator allows."""

    code = "above_ceiling"
    default_message = _("The hospital's own price is outside what the document allows.")


class OutsideBands(PricingRefused):
    """The distance, time, count or body part lies in no band of the tariff, e.g. outside the city."""

    code = "outside_bands"
    default_message = _("The tariff has no price for this case.")


class MeasureMissing(PricingRefused):
    """The tariff asks for a distance, time or body part that was not said."""

    code = "measure_missing"
    default_message = _("The tariff needs a distance, time or body part that was not said.")


class SurchargeNotTaken(PricingRefused):
    """The main item's price says that nothing may be added."""

    code = "surcharge_not_taken"
    default_message = _("Nothing may be added to this price.")


class ReductionTooLarge(PricingRefused):
    """What is taken off is more than the main item costs."""

    code = "reduction_too_large"
    default_message = _("More would be taken off than the main item costs.")


class ChargeRulesBroken(PricingRefused):
    """The lines break rules between them; ``violations`` names every rule at every line that breaks it."""

    code = "charge_rules_broken"
    default_message = _("These items are not charged together or so often.")


def refuse_all(refusals: Sequence[PricingRefused]) -> None:
    """Raise the first refusal, carrying the violations of all of them."""
    if refusals:
        every: list[Violation] = [violation for refusal in refusals for violation in refusal.violations]
        raise type(refusals[0])(violations=every)
