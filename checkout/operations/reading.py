"""Traces of who read what a patient was charged."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from encounters.models import Encounter


@transaction.atomic
def note_reading(*, encounter_id: int, by: User, at: datetime) -> None:
    """An office of money read the itemised list of an encounter."""
    encounter = Encounter.objects.select_for_update(of=("self",)).get(pk=encounter_id)
    audit.record("checkout.fee_list.read", on=encounter, by=by, at=at)
