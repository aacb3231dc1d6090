"""Whether a service can be brought before the insurance: agreements and rules as they are stored."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from encounters.models import Encounter
from insurance.models import Agreement, AgreementKind, InsuredService, PayableRule
from insurance.operations import agreements as operations
from insurance.queries.eligibility import Eligibility, eligibility_of
from kernel import clock
from tests.factories.encounters import AT, DiagnosisCodeFactory, EncounterFactory
from tests.factories.insurance import AgreementFactory, supplement_of

pytestmark = pytest.mark.django_db
DAY = clock.day_of(AT)


@pytest.fixture
def encounter() -> Encounter:
    """An online re-diagnosis of hypertension."""
    return EncounterFactory(known_disease=DiagnosisCodeFactory())


def asked(
    encounter: Encounter,
    service: str = InsuredService.ONLINE_REVISIT,
    *,
    prescribed: bool = True,
    later: int = 0,
) -> Eligibility:
    """For a day ``later`` days after the visit."""
    on = DAY + timedelta(days=later)
    return eligibility_of(
        encounter=encounter, service=InsuredService(service), on=on, has_prescription=prescribed
    )


def rule_of(answer: Eligibility) -> str:
    """The number of the broken rule."""
    return answer.violation.rule if answer.violation else ""


def test_a_re_diagnosis_at_a_hospital_with_both_agreements_is_payable(encounter: Encounter) -> None:
    answer = asked(encounter)
    assert answer.is_payable
    assert answer.agreement == supplement_of(encounter.institution)
    assert answer.rule.pooling_area == "330100"


def test_the_drugs_of_a_re_diagnosis_are_payable_only_with_a_prescription(encounter: Encounter) -> None:
    assert asked(encounter, InsuredService.REVISIT_DRUGS).is_payable
    assert rule_of(asked(encounter, InsuredService.REVISIT_DRUGS, prescribed=False)) == "IN-08"


@pytest.mark.parametrize(
    "service",
    [
        InsuredService.FIRST_VISIT, InsuredService.DELIVERY, InsuredService.HOME_NURSING,
        InsuredService.REMOTE_CONSULTATION,
    ],
)  # fmt: skip
def test_what_no_rule_of_the_area_pays_for_is_refused(encounter: Encounter, service: str) -> None:
    assert rule_of(asked(encounter, service)) == "IN-07"


def test_a_chronic_re_diagnosis_needs_the_agreement_to_name_it(encounter: Encounter) -> None:
    assert rule_of(asked(encounter, InsuredService.CHRONIC_REVISIT)) == "IN-05"
    Agreement.objects.filter(kind=AgreementKind.INTERNET_PLUS).update(
        services=[InsuredService.CHRONIC_REVISIT]
    )
    assert asked(encounter, InsuredService.CHRONIC_REVISIT).is_payable
    encounter.known_disease = None
    assert rule_of(asked(encounter, InsuredService.CHRONIC_REVISIT)) == "IN-09"


def test_the_designated_agreement_alone_covers_nothing_online(encounter: Encounter) -> None:
    Agreement.objects.filter(kind=AgreementKind.INTERNET_PLUS).delete()
    assert rule_of(asked(encounter)) == "IN-01"


def test_a_suspension_of_the_main_agreement_stops_the_supplement(encounter: Encounter) -> None:
    main = Agreement.objects.get(kind=AgreementKind.DESIGNATED)
    operations.suspend_agreement(
        agreement_id=main.pk, from_on=DAY, until_on=DAY + timedelta(days=3), reason="飞行检查整改",
        document_number="", by=None, at=AT,
    )  # fmt: skip
    assert [rule_of(asked(encounter, later=days)) for days in (-1, 0, 2, 3)] == ["", "IN-06", "IN-06", ""]
    with override("en"):
        assert "飞行检查整改" in str(asked(encounter).violation.message)


def test_another_hospitals_agreement_is_no_help(encounter: Encounter) -> None:
    AgreementFactory(supplement=True, institution__code="H33010000002")
    Agreement.objects.filter(institution=encounter.institution).exclude(kind="designated").delete()
    assert rule_of(asked(encounter)) == "IN-01"


def test_a_rule_of_the_area_begins_on_its_day(encounter: Encounter) -> None:
    PayableRule.objects.create(
        pooling_area="330100", service=InsuredService.ONLINE_REVISIT, is_payable=False, valid_from=DAY,
        source="演示停付", grade="G",
    )  # fmt: skip
    assert [rule_of(asked(encounter, later=days)) for days in (-1, 0)] == ["", "IN-07"]
    assert asked(encounter).violation.source == "演示停付"


def test_the_number_of_statements_does_not_grow_with_agreements(encounter: Encounter) -> None:
    for _number in range(5):
        made = AgreementFactory(supplement=True, institution=encounter.institution)
        operations.suspend_agreement(
            agreement_id=made.pk, from_on=DAY, until_on=None, reason="x", document_number="", by=None, at=AT
        )
    encounter = Encounter.objects.select_related("institution", "coverage", "known_disease").get()
    with CaptureQueriesContext(connection) as asked_of_database:
        assert asked(encounter).is_payable
    assert len(asked_of_database) == 2
