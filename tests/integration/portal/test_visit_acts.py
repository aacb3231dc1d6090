"""What a doctor does in a visit, over the pages."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import Decision, Revisit
from consultations.operations import begin_visit
from consultations.states import RevisitState
from encounters.models import MedicalRecord
from kernel import clock
from registry.models import Practitioner
from tests.factories import portal as factories
from tests.factories.encounters import DiagnosisCodeFactory, another_doctor
from tests.integration.portal.conftest import SignIn

WRITTEN = {
    "chief_complaint": "高血压 6 年，复诊续方。",
    "present_illness": "规律服药，血压 137/85。",
    "past_history": "",
    "allergy_history": "无",
    "examination": "",
    "plan": "续降压药。",
}


@pytest.fixture
def begun(doctor: Practitioner) -> Revisit:
    """A visit that the doctor has begun."""
    assert doctor.user is not None
    revisit = factories.visit(doctor)
    return begin_visit(revisit_id=revisit.pk, by=doctor.user, at=clock.now())


def act(name: str, revisit: Revisit) -> str:
    """Address of an act."""
    return reverse(f"portal:{name}", args=[revisit.encounter.number])


def test_beginning_calls_the_patient(doctor: Practitioner, desk: Client) -> None:
    revisit = factories.visit(doctor)

    there = desk.post(act("begin", revisit))

    assert there.headers["Location"] == act("encounter", revisit)
    revisit.refresh_from_db()
    assert revisit.state == RevisitState.IN_PROGRESS


def test_a_re_diagnosis_opens_the_record_with_what_the_patient_has_stated(
    begun: Revisit, desk: Client
) -> None:
    desk.post(act("decide", begun))

    begun.refresh_from_db()
    assert begun.decision == Decision.REVISIT
    record = MedicalRecord.objects.get(encounter=begun.encounter)
    assert record.chief_complaint == "高血压续方，没有头晕。"
    assert [row.code for row in record.diagnoses.all()] == [DiagnosisCodeFactory()]


def test_deciding_before_beginning_is_refused_in_words(doctor: Practitioner, desk: Client) -> None:
    revisit = factories.visit(doctor)

    page = desk.post(act("decide", revisit), follow=True)

    assert "notice--warning" in page.text
    assert not MedicalRecord.objects.exists()


def test_the_draft_is_kept_while_the_doctor_writes(begun: Revisit, desk: Client) -> None:
    code = DiagnosisCodeFactory(diabetes=True)

    part = desk.post(act("record", begun), WRITTEN | {"diagnosis": [code.pk]}, headers={"HX-Request": "true"})

    assert part.status_code == 200
    record = MedicalRecord.objects.get(encounter=begun.encounter)
    assert record.plan == "续降压药。"
    assert record.signed_at is None
    assert [row.code for row in record.diagnoses.all()] == [code]


def test_a_draft_that_is_too_long_is_refused_beside_the_record(begun: Revisit, desk: Client) -> None:
    part = desk.post(act("record", begun), WRITTEN | {"plan": "长" * 501}, headers={"HX-Request": "true"})

    assert "field__error" in part.text
    assert not MedicalRecord.objects.exists()


def test_the_main_diagnosis_is_the_first_chip(begun: Revisit, desk: Client) -> None:
    first, second = DiagnosisCodeFactory(diabetes=True), DiagnosisCodeFactory()

    desk.post(act("record", begun), WRITTEN | {"diagnosis": [first.pk, second.pk]})

    record = MedicalRecord.objects.get(encounter=begun.encounter)
    assert [row.code for row in record.diagnoses.order_by("number")] == [first, second]


def test_signing_leads_on_to_the_prescription(begun: Revisit, desk: Client) -> None:
    code = DiagnosisCodeFactory()

    there = desk.post(act("record", begun), WRITTEN | {"diagnosis": [code.pk], "do": "sign"})

    assert there.headers["Location"] == f"{act('encounter', begun)}?tab=rx"
    assert MedicalRecord.objects.get(encounter=begun.encounter).signed_at is not None


def test_a_refused_signature_keeps_everything_that_was_typed(begun: Revisit, desk: Client) -> None:
    code = DiagnosisCodeFactory()
    typed = WRITTEN | {
        "present_illness": "",
        "plan": "低盐饮食，一周后复查",
        "diagnosis": [code.pk],
        "do": "sign",
    }

    page = desk.post(act("record", begun), typed)

    assert page.status_code == 422
    assert "低盐饮食，一周后复查" in page.text
    assert f'name="diagnosis" value="{code.pk}"' in page.text
    assert 'id="id_present_illness-error"' in page.text
    record = MedicalRecord.objects.get(encounter=begun.encounter)
    assert (record.plan, record.signed_at) == ("低盐饮食，一周后复查", None)


def test_missing_diagnoses_are_said_beside_the_diagnoses(begun: Revisit, desk: Client) -> None:
    page = desk.post(act("record", begun), WRITTEN | {"do": "sign"})

    assert page.status_code == 422
    assert 'id="id_diagnosis_ids"' in page.text


def test_a_signed_record_can_be_read_and_not_changed(begun: Revisit, desk: Client) -> None:
    signed = WRITTEN | {"diagnosis": [DiagnosisCodeFactory().pk], "do": "sign"}
    desk.post(act("record", begun), signed)

    page = desk.get(act("encounter", begun))

    assert "续降压药。" in page.text
    assert 'id="record-form"' not in page.text
    desk.post(act("record", begun), WRITTEN | {"plan": "另一个"})
    assert MedicalRecord.objects.get(encounter=begun.encounter).plan == "续降压药。"


def test_stopping_tells_the_patient_why(begun: Revisit, desk: Client) -> None:
    there = desk.post(act("stop", begun), {"code": "needs_examination", "reason": "请带上次的化验单。"})

    assert there.headers["Location"] == "/clinic/"
    begun.refresh_from_db()
    assert begun.state == RevisitState.STOPPED
    assert "请带上次的化验单。" in begun.stop_reason


def test_stopping_without_a_reason_keeps_what_was_typed(begun: Revisit, desk: Client) -> None:
    page = desk.post(act("stop", begun), {"reason": "请到门诊。"})

    assert page.status_code == 422
    assert "请到门诊。" in page.text
    begun.refresh_from_db()
    assert begun.state == RevisitState.IN_PROGRESS


def test_a_visit_is_not_finished_before_the_record_is_signed(begun: Revisit, desk: Client) -> None:
    page = desk.post(act("finish", begun), follow=True)

    assert "notice--warning" in page.text
    begun.refresh_from_db()
    assert begun.state == RevisitState.IN_PROGRESS


def test_a_visit_is_finished_from_begin_to_end(begun: Revisit, desk: Client) -> None:
    desk.post(act("decide", begun))
    desk.post(act("record", begun), WRITTEN | {"diagnosis": [DiagnosisCodeFactory().pk], "do": "sign"})

    there = desk.post(act("finish", begun))

    assert there.headers["Location"] == "/clinic/"
    begun.refresh_from_db()
    assert begun.state == RevisitState.COMPLETED


@pytest.mark.parametrize("name", ["begin", "decide", "record", "stop", "finish", "reveal"])
def test_another_doctor_can_do_nothing_in_it(begun: Revisit, signed_in: SignIn, name: str) -> None:
    before = Revisit.objects.values().get(pk=begun.pk)

    reply = signed_in(another_doctor().user).post(act(name, begun), WRITTEN | {"code": "other"})

    assert reply.status_code == 404
    assert Revisit.objects.values().get(pk=begun.pk) == before


@pytest.mark.parametrize("name", ["record", "stop"])
def test_loading_again_after_a_refusal_leads_back_to_the_visit(
    begun: Revisit, desk: Client, name: str
) -> None:
    assert desk.get(act(name, begun)).headers["Location"] == act("encounter", begun)


def test_the_page_says_where_the_visit_stands(begun: Revisit, doctor: Practitioner, now: datetime) -> None:
    from portal.pages.presenters.visit import standing_of

    standing = standing_of(begun, None, now)

    assert (standing.is_under_way, standing.wants_decision, standing.can_write) == (True, True, True)
