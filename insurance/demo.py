"""Demonstration data: agreements of the demonstration hospital, and what its pooling area pays for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from insurance.models import Agreement, AgreementKind, InsuredService
from insurance.operations.payable import load_payable_rules, payable_rules_in_file
from insurance.states import AgreementState
from registry.models import Institution

AREA = "330100"
AGENCY = "演示市医疗保险服务中心"
SINCE = date(2024, 1, 1)
SERVICES = (InsuredService.ONLINE_REVISIT, InsuredService.REVISIT_DRUGS, InsuredService.CHRONIC_REVISIT)
ENDS_IN_DAYS = 75
"""So that the demonstration shows an agreement that is to be renewed soon."""
RULE: dict[str, Any] = {
    "pooling_area": AREA,
    "service": InsuredService.ONLINE_REVISIT.value,
    "is_payable": True,
    "needs_prescription": False,
    "valid_from": SINCE,
    "source": "演示：本统筹区先结算诊察费，再由医生开方",
    "grade": "G",
    "note": "演示数据，非真实政策",
    "is_demonstration": True,
}


@transaction.atomic
def load(*, at: datetime) -> None:
    """Make what is not there yet; the hospital is the registry's and must be there."""
    load_payable_rules(rules=[*payable_rules_in_file(), RULE], by=None, at=at)
    institution = Institution.objects.filter(is_demonstration=True).order_by("pk").first()
    if institution is None or Agreement.objects.filter(institution=institution).exists():
        return
    today = timezone.localtime(at).date()
    ends_on = today + timedelta(days=ENDS_IN_DAYS)
    main = _agreement(
        institution, "演示-定点-2024-001", kind=AgreementKind.DESIGNATED, services=[], valid_until=None
    )
    _agreement(
        institution, "演示-互联网-2024-001", kind=AgreementKind.INTERNET_PLUS, main=main,
        services=sorted(SERVICES), valid_until=ends_on,
    )  # fmt: skip
    _agreement(
        institution, "演示-互联网-续签", kind=AgreementKind.INTERNET_PLUS, main=main, services=sorted(SERVICES),
        valid_from=ends_on, valid_until=None, state=AgreementState.APPLIED, signed_on=None,
        applied_at=at - timedelta(days=3),
    )  # fmt: skip


def _agreement(institution: Institution, number: str, **columns: Any) -> Agreement:
    signed = timezone.make_aware(datetime.combine(SINCE, time(9)))
    usual: dict[str, Any] = {
        "pooling_area": AREA, "agency": AGENCY, "valid_from": SINCE, "state": AgreementState.SIGNED,
        "applied_at": signed - timedelta(days=30), "signed_on": SINCE, "is_demonstration": True,
    }  # fmt: skip
    return Agreement.objects.create(institution=institution, number=number, **(usual | columns))
