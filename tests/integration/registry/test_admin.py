"""The administration: every page opens, people are masked, rights are given and ended with a trace."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import AuditEntry
from registry.models import Guardianship, Institution
from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory, administrator
from tests.factories.registry import (
    CoverageFactory,
    GuardianshipFactory,
    InstitutionFactory,
    PatientFactory,
    PractitionerFactory,
    QualificationFactory,
    id_number,
)

pytestmark = pytest.mark.django_db
MODELS = (
    "accounts_user",
    "registry_institution",
    "registry_department",
    "registry_practitioner",
    "registry_patient",
    "registry_guardianship",
    "registry_verificationrequest",
)


@pytest.fixture
def desk(client: Client) -> User:
    user = administrator()
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens(client: Client, desk: User, model: str) -> None:
    QualificationFactory()
    GuardianshipFactory()
    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200


def test_every_form_opens(client: Client, desk: User) -> None:
    practitioner = QualificationFactory().practitioner
    patient = CoverageFactory().patient
    rows = {
        "accounts_user": practitioner.user_id,
        "registry_institution": practitioner.institution_id,
        "registry_department": practitioner.department_id,
        "registry_practitioner": practitioner.pk,
        "registry_patient": patient.pk,
    }
    for model, pk in rows.items():
        assert client.get(reverse(f"admin:{model}_change", args=[pk])).status_code == 200
    for model in ("accounts_user", "registry_practitioner", "registry_guardianship"):
        assert client.get(reverse(f"admin:{model}_add")).status_code == 200


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.PHARMACIST, Role.FINANCE, Role.REGULATOR])
def test_only_administrators_come_in(client: Client, role: Role) -> None:
    address = reverse("admin:registry_institution_changelist")
    assert (
        client.get(address, follow=True).redirect_chain[-1][0].startswith("/accounts/staff/?next=%2Fadmin%2F")
    )
    client.force_login(StaffFactory(role=role))
    assert client.get(address, follow=True).status_code == 403


def test_patients_are_masked_and_found_by_their_whole_number_only(client: Client, desk: User) -> None:
    patient = PatientFactory(id_number=id_number(500))
    PatientFactory(name="王海燕", id_number=id_number(501))
    address = reverse("admin:registry_patient_changelist")
    everybody = client.get(address).content.decode()
    assert "张*英" in everybody
    assert "张秀英" not in everybody
    assert patient.id_number not in everybody
    page = client.get(address, {"q": patient.id_number}).content.decode()
    assert "张*英" in page
    assert "王*燕" not in page
    assert "王*燕" not in client.get(address, {"q": "王"}).content.decode()


def test_a_change_leaves_a_trace_with_the_names_of_the_fields(client: Client, desk: User) -> None:
    institution = InstitutionFactory()
    address = reverse("admin:registry_institution_change", args=[institution.pk])
    fields = client.get(address).context["adminform"].form.initial
    management = {"departments-TOTAL_FORMS": 0, "departments-INITIAL_FORMS": 0}
    posted = {name: value for name, value in fields.items() if value is not None} | management
    assert client.post(address, posted | {"phone": "400-000-0001"}).status_code == 302
    assert Institution.objects.get().phone == "400-000-0001"
    entry = AuditEntry.objects.get(action="registry.institution.changed")
    assert (entry.by_id, entry.facts) == (desk.pk, {"fields": ["phone"]})


def test_nothing_is_deleted(client: Client, desk: User) -> None:
    practitioner = PractitionerFactory()
    assert (
        client.post(reverse("admin:registry_practitioner_delete", args=[practitioner.pk])).status_code == 403
    )


def test_the_desk_gives_a_right_and_ends_it(client: Client, desk: User) -> None:
    right = GuardianshipFactory()
    helper = UserFactory()
    fields = {"user": helper.pk, "patient": right.patient_id, "relation": "child"}
    assert client.post(reverse("admin:registry_guardianship_add"), fields).status_code == 302
    given = Guardianship.objects.get(user=helper)
    chosen = {"action": "end", "_selected_action": [given.pk]}
    client.post(reverse("admin:registry_guardianship_changelist"), chosen)
    given.refresh_from_db()
    assert given.ended_at is not None
    trace = AuditEntry.objects.filter(subject_type="registry.guardianship", subject_id=str(given.pk))
    assert list(trace.values_list("action", flat=True)) == [
        "registry.guardianship.granted",
        "registry.guardianship.withdrawn",
    ]


def test_a_new_member_of_staff_signs_in_with_her_number(client: Client, desk: User) -> None:
    fields = {
        "username": "doctor09",
        "display_name": "赵新",
        "roles": ["doctor"],
        "password1": "river-stone-84",
        "password2": "river-stone-84",
        "usable_password": "true",
    }
    answer = client.post(reverse("admin:accounts_user_add"), fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = User.objects.get(username="doctor09")
    assert made.roles == ["doctor"]
    assert made.check_password("river-stone-84")
    assert not made.check_password(PASSWORD)
