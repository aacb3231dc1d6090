"""Who may act for whom."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import NotFoundForYou, refuse_if_any
from registry import rules
from registry.models import Guardianship, VerificationRequest
from registry.models.patients import Relation
from registry.operations.verification import request_verification
from registry.queries import guardianships_of, self_of


@transaction.atomic
def add_family_member(
    *, relation: str, name: str, id_number: str, mobile: str, by: User, at: datetime
) -> VerificationRequest:
    """Ask for a family member's name and number to be confirmed; the right to act follows the answer.

    ``mobile`` may be empty for a child. The caller asks the gateway after commit (``ask_identity``).

    Raises:
        RulesBroken: see ``request_verification``; she is not confirmed herself; too many members.
    """
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if self_of(by) is None:
        refuse_if_any(rules.self_first_violations())
    family = guardianships_of(by).exclude(relation=Relation.SELF).count()
    refuse_if_any(rules.family_size_violations(family))
    wanted = relation if relation in Relation.values and relation != Relation.SELF else Relation.OTHER.value
    return request_verification(relation=wanted, name=name, id_number=id_number, mobile=mobile, by=by, at=at)


@transaction.atomic
def end_guardianship(*, patient_id: int, by: User, at: datetime) -> Guardianship:
    """Stop acting for a family member; records stay, and the row stays as evidence.

    Ending it twice returns the ended row.

    Raises:
        NotFoundForYou: the user never acted for this patient.
        RulesBroken: the patient is the user herself.
    """
    rows = Guardianship.objects.select_for_update(of=("self",)).filter(user=by, patient_id=patient_id)
    guardianship = rows.order_by("-pk").first()
    if guardianship is None:
        raise NotFoundForYou
    if guardianship.relation == Relation.SELF:
        refuse_if_any(rules.own_right_violations())
    if guardianship.ended_at is None:
        guardianship.ended_at = at
        guardianship.save(update_fields=["ended_at"])
        audit.record("registry.guardianship.ended", on=guardianship, by=by, at=at)
    return guardianship
