"""The diagnosis codes, the search for them, the forms, and what the demonstration begins with."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from encounters import demo, operations
from encounters.models import ConsentDocument, DiagnosisCode, Encounter, MedicalRecord
from encounters.operations.catalogue import diagnoses_in_file, load_diagnoses
from encounters.pages.forms import ComplaintForm, ConsentForm, ProofForm
from encounters.queries import current_consent_document, own_records_of, search_diagnoses
from registry import demo as registry_demo
from registry.models import Patient
from tests.factories.accounts import UserFactory, administrator
from tests.factories.encounters import AT, DiagnosisCodeFactory, picture, signed_record, upload
from tests.integration.encounters.conftest import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(db: None) -> None:
    load_diagnoses(diagnoses=diagnoses_in_file(), by=None, at=AT)


def names(text: str, **options: bool) -> list[str]:
    return [code.name for code in search_diagnoses(text, **options)]


def test_the_catalogue_has_72_diseases_and_loads_once(codes: None) -> None:
    assert DiagnosisCode.objects.count() == 72
    assert load_diagnoses(diagnoses=diagnoses_in_file(), by=None, at=AT) == 0


def test_what_somebody_edited_stays(codes: None) -> None:
    DiagnosisCode.objects.filter(name="痛风").update(is_open_online=False)
    load_diagnoses(diagnoses=diagnoses_in_file(), by=None, at=AT)
    assert not DiagnosisCode.objects.get(name="痛风").is_open_online


def test_the_two_national_lists_stay_apart(codes: None) -> None:
    fibrillation = DiagnosisCode.objects.get(name="心房颤动")
    assert (fibrillation.insurance_code, fibrillation.clinical_code) == ("I48.900x004", "I48.x01")
    assert DiagnosisCode.objects.get(name="慢性肾衰竭").insurance_code == "N18.902"


def test_urgent_diseases_are_not_open_online(codes: None) -> None:
    closed = set(DiagnosisCode.objects.filter(is_open_online=False).values_list("name", flat=True))
    assert closed == {"不稳定型心绞痛", "急性心肌梗死", "急性心力衰竭", "慢阻肺急性加重"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("高血压", "高血压"),
        ("gxy", "高血压"),
        ("GXY", "高血压"),
        ("gaoxueya", "高血压"),
        ("E11.900", "2型糖尿病"),
        ("e11", "2型糖尿病"),
        ("gout", "痛风"),
        ("tf", "痛风"),
        ("冠心病", "冠状动脉粥样硬化性心脏病"),
        ("房颤", "心房颤动"),
        ("jiakang", "甲状腺功能亢进症"),
        (" 痛 风 ", "痛风"),
    ],
)
def test_a_disease_is_found_by_name_pinyin_code_english_and_everyday_name(
    codes: None, typed: str, first: str
) -> None:
    assert names(typed)[0] == first


def test_a_part_of_the_name_is_enough(codes: None) -> None:
    assert "2型糖尿病性视网膜病变" in names("视网膜")


def test_what_may_not_be_treated_online_can_be_left_out(codes: None) -> None:
    assert "急性心肌梗死" in names("心肌梗死")
    assert "急性心肌梗死" not in names("心肌梗死", online_only=True)


def test_nothing_typed_shows_the_most_common(codes: None) -> None:
    found = search_diagnoses("", limit=10)
    assert len(found) == 10
    assert {code.group for code in found} == {"高血压", "糖尿病"}


def test_what_means_something_to_a_database_is_plain_text(codes: None) -> None:
    assert names("%") == []
    assert names("_") == []
    assert names("'; drop table") == []


def test_the_list_fragment_keeps_the_chosen_one_first(codes: None, client: Client) -> None:
    gout = DiagnosisCode.objects.get(name="痛风")
    client.force_login(UserFactory())
    page = client.get(
        reverse("encounters:diagnoses"), {"q": "gxy", "disease_id": str(gout.pk)}
    ).content.decode()
    assert page.index("痛风") < page.index("高血压")
    assert page.count(" checked") == 1
    assert client.get(reverse("encounters:diagnoses"), {"q": "<b>", "disease_id": "x"}).status_code == 200


def test_the_list_is_for_who_is_signed_in(client: Client) -> None:
    assert client.get(reverse("encounters:diagnoses")).status_code == 302


# --- Forms ------------------------------------------------------------------------------------------


def test_the_complaint_form_gives_what_the_operation_takes(case: Case) -> None:
    form = ComplaintForm(
        {"complaint": "血压平稳，来续药", "allergies": "无", "disease_id": str(case.disease.pk)}
    )
    assert form.is_valid(), form.errors
    operations.describe(encounter_id=case.encounter.pk, **form.cleaned_data, by=case.user, at=AT)
    assert form.found[0] == case.disease


def test_the_search_button_saves_nothing_yet(case: Case) -> None:
    form = ComplaintForm({"q": "gxy", "find": "1"})
    assert form.wants_search
    assert form.found == [case.disease]


def test_the_proof_form_offers_own_records(case: Case) -> None:
    record = signed_record(case.encounter, *_known(case), at=AT)
    records = list(own_records_of(case.encounter.patient, AT.date()))
    form = ProofForm({"own_record_id": str(record.pk)}, {}, own_records=records)
    assert form.is_valid(), form.errors
    assert form.statement() == {"kind": "own_record", "own_record_id": record.pk}
    with override("en"):
        assert "Hypertension" in str(ProofForm(own_records=records)["own_record_id"])


def _known(case: Case) -> list[DiagnosisCode]:
    case.describe()
    return [case.disease]


def test_the_proof_form_gives_papers_and_statement(case: Case) -> None:
    form = ProofForm(
        {
            "own_record_id": "",
            "kind": "discharge_summary",
            "diagnosed_on": "2026-09-21",
            "hospital_name": "某院",
        },
        {},
    )
    assert form.is_valid(), form.errors
    assert form.uploads == []
    assert {"kind", "diagnosed_on", "hospital_name"} == set(form.statement())


def test_the_consent_form_wants_tick_and_name() -> None:
    assert set(ConsentForm({}).errors) == {"agreed", "signed_name"}


# --- Demonstration ----------------------------------------------------------------------------------


def test_the_demonstration_loads_twice_as_once() -> None:
    registry_demo.load(at=AT)
    demo.load(at=AT)
    demo.load(at=AT + timedelta(days=1))
    assert Encounter.objects.count() == 3
    assert ConsentDocument.objects.count() == 1
    assert all(operations.holds(record) for record in MedicalRecord.objects.all())


@pytest.mark.parametrize(
    ("name", "records"), [("张秀英", ["I10"]), ("张建国", []), ("王海燕", ["E11"]), ("陈静", [])]
)
def test_the_demonstration_patients_can_prove_what_the_story_says(name: str, records: list[str]) -> None:
    registry_demo.load(at=AT)
    demo.load(at=AT)
    own = own_records_of(Patient.objects.get(name=name), AT.date())
    assert [one.code.category for record in own for one in record.diagnoses.all()] == records


def test_the_demonstration_consent_is_in_force_and_has_eight_paragraphs_in_both_languages() -> None:
    registry_demo.load(at=AT)
    demo.load(at=AT)
    document = current_consent_document(AT.date())
    assert document is not None
    assert len(document.body.split("\n\n")) == len(document.body_en.split("\n\n")) == 8


# --- Administration ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["diagnosiscode", "consentdocument", "encounter", "medicalrecord"])
def test_every_list_and_row_opens(case: Case, document: ConsentDocument, client: Client, model: str) -> None:
    case.describe()
    case.write()
    case.sign()
    client.force_login(administrator())
    assert client.get(reverse(f"admin:encounters_{model}_changelist")).status_code == 200
    pk = {
        "diagnosiscode": case.disease.pk, "consentdocument": document.pk, "encounter": case.encounter.pk,
        "medicalrecord": MedicalRecord.objects.get().pk,
    }[model]  # fmt: skip
    page = client.get(reverse(f"admin:encounters_{model}_change", args=[pk]))
    assert page.status_code == 200
    assert "张秀英" not in page.content.decode()
    assert "血压平稳" not in page.content.decode()


def test_a_renamed_disease_is_found_by_its_new_pinyin(client: Client) -> None:
    code = DiagnosisCodeFactory(diabetes=True)
    client.force_login(administrator())
    fields = {
        "name": "消渴症", "name_en": "", "aliases": "", "group": "糖尿病", "group_en": "", "clinical_code": code.clinical_code,
        "insurance_code": code.insurance_code, "insurance_name": "2型糖尿病", "is_open_online": "on",
    }  # fmt: skip
    client.post(reverse("admin:encounters_diagnosiscode_change", args=[code.pk]), fields)
    assert names("xkz") == ["消渴症"]


def test_a_published_consent_is_not_changed_in_the_administration(
    document: ConsentDocument, client: Client
) -> None:
    client.force_login(administrator())
    address = reverse("admin:encounters_consentdocument_change", args=[document.pk])
    assert client.post(address, {"title": "另"}).status_code == 403


# --- Parts of pages ---------------------------------------------------------------------------------


def test_the_picker_shows_the_refusal_beside_the_list(case: Case) -> None:
    form = ComplaintForm({"complaint": "血压平稳，来续药", "allergies": "无"})
    assert not form.is_valid()
    with override("en"):
        part = render_to_string("encounters/_disease_picker.html", {"form": form})
    assert 'id="id_disease_id"' in part
    assert "Choose the disease a hospital has diagnosed." in part
    assert f'value="{case.disease.pk}"' in part


def test_the_consent_text_is_shown_in_the_language_of_the_page() -> None:
    registry_demo.load(at=AT)
    demo.load(at=AT)
    document = ConsentDocument.objects.get()
    for language, words in (("zh-hans", "什么是互联网复诊"), ("en", "What an online re-diagnosis is")):
        with override(language):
            part = render_to_string("encounters/_consent_text.html", {"document": document})
        assert words in part
        assert part.count("<p>") == 8


def test_a_file_name_cannot_become_markup(case: Case) -> None:
    file = operations.add_proof_file(
        encounter_id=case.encounter.pk, upload=upload(picture(), "<img src=x>.jpg"), by=case.user, at=AT
    )
    part = render_to_string("encounters/_proof_files.html", {"files": [file]})
    assert "<img" not in part
    assert f'value="{file.pk}"' in part
