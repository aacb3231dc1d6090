"""Agreements with the medical insurance, and what it pays for."""

from datetime import UTC, date, datetime
from typing import Any

import factory

from insurance.demo import RULE
from insurance.models import Agreement, AgreementKind, InsuredService, PayableRule
from insurance.operations.payable import payable_rules_in_file
from insurance.states import AgreementState
from registry.models import Institution

LONG_AGO = date(2024, 1, 1)
APPLIED_AT = datetime(2023, 12, 1, 1, 0, tzinfo=UTC)


class AgreementFactory(factory.django.DjangoModelFactory[Agreement]):
    """A designated institution's agreement in force since 2024 without an end."""

    class Meta:
        model = Agreement

    kind = AgreementKind.DESIGNATED.value
    institution = factory.SubFactory("tests.factories.registry.InstitutionFactory")
    number = factory.Sequence(lambda n: f"协议-{n:04d}")
    pooling_area = "330100"
    agency = "演示市医疗保险服务中心"
    services = factory.LazyFunction(list)
    valid_from = LONG_AGO
    signed_on = LONG_AGO
    applied_at = APPLIED_AT
    state = AgreementState.SIGNED.value

    class Params:
        supplement = factory.Trait(
            kind=AgreementKind.INTERNET_PLUS.value,
            main=factory.SubFactory(
                "tests.factories.insurance.AgreementFactory",
                institution=factory.SelfAttribute("..institution"),
                pooling_area=factory.SelfAttribute("..pooling_area"),
            ),
            services=factory.LazyFunction(
                lambda: [InsuredService.ONLINE_REVISIT.value, InsuredService.REVISIT_DRUGS.value]
            ),
        )


def insured_by_default(institution: Institution) -> None:
    """Every hospital of the tests may settle online, unless a test takes it away."""
    if Agreement.objects.filter(institution=institution).exists():
        return
    AgreementFactory(institution=institution, supplement=True, pooling_area=institution.region_code)
    known = set(PayableRule.objects.values_list("pooling_area", "service"))
    rows: list[dict[str, Any]] = [*payable_rules_in_file(), RULE | {"pooling_area": institution.region_code}]
    PayableRule.objects.bulk_create(
        PayableRule(**row) for row in rows if (row["pooling_area"], row["service"]) not in known
    )


def supplement_of(institution: Institution) -> Agreement:
    """The "Internet+" agreement that the tests give it."""
    return Agreement.objects.get(institution=institution, kind=AgreementKind.INTERNET_PLUS)
