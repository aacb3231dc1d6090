"""What a claim that goes through the mobile payment centre needs, and what it left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from accounts.models import User
from encounters.models import Encounter
from insurance.models import (
    AuthorizationWay,
    Claim,
    GatewayMessage,
    VisitRegistration,
    VoucherAuthorization,
)
from insurance.operations import submit_claim
from insurance.states import AuthorizationState
from kernel import clock
from tests.integration.checkout.conftest import ZHANG
from tests.verification.simulators import Simulators

Work = Callable[[], None]


def authorise(
    simulators: Simulators, encounter: Encounter, user: User, **changes: Any
) -> VoucherAuthorization:
    """She allowed a payment with her e-voucher a moment ago."""
    now = clock.now()
    values = {
        "encounter": encounter, "payer": encounter.patient, "asked_by": user, "way": AuthorizationWay.FACE,
        "business_number": f"B{encounter.pk}{now:%H%M%S%f}", "authorization_number": f"N{encounter.pk}{now:%H%M%S%f}",
        "voucher_token": f"EC{ZHANG[1]}", "payment_number": pay_permission(simulators),
        "insured_region": "330100", "state": AuthorizationState.GIVEN, "requested_at": now, "given_at": now,
        "expires_at": now + timedelta(minutes=5),
    }  # fmt: skip
    given = VoucherAuthorization.objects.create(**(values | changes))
    VisitRegistration.objects.update_or_create(
        encounter=encounter, defaults={"authorization": given, "coverage": encounter.coverage}
    )
    return given


def pay_permission(simulators: Simulators) -> str:
    """A payAuthNo that she has just allowed."""
    return str(simulators.control("mobilepay", "permission", id_number=ZHANG[1])["payAuthNo"])


def settle(claim: Claim, work: Work) -> Claim:
    """Her cash is in: settle."""
    submit_claim(claim_id=claim.pk, by=None, at=clock.now())
    work()
    claim.refresh_from_db()
    return claim


def kept(simulators: Simulators, claim: Claim) -> list[tuple[int, str]]:
    """What the core holds of the batch: sign and total."""
    answer = httpx.get(
        f"{simulators.url}/insurer/control/settlements/", params={"chrg_bchno": claim.batch_number}
    )
    return [(row["sign"], row["medfee_sumamt"]) for row in answer.json()["settlements"]]


def codes(claim: Claim) -> list[str]:
    """Every message that was sent, in order."""
    return list(
        GatewayMessage.objects.filter(claim=claim).order_by("pk").values_list("transaction_code", flat=True)
    )
