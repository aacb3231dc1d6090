"""Why there is no on-site fee: named refusals, never zero."""

from django.utils.translation import gettext_lazy as _

from pricing.rules.errors import PricingRefused


class OutsideServedArea(PricingRefused):
    """The address lies outside the area, or no band covers the visit."""

    code = "outside_served_area"
    default_message = _("The hospital does not come to this address.")


class TwoOnsiteFees(PricingRefused):
    """Two rows hold and neither is more specific than the other."""

    code = "two_onsite_fees"
    default_message = _("Two on-site fees hold for this visit.")


class OnsiteFeeNotPublished(PricingRefused):
    """The institution has published no on-site fee for the day."""

    code = "onsite_fee_not_published"
    default_message = _("The hospital has published no on-site fee for this day.")


class VisitNotMeasured(PricingRefused):
    """What the schedule asks for is not known of the visit, or is no measure."""

    code = "visit_not_measured"
    default_message = _("The visit is not described well enough to price it.")
