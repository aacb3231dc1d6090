"""Who may see which bill, and what its page needs."""

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from kernel.errors import NotFoundForYou
from registry.queries import patients_of


def checkout_for(user: User, bill_number: str) -> Checkout:
    """The checkout of a bill of one of her patients, with everything its page shows.

    Raises:
        NotFoundForYou: there is no such bill, or it is not hers.
    """
    found = (
        Checkout.objects.select_related(
            "bill__encounter__patient",
            "bill__encounter__practitioner",
            "bill__encounter__institution",
            "claim",
            "order",
        )
        .filter(bill__number=bill_number, bill__encounter__patient__in=patients_of(user).order_by())
        .first()
    )
    if found is None:
        raise NotFoundForYou
    return found


def earlier_bills(bill: Bill) -> list[Bill]:
    """Settled bills of the same encounter, so that nobody wonders whether they are charged again."""
    return list(Bill.objects.filter(encounter=bill.encounter_id, state="settled").exclude(pk=bill.pk))
