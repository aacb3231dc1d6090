"""How a return of lines goes on when the insurer has spoken."""

from insurance.events import (
    ClaimDeclined,
    ClaimPresettled,
    ClaimReversed,
    ClaimSettled,
    ClaimVoided,
    ReversalRefused,
)
from insurance.models import Claim
from insurance.operations import returning
from kernel import clock
from kernel.events import subscribe


@subscribe(ClaimReversed)
def settle_rest(event: ClaimReversed) -> None:
    """Settle again what stays."""
    returning.settle_rest(Claim.objects.get(pk=event.claim_id), at=clock.now())


@subscribe(ClaimPresettled)
def submit_rest(event: ClaimPresettled) -> None:
    """Nobody has to be asked."""
    returning.submit_rest(Claim.objects.get(pk=event.claim_id), at=clock.now())


@subscribe(ClaimSettled)
def conclude_settled(event: ClaimSettled) -> None:
    """Say what it changed."""
    returning.conclude_settled(Claim.objects.get(pk=event.claim_id), at=clock.now())


@subscribe(ClaimDeclined)
def conclude_declined(event: ClaimDeclined) -> None:
    """The insurer pays nothing of what stays."""
    returning.conclude_uninsured(Claim.objects.get(pk=event.claim_id), at=clock.now())


@subscribe(ClaimVoided)
def conclude_voided(event: ClaimVoided) -> None:
    """Nothing is settled of what stays."""
    returning.conclude_uninsured(Claim.objects.get(pk=event.claim_id), at=clock.now())


@subscribe(ReversalRefused)
def give_up(event: ReversalRefused) -> None:
    """The settlement of all lines stands."""
    returning.give_up(Claim.objects.get(pk=event.claim_id), at=clock.now())
