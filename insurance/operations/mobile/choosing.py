"""By which way a claim goes: through the mobile payment centre, or through the settlement interface."""

from datetime import datetime

from insurance.gateway.profile import profile_for
from insurance.models import MobileOrder, Route, VisitRegistration, VoucherAuthorization
from insurance.rules.mobile import Permission, may_pay
from insurance.states import WITHOUT_SETTLEMENT, AuthorizationState


def route_for(registration: VisitRegistration, *, at: datetime) -> Route:
    """Mobile where the province has it and a payment was authorised with an e-voucher; else the core."""
    authorization = registration.authorization
    if authorization is None or not authorization.voucher_token:
        return Route.CORE
    if not profile_for(registration.encounter.institution.region_code).has_mobile_pay:
        return Route.CORE
    return Route.MOBILE if permission_to_pay(registration.encounter_id, at=at) else Route.CORE


def permission_to_pay(
    encounter_id: int, *, at: datetime, claim_id: int | None = None
) -> VoucherAuthorization | None:
    """What may be used now: that of the family member who pays for her, else her own, the newest first.

    One that is promised to a live claim serves only that one (``claim_id``).
    """
    given = VoucherAuthorization.objects.filter(encounter=encounter_id, state=AuthorizationState.GIVEN)
    promised = MobileOrder.objects.filter(authorization__isnull=False).exclude(
        claim__state__in=WITHOUT_SETTLEMENT
    )
    others = promised.exclude(claim=claim_id) if claim_id else promised
    rows = given.exclude(pk__in=others.values("authorization")).order_by("-is_family", "-pk")
    return next((row for row in rows if may_pay(_permission(row), at=at)), None)


def _permission(authorization: VoucherAuthorization) -> Permission:
    """What the rules look at."""
    return Permission(
        is_given=authorization.state == AuthorizationState.GIVEN,
        has_number=bool(authorization.payment_number),
        expires_at=authorization.expires_at,
    )
