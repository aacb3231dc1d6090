"""What every request gets: a language, a content policy, an honest health answer."""

import pytest
from django.test import Client

STRICT = "script-src 'self'"


def test_chinese_unless_the_person_chose_otherwise(client: Client) -> None:
    answer = client.get("/healthz", headers={"accept-language": "en-US,en"})

    assert answer.headers["Content-Language"] == "zh-hans"


def test_english_for_the_person_who_chose_it(client: Client) -> None:
    client.cookies["django_language"] = "en"

    assert client.get("/healthz").headers["Content-Language"] == "en"


def test_a_language_nobody_offers_is_answered_in_chinese(client: Client) -> None:
    client.cookies["django_language"] = "xx"

    assert client.get("/healthz").headers["Content-Language"] == "zh-hans"


@pytest.mark.django_db
def test_only_the_admin_has_a_looser_content_policy(client: Client) -> None:
    ordinary = client.get("/healthz").headers["Content-Security-Policy"]
    admin = client.get("/admin/login/").headers["Content-Security-Policy"]

    assert "unsafe" not in ordinary
    assert "'unsafe-eval'" in admin


@pytest.mark.django_db
def test_without_a_worker_the_product_is_not_ready_and_says_so(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["failing"] == ["worker"]
    assert answer.json()["parts"]["database"] is True
