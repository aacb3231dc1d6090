"""The page of one bill: where it stands, how far it has come, and what she keeps."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import BillPurpose
from checkout.models import Checkout
from checkout.pages.cashier import LatePayment, late_payments
from checkout.pages.presenters import timeline
from payments.queries import is_given_back
from portal.pages.presenters.orders import standing_of, title_of
from portal.queries.orders import order_of


def order_context(checkout: Checkout, *, at: datetime) -> dict[str, Any]:
    """Everything the page shows."""
    bill, order = checkout.bill, order_of(checkout)
    return {
        "checkout": checkout,
        "bill": bill,
        "encounter": bill.encounter,
        "heading": title_of(bill),
        "order": order,
        "standing": standing_of(order, at=at),
        "items": timeline(checkout),
        "late": [LatePayment(one, is_given_back(one)) for one in late_payments(bill.pk)],
        "service": _service(checkout),
    }


def _service(checkout: Checkout) -> tuple[str, str]:
    """What was paid for: its page, and the words of the link."""
    if checkout.bill.purpose == BillPurpose.DRUGS:
        return reverse("prescriptions:list"), _("To my prescriptions")
    return reverse("consultations:visit", args=[checkout.bill.encounter.number]), _("To the visit")
