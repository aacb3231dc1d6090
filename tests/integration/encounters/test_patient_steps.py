"""What the patient states before a visit: complaint, proof, consent."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from audit.models import AuditEntry
from encounters import operations
from encounters.errors import ConsentRefused, EncounterFixed
from encounters.models import Consent, ConsentDocument, Encounter, FirstVisitProof
from encounters.queries import missing_before_payment
from kernel.errors import NotFoundForYou, RulesBroken
from registry.models.patients import Relation
from tests.factories.accounts import UserFactory
from tests.factories.encounters import (
    AT,
    ConsentDocumentFactory,
    DiagnosisCodeFactory,
    EncounterFactory,
    signed_record,
)
from tests.factories.registry import GuardianshipFactory, PatientFactory, id_number
from tests.integration.encounters.conftest import Case

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def acts(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def rules_of(broken: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [violation.rule for violation in broken.value.violations]


# --- Complaint --------------------------------------------------------------------------------------


def test_she_describes_how_she_is(case: Case) -> None:
    case.describe(complaint="  血压平稳，来续药 ")
    encounter = Encounter.objects.get()
    assert (encounter.complaint, encounter.allergies) == ("血压平稳，来续药", "无")
    assert encounter.known_disease == case.disease
    assert acts("encounters.described") == 1


def test_saying_the_same_twice_is_written_down_once(case: Case) -> None:
    case.describe()
    case.describe()
    assert acts("encounters.described") == 1


def test_everything_missing_is_named_at_once(case: Case) -> None:
    with pytest.raises(RulesBroken) as broken:
        case.describe(complaint=" 痛 ", allergies=" ", disease_id=None)
    assert [violation.field for violation in broken.value.violations] == [
        "complaint",
        "allergies",
        "disease_id",
    ]
    assert Encounter.objects.get().complaint == ""


def test_a_disease_that_needs_care_at_once_is_refused_at_once(case: Case) -> None:
    with pytest.raises(RulesBroken) as broken:
        case.describe(disease_id=DiagnosisCodeFactory(infarction=True).pk)
    assert rules_of(broken) == ["V-07"]
    assert case.encounter.institution.phone in str(broken.value.violations[0].way_on)


def test_nobody_else_can_describe_it(case: Case) -> None:
    with pytest.raises(NotFoundForYou):
        case.describe(by=GuardianshipFactory(patient__id_number=id_number(101)).user)


def test_after_the_beginning_nothing_is_changed(case: Case) -> None:
    Encounter.objects.update(begun_at=AT)
    with pytest.raises(EncounterFixed):
        case.describe()
    with pytest.raises(EncounterFixed):
        case.add_file()
    with pytest.raises(EncounterFixed):
        case.state()


def test_an_outer_rollback_keeps_nothing(case: Case, document: ConsentDocument) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        case.describe()
        case.add_file()
        case.state()
        case.consent(document)
        raise ZeroDivisionError
    assert Encounter.objects.get().complaint == ""
    assert not FirstVisitProof.objects.exists()
    assert not Consent.objects.exists()
    assert not AuditEntry.objects.exists()


# --- Proof ------------------------------------------------------------------------------------------


def test_a_paper_of_the_same_disease_is_accepted(case: Case) -> None:
    case.describe()
    case.add_file()
    proof = case.state(hospital_name=" 演示市第二人民医院 ")
    assert (proof.disease, proof.hospital_name) == (case.disease, "演示市第二人民医院")
    assert acts("encounters.proof_stated") == 1


@pytest.mark.parametrize(("age", "broken"), [(180, []), (181, ["V-12"])])
def test_the_setting_says_how_old_a_proof_may_be(case: Case, age: int, broken: list[str]) -> None:
    case.describe()
    case.add_file()
    if not broken:
        assert case.state(diagnosed_on=TODAY - timedelta(days=age)).pk
        return
    with pytest.raises(RulesBroken) as refused:
        case.state(diagnosed_on=TODAY - timedelta(days=age))
    assert rules_of(refused) == broken


def test_the_day_is_the_one_in_hangzhou(case: Case) -> None:
    case.describe()
    case.add_file()
    just_after_midnight = AT.replace(hour=16, minute=1)  # 00:01 on 21 November there
    with pytest.raises(RulesBroken):
        case.state(diagnosed_on=TODAY - timedelta(days=180), at=just_after_midnight)


def test_every_reason_against_a_proof_is_named(case: Case) -> None:
    case.describe()
    with pytest.raises(RulesBroken) as refused:
        case.state(
            disease_id=DiagnosisCodeFactory(diabetes=True).pk, diagnosed_on=TODAY - timedelta(days=300)
        )
    assert rules_of(refused) == ["V-03", "V-04", "V-12"]
    assert not FirstVisitProof.objects.exists()


def test_stating_nothing_is_a_first_visit(case: Case) -> None:
    case.describe()
    with pytest.raises(RulesBroken) as refused:
        case.state(kind="", diagnosed_on=None, hospital_name=" ")
    assert rules_of(refused) == ["V-02"]


def test_a_paper_without_a_statement_is_refused_field_by_field(case: Case) -> None:
    case.describe()
    case.add_file()
    with pytest.raises(RulesBroken) as refused:
        case.state(kind="", diagnosed_on=None, hospital_name=" ")
    assert [violation.field for violation in refused.value.violations] == [
        "kind",
        "diagnosed_on",
        "hospital_name",
    ]


def test_the_complaint_comes_first(case: Case) -> None:
    with pytest.raises(RulesBroken) as refused:
        case.state()
    assert [violation.field for violation in refused.value.violations] == ["disease_id"]


def test_a_second_statement_replaces_the_first(case: Case) -> None:
    case.describe()
    case.add_file()
    case.state()
    case.state(kind="discharge_summary", diagnosed_on=TODAY - timedelta(days=10))
    proof = FirstVisitProof.objects.get()
    assert (proof.kind, proof.diagnosed_on) == ("discharge_summary", TODAY - timedelta(days=10))


def test_the_same_statement_twice_is_written_down_once(case: Case) -> None:
    case.describe()
    case.add_file()
    case.state()
    case.state()
    assert acts("encounters.proof_stated") == 1


def own_visit(case: Case, days: int, **fields: object) -> Encounter:
    opened = AT - timedelta(days=days)
    encounter: Encounter = EncounterFactory(
        kind="outpatient",
        patient=case.encounter.patient,
        practitioner=case.encounter.practitioner,
        opened_at=opened,
        **fields,
    )
    return encounter


def test_a_record_of_this_hospital_is_proof_without_papers(case: Case) -> None:
    case.describe()
    record = signed_record(
        own_visit(case, 60), DiagnosisCodeFactory(diabetes=True), case.disease, at=AT - timedelta(days=60)
    )
    proof = case.state(kind="own_record", own_record_id=record.pk, diagnosed_on=None, hospital_name="")
    assert (proof.own_record, proof.disease) == (record, case.disease)
    assert proof.diagnosed_on == TODAY - timedelta(days=60)
    assert proof.hospital_name == case.encounter.institution.name


def test_an_own_record_of_another_disease_or_too_old_is_refused(case: Case) -> None:
    case.describe()
    record = signed_record(
        own_visit(case, 300), DiagnosisCodeFactory(diabetes=True), at=AT - timedelta(days=300)
    )
    with pytest.raises(RulesBroken) as refused:
        case.state(kind="own_record", own_record_id=record.pk)
    assert rules_of(refused) == ["V-03", "V-12"]


def test_nobody_uses_the_record_of_another_patient(case: Case) -> None:
    case.describe()
    stranger = EncounterFactory(
        kind="outpatient",
        practitioner=case.encounter.practitioner,
        patient=PatientFactory(id_number=id_number(201)),
    )
    record = signed_record(stranger, case.disease, at=AT - timedelta(days=10))
    with pytest.raises(NotFoundForYou):
        case.state(kind="own_record", own_record_id=record.pk)


# --- Consent ----------------------------------------------------------------------------------------


def test_she_signs_with_her_name(case: Case, document: ConsentDocument) -> None:
    consent = case.consent(document, signed_name=" 张 秀英 ")
    assert (consent.text_hash, consent.signed_name, consent.ip_address) == (
        document.text_hash,
        "张秀英",
        "127.0.0.1",
    )
    assert consent.signed_by == case.user
    assert acts("encounters.consent_signed") == 1


def test_signing_twice_signs_once(case: Case, document: ConsentDocument) -> None:
    first = case.consent(document)
    assert case.consent(document, at=AT + timedelta(minutes=1)) == first
    assert Consent.objects.get().signed_at == AT
    assert acts("encounters.consent_signed") == 1


def test_another_name_is_no_signature(case: Case, document: ConsentDocument) -> None:
    with pytest.raises(ConsentRefused) as refused:
        case.consent(document, signed_name="张三")
    assert refused.value.field == "signed_name"


def test_an_older_version_cannot_be_signed(case: Case, document: ConsentDocument) -> None:
    ConsentDocumentFactory(in_force_from=TODAY)
    with pytest.raises(ConsentRefused):
        case.consent(document)


def test_a_version_of_tomorrow_does_not_count_yet(case: Case, document: ConsentDocument) -> None:
    ConsentDocumentFactory(in_force_from=TODAY + timedelta(days=1))
    assert case.consent(document).document == document


def test_a_daughter_signs_with_her_own_name(case: Case, document: ConsentDocument) -> None:
    daughter = GuardianshipFactory(
        user=UserFactory(), patient=PatientFactory(name="王海燕", id_number=id_number(301, date(1979, 5, 20)))
    ).user
    GuardianshipFactory(user=daughter, patient=case.encounter.patient, relation=Relation.PARENT.value)
    with pytest.raises(ConsentRefused):
        case.consent(document, by=daughter, signed_name="张秀英")
    assert case.consent(document, by=daughter, signed_name="王海燕").signed_by == daughter


def test_a_stranger_signs_nothing(case: Case, document: ConsentDocument) -> None:
    with pytest.raises(NotFoundForYou):
        case.consent(document, by=UserFactory())


# --- All of it --------------------------------------------------------------------------------------


def test_what_is_missing_before_paying_is_named_step_by_step(case: Case, document: ConsentDocument) -> None:
    def missing() -> list[str]:
        encounter = Encounter.objects.select_related("known_disease", "institution").get()
        return [violation.rule for violation in missing_before_payment(encounter, TODAY)]

    assert missing() == ["C-03", "C-03", "V-02", "C-01"]
    case.describe()
    assert missing() == ["V-02", "C-01"]
    file = case.add_file()
    case.state()
    assert missing() == ["C-01"]
    case.consent(document)
    assert missing() == []
    operations.remove_proof_file(encounter_id=case.encounter.pk, file_id=file.pk, by=case.user, at=AT)
    assert missing() == ["V-04"]
