"""3101, 3102 and 3103 between the product and the simulated insurer."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from encounters.models import Diagnosis, MedicalRecord
from insurance.models import Claim, GatewayMessage
from insurance.operations.insurer import insurer_of
from insurance.operations.visits import ensure_registered
from kernel import clock
from screening import operations
from screening.models import Analysis, Asked, HandlingReport
from screening.queries import look
from screening.queries.orders import diagnoses_of
from screening.rules.facts import OrderFacts
from screening.rules.kinds import Effect, Moment
from tests.factories import screening as factory
from tests.integration.insurance.conftest import bill, claim, patient, simulators, user, work
from tests.verification.simulators import Simulators

__all__ = ["bill", "claim", "patient", "simulators", "user", "work"]

pytestmark = pytest.mark.django_db(transaction=True)
SIGNING = Moment.BEFORE_SIGNING


@pytest.fixture
def order(claim: Claim) -> OrderFacts:
    """Diazepam for a person and a visit that the insurer knows."""
    registration = claim.registration
    encounter = registration.encounter
    record = MedicalRecord.objects.create(
        encounter=encounter, written_by=encounter.practitioner, changed_at=clock.now()
    )
    Diagnosis.objects.create(record=record, number=1, code=encounter.known_disease)
    ensure_registered(registration, insurer_of(encounter.institution))
    diazepam = factory.line(
        name="地西泮片", national_code="XN05BAD001", code="XN05BAD001", amount=Decimal("12.00")
    )
    return factory.order(
        diazepam, encounter=encounter.number, prescriber=encounter.practitioner.insurance_code,
        diagnoses=diagnoses_of(encounter), at=clock.now(), insurance_type="310",
    )  # fmt: skip


def asked(order: OrderFacts, moment: Moment = SIGNING) -> str:
    return operations.analyse(order, moment=moment, at=clock.now())


def test_the_same_content_is_asked_about_once_and_what_is_found_is_answered_to_the_insurer(
    order: OrderFacts, simulators: Simulators, work: Callable[[], None]
) -> None:
    assert asked(order) == asked(order) == Asked.ANSWERED
    assert GatewayMessage.objects.filter(transaction_code="3101").count() == 1
    (one,) = look(order, SIGNING)
    assert (one.effect, one.lines, one.origin) == (Effect.WARN, (1,), "insurer")
    assert "超互联网医院药品支付范围" in one.message.zh

    amended = replace(
        order, lines=(factory.line(number=1, code="A1", national_code="XC08CAA001", name="氨氯地平片"),)
    )
    assert asked(amended) == Asked.ANSWERED
    assert look(amended, SIGNING) == ()
    result = operations.screen(amended, moment=SIGNING, by=None, at=clock.now())
    (report,) = operations.report_handling_later(result.screening)
    work()
    report.refresh_from_db()
    assert report.is_told, report.error
    assert [answer["way"] for answer in report.answers] == ["2"]
    work()
    assert GatewayMessage.objects.filter(transaction_code="3103").count() == 1


def test_going_on_is_told_with_its_reason(
    order: OrderFacts, simulators: Simulators, work: Callable[[], None]
) -> None:
    asked(order)
    (one,) = look(order, SIGNING)
    result = operations.screen(
        order, moment=SIGNING, answers={one.key: "住院期间已用"}, by=None, at=clock.now()
    )
    operations.report_handling_later(result.screening)
    work()
    assert HandlingReport.objects.get().is_told
    assert "住院期间已用" in GatewayMessage.objects.get(transaction_code="3103").request_text


def test_before_charging_it_is_asked_by_another_transaction(
    order: OrderFacts, simulators: Simulators
) -> None:
    assert asked(order, Moment.BEFORE_CHARGING) == Asked.ANSWERED
    assert GatewayMessage.objects.filter(transaction_code="3102").count() == 1
    assert look(order, SIGNING) == ()


def test_silence_ends_after_the_patience_of_a_doctor_and_is_kept(
    order: OrderFacts, simulators: Simulators, settings
) -> None:
    from insurance.operations import insurer

    settings.INSURANCE_AUDIT_SECONDS = 0.3
    insurer._client.cache_clear()
    simulators.control(
        "insurer", "faults", infno="3101", kind="silent_before_commit", count=1, delay_seconds=2
    )
    assert asked(order) == Asked.SILENT
    assert Analysis.objects.get().milliseconds < 3000
    assert look(order, SIGNING) == ()
    assert asked(order) == Asked.ANSWERED  # the next press of the button asks again


def test_a_refusal_is_kept_with_its_words_and_local_rules_decide(
    order: OrderFacts, simulators: Simulators
) -> None:
    registration = Claim.objects.get().registration
    registration.person_number = "NOBODY"
    registration.save()
    assert asked(order) == Asked.REFUSED
    assert Analysis.objects.get().reason


def test_what_has_no_diagnosis_is_not_asked_about(order: OrderFacts) -> None:
    assert asked(replace(order, diagnoses=())) == Asked.NOT_ASKED


def test_the_insurer_is_never_asked_inside_a_transaction(order: OrderFacts, simulators: Simulators) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        asked(order)
