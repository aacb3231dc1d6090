"""A circulation as rows: read whole, its facts, its diagnoses."""

from datetime import datetime

from encounters.models import DiagnosisCode
from prescriptions.models import Circulation
from prescriptions.rules.circulation import CirculationFacts
from prescriptions.states import CirculationState

ID_CARD = "01"
CHINESE = "zh-hans"


def whole(circulation_id: int) -> Circulation:
    """The row with everything that messages need."""
    return Circulation.objects.select_related(
        "registration__authorization", "prescription__encounter__patient", "prescription__encounter__institution",
        "prescription__encounter__department", "prescription__prescriber__department", "prescription__bill",
        "prescription__review__reviewer__department",
    ).get(pk=circulation_id)  # fmt: skip


def facts_of(circulation: Circulation) -> CirculationFacts:
    """What the rule of the next step looks at."""
    until = circulation.prescription.valid_until
    if until is None:
        raise ValueError("a signed prescription has an end of validity")
    return CirculationFacts(
        state=CirculationState(circulation.state),
        is_wanted_back=bool(circulation.withdraw_reason),
        valid_until=until,
        next_ask_at=circulation.next_ask_at,
    )


def codes_of(circulation: Circulation) -> list[DiagnosisCode]:
    """The diagnoses of the record in order, the main one first."""
    rows = circulation.prescription.encounter.record.diagnoses.select_related("code").order_by("number")
    return [row.code for row in rows]


def signed_at_of(circulation: Circulation) -> datetime:
    """To the second, as the interface writes moments."""
    signed_at = circulation.prescription.signed_at
    if signed_at is None:
        raise ValueError("only what is signed is brought to the centre")
    return signed_at.replace(microsecond=0)
