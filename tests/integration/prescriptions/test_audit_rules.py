"""Audit rules of the insurance beside the rules of the prescription: shown, answered, kept, denied."""

from decimal import Decimal

import pytest

from prescriptions.models import Drug, Finding, Prescription
from prescriptions.operations import DraftLine, submit
from prescriptions.rules import RULE_COUNT
from prescriptions.states import PrescriptionState
from screening.errors import ScreeningRefused
from screening.models import Screening
from screening.rules.kinds import Kind
from tests.factories import prescriptions as rx
from tests.factories import screening as factory
from tests.factories.prescriptions import AT
from tests.factories.registry import CoverageFactory, InstitutionFactory, PractitionerFactory
from tests.integration.prescriptions.conftest import SignIn
from tests.integration.prescriptions.test_editor_pages import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> rx.Visit:
    """An insured patient's visit."""
    seen = rx.visit()
    seen.encounter.coverage = CoverageFactory(patient=seen.patient)
    seen.encounter.save()
    return seen


@pytest.fixture
def desk(signed_in: SignIn, visit: rx.Visit) -> Desk:
    return Desk(visit, signed_in(visit.doctor_user))


def limited(kind: Kind, effect: str, **point) -> Drug:
    """A medicine that a rule of a kind speaks of."""
    drug = rx.DrugFactory()
    factory.knowledge(factory.rule("SR-91", kind, effect=effect), drug.generic_name, drug.code, **point)
    return drug


def test_a_warned_medicine_is_signed_with_a_reason_that_is_kept_on_both_sides(desk: Desk) -> None:
    drug = limited(Kind.SECOND_LINE, "warn")
    text = desk.act("lines/", drug_id=drug.pk)
    assert "SR-91" in text
    assert "限二线使用" in text
    desk.act("submit/")
    assert desk.draft.state == PrescriptionState.DRAFT
    stopped = Screening.objects.get()
    assert (stopped.outcome, stopped.findings.get().reason) == ("stopped", "")
    desk.act("keep/", key="SR-91:1", reason="一线药不耐受")
    desk.act("submit/")
    signed = Prescription.objects.get()
    assert signed.state == PrescriptionState.SUBMITTED
    kept = Finding.objects.get(prescription=signed, rule="SR-91")
    assert kept.keep_reason == "一线药不耐受"
    assert kept.keep_signature
    went_on = Screening.objects.exclude(pk=stopped.pk).get()
    assert (went_on.outcome, went_on.order_key) == ("answered", str(signed))
    assert went_on.findings.get().reason == "一线药不耐受"


def test_a_denied_medicine_cannot_be_signed_whatever_is_written(desk: Desk) -> None:
    drug = limited(Kind.VISIT_MODE, "deny", limit="inpatient")
    text = desk.act("lines/", drug_id=drug.pk)
    assert "限住院使用时支付" in text
    assert 'name="reason"' not in text
    desk.act("keep/", key="SR-91:1", reason="需要")
    desk.act("submit/")
    assert desk.draft.signed_at is None
    desk.act("submit/")
    assert Screening.objects.get().outcome == "stopped"  # the same content is remembered once


def test_who_pays_herself_gets_what_the_fund_denies(signed_in: SignIn) -> None:
    drug = limited(Kind.VISIT_MODE, "deny", limit="inpatient")
    visit = rx.visit()
    line = DraftLine(drug.pk, Decimal(5), "qd", 7, timing="morning")
    assert rx.signed(visit, line).state == PrescriptionState.SUBMITTED


def test_what_only_records_is_kept_and_not_shown(desk: Desk) -> None:
    drug = limited(Kind.SECOND_LINE, "record")
    assert "SR-91" not in desk.act("lines/", drug_id=drug.pk)
    desk.act("submit/")
    assert Screening.objects.get().findings.get().effect == "record"
    assert not Finding.objects.filter(rule="SR-91").exists()


def test_what_p01_says_is_said_once(desk: Desk) -> None:
    drug = rx.DrugFactory(generic_name="地西泮片", special_class="psychotropic_2")
    rule = factory.rule("SR-91", Kind.CONTROLLED_ONLINE, effect="deny", same_as="P-01", is_only_insured=False)
    factory.knowledge(rule, drug.generic_name, drug.code)
    text = desk.act("lines/", drug_id=drug.pk)
    assert "P-01" in text
    assert "SR-91" not in text


def test_the_same_medicine_from_another_institution_is_told(visit: rx.Visit, desk: Desk) -> None:
    factory.rule("SR-91", Kind.ELSEWHERE, thresholds={"least_days": "0"})
    drug = rx.DrugFactory()
    hospital = InstitutionFactory(code="H33010000009", name="演示市第二人民医院")
    doctor = PractitionerFactory(institution=hospital)
    there = rx.visit(patient=visit.patient, patient_user=visit.patient_user, practitioner=doctor)
    line = DraftLine(drug.pk, Decimal(5), "qd", 7, timing="morning")
    rx.passed(rx.signed(there, line), by=rx.pharmacist(institution=hospital))
    text = desk.act("lines/", drug_id=drug.pk)
    assert "演示市第二人民医院" in text


def test_a_rule_that_denies_by_the_time_of_charging_stops_the_pass(visit: rx.Visit) -> None:
    drug = rx.DrugFactory()
    line = DraftLine(drug.pk, Decimal(5), "qd", 7, timing="morning")
    signed = rx.signed(visit, line)
    factory.knowledge(
        factory.rule("SR-91", Kind.VISIT_MODE, effect="deny"), drug.generic_name, drug.code, limit="inpatient"
    )
    with pytest.raises(ScreeningRefused) as refusal:
        rx.passed(signed)
    assert [each.rule for each in refusal.value.violations] == ["SR-91"]
    signed.refresh_from_db()
    assert signed.state == PrescriptionState.SUBMITTED
    assert signed.bill is None


def test_a_reason_given_at_signing_holds_when_it_is_charged(visit: rx.Visit) -> None:
    drug = limited(Kind.SECOND_LINE, "warn")
    line = DraftLine(drug.pk, Decimal(5), "qd", 7, timing="morning")
    written = rx.draft(visit, line)
    signed = submit(
        prescription_id=written.pk, overrides={"SR-91:1": "一线药不耐受"}, by=visit.doctor_user, at=AT
    )
    assert rx.passed(signed).state == PrescriptionState.EFFECTIVE
    charged = Screening.objects.get(moment="before_charging")
    assert (charged.outcome, charged.findings.get().reason) == ("answered", "一线药不耐受")


def test_the_editor_counts_the_rules_in_force_and_says_that_the_insurance_is_asked(desk: Desk) -> None:
    desk.browser.cookies["django_language"] = "en"
    before = desk.act("lines/", drug_id=rx.DrugFactory().pk)
    factory.rule("SR-91")
    factory.rule("SR-92", is_on=False)
    after = desk.look()
    assert "the insurance is asked when you sign" in after
    assert f"{RULE_COUNT} rules checked" in before
    assert f"{RULE_COUNT + 1} rules checked" in after
