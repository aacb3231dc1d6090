"""The encounter a person may change, locked."""

from accounts.models import User
from encounters.errors import EncounterFixed
from encounters.models import Encounter
from encounters.queries import encounter_for, encounter_of_doctor

_RELATED = ("institution", "practitioner", "patient", "known_disease")


def locked(encounter_id: int) -> Encounter:
    """The encounter, locked for this transaction."""
    return Encounter.objects.select_for_update(of=("self",)).select_related(*_RELATED).get(pk=encounter_id)


def locked_for_patient(encounter_id: int, by: User) -> Encounter:
    """An encounter of her patients before the doctor has begun it, locked.

    Raises:
        NotFoundForYou: there is none, or it is not of her patients.
        EncounterFixed: it has begun or ended.
    """
    encounter_for(by, encounter_id)
    encounter = locked(encounter_id)
    if encounter.begun_at or encounter.cleared_at or encounter.ended_at:
        raise EncounterFixed
    return encounter


def locked_for_doctor(encounter_id: int, by: User) -> Encounter:
    """An encounter this doctor receives, locked.

    Raises:
        NotFoundForYou: there is none, or it is another doctor's.
    """
    encounter_of_doctor(by, encounter_id)
    return locked(encounter_id)
