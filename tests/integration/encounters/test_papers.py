"""Papers: kept clean and once, seen only by those they are for."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from encounters import operations
from encounters.models import ProofFile
from encounters.queries import proof_file_for
from encounters.uploads import UploadRefused
from kernel.errors import NotFoundForYou
from registry.models import Guardianship, Practitioner
from registry.models.patients import Relation
from registry.models.practitioners import Profession
from tests.factories.accounts import StaffFactory, UserFactory, administrator
from tests.factories.encounters import AT, EncounterFactory, another_doctor, pdf, picture
from tests.factories.registry import (
    DepartmentFactory,
    GuardianshipFactory,
    InstitutionFactory,
    PatientFactory,
    PractitionerFactory,
    id_number,
)
from tests.integration.encounters.conftest import Case

pytestmark = pytest.mark.django_db


def stored(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_paper_is_kept_under_its_hash_not_under_its_name(case: Case, tmp_path: Path) -> None:
    file = case.add_file()
    (path,) = stored(tmp_path)
    assert path.stem == file.sha256
    assert "病历" not in str(path)
    assert file.original_name == "病历.jpg"
    assert path.stat().st_size == file.size


def test_the_same_paper_twice_is_kept_once(case: Case, tmp_path: Path) -> None:
    assert case.add_file() == case.add_file(at=AT + timedelta(minutes=1))
    assert len(stored(tmp_path)) == 1


def test_nine_papers_are_the_most(case: Case) -> None:
    for number in range(9):
        case.add_file(picture(size=(40 + 2 * number, 20)))
    with pytest.raises(UploadRefused) as refused:
        case.add_file(picture(size=(10, 10)))
    assert refused.value.field == "files"
    assert ProofFile.objects.count() == 9


def test_a_refused_file_leaves_nothing(case: Case, tmp_path: Path) -> None:
    with pytest.raises(UploadRefused):
        case.add_file(pdf(script="app.alert(1)"))
    assert not ProofFile.objects.exists()
    assert stored(tmp_path) == []


def test_a_paper_taken_back_is_gone(
    case: Case, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    file = case.add_file()
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove_proof_file(encounter_id=case.encounter.pk, file_id=file.pk, by=case.user, at=AT)
    assert not ProofFile.objects.exists()
    assert stored(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_paper_that_the_disk_keeps_is_taken_back_all_the_same(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_which: object) -> None:
        raise OSError("read-only file system")

    file = case.add_file()
    monkeypatch.setattr(type(file.file.storage._wrapped), "delete", stuck)
    operations.remove_proof_file(encounter_id=case.encounter.pk, file_id=file.pk, by=case.user, at=AT)
    assert not ProofFile.objects.exists()


def test_taking_back_in_one_visit_leaves_the_same_paper_in_another(
    case: Case, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    other = EncounterFactory(patient=case.encounter.patient, practitioner=case.encounter.practitioner)
    kept = Case(other, case.user, case.disease).add_file()
    file = case.add_file()
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove_proof_file(encounter_id=case.encounter.pk, file_id=file.pk, by=case.user, at=AT)
    with ProofFile.objects.get(pk=kept.pk).file.open("rb") as content:
        assert content.read()


def test_a_paper_of_another_encounter_cannot_be_taken_back(case: Case) -> None:
    other = EncounterFactory(patient=case.encounter.patient, practitioner=case.encounter.practitioner)
    file = Case(other, case.user, case.disease).add_file()
    with pytest.raises(NotFoundForYou):
        operations.remove_proof_file(encounter_id=case.encounter.pk, file_id=file.pk, by=case.user, at=AT)


def test_nobody_adds_a_paper_for_a_stranger(case: Case, tmp_path: Path) -> None:
    with pytest.raises(NotFoundForYou):
        case.add_file(by=UserFactory())
    assert stored(tmp_path) == []


# --- Who sees it ------------------------------------------------------------------------------------


def pharmacist(**fields: Any) -> User:
    named: dict[str, Any] = {
        "user": StaffFactory(role=Role.PHARMACIST), "profession": Profession.PHARMACIST.value, "id_fingerprint": "p",
    }  # fmt: skip
    user: User = PractitionerFactory(**(named | fields)).user
    return user


def test_patient_family_doctor_and_pharmacist_see_a_paper(case: Case) -> None:
    file = case.add_file()
    daughter = UserFactory()
    GuardianshipFactory(user=daughter, patient=case.encounter.patient, relation=Relation.PARENT.value)
    for user in (case.user, daughter, case.doctor, pharmacist()):
        assert proof_file_for(user, file.pk) == file


def test_nobody_else_sees_it(case: Case) -> None:
    file = case.add_file()
    elsewhere = DepartmentFactory(institution=InstitutionFactory(code="H33010000002", name="另一医院"))
    strangers: tuple[Any, ...] = (
        UserFactory(),
        GuardianshipFactory(user=UserFactory(), patient=PatientFactory(id_number=id_number(401))).user,
        another_doctor().user,
        pharmacist(department=elsewhere),
        pharmacist(is_active=False, id_fingerprint="q"),
        administrator(),
    )
    for user in strangers:
        with pytest.raises(NotFoundForYou):
            proof_file_for(user, file.pk)


def test_who_no_longer_acts_or_practises_no_longer_sees_it(case: Case) -> None:
    file = case.add_file()
    Guardianship.objects.update(ended_at=AT)
    Practitioner.objects.update(is_active=False)
    for user in (case.user, case.doctor):
        with pytest.raises(NotFoundForYou):
            proof_file_for(user, file.pk)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(picture(), "image/jpeg", id="picture"),
        pytest.param(pdf(), "application/pdf", id="pdf"),
    ],
)
def test_the_page_shows_the_paper_and_lets_it_do_nothing(
    case: Case, client: Client, content: bytes, kind: str
) -> None:
    file = case.add_file(content)
    client.force_login(case.user)
    response = client.get(reverse("encounters:proof_file", args=[file.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == kind
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Content-Disposition"].startswith("inline")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert ("sandbox" in policy) == (kind == "image/jpeg")
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_the_page_does_not_exist_for_others(case: Case, client: Client) -> None:
    file = case.add_file()
    address = reverse("encounters:proof_file", args=[file.pk])
    assert client.get(address).status_code == 302
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    assert client.get(reverse("encounters:proof_file", args=[file.pk + 1])).status_code == 404
