"""What the hospital's desk does when somebody calls: rights are given and ended with the card in hand."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from registry.models import Guardianship, Patient


@transaction.atomic
def grant_guardianship(
    *, user_id: int, patient_id: int, relation: str, by: User, at: datetime
) -> Guardianship:
    """Let a user act for a patient whose identity the desk has seen; granting twice grants once."""
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    right = Guardianship.objects.live().filter(user_id=user_id, patient=patient).first()
    if right is None:
        right = Guardianship.objects.create(user_id=user_id, patient=patient, relation=relation, since_at=at)
        audit.record("registry.guardianship.granted", on=right, by=by, at=at, facts={"relation": relation})
    return right


@transaction.atomic
def withdraw_guardianship(*, guardianship_id: int, by: User, at: datetime) -> Guardianship:
    """End a right at the desk, also that of a person for herself; withdrawing twice ends once."""
    right = Guardianship.objects.select_for_update(of=("self",)).get(pk=guardianship_id)
    if right.ended_at is None:
        right.ended_at = at
        right.save(update_fields=["ended_at"])
        audit.record("registry.guardianship.withdrawn", on=right, by=by, at=at)
    return right
