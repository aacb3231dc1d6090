"""Send a claim to a person when two statements about its order contradict each other."""

from datetime import datetime

from django.db import transaction

from audit import operations as audit
from insurance.operations import claims


@transaction.atomic
def call_person(*, claim_id: int, reason: str, at: datetime) -> None:
    """A person must look; the first reason stays until she has."""
    claim = claims.locked(claim_id)
    if claim.needs_person_since is not None:
        return
    claim.needs_person_since, claim.person_reason = at, reason[:300]
    claim.save(update_fields=["needs_person_since", "person_reason"])
    audit.record("insurance.claim.disputed", on=claim, by=None, at=at, facts={"reason": reason[:300]})
