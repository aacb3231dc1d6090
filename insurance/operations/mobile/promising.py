"""Promise a permission to pay to one order before she pays, so that it is still good when her cash is in."""

from datetime import datetime, timedelta

from django.db import transaction

from insurance.models import MobileOrder, Route, VoucherAuthorization
from insurance.operations import claims
from insurance.operations.mobile.choosing import permission_to_pay
from insurance.states import WITHOUT_SETTLEMENT

UNTIL_SENT = timedelta(minutes=1)
"""From her payment to 6202. ASSUMPTION: the channel tells us of a payment within seconds."""
TO_PAY = timedelta(minutes=1)
"""Who has less time than this at the cashier cannot be expected to pay."""


def can_promise(encounter_id: int, *, at: datetime) -> bool:
    """Whether a permission of the visit still serves a bill that she begins to pay now; one statement or two."""
    return permission_to_pay(encounter_id, at=at + UNTIL_SENT + TO_PAY) is not None


class NothingToPromise(Exception):
    """No permission lives long enough, or it is promised to another bill."""


@transaction.atomic
def promise_permission(*, claim_id: int, at: datetime) -> datetime | None:
    """Until when she may pay so that the permission still serves; None where nothing limits it.

    Promised anew, an order gives its earlier permission back.

    Raises:
        NothingToPromise: she must show her e-voucher again; nothing was changed.
    """
    claim = claims.locked(claim_id)
    if claim.route != Route.MOBILE:
        return None
    encounter_id = claim.registration.encounter_id
    needed_until = at + UNTIL_SENT + TO_PAY
    # Two bills of one visit paid at once: the second looks when the first has its promise.
    given = VoucherAuthorization.objects.select_for_update(no_key=True, of=("self",))
    list(given.filter(encounter=encounter_id).order_by("pk").values_list("pk"))
    permission = permission_to_pay(encounter_id, at=needed_until, claim_id=claim_id)
    if permission is None:
        raise NothingToPromise
    # An ended claim that never sent it (6202) holds nothing back.
    MobileOrder.objects.filter(
        authorization=permission, business_number="", claim__state__in=WITHOUT_SETTLEMENT
    ).update(authorization=None)
    MobileOrder.objects.filter(claim=claim).update(authorization=permission)
    return permission.expires_at - UNTIL_SENT if permission.expires_at else None
