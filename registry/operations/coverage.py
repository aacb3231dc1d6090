"""What a patient says of her insurance."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from registry import rules
from registry.models import Coverage, Patient
from registry.models.patients import InsuranceType, InsuredRegion
from registry.queries import patient_for


@transaction.atomic
def state_coverage(
    *, patient_id: int, insurance_type: str, insured_region: str, by: User, at: datetime
) -> Coverage | None:
    """State the insurance of a patient; the one stated before ends at the same moment.

    ``insurance_type`` empty means: no insurance, she pays herself; then None is returned and the region is
    not looked at. Saying the same again changes nothing.

    Raises:
        NotFoundForYou: the user may not act for this patient.
        RulesBroken: kind or region are not known.
    """
    patient = Patient.objects.select_for_update().get(pk=patient_for(by, patient_id).pk)
    if insurance_type:
        refuse_if_any(
            rules.coverage_violations(
                is_known_type=insurance_type in InsuranceType.values,
                is_known_region=insured_region in InsuredRegion.values,
            )
        )
    live = patient.coverages.filter(ended_at__isnull=True).first()
    if live and (live.insurance_type, live.insured_region) == (insurance_type, insured_region):
        return live
    if live is None and not insurance_type and patient.pays_self_since:
        return None
    return _replaced(patient, live, insurance_type, insured_region, by, at)


def _replaced(
    patient: Patient, live: Coverage | None, insurance_type: str, insured_region: str, by: User, at: datetime
) -> Coverage | None:
    if live:
        live.ended_at = at
        live.save(update_fields=["ended_at"])
    patient.pays_self_since = None if insurance_type else at
    patient.save(update_fields=["pays_self_since"])
    facts = {"insurance_type": insurance_type, "insured_region": insured_region if insurance_type else ""}
    audit.record("registry.coverage.stated", on=patient, by=by, at=at, facts=facts)
    if not insurance_type:
        return None
    return Coverage.objects.create(
        patient=patient, insurance_type=insurance_type, insured_region=insured_region, stated_at=at
    )
