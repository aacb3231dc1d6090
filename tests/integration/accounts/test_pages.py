"""The pages of signing in, in both languages."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.middleware import RENEWED_AT
from accounts.models import Role, SignInCode, User
from kernel.limits import Limit
from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory
from tests.integration.accounts.conftest import digits_sent, forget_limits

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/code/"
STAFF = "/accounts/staff/"


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def beside(html: str, field: str) -> str:
    """The message that the field points to."""
    assert re.search(
        rf'id="id_{field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_{field}"', html
    )
    found = re.search(rf'id="id_{field}-error".*?<span>(.*?)</span>', html, re.DOTALL)
    assert found
    return found.group(1)


def test_a_patient_signs_up_and_comes_back_to_where_she_was(client: Client) -> None:
    step = client.post(SIGN_IN, {"mobile": "138 0000 0001", "next": "/me/coverage/7/"})
    assert step.status_code == 302
    page = client.get(step["Location"])
    assert "138 0000 0001" in page.content.decode()

    done = client.post(CODE, {"code": digits_sent(), "next": "/me/coverage/7/"})
    assert (done.status_code, done["Location"]) == (302, "/me/coverage/7/")
    assert client.get("/accounts/ping").status_code == 204
    assert User.objects.get().roles == [Role.PATIENT]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    client.post(SIGN_IN, {"mobile": "13800000001"})
    done = client.post(CODE, {"code": digits_sent(), "next": elsewhere})
    assert done["Location"] == "/"


def test_a_number_with_a_missing_digit_is_named_beside_the_field_and_kept(client: Client) -> None:
    page = english(client).post(SIGN_IN, {"mobile": "138 0000 000"}).content.decode()
    assert beside(page, "mobile") == "A mobile number has 11 digits; this one has 10. Please check it."
    assert 'value="138 0000 000"' in page
    assert SignInCode.objects.count() == 0


def test_a_wrong_code_is_named_beside_the_field(client: Client) -> None:
    english(client).post(SIGN_IN, {"mobile": "13800000001"})
    wrong = f"{(int(digits_sent()) + 1) % 10**6:06d}"
    page = client.post(CODE, {"code": wrong}).content.decode()
    assert beside(page, "code") == "This is not the code we sent. You can try 4 more times."
    assert client.get("/accounts/ping").status_code == 401


def test_a_double_click_on_send_goes_on_with_the_code_on_its_way(client: Client) -> None:
    for _click in range(2):
        assert client.post(SIGN_IN, {"mobile": "13800000001"})["Location"] == CODE
    assert SignInCode.objects.count() == 1


def test_another_browser_is_told_to_wait(client: Client) -> None:
    client.post(SIGN_IN, {"mobile": "13800000001"})
    page = english(Client()).post(SIGN_IN, {"mobile": "13800000001"}).content.decode()
    assert "You can ask for another in" in beside(page, "mobile")


def test_asking_again_too_early_says_so_and_later_sends_another(client: Client) -> None:
    english(client).post(SIGN_IN, {"mobile": "13800000001"})
    page = client.post(reverse("accounts:resend"), follow=True).content.decode()
    assert "You can ask for another in" in page
    forget_limits()
    page = client.post(reverse("accounts:resend"), follow=True).content.decode()
    assert "We have sent another code." in page
    assert SignInCode.objects.count() == 2


def test_the_code_page_without_a_code_leads_back(client: Client) -> None:
    assert client.get(CODE + "?next=/me/")["Location"] == SIGN_IN + "?next=%2Fme%2F"


def test_the_demonstration_links_to_the_text_messages(client: Client, settings: object) -> None:
    settings.SMS_INBOX_URL = "http://sms.example/sms/"  # type: ignore[attr-defined]
    client.post(SIGN_IN, {"mobile": "13800000001"})
    assert "http://sms.example/sms/?mobile=13800000001" in client.get(CODE).content.decode()
    settings.IS_DEMO = False  # type: ignore[attr-defined]
    assert "sms.example" not in client.get(CODE).content.decode()


def test_staff_sign_in_with_number_and_password(client: Client) -> None:
    doctor = StaffFactory(username="doctor01")
    done = client.post(STAFF, {"username": " doctor01 ", "password": PASSWORD, "next": "/me/"})
    assert (done.status_code, done["Location"]) == (302, "/me/")
    assert client.session["_auth_user_id"] == str(doctor.pk)


def test_a_wrong_password_says_neither_which_was_wrong_nor_forgets_the_number(client: Client) -> None:
    StaffFactory(username="doctor01")
    for username in ("doctor01", "nobody"):
        page = english(client).post(STAFF, {"username": username, "password": "wrong"}).content.decode()
        assert "Staff number and password do not fit together." in page
        assert f'value="{username}"' in page


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client: Client) -> None:
    StaffFactory(username="doctor01")
    for _try in range(5):
        locked = english(client).post(STAFF, {"username": "doctor01", "password": "wrong"})
    assert locked.status_code == 429
    again = client.post(STAFF, {"username": "doctor01", "password": PASSWORD})
    assert again.status_code == 429
    assert "locked for 15 minutes" in again.content.decode()
    assert "_auth_user_id" not in client.session


def test_sessions_live_as_long_as_the_settings_say_and_parts_do_not_prolong_them(
    client: Client, settings: object
) -> None:
    for user, idle in ((UserFactory(), "SESSION_IDLE_PATIENT"), (StaffFactory(), "SESSION_IDLE_STAFF")):
        client.force_login(user)
        client.get("/me/", headers={"X-Requested-With": "fetch"})
        assert RENEWED_AT not in client.session
        client.get("/me/")
        assert client.session.get_expiry_age() == getattr(settings, idle).total_seconds()


def test_signing_out_ends_the_session_and_clears_the_drafts(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    gone = client.post(reverse("accounts:sign_out"))
    assert gone["Clear-Site-Data"] == '"storage"'
    assert client.get("/accounts/ping").status_code == 401


@pytest.mark.parametrize("address", [SIGN_IN, STAFF])
@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_pages_speak_both_languages(client: Client, address: str, language: str, lang: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(address)
    assert page.status_code == 200
    assert f'<html lang="{lang}"' in page.content.decode()


def test_the_counters_keys_hold_no_number_in_clear() -> None:
    assert "13800000001" not in Limit("code-minute", "13800000001", 1, 60).key
