"""The pages of Me: errors beside the field, what was typed kept, one step after the other."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from registry.gateway.messages import RealNameResult
from registry.models import Guardianship, VerificationRequest
from registry.models.patients import Relation
from registry.queries import coverage_of, patients_of, self_of
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.registry import CoverageFactory, GuardianshipFactory, InstitutionFactory, id_number
from tests.integration.registry.conftest import AT, Register

pytestmark = pytest.mark.django_db

NUMBER = id_number(982)
REAL_NAME = "/me/real-name/"
FAMILY = "/me/family/add/"


@pytest.fixture
def user(client: Client) -> User:
    made: User = UserFactory(mobile="13800000001", display_name="138****0001")
    client.force_login(made)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return made


def errors(html: str) -> dict[str, str]:
    """Field name to the message beside it."""
    return dict(re.findall(r'id="id_(\w+)-error">.*?<span>(.*?)</span>', html, re.DOTALL))


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(client: Client) -> None:
    assert client.get(REAL_NAME)["Location"] == "/accounts/sign-in/?next=%2Fme%2Freal-name%2F"


def test_a_part_of_a_page_makes_the_whole_page_leave(client: Client) -> None:
    part = client.get(FAMILY, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/visits/"})
    assert part.status_code == 204
    assert part["HX-Redirect"] == "/accounts/sign-in/?next=http%3A%2F%2Ftestserver%2Fvisits%2F"


def test_staff_have_no_real_name_step(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get(REAL_NAME).status_code == 403
    assert client.get("/me/").status_code == 200


def test_an_unverified_patient_is_led_to_her_name_first(client: Client, user: User) -> None:
    assert client.get(FAMILY)["Location"] == "/me/real-name/?next=%2Fme%2Ffamily%2Fadd%2F"


def test_name_then_insurance_then_where_she_was_going(client: Client, user: User, register: Register) -> None:
    step = client.post(REAL_NAME, {"name": "张秀英", "id_number": NUMBER, "next": "/visits/"})
    own = self_of(user)
    assert own is not None
    assert step["Location"] == f"/me/coverage/{own.pk}/?next=%2Fvisits%2F"
    page = client.get(step["Location"])
    assert "Zhang" not in page.content.decode()
    assert "张*英 is confirmed." in page.content.decode()
    fields = {"insurance_type": "310", "insured_region": "330100", "next": "/visits/"}
    assert client.post(step["Location"], fields)["Location"] == "/visits/"
    cover = coverage_of(own)
    assert cover is not None
    assert (cover.insurance_type, cover.insured_region) == ("310", "330100")
    assert client.get(REAL_NAME + "?next=/visits/")["Location"] == "/visits/"


def test_every_wrong_field_says_so_beside_itself_and_keeps_what_was_typed(client: Client, user: User) -> None:
    page = client.post(REAL_NAME, {"name": "Zhang", "id_number": "33010619560308982"})
    html = page.content.decode()
    assert page.status_code == 200
    assert errors(html) == {
        "name": "Write the name in Chinese characters, exactly as on the identity card.",
        "id_number": "An identity number has 18 characters; this one has 17.",
    }
    assert 'value="Zhang"' in html
    assert 'value="33010619560308982"' in html
    assert VerificationRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("answer", "field", "words"),
    [
        (RealNameResult.MISMATCH, "name", "do not belong together"),
        (RealNameResult.NOT_FOUND, "id_number", "does not know this identity number"),
    ],
)
def test_the_answer_of_the_register_stands_beside_its_field(
    client: Client, user: User, register: Register, answer: RealNameResult, field: str, words: str
) -> None:
    register.answer = answer
    html = client.post(REAL_NAME, {"name": "张秀英", "id_number": NUMBER}).content.decode()
    assert words in errors(html)[field]
    assert 'value="张秀英"' in html


def test_a_number_of_another_account_tells_whom_to_call(
    client: Client, user: User, register: Register
) -> None:
    InstitutionFactory()
    GuardianshipFactory(patient__id_number=NUMBER)
    html = client.post(REAL_NAME, {"name": "张秀英", "id_number": NUMBER}).content.decode()
    assert "already registered with another account" in errors(html)["id_number"]
    assert "400-000-0000" in errors(html)["id_number"]


def test_a_silent_register_is_a_state_she_may_leave(client: Client, user: User, register: Register) -> None:
    register.answer = None
    waiting = client.post(REAL_NAME, {"name": "张秀英", "id_number": NUMBER, "next": "/visits/"})["Location"]
    page = client.get(waiting).content.decode()
    assert "The register has not answered yet" in page
    assert waiting.split("?")[0] in client.get("/me/").content.decode()
    assert client.get(REAL_NAME)["Location"].startswith("/me/confirming/")

    register.answer = RealNameResult.MATCH
    from registry import operations

    operations.ask_identity(verification_id=VerificationRequest.objects.get().pk, by=None, at=AT)
    part = client.get(waiting, headers={"X-Requested-With": "fetch"})
    assert part["X-Location"] == waiting
    own = self_of(user)
    assert own is not None
    assert client.get(waiting)["Location"] == f"/me/coverage/{own.pk}/?next=%2Fvisits%2F"


def test_a_late_refusal_says_what_to_do(client: Client, user: User, register: Register) -> None:
    register.answer = None
    waiting = client.post(REAL_NAME, {"name": "张秀英", "id_number": NUMBER})["Location"]
    register.answer = RealNameResult.MISMATCH
    from registry import operations

    operations.ask_identity(verification_id=VerificationRequest.objects.get().pk, by=None, at=AT)
    page = client.get(waiting).content.decode()
    assert "do not belong together" in page
    assert 'href="/me/real-name/"' in page


def test_nobody_sees_another_persons_confirmation(client: Client, user: User, register: Register) -> None:
    register.answer = None
    waiting = client.post(REAL_NAME, {"name": "张秀英", "id_number": NUMBER})["Location"]
    client.force_login(UserFactory())
    assert client.get(waiting).status_code == 404


def test_a_child_is_added_shown_and_removed(client: Client, user: User, register: Register) -> None:
    GuardianshipFactory(user=user)
    fields = {"relation": "child", "name": "李小明", "id_number": "330106 20180901 9939", "mobile": ""}
    step = client.post(FAMILY, fields)
    child = patients_of(user).get(name="李小明")
    assert step["Location"] == f"/me/coverage/{child.pk}/"
    assert "李*明" in client.get("/me/").content.decode()
    remove = reverse("registry:family_remove", args=[child.pk])
    assert "Stop acting for 李*明?" in client.get(remove).content.decode()
    for _click in range(2):
        assert client.post(remove)["Location"] == "/me/"
    assert "You no longer act for 李*明." in client.get("/me/").content.decode()
    assert "李*明" not in client.get("/me/").content.decode()
    assert Guardianship.objects.get(patient=child).ended_at is not None


def test_an_adult_without_a_number_is_asked_for_it_beside_the_field(
    client: Client, user: User, register: Register
) -> None:
    GuardianshipFactory(user=user)
    fields = {"relation": "parent", "name": "张建国", "id_number": id_number(21), "mobile": ""}
    html = client.post(FAMILY, fields).content.decode()
    assert errors(html) == {
        "mobile": "Enter the mobile number of this person. Only a child may be without one."
    }


def test_insurance_needs_a_place_and_paying_oneself_does_not(client: Client, user: User) -> None:
    own = GuardianshipFactory(user=user).patient
    address = reverse("registry:coverage", args=[own.pk])
    html = client.post(address, {"insurance_type": "390", "insured_region": ""}).content.decode()
    assert errors(html) == {"insured_region": "Choose where you are insured."}
    assert client.post(address, {"insurance_type": "none", "insured_region": ""})["Location"] == "/me/"
    assert "No insurance: pays all" in client.get("/me/").content.decode()


def test_the_pages_of_another_persons_patient_do_not_exist(client: Client, user: User) -> None:
    stranger = CoverageFactory().patient
    for name in ("coverage", "family_remove"):
        for ask in (client.get, client.post):
            assert ask(reverse(f"registry:{name}", args=[stranger.pk])).status_code == 404


def test_me_shows_everything_masked(client: Client, user: User) -> None:
    GuardianshipFactory(user=user, patient__id_number=NUMBER)
    CoverageFactory(patient=patients_of(user).get())
    html = client.get("/me/").content.decode()
    assert "330***********" + NUMBER[-4:] in html
    assert "138****0001" in html
    assert "张*英" in html
    for secret in (NUMBER, "13800000001", "张秀英"):
        assert secret not in html


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_pages_speak_both_languages(client: Client, user: User, language: str, lang: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    own = GuardianshipFactory(user=user).patient
    for address in ("/me/", FAMILY, reverse("registry:coverage", args=[own.pk])):
        page = client.get(address)
        assert page.status_code == 200
        assert f'<html lang="{lang}"' in page.content.decode()


def test_me_costs_as_many_statements_for_eight_members_as_for_one(
    client: Client, user: User, django_assert_max_num_queries: object
) -> None:
    for relation in (Relation.SELF, *[Relation.OTHER] * 7):
        CoverageFactory(patient=GuardianshipFactory(user=user, relation=relation).patient)
    client.get("/me/")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/me/")
